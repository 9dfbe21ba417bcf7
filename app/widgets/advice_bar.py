"""A line above the message field: one sentence with one action."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.advice import SHOW_COMPARISON, STOP_TEST, Advice
from app.widgets.buttons import Button
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.notice_bar import words
from app.widgets.paint import round_rect
from app.widgets.theme import Theme


class AdviceBar(QWidget):
    """Amber for a warning, quiet for an offer; gone when there is neither."""

    acted = Signal(str)  # a command of its button that is the window's to do
    height_changed = Signal()

    def __init__(self, advice: Advice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._advice, self._theme = advice, theme
        self.text = Label("", theme, "small", parent=self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = Button("", theme, small=True, parent=self)
        self.action.clicked.connect(self._act)
        self._icons = {
            "": IconLabel("triangle-alert", theme, 16, "warn", self),
            SHOW_COMPARISON: IconLabel("columns-2", theme, 16, "text2", self),
            STOP_TEST: IconLabel("shield-check", theme, 16, "text2", self),
        }
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 7, 8, 7)
        self._row.setSpacing(9)
        for icon in self._icons.values():
            self._row.addWidget(icon)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.action)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        advice.changed.connect(self._show)
        theme.changed.connect(self.update)
        self._show()

    def wanted_height(self, width: int) -> int:
        """Its height at a width, 0 while there is nothing to say."""
        if self._advice.item is None:
            return 0
        return max(self._row.heightForWidth(width), self._row.minimumSize().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground in the tone of what is said."""
        tokens = self._theme.tokens
        ground = tokens.warnsoft if self._advice.is_warning else tokens.sunk
        round_rect(QPainter(self), QRectF(self.rect()), 9, ground, tokens.line)

    def _show(self) -> None:
        item, is_warning = self._advice.item, self._advice.is_warning
        self.setVisible(item is not None)
        if item is not None:
            self.text.setText(words(item))
            self.action.setText(item.action)
            self.action.setAccessibleName(item.action)
            self.action.setVisible(bool(item.action))
            self.action.updateGeometry()
            self.setAccessibleName(f"{'Warning: ' if is_warning else ''}{words(item)}")
            shown = "" if is_warning else item.command
            for command, icon in self._icons.items():
                icon.setVisible(command == shown)
        self.height_changed.emit()
        self.update()

    def _act(self) -> None:
        item = self._advice.item
        if item is not None and not self._advice.act(item.command):
            self.acted.emit(item.command)
