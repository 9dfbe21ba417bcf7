"""Editing a question in place; sending makes a new version and keeps the old one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.widgets.controls import Button, Label
from app.widgets.growing_edit import GrowingEdit
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

PAD = 12
MOST_LINES = 12


class QuestionEditor(QWidget):
    """A text field with Cancel and Send."""

    sent = Signal(str)
    cancelled = Signal()
    height_changed = Signal()

    def __init__(self, text: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edit = GrowingEdit(theme, MOST_LINES, self)
        self._edit.setAccessibleName("Edit your message")
        self._edit.setPlainText(text)
        self._edit.submitted.connect(self._send)
        self._edit.cancelled.connect(self.cancelled)
        self._edit.height_changed.connect(self.height_changed)
        self._hint = Label("Sends a new version; the old one stays.", theme, "caption", "text3",
                           parent=self)  # fmt: skip
        self._cancel = Button("Cancel", theme, small=True, parent=self)
        self._send_button = Button("Send", theme, "filled", small=True, parent=self)
        self._cancel.clicked.connect(self.cancelled)
        self._send_button.clicked.connect(self._send)

    def begin(self) -> None:
        """Put the keyboard at the end of the text."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.moveCursor(self._edit.textCursor().MoveOperation.End)

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height."""
        self._edit.set_text_width(width - 2 * PAD)
        height = self._edit.wanted_height()
        self._edit.setGeometry(PAD, PAD - 2, width - 2 * PAD, height)
        y = PAD + height + 6
        right = width - PAD
        tallest = 0
        for button in (self._send_button, self._cancel):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, y, size.width(), size.height())
            right -= 8
            tallest = max(tallest, size.height())
        label = self._hint.sizeHint()
        self._hint.setGeometry(
            PAD, y + (tallest - label.height()) // 2, max(0, right - PAD), label.height()
        )
        return y + tallest + PAD

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bubble, with the edge of a field."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), 12, tokens.user, tokens.acc, 1.5)

    def _send(self) -> None:
        text = self._edit.toPlainText().strip()
        if text:
            self.sent.emit(text)
