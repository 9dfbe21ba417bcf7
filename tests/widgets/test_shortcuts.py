"""A person's own shortcuts: in force at once, never twice, and given back."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from app.main import Program
from app.widgets.commands import COMMANDS
from app.widgets.shortcut_list import ShortcutList
from app.widgets.shortcuts import changed, objection


@pytest.mark.parametrize(
    ("keys", "is_free"),
    [
        ("Ctrl+Alt+J", True),
        ("F7", True),
        ("", True),
        ("Ctrl+F", True),
        ("Ctrl+N", False),
        ("J", False),
        ("Shift+J", False),
        ("Tab", False),
        ("Ctrl+Tab", False),
        ("Ctrl+A, Ctrl+B", False),
    ],
)
def test_which_keys_a_command_can_have(
    qapp: QApplication,  # noqa: ARG001 - the system's way of writing keys
    keys: str,
    is_free: bool,
) -> None:
    assert (objection("find", keys, {}) == "") == is_free


def test_keys_that_were_given_away_are_free() -> None:
    own = {"new": "Ctrl+Alt+N"}
    assert objection("find", "Ctrl+N", own) == ""
    assert "New conversation" in objection("find", "Ctrl+Alt+N", own)


def test_only_what_differs_is_kept() -> None:
    assert changed({}, "find", "Ctrl+Alt+F") == {"find": "Ctrl+Alt+F"}
    assert changed({"find": "Ctrl+Alt+F"}, "find", "Ctrl+F") == {}
    assert changed({"find": "Ctrl+Alt+F"}, "find", None) == {}
    assert changed({}, "find", "") == {"find": ""}


def test_they_are_changed_in_the_settings(program: Program) -> None:
    window = program.window
    window.settings.show_tab("Shortcuts")
    keys = window.settings.findChild(ShortcutList)
    assert keys is not None
    assert len(keys.rows) == len(COMMANDS)
    find = window.commands.action("find")
    row = keys.row("find")
    row.field.setKeySequence(QKeySequence("Ctrl+Alt+F"))
    row.take()
    assert find.shortcut() == QKeySequence("Ctrl+Alt+F")
    row.field.setKeySequence(QKeySequence("Ctrl+N"))
    row.take()
    assert find.shortcut() == QKeySequence("Ctrl+Alt+F")
    assert "New conversation" in row.said.text()
    assert row.field.keySequence() == QKeySequence("Ctrl+Alt+F")
    row.back.click()
    assert find.shortcut() == QKeySequence("Ctrl+F")
    row.field.clear()
    assert find.shortcut().isEmpty()
    assert dict(window.preferences.value.shortcuts) == {"find": ""}
