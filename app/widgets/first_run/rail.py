"""The side of the first run: the gem, the steps, and this computer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.first_run import FirstRunViewModel
from app.widgets import icons
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.paint import round_rect, vertical_hairline
from app.widgets.theme import Theme

WIDTH, MARGIN = 264, 28
MARK, STEP = 22, 40


class StepLine(QWidget):
    """One step: its number, or a check mark when it is behind."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number, self._name = 1, ""
        self._is_done = self._is_on = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_step(self, number: int, name: str, *, is_done: bool, is_on: bool) -> None:
        """What it shows."""
        self._number, self._name, self._is_done, self._is_on = number, name, is_done, is_on
        state = "done" if is_done else "now" if is_on else "to come"
        self.setAccessibleName(f"Step {number}, {name}: {state}")
        self.update()

    def sizeHint(self) -> QSize:
        """A row of 40."""
        return QSize(180, max(self._theme.px(STEP), 32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Mark and name."""
        painter = QPainter(self)
        tokens, side = self._theme.tokens, self._theme.px(MARK)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - side if is_mirrored else 0
        mark = QRectF(left, (self.height() - side) / 2, side, side)
        if self._is_done:
            round_rect(painter, mark, side / 2, tokens.oksoft)
            px = self._theme.px(13)
            inner = QRectF(0, 0, px, px)
            inner.moveCenter(mark.center())
            icons.draw(painter, "check", inner, tokens.ok)
        else:
            ground = tokens.accfill if self._is_on else None
            edge = None if self._is_on else tokens.line2
            round_rect(painter, mark, side / 2, ground, edge, 1.5)
            painter.setFont(self._theme.font("small_bold" if self._is_on else "small"))
            painter.setPen(tokens.onfill if self._is_on else tokens.text2)
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setFont(self._theme.font("body_bold" if self._is_on else "body"))
        painter.setPen(tokens.text if self._is_on else tokens.text2)
        lead = side + 8
        words = self.rect().adjusted(0, 0, -lead, 0) if is_mirrored else self.rect().adjusted(
            lead, 0, 0, 0
        )  # fmt: skip
        shown = painter.fontMetrics().elidedText(
            self._name, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(
            words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), shown
        )


class MachineFacts(QWidget):
    """Chip, memory, what the GPU can use, free disk."""

    def __init__(self, model: FirstRunViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._title = Label("", theme, "body_bold")
        self._values = {name: Label("", theme, "small") for name in _FACTS}
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(IconLabel("laptop", theme, 15))
        head.addWidget(self._title, 1)
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(_FACTS):
            grid.addWidget(Label(name, theme, "small", "text2"), row, 0)
            grid.addWidget(self._values[name], row, 1, end)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 15, 13)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(grid)
        self.refresh()

    def refresh(self) -> None:
        """The machine as it is now."""
        machine = self._model.catalogue.machine.view
        self._title.setText(machine.name)
        shown = (machine.chip, machine.memory, machine.gpu, machine.disk)
        for (name, value), text in zip(self._values.items(), shown, strict=True):
            metrics = value.fontMetrics()
            width = self._theme.px(110)
            value.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
            value.setToolTip(f"{name}: {text}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), 10, tokens.raised, tokens.line)


_FACTS = ("Chip", "Memory", "GPU can use", "Free disk")


class Rail(QWidget):
    """The whole side."""

    def __init__(self, model: FirstRunViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self.steps = [StepLine(theme, self) for _ in model.steps]
        self.facts = MachineFacts(model, theme, self)
        welcome = Label("Welcome to Facet", theme, "h1")
        line = Label("Two minutes, and you can stop at any step.", theme, "body", "text2")
        line.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 1, 20)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(MARGIN, 0, MARGIN, 0)
        inner.setSpacing(4)
        self._gem = IconLabel("gem", theme, 42)
        inner.addSpacing(20)
        inner.addWidget(self._gem)
        inner.addSpacing(10)
        inner.addWidget(welcome)
        inner.addWidget(line)
        inner.addSpacing(16)
        for step in self.steps:
            inner.addWidget(step)
        column.addLayout(inner)
        column.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(self.facts)
        column.addLayout(foot)
        theme.changed.connect(self._measure)
        self._measure()
        self.refresh()

    def refresh(self) -> None:
        """Which step is on."""
        for number, (step, name, is_done) in enumerate(self._model.steps):
            is_on = step == self._model.step
            self.steps[number].set_step(number + 1, name, is_done=is_done, is_on=is_on)
        self.facts.refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and hairline."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.side)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        vertical_hairline(painter, 0 if is_mirrored else self.width() - 1, 0, self.height(),
                          tokens.line)  # fmt: skip

    def _measure(self) -> None:
        self.setFixedWidth(min(max(WIDTH, self._theme.px(WIDTH)), 400))
