"""Which keys give which command: the program's own, and the person's in their place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from app.widgets.commands import COMMANDS, Command, shortcut_of

Own = Mapping[str, str]  # command to portable keys, "" for none

# What the system, or every text field, does itself.
_TAKEN = {"Tab", "Shift+Tab", "Return", "Enter", "Esc", "Backspace", "Space", "Del", "Meta+Space",
          "Ctrl+`", "Ctrl+Tab", "Alt+F4"}  # fmt: skip
_HOLDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def portable(keys: QKeySequence) -> str:
    """Keys in the form that is kept: Ctrl is the command key on a Mac."""
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


def shown(keys: str) -> str:
    """Keys as this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def keys_of(command: Command, own: Own) -> str:
    """The keys in force."""
    return own.get(command.id, shortcut_of(command))


def objection(command_id: str, keys: str, own: Own) -> str:
    """Why a command cannot have these keys, as a sentence; empty if it can."""
    if not keys:
        return ""
    sequence = QKeySequence(keys)
    if sequence.isEmpty() or sequence.count() > 1:
        return "Give one combination of keys."
    first: QKeyCombination = sequence[0]  # type: ignore[index]  # missing in the stubs
    if keys in _TAKEN or not _holds_or_function(first):
        return f"{shown(keys)} types text or moves the keyboard; hold Ctrl or Alt with it."
    for command in COMMANDS:
        if command.id != command_id and portable(QKeySequence(keys_of(command, own))) == keys:
            name = command.text.rstrip("…")
            return f"{shown(keys)} is used for “{name}”. Give that one other keys first."
    return ""


def changed(own: Own, command_id: str, keys: str | None) -> dict[str, str]:
    """The person's keys with one more; None for the program's own again."""
    made = {name: value for name, value in own.items() if name != command_id}
    usual = next(shortcut_of(each) for each in COMMANDS if each.id == command_id)
    if keys is not None and keys != portable(QKeySequence(usual)):
        made[command_id] = keys
    return made


def _holds_or_function(keys: QKeyCombination) -> bool:
    is_function = Qt.Key.Key_F1 <= keys.key() <= Qt.Key.Key_F24
    return is_function or bool(keys.keyboardModifiers() & _HOLDS)
