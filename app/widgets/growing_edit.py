"""A plain text field that grows with its lines and never sends in the middle of a composition."""

from __future__ import annotations

from math import ceil
from typing import Literal

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QPalette,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.widgets.theme import Theme

SendKey = Literal["return", "command_return"]
_NEW_LINE = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
)  # fmt: skip


class GrowingEdit(QPlainTextEdit):
    """Return submits, Shift+Return begins a line; or Command+Return submits, as preferred.

    While an input method holds text that is not committed, Return belongs to it.
    """

    submitted = Signal()
    cancelled = Signal()
    height_changed = Signal()
    up_in_empty = Signal()

    def __init__(self, theme: Theme, most_lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._most_lines = most_lines
        self._is_composing = False
        self._height = 0
        self.send_key: SendKey = "return"
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._on_changed)
        theme.changed.connect(self.restyle)
        self.restyle()

    @property
    def is_composing(self) -> bool:
        """Whether an input method holds text that is not committed yet."""
        return self._is_composing

    def restyle(self) -> None:
        """Font and colours of the theme."""
        self.setFont(self._theme.font("bubble"))
        palette = QPalette(self.palette())
        clear = self._theme.colour("raised")
        clear.setAlpha(0)
        palette.setColor(QPalette.ColorRole.Base, clear)
        palette.setColor(QPalette.ColorRole.Text, self._theme.tokens.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, self._theme.tokens.text3)
        self.setPalette(palette)
        self.viewport().setAutoFillBackground(False)
        self._on_changed()

    def line_height(self) -> int:
        """The height of one line."""
        return max(self._theme.px(21), self.fontMetrics().lineSpacing())

    def set_text_width(self, width: int) -> None:
        """Measure for a width that it does not have yet."""
        if self.width() != width:
            self.resize(width, max(1, self.height()))

    def wanted_height(self) -> int:
        """The height of its lines, up to the most that it grows to."""
        lines = 0
        block = self.document().firstBlock()
        while block.isValid() and lines <= self._most_lines:
            lines += max(1, block.lineCount() if block.isVisible() else 1)
            block = block.next()
        lines = min(max(1, lines), self._most_lines)
        return ceil(lines * self.fontMetrics().lineSpacing()) + 6

    def event(self, event: QEvent) -> bool:
        """Keys that delete a word or line are this field's, whatever the menus say."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_delete = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
            if is_delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return, Escape and Up have meanings of their own."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._is_composing:
            if self._is_submit(event):
                self.submitted.emit()
            else:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
            return
        if key == Qt.Key.Key_Escape and not self._is_composing:
            self.cancelled.emit()
            event.ignore()
            return
        if key == Qt.Key.Key_Up and not self.toPlainText() and not self._is_composing:
            self.up_in_empty.emit()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether a composition is under way."""
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        self._on_changed()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Plain text only; files and pictures are the composer's business."""
        return source.hasText() and not source.hasUrls() and not source.hasImage()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Never markup: the text of what is pasted."""
        self.insertPlainText(source.text())

    def replace_text(self, text: str) -> None:
        """Another text, such that undo brings the old one back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self.setTextCursor(cursor)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Lines break elsewhere."""
        super().resizeEvent(event)
        self._on_changed()

    def _is_submit(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & _NEW_LINE
        if self.send_key == "command_return":
            return modifiers == Qt.KeyboardModifier.ControlModifier
        return modifiers == Qt.KeyboardModifier.NoModifier

    def _on_changed(self) -> None:
        height = self.wanted_height()
        if height != self._height:
            self._height = height
            self.height_changed.emit()
