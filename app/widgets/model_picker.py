"""The pop-over under the model pill: the models that can answer, and adding a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.models import ModelsViewModel
from app.viewmodels.values import ModelChoice
from app.widgets import icons
from app.widgets.buttons import IconButton
from app.widgets.control import Control
from app.widgets.labels import Hairline, Label
from app.widgets.models.fit_chip import LOOKS
from app.widgets.paint import focus_ring, round_rect
from app.widgets.popover import Popover
from app.widgets.sidebar import RowButton
from app.widgets.theme import Theme

ROW_HEIGHT = 48


def describe(choice: ModelChoice) -> str:
    """A model's senses and its size."""
    senses = {(True, True): "Sees and hears", (True, False): "Sees", (False, True): "Hears"}
    parts = [senses.get((choice.sees, choice.hears), "Text only")]
    if choice.size_bytes >= 100_000_000:
        parts.append(f"{choice.size_bytes / 1e9:.1f} GB")
    elif choice.size_bytes:
        parts.append(f"{max(1, round(choice.size_bytes / 1e6))} MB")
    return " · ".join(parts)


class ModelRow(Control):
    """One model: a check mark if it is in use, name and bits, a line under them."""

    ring_radius = None

    def __init__(
        self, choice: ModelChoice, is_current: bool, theme: Theme, parent: QWidget | None = None
    ) -> None:
        self._choice = choice
        self._is_current = is_current
        state = ", in use" if is_current else ""
        super().__init__(f"{choice.name} {choice.bits}{state}", theme, parent)
        self.setAccessibleDescription(f"{choice.note} {describe(choice)} {choice.fit_text}".strip())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The note may take several lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Name, note, senses and size."""
        height = self._height("body_medium") + self._height("caption") + 14
        return max(self.theme.px(ROW_HEIGHT), height + self._note_height(width))

    def sizeHint(self) -> QSize:
        """As high as its words at that width."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, mark, words, senses."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        if self._is_current:
            round_rect(painter, rect, 6, tokens.accsoft)
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect, 6, tokens.hover)
        if self.has_keyboard_focus:
            focus_ring(painter, rect, 6, self.theme)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        px = self.theme.px(15)
        if self._is_current:
            left = rect.width() - 10 - px if is_mirrored else 10.0
            icons.draw(painter, "check", QRectF(left, 0, px, rect.height()), tokens.acc)
        inner = (
            rect.adjusted(10, 0, -18 - px, 0) if is_mirrored else rect.adjusted(18 + px, 0, -10, 0)
        )
        self._paint_words(painter, inner.adjusted(0, 7, 0, -7))

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        tokens = self.theme.tokens
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        line = QRectF(area.left(), area.top(), area.width(), self._height("body_medium"))
        painter.setFont(self.theme.font("small"))
        painter.setPen(tokens.text2)
        end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, end, self._choice.bits)
        bits = painter.fontMetrics().horizontalAdvance(self._choice.bits) + 8
        painter.setFont(self.theme.font("body_medium"))
        painter.setPen(tokens.text)
        room = int(line.width()) - bits
        middle = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(self._choice.name, middle, room)
        painter.drawText(line, start, name)
        painter.setFont(self.theme.font("caption"))
        painter.setPen(tokens.text2 if self._is_current else tokens.text3)
        note = QRectF(area.left(), line.bottom(), area.width(), self._note_height(self.width()))
        wrapped = int(Qt.AlignmentFlag.AlignLeading) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(note, wrapped, self._choice.note)
        facts = QRectF(area.left(), note.bottom(), area.width(), self._height("caption"))
        painter.drawText(facts, start, describe(self._choice))
        if self._choice.fit:
            icon, _, colour = LOOKS[self._choice.fit]
            painter.setPen(self.theme.colour(colour))
            painter.drawText(facts, end, self._choice.fit_text)
            px = self.theme.px(12)
            words = painter.fontMetrics().horizontalAdvance(self._choice.fit_text) + 4 + px
            is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            left = facts.left() + words - px if is_mirrored else facts.right() - words
            mark = QRectF(left, facts.top(), px, facts.height())
            icons.draw(painter, icon, mark, self.theme.colour(colour))

    def _height(self, style: str) -> int:
        return QFontMetrics(self.theme.font(style)).height()

    def _note_height(self, width: int) -> int:
        if not self._choice.note:
            return 0
        room = QRect(0, 0, width - 28 - self.theme.px(15), 1000)
        metrics = QFontMetrics(self.theme.font("caption"))
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._choice.note).height()


class ModelPicker(Popover):
    """Choosing closes it. Folders that were added can be taken off the list here."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, models: ModelsViewModel, theme: Theme) -> None:
        super().__init__(window, "Choose a model", theme)
        self._models = models
        models.changed.connect(self._on_changed)

    def open_under(self, anchor: QWidget | None) -> None:
        """Shows the models of this moment."""
        self._fill()
        super().open_under(anchor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk as Tab does; Return presses."""
        key = event.key()
        focus = self.window().focusWidget()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, Control):
            focus.click()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _fill(self) -> None:
        while (item := self.body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        current = self._models.current
        for choice in self._models.choices():
            self.body.addWidget(self._row(choice, current is not None and choice == current))
        error = self._models.error
        if error is not None:
            words = Label(f"{error.what} {error.why}".strip(), self.theme, "small", "bad")
            words.setWordWrap(True)
            words.setContentsMargins(10, 8, 10, 8)
            self.body.addWidget(words)
        self.body.addSpacing(4)
        self.body.addWidget(Hairline(self.theme))
        self.body.addSpacing(4)
        add = RowButton("folder-plus", "Add model folder…", self.theme)
        add.clicked.connect(self._on_add)
        self.body.addWidget(add)

    def _row(self, choice: ModelChoice, is_current: bool) -> QWidget:
        row = ModelRow(choice, is_current, self.theme)
        row.clicked.connect(lambda: self._choose(choice.key))
        if not choice.is_removable:
            return row
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 4, 0)
        line.setSpacing(2)
        line.addWidget(row)
        remove = IconButton(
            "x", f"Take {choice.name} off the list; its files stay", self.theme, size=24, icon_px=13
        )
        remove.clicked.connect(lambda: self._models.remove(choice.key))
        line.addWidget(remove)
        return holder

    def _choose(self, key: str) -> None:
        self.close_card()
        self._models.choose(key)

    def _on_add(self) -> None:
        self.close_card()
        add_model_folder(self.parentWidget(), self._models)

    def _on_changed(self) -> None:
        if self.isVisible() and self._models.state != "loading":
            self._fill()
            self.place()


def add_model_folder(parent: QWidget | None, models: ModelsViewModel) -> None:
    """Asks for a folder that holds a model and adds it."""
    title = "Choose the folder of a Gemma 4 model"
    folder = QFileDialog.getExistingDirectory(parent, title)
    if folder:
        models.add_folder(Path(folder))
