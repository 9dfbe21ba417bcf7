"""The row under a message: icons that appear on hover or focus, figures, versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.viewmodels.values import TurnView
from app.widgets.controls import Chip, IconButton, Label
from app.widgets.theme import Theme

HEIGHT, SIDE = 24, 24
SAID_MS = 1_500
_STATES = {
    "stopped": "stopped",
    "length": "cut off at the token limit",
    "interrupted": "interrupted",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done with a turn. `name` is what the message's signal carries."""

    name: str
    icon: str
    words: str


ANSWER_ACTIONS = (
    Action("copy", "copy", "Copy"),
    Action("regenerate", "refresh-cw", "Answer again"),
    Action("branch", "git-branch", "Branch into a new conversation"),
    Action("continue", "step-forward", "Continue"),
    Action("more", "ellipsis", "More"),
)
QUESTION_ACTIONS = (
    Action("copy", "copy", "Copy"),
    Action("edit", "pencil", "Edit"),
    Action("branch", "git-branch", "Branch into a new conversation"),
)


class VersionSwitch(QWidget):
    """Which version is shown, of how many: ‹ 2 of 3 ›."""

    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._before = IconButton("chevron-left", "Version before", theme, SIDE, 13, self)
        self._words = Label("", theme, "caption", "text2", parent=self)
        self._after = IconButton("chevron-right", "Version after", theme, SIDE, 13, self)
        self._before.clicked.connect(lambda: self.stepped.emit(-1))
        self._after.clicked.connect(lambda: self.stepped.emit(1))

    def set_place(self, version: int, count: int) -> None:
        """Hidden for a single version."""
        self._words.setText(f"{version} of {count}")
        self._before.setEnabled(version > 1)
        self._after.setEnabled(version < count)
        self.setVisible(count > 1)

    def arrange(self) -> tuple[int, int]:
        """Lay out; width and height."""
        side = self._before.sizeHint()
        words = self._words.sizeHint()
        x = 0
        for widget, size in ((self._before, side), (self._words, words), (self._after, side)):
            y = (side.height() - size.height()) // 2
            widget.setGeometry(x, y, size.width(), size.height())
            x += size.width() + 2
        return x - 2, side.height()


class MessageActions(QWidget):
    """The row. For answers it begins at the left, for questions at the right, by the receipt."""

    acted = Signal(str)
    stepped = Signal(int)

    def __init__(self, theme: Theme, actions: tuple[Action, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[str, IconButton] = {}
        self._available: set[str] = set()
        self._is_shown = False
        self._always_stats = True
        for action in actions:
            button = IconButton(action.icon, action.words, theme, SIDE, 14, self)
            button.clicked.connect(lambda _=False, name=action.name: self._act(name))
            button.hide()
            self._buttons[action.name] = button
            self._available.add(action.name)
        self._chip = Chip("", theme, "plain", parent=self)
        self._chip.hide()
        self._stats = Label("", theme, "caption", "text3", parent=self)
        self.versions = VersionSwitch(theme, self)
        self.versions.stepped.connect(self.stepped)
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.timeout.connect(self._unsay)

    def show_turn(self, view: TurnView, always_stats: bool) -> None:
        """Show the figures, state and versions of a turn."""
        self.versions.set_place(view.version, view.version_count)
        self._stats.setText(view.stats)
        self._always_stats = always_stats
        words = _STATES.get(view.state, "")
        self._chip.set_state(words)
        self._chip.setVisible(bool(words))
        if "continue" in self._buttons:
            changed = {*self._available} - {"continue"}
            self._available = changed | ({"continue"} if view.can_continue else set())
        self.set_shown(self._is_shown)

    def set_shown(self, is_shown: bool) -> None:
        """Show or hide what only hover and focus bring."""
        self._is_shown = is_shown
        for name, button in self._buttons.items():
            button.setVisible(is_shown and name in self._available)
        self._stats.setVisible(bool(self._stats.text()) and (is_shown or self._always_stats))

    def say_copied(self) -> None:
        """Say for a moment that something was copied."""
        self._buttons["copy"].set_icon("check", "Copied")
        self._said.start(SAID_MS)

    def icons_width(self) -> int:
        """The room that the icons take when shown."""
        return sum(self._buttons[name].sizeHint().width() for name in self._available)

    def arrange(self, width: int) -> int:
        """Lay out from the left; gives the height. Icons keep their room while hidden."""
        side = next(iter(self._buttons.values())).sizeHint()
        x = 0
        for name, button in self._buttons.items():
            if name in self._available:
                button.setGeometry(x, 0, side.width(), side.height())
                x += side.width()
        x += 12
        for widget in (self._chip, self._stats):
            if widget is self._chip and widget.isHidden():
                continue
            size = widget.sizeHint()
            y = (side.height() - size.height()) // 2
            widget.setGeometry(x, y, min(size.width(), max(0, width - x - 80)), size.height())
            x += size.width() + 10
        versions, height = self.versions.arrange()
        self.versions.setGeometry(width - versions, 0, versions, height)
        return side.height()

    def popup(self, fill: Callable[[QMenu], None]) -> None:
        """Open the menu behind "More"."""
        button = self._buttons["more"]
        menu = QMenu(self)
        fill(menu)
        menu.exec(button.mapToGlobal(QPoint(0, button.height())))
        menu.deleteLater()

    def _act(self, name: str) -> None:
        self.acted.emit(name)

    def _unsay(self) -> None:
        self._buttons["copy"].set_icon("copy", "Copy")
