"""What some of our own widgets are to assistive programs, where Qt would say "a widget"."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

# By the class's own name, which is how Qt asks.
_ROLES = {
    "TurnColumn": QAccessible.Role.List,
    "QuestionMessage": QAccessible.Role.ListItem,
    "AnswerMessage": QAccessible.Role.ListItem,
    "NoteMessage": QAccessible.Role.ListItem,
}
_installed: list[bool] = []


def install_roles() -> None:
    """Tell Qt, once for the program."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_face)


def _face(name: str, of: QObject) -> QAccessibleInterface | None:
    role = _ROLES.get(name)
    if role is None or not isinstance(of, QWidget):
        return None
    return QAccessibleWidget(of, role)
