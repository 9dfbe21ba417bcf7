"""Every command once: its words, shortcut and place. Menu bar and palette are made from this."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

Role = QAction.MenuRole
Handler = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Command:
    """`shortcut` is portable: Ctrl is the command key on a Mac, Meta is control.

    `elsewhere` replaces it on other systems, where Mac shortcuts with both keys would need the
    desktop's own key. `group`: exactly one of these is checked. `words` are further ones that
    the palette finds it by. A menu "View/Appearance" lies inside another.
    """

    id: str
    text: str
    menu: str
    shortcut: str = ""
    elsewhere: str = ""
    icon: str = ""
    role: Role = Role.NoRole
    is_checkable: bool = False
    group: str = ""
    starts_part: bool = False
    words: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("new", "New conversation", "File", "Ctrl+N", icon="plus"),
    Command("new_folder", "New folder", "File", "Ctrl+Shift+N", icon="folder-plus"),
    Command("attach", "Attach files…", "File", "Ctrl+O", icon="plus", starts_part=True,
            words="open picture image video sound document"),
    Command("export", "Export report…", "File", "Ctrl+Shift+E", icon="share",
            words="save pdf html markdown share print"),
    Command("close", "Close window", "File", "Ctrl+W", starts_part=True),
    Command("quit", "Quit Facet", "File", "Ctrl+Q", role=Role.QuitRole),
    Command("undo", "Undo", "Edit", "Ctrl+Z", icon="undo-2"),
    Command("redo", "Redo", "Edit", "Ctrl+Shift+Z"),
    Command("cut", "Cut", "Edit", "Ctrl+X", starts_part=True),
    Command("copy", "Copy", "Edit", "Ctrl+C", icon="copy"),
    Command("paste", "Paste", "Edit", "Ctrl+V"),
    Command("select_all", "Select all", "Edit", "Ctrl+A"),
    Command("copy_rich", "Copy last answer", "Edit", "Ctrl+Shift+C", icon="copy",
            starts_part=True),
    Command("copy_markdown", "Copy last answer as Markdown", "Edit", icon="copy"),
    Command("copy_plain", "Copy last answer as plain text", "Edit", icon="copy"),
    Command("copy_all", "Copy conversation as Markdown", "Edit", icon="copy"),
    Command("find", "Find in conversation…", "Edit", "Ctrl+F", icon="search", starts_part=True),
    Command("find_next", "Find next", "Edit", "Ctrl+G", icon="chevron-down"),
    Command("find_previous", "Find previous", "Edit", "Ctrl+Shift+G", icon="chevron-up"),
    Command("search", "Search all conversations", "Edit", "Ctrl+Shift+F", icon="search"),
    Command("settings", "Settings…", "Edit", "Ctrl+,", icon="settings", role=Role.PreferencesRole,
            starts_part=True, words="preferences options"),
    Command("pane_chat", "Chat", "View", "Ctrl+1", icon="message-square", group="pane",
            words="pane"),
    Command("pane_image", "Image", "View", "Ctrl+2", icon="image", group="pane",
            words="pane picture document page"),
    Command("pane_video", "Video", "View", "Ctrl+3", icon="clapperboard", group="pane",
            words="pane clip camera"),
    Command("pane_audio", "Audio", "View", "Ctrl+4", icon="audio-lines", group="pane",
            words="pane record microphone transcribe"),
    Command("pane_models", "Models", "View", "Ctrl+5", icon="boxes", group="pane",
            words="pane download quantize benchmark fit"),
    Command("sidebar", "Show sidebar", "View", "Meta+Ctrl+S", "F9", "panel-left",
            is_checkable=True, starts_part=True),
    Command("inspector", "Show inspector", "View", "Ctrl+Alt+I", icon="panel-right",
            is_checkable=True, words="system prompt temperature sampling"),
    Command("trash_shown", "Show trash", "View", icon="trash-2", is_checkable=True),
    Command("palette", "Command palette…", "View", "Ctrl+K", icon="command", starts_part=True),
    Command("larger", "Larger text", "View", "Ctrl++", icon="zoom-in", starts_part=True,
            words="zoom size"),
    Command("smaller", "Smaller text", "View", "Ctrl+-", icon="zoom-out", words="zoom size"),
    Command("normal_size", "Normal text size", "View", "Ctrl+0", words="zoom reset"),
    Command("appearance_system", "As the system", "View/Appearance", group="appearance",
            words="appearance theme"),
    Command("appearance_light", "Light", "View/Appearance", group="appearance", icon="sun",
            words="appearance theme bright"),
    Command("appearance_dark", "Dark", "View/Appearance", group="appearance", icon="moon",
            words="appearance theme night"),
    Command("full_screen", "Full screen", "View", "Meta+Ctrl+F", "F11", is_checkable=True,
            starts_part=True),
    Command("stop", "Stop", "Conversation", "Ctrl+.", icon="square"),
    Command("regenerate", "Answer again", "Conversation", "Ctrl+R", icon="refresh-cw",
            words="regenerate retry"),
    Command("continue", "Continue the answer", "Conversation", icon="step-forward"),
    Command("branch", "Branch into a new conversation", "Conversation", icon="git-branch",
            words="fork copy duplicate"),
    Command("thinking", "Thinking", "Conversation", "Meta+Ctrl+T", "Ctrl+Shift+T", "brain",
            is_checkable=True, starts_part=True, words="reasoning"),
    Command("budget_256", "256 tokens", "Conversation/Thinking budget", group="budget",
            words="thinking budget"),
    Command("budget_512", "512 tokens", "Conversation/Thinking budget", group="budget",
            words="thinking budget"),
    Command("budget_1024", "1,024 tokens", "Conversation/Thinking budget", group="budget",
            words="thinking budget 1024"),
    Command("budget_2048", "2,048 tokens", "Conversation/Thinking budget", group="budget",
            words="thinking budget 2048"),
    Command("budget_none", "No limit", "Conversation/Thinking budget", group="budget",
            words="thinking budget unlimited"),
    Command("thoughts", "Open all thoughts", "Conversation", "Meta+Ctrl+J", "Ctrl+Shift+J",
            is_checkable=True),
    Command("rename", "Rename…", "Conversation", "F2", icon="pencil", starts_part=True),
    Command("pin", "Pinned", "Conversation", icon="pin", is_checkable=True),
    Command("trash", "Move to Trash", "Conversation", "Ctrl+Backspace", icon="trash-2",
            words="delete remove"),
    Command("restore", "Take out of the trash", "Conversation", icon="rotate-ccw"),
    Command("purge", "Delete for good…", "Conversation", icon="trash-2"),
    Command("empty_trash", "Empty trash…", "Conversation", icon="trash-2",
            words="delete all purge"),
    Command("previous", "Previous conversation", "Conversation", "Ctrl+PgUp", icon="chevron-up",
            starts_part=True),
    Command("next", "Next conversation", "Conversation", "Ctrl+PgDown", icon="chevron-down"),
    Command("model", "Choose model…", "Model", "Ctrl+L", icon="cpu", words="switch change"),
    Command("add_model", "Add model folder…", "Model", icon="folder-plus"),
    Command("compare", "Compare on my file…", "Model", icon="columns-2", starts_part=True,
            words="quantization difference side by side copies sizes"),
    Command("test_senses", "Test senses", "Model", icon="shield-check",
            words="proof check picture chart sound clip json tool"),
    Command("unload", "Unload model", "Model", icon="memory-stick", starts_part=True,
            words="free memory"),
    Command("minimize", "Minimize", "Window", "Ctrl+M"),
    Command("composer", "Go to the message field", "Window", "Ctrl+Shift+M"),
    Command("conversations", "Go to the conversations", "Window", "Ctrl+Shift+L"),
    Command("welcome", "Welcome to Facet…", "Help", icon="laptop",
            words="first run start tour begin pick model"),
    Command("about", "About Facet", "Help", icon="info", role=Role.AboutRole, starts_part=True),
)  # fmt: skip

MENUS = ("File", "Edit", "View", "Conversation", "Model", "Window", "Help")


def shortcut_of(command: Command) -> str:
    """The portable shortcut on this system."""
    if sys.platform != "darwin" and command.elsewhere:
        return command.elsewhere
    return command.shortcut


class Commands(QObject):
    """The commands as actions of one window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for command in COMMANDS:
            action = QAction(command.text, self)
            action.setObjectName(command.id)
            action.setMenuRole(command.role)
            action.setShortcut(QKeySequence(shortcut_of(command)))
            action.setCheckable(command.is_checkable or bool(command.group))
            if command.group:
                if command.group not in groups:
                    groups[command.group] = QActionGroup(self)
                groups[command.group].addAction(action)
            self._actions[command.id] = action

    def action(self, command_id: str) -> QAction:
        """The action of a command."""
        return self._actions[command_id]

    def bind(self, handlers: Mapping[str, Handler]) -> None:
        """Gives every command its deed. Raises KeyError for one without, or one unknown."""
        for command_id in {*handlers, *self._actions}:
            handler = handlers[command_id]
            self._actions[command_id].triggered.connect(lambda _on=False, do=handler: do())

    def set_keys(self, own: Mapping[str, str]) -> None:
        """The person's own keys; the usual ones for all other commands."""
        for command in COMMANDS:
            keys = QKeySequence(own.get(command.id, shortcut_of(command)))
            action = self._actions[command.id]
            if action.shortcut() != keys:
                action.setShortcut(keys)

    def set_enabled(self, **enabled: bool) -> None:
        """Which commands can be given now."""
        for command_id, is_enabled in enabled.items():
            self._actions[command_id].setEnabled(is_enabled)

    def set_checked(self, **checked: bool) -> None:
        """Which commands show a check mark."""
        for command_id, is_checked in checked.items():
            self._actions[command_id].setChecked(is_checked)

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Makes the menus and gives them by their names."""
        menus: dict[str, QMenu] = {}
        for title in MENUS:
            menus[title] = bar.addMenu(title)
        for command in COMMANDS:
            menu = menus.get(command.menu)
            if menu is None:
                outer, _, inner = command.menu.partition("/")
                menu = menus[command.menu] = menus[outer].addMenu(inner)
            if command.starts_part:
                menu.addSeparator()
            menu.addAction(self._actions[command.id])
        return menus

    def available(self) -> Iterator[tuple[Command, QAction]]:
        """What the palette offers: what can be done now."""
        for command in COMMANDS:
            action = self._actions[command.id]
            if action.isEnabled() and command.id != "palette":
                yield command, action
