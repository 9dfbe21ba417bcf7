"""The commands of the Edit menu, given to whatever text has the keyboard."""

from __future__ import annotations

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget


def edit(name: str) -> bool:
    """Asks the text that has the keyboard to do something; False if there is nothing to do."""
    focus = QApplication.focusWidget()
    if focus is None or (name in ("undo", "redo") and not _can(focus, name)):
        return False
    method = getattr(focus, name, None)
    if not callable(method):
        return False
    method()
    return True


def _can(focus: QWidget, name: str) -> bool:
    if isinstance(focus, QLineEdit):
        return focus.isUndoAvailable() if name == "undo" else focus.isRedoAvailable()
    document = getattr(focus, "document", None)
    if callable(document) and isinstance(held := document(), QTextDocument):
        return held.isUndoAvailable() if name == "undo" else held.isRedoAvailable()
    return False
