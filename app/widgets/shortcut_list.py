"""The list of keyboard shortcuts in the settings, each with a field for other keys."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QGridLayout, QKeySequenceEdit, QVBoxLayout, QWidget

from app.viewmodels.preferences import PreferencesViewModel
from app.widgets import shortcuts
from app.widgets.buttons import IconButton
from app.widgets.commands import COMMANDS, MENUS, Command
from app.widgets.labels import Label
from app.widgets.theme import Theme

FIELD_WIDTH = 150


class _Row:
    """A command: its words, the field, and the way back to the program's own keys."""

    def __init__(self, command: Command, theme: Theme, preferences: PreferencesViewModel) -> None:
        self.command = command
        self._preferences = preferences
        inner = command.menu.partition("/")[2]
        name = command.text.rstrip("…")
        self.name = f"{inner}: {name}" if inner else name
        self.label = Label(self.name, theme, "body")
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(theme.px(FIELD_WIDTH))
        self.field.setAccessibleName(f"Keys for {self.name}")
        self.back = IconButton("rotate-ccw", f"Usual keys for {self.name}", theme, 24, 13)
        # The native edge of a field can hardly be seen in the dark.
        palette = QPalette(self.field.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.tokens.sunk)
        self.field.setPalette(palette)
        self.said = Label("", theme, "small", "warn")
        self.said.setWordWrap(True)
        self.said.hide()
        self.field.editingFinished.connect(self.take)
        self.field.keySequenceChanged.connect(self._on_changed)
        self.back.clicked.connect(lambda: self._set(None))

    def show(self) -> None:
        """The keys in force."""
        keys = shortcuts.keys_of(self.command, dict(self._preferences.value.shortcuts))
        with QSignalBlocker(self.field):
            self.field.setKeySequence(QKeySequence(keys))
        self.back.setEnabled(self.command.id in dict(self._preferences.value.shortcuts))

    def take(self) -> None:
        """Keep what stands in the field, or say why it cannot be."""
        keys = shortcuts.portable(self.field.keySequence())
        own = dict(self._preferences.value.shortcuts)
        if keys == shortcuts.portable(QKeySequence(shortcuts.keys_of(self.command, own))):
            return
        words = shortcuts.objection(self.command.id, keys, own)
        self.said.setText(words)
        self.said.setVisible(bool(words))
        if words:
            self.show()
        else:
            self._set(keys)

    def _on_changed(self, keys: QKeySequence) -> None:
        if keys.isEmpty():  # cleared by its button, which ends no editing
            self.take()

    def _set(self, keys: str | None) -> None:
        self.said.hide()
        own = shortcuts.changed(dict(self._preferences.value.shortcuts), self.command.id, keys)
        self._preferences.change(shortcuts=tuple(sorted(own.items())))


class ShortcutList(QWidget):
    """All commands by menu. `show_keys` reads the preferences again."""

    def __init__(self, preferences: PreferencesViewModel, theme: Theme) -> None:
        super().__init__()
        self.rows = [_Row(command, theme, preferences) for command in COMMANDS]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for menu in MENUS:
            column.addWidget(Label(menu, theme, "caption_bold", "text2"))
            grid = QGridLayout()
            grid.setColumnStretch(0, 1)
            grid.setHorizontalSpacing(8)
            grid.setVerticalSpacing(4)
            for row in self.rows:
                if row.command.menu.partition("/")[0] == menu:
                    self._add(grid, row)
            column.addLayout(grid)
            column.addSpacing(8)
        self.show_keys()

    def row(self, command_id: str) -> _Row:
        """The row of a command. Raises StopIteration."""
        return next(row for row in self.rows if row.command.id == command_id)

    def show_keys(self) -> None:
        """What is in force."""
        for row in self.rows:
            row.show()

    def _add(self, grid: QGridLayout, row: _Row) -> None:
        line = grid.rowCount()
        grid.addWidget(row.label, line, 0)
        grid.addWidget(row.field, line, 1)
        grid.addWidget(row.back, line, 2)
        grid.addWidget(row.said, line + 1, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
