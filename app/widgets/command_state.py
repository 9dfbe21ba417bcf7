"""Keeps the commands true: which can be given now, and which are checked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.viewmodels.chat import ChatViewModel
from app.viewmodels.library import LibraryViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.values import Row, TurnView
from app.widgets.commands import Commands
from app.widgets.deeds import BUDGETS
from app.widgets.mode_rows import NAMES as PANES


class CommandState(QObject):
    """Looks at the view-models once after any number of changes in one turn of the loop."""

    def __init__(
        self,
        commands: Commands,
        library: LibraryViewModel,
        chat: ChatViewModel,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
    ) -> None:
        super().__init__(commands)
        self._commands = commands
        self._library = library
        self._chat = chat
        self._models = models
        self._preferences = preferences
        self.place: Callable[[], str] = lambda: chat.pane
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        for signal in (
            library.changed,
            library.current_changed,
            chat.reset,
            chat.turn_added,
            chat.running_changed,
            chat.settings_changed,
            models.changed,
            preferences.changed,
        ):
            signal.connect(self._later)
        self.refresh()

    def last_answer(self) -> TurnView | None:
        """The newest answer that is shown."""
        return self._chat.last_answer

    def row(self) -> Row | None:
        """The row of the open conversation, in the trash while that is shown; None without one."""
        if not self._library.is_trash_shown:
            return self._library.current_row
        current = self._library.current_id
        rows = (row for section in self._library.sections() for row in section.rows)
        return next((row for row in rows if row.id == current), None)

    def refresh(self) -> None:
        """Looks now."""
        self._soon.stop()
        answer, row, is_running = self.last_answer(), self.row(), self._chat.is_running
        has_turns, in_trash = self._chat.has_turns, self._library.is_trash_shown
        is_kept = row is not None and not in_trash
        self._commands.set_enabled(
            stop=is_running,
            regenerate=answer is not None and not is_running,
            branch=answer is not None and not is_running,
            copy_rich=answer is not None,
            copy_markdown=answer is not None,
            copy_plain=answer is not None,
            copy_all=has_turns,
            export=has_turns,
            find=has_turns,
            find_next=has_turns,
            find_previous=has_turns,
            rename=is_kept,
            pin=is_kept,
            trash=is_kept or (has_turns and not in_trash),
            restore=row is not None and in_trash,
            purge=row is not None and in_trash,
            empty_trash=self._library.trash_count > 0,
            unload=self._models.state == "ready" and not is_running,
        )
        self._commands.set_enabled(
            **{"continue": answer is not None and answer.can_continue and not is_running}
        )
        self._check(row)

    def _check(self, row: Row | None) -> None:
        value, settings = self._preferences.value, self._chat.settings
        self._commands.set_checked(
            sidebar=value.is_sidebar_open,
            inspector=value.is_inspector_open,
            thoughts=value.open_thoughts,
            trash_shown=self._library.is_trash_shown,
            thinking=settings.thinking,
            pin=row is not None and row.is_pinned,
            **{f"pane_{name}": self.place() == name for name in PANES},
        )
        self._commands.set_checked(
            **{
                f"appearance_{name}": value.appearance == name
                for name in ("system", "light", "dark")
            },
            **{
                name: settings.thinking and settings.thinking_budget == tokens
                for name, tokens in BUDGETS.items()
            },
        )

    def _later(self, *_values: object) -> None:
        self._soon.start(0)
