"""Every command is in a menu, has one deed, and its shortcut is its own."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.main import Program
from app.widgets.commands import COMMANDS, Commands, shortcut_of

# The system, or a text field, takes these.
TAKEN = {"Ctrl+Alt+H", "Ctrl+`", "Meta+Space", "Ctrl+Shift+3", "Ctrl+Shift+4", "Ctrl+Shift+5",
         "Backspace", "Escape", "Return", "Tab"}  # fmt: skip


def all_actions(menu: QMenu) -> list[QAction]:
    """The actions of a menu and of those inside it."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        found += all_actions(inner) if isinstance(inner, QMenu) else [action]
    return found


def test_ids_and_shortcuts_are_used_once() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    keys = Counter(
        QKeySequence(shortcut).toString()
        for command in COMMANDS
        for shortcut in {command.shortcut}
        if shortcut
    )
    here = Counter(shortcut_of(command) for command in COMMANDS if shortcut_of(command))
    assert max(keys.values()) == 1
    assert max(here.values()) == 1
    assert not TAKEN & set(keys)
    assert not TAKEN & set(here)


def test_the_mac_finds_its_three_and_guesses_none() -> None:
    roles = {command.id: command.role for command in COMMANDS}
    role = QAction.MenuRole
    assert roles.pop("about") == role.AboutRole
    assert roles.pop("settings") == role.PreferencesRole
    assert roles.pop("quit") == role.QuitRole
    assert set(roles.values()) == {role.NoRole}


def test_every_command_is_in_the_menu_bar(program: Program) -> None:
    in_menus = Counter(
        action.objectName()
        for title in ("File", "Edit", "View", "Conversation", "Model", "Window", "Help")
        for action in all_actions(program.window.menus[title])
        if action.objectName()
    )
    assert in_menus == Counter(command.id for command in COMMANDS)


def test_a_command_without_a_deed_cannot_be_built() -> None:
    owner = QObject()
    commands = Commands(owner)
    handlers = {command.id: lambda: None for command in COMMANDS}
    del handlers["stop"]
    with pytest.raises(KeyError):
        commands.bind(handlers)
    handlers |= {"stop": lambda: None, "unknown": lambda: None}
    with pytest.raises(KeyError):
        commands.bind(handlers)


def test_what_cannot_be_done_now_is_not_offered(program: Program) -> None:
    window, library = program.window, program.workbench.library
    offered = {command.id for command, _ in window.commands.available()}
    assert {"export", "regenerate", "rename", "trash", "find"} <= offered
    assert not {"stop", "restore", "purge", "continue"} & offered
    library.new_conversation()
    window.command_state.refresh()
    offered = {command.id for command, _ in window.commands.available()}
    assert not {"export", "regenerate", "rename", "pin", "find", "copy_rich"} & offered


def test_the_trash_has_its_own_commands(qtbot: QtBot, program: Program) -> None:
    window, library = program.window, program.workbench.library
    library.trash("c1")
    window.commands.action("trash_shown").trigger()
    qtbot.waitUntil(lambda: [row.id for row in library.sections()[0].rows] == ["c1"])
    library.open("c1")
    window.command_state.refresh()
    offered = {command.id for command, _ in window.commands.available()}
    assert {"restore", "purge"} <= offered
    assert not {"trash", "rename", "pin"} & offered
    window.commands.action("restore").trigger()
    qtbot.waitUntil(lambda: library.sections()[0].rows == ())
