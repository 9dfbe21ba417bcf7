"""The card at the top: this computer, what its GPU can use, what the disk has left."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.model_values import MachineView
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Hairline, Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme


class PartsBar(QWidget):
    """A line in parts: what is taken by each, in the colours of the parts, over the track."""

    def __init__(self, theme: Theme, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[tuple[float, str], ...] = ()
        self.setFixedHeight(height)
        theme.changed.connect(self.update)

    def set_parts(self, parts: tuple[tuple[float, str], ...]) -> None:
        """Shares of the whole, 0 to 1, each with the token of its colour."""
        if parts != self._parts:
            self._parts = parts
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track and parts, from the side where reading begins."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        edge = self._theme.tokens.line2 if self._theme.is_contrast_high else None
        round_rect(painter, rect, 3, self._theme.tokens.track, edge)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = 0.0
        for share, colour in self._parts:
            width = min(rect.width() * share, rect.width() - start)
            if width <= 0:
                continue
            left = rect.width() - start - width if is_mirrored else start
            part = QRectF(left, 0, max(3.0, width), rect.height())
            round_rect(painter, part, 3, self._theme.colour(colour))
            start += width + 1


class MachineCard(QWidget):
    """Shows the machine."""

    def __init__(self, machine: MachineView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = Label("", theme, "body_bold")
        self._line = Label("", theme, "caption", "text2", Qt.TextElideMode.ElideRight)
        self._memory_title = Label("Memory the GPU can use", theme, "caption", "text2",
                                   Qt.TextElideMode.ElideRight)  # fmt: skip
        self._memory = Label("", theme, "caption", "text2")
        self._memory_bar = PartsBar(theme)
        self._disk_title = Label("Disk", theme, "caption", "text2", Qt.TextElideMode.ElideRight)
        self._disk = Label("", theme, "caption", "text2")
        self._disk_bar = PartsBar(theme)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addStretch(1)
        names.addWidget(self._name)
        names.addWidget(self._line)
        names.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(17, 9, 17, 9)
        row.setSpacing(13)
        row.addWidget(IconLabel("laptop", theme, 18))
        row.addLayout(names, 37)
        row.addLayout(self._amount(self._memory_title, self._memory, self._memory_bar), 40)
        row.addSpacing(4)
        row.addWidget(Hairline(theme, is_vertical=True))
        row.addSpacing(4)
        row.addLayout(self._amount(self._disk_title, self._disk, self._disk_bar), 18)
        theme.changed.connect(self._measure)
        self._measure()
        self.set_machine(machine)

    def set_machine(self, machine: MachineView) -> None:
        """Other figures."""
        self._name.setText(machine.name)
        self._line.setText(machine.line)
        self._memory.setText(machine.memory_text)
        self._memory_bar.set_parts(
            ((machine.model_share, "accfill"), (machine.context_share, "mok"))
        )
        self._disk.setText(machine.disk_text)
        self._disk_bar.set_parts(((machine.disk_share, "text2"),))
        self._memory_bar.setAccessibleName(f"Memory in use: {machine.memory_text}")
        self._disk_bar.setAccessibleName(f"Disk: {machine.disk_text}")
        self.setAccessibleName(
            f"{machine.name}: {machine.line}. Memory the GPU can use: {machine.memory_text}. "
            f"Disk: {machine.disk_text}."
        )

    def sizeHint(self) -> QSize:
        """59 high."""
        return QSize(600, self._theme.px(59))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The quiet ground."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), 10, tokens.sunk, tokens.line)

    def _amount(self, title: Label, amount: Label, bar: PartsBar) -> QVBoxLayout:
        words = QHBoxLayout()
        words.setSpacing(6)
        words.addWidget(title, 1)
        words.addWidget(amount)
        column = QVBoxLayout()
        column.setSpacing(5)
        column.addStretch(1)
        column.addLayout(words)
        column.addWidget(bar)
        column.addStretch(1)
        return column

    def _measure(self) -> None:
        self.setFixedHeight(max(59, self._theme.px(59)))
