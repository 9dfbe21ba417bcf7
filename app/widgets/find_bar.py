"""The strip under the toolbar that finds words in the open conversation."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.widgets.announcing import announce
from app.widgets.buttons import IconButton
from app.widgets.labels import Label
from app.widgets.paint import hairline
from app.widgets.search_field import SearchField
from app.widgets.theme import Theme

HEIGHT, FIELD_WIDTH = 40, 280


class Findable(Protocol):
    """What can be searched: the chat pane."""

    def find_text(self, text: str, forward: bool = True) -> tuple[int, int]:
        """Shows the next place; its number from 1 (0: none), and how many there are."""

    def clear_find(self) -> None:
        """Takes the marks away."""


class FindBar(QWidget):
    """Return and Shift+Return go on and back, Escape closes."""

    closed = Signal()

    def __init__(self, pane: Findable, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self._theme = theme
        self.field = SearchField("Find in this conversation", "Find in this conversation", theme)
        self.field.setFixedWidth(theme.px(FIELD_WIDTH))
        self.count = Label("", theme, "small", "text2")
        self._back = IconButton("chevron-up", "Find previous", theme, size=26)
        self._on = IconButton("chevron-down", "Find next", theme, size=26)
        close = IconButton("x", "Close the find bar", theme, size=26)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 1)
        row.setSpacing(6)
        row.addWidget(self.field)
        row.addWidget(self._back)
        row.addWidget(self._on)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(close)
        self.field.text_changed.connect(lambda _text: self.go(True))
        self.field.returned.connect(lambda is_back: self.go(not is_back))
        self.field.moved.connect(lambda by: self.go(by > 0))
        self.field.left.connect(self.close_bar)
        self._back.clicked.connect(lambda: self.go(False))
        self._on.clicked.connect(lambda: self.go(True))
        close.clicked.connect(self.close_bar)
        theme.changed.connect(self._measure)
        self._measure()
        self.hide()

    def open_bar(self, text: str = "") -> None:
        """Shows the strip; with a text it finds that at once."""
        self.show()
        if text:
            if self.field.text == text:
                self.go(True)
            self.field.set_text(text)
        else:
            self.field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.edit.selectAll()

    def go(self, is_forward: bool) -> None:
        """To the next place, or the one before."""
        text = self.field.text
        if not text:
            self._pane.clear_find()
            self._say("", "text2")
            return
        number, total = self._pane.find_text(text, is_forward)
        if total:
            self._say(f"{number:,} of {total:,}", "text2")
        else:
            self._say(f"Nothing with “{text}”", "warn")
        for button in (self._back, self._on):
            button.setEnabled(total > 1)

    def close_bar(self) -> None:
        """Hides the strip and the marks."""
        if not self.isHidden():
            self.hide()
            self._pane.clear_find()
            self.closed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline under it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def _say(self, text: str, colour: str) -> None:
        self.count.setText(text)
        self.count.set_colour(colour)
        self.count.setAccessibleName(text)
        if text:
            announce(self.count, text)

    def _measure(self) -> None:
        self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))
        self.field.setFixedWidth(self._theme.px(FIELD_WIDTH))
        self.update()
