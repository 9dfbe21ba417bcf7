"""A strip that is painted whole and walked by keys: its focus ring and the direction of arrows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.widgets.control import KEYBOARD_REASONS


class Lane(QWidget):
    """`has_ring` is true after the keyboard came here, as on the Mac."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has_ring = False

    def step_of(self, event: QKeyEvent) -> int:
        """-1 or 1 for an arrow key back or forth in the direction of writing, else 0."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        return -step if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else step

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring shows after the keyboard came here."""
        super().focusInEvent(event)
        self.has_ring = event.reason() in KEYBOARD_REASONS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring."""
        super().focusOutEvent(event)
        self.has_ring = False
        self.update()
