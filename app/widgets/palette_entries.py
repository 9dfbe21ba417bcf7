"""What the palette offers at a moment: commands, conversations, models, folders."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QKeySequence

from app.viewmodels.library import LibraryViewModel
from app.viewmodels.models import ModelsViewModel
from app.widgets.commands import Commands
from app.widgets.palette import Entry

MOST_CONVERSATIONS = 500


def entries(commands: Commands, library: LibraryViewModel, models: ModelsViewModel) -> list[Entry]:
    """Commands first, since most presses of the palette's shortcut look for one."""
    return [
        *_commands(commands),
        *_folders(library),
        *_models(models),
        *_conversations(library),
    ]


def _commands(commands: Commands) -> Iterator[Entry]:
    for command, action in commands.available():
        outer, _, inner = command.menu.partition("/")
        text = f"{inner}: {action.text()}" if inner else action.text()
        if action.isCheckable() and not command.group:
            text += " (on)" if action.isChecked() else " (off)"
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        yield Entry(
            text,
            action.trigger,
            detail=keys or outer,
            icon=command.icon,
            words=f"{command.menu} {command.words}",
        )


def _folders(library: LibraryViewModel) -> Iterator[Entry]:
    current = library.current_id
    if not current:
        return
    for folder in library.folders():
        yield Entry(
            f"Move to folder: {folder.name}",
            lambda f=folder.id: library.move(current, f),  # type: ignore[misc]
            detail="Folder",
            icon="folder",
        )


def _models(models: ModelsViewModel) -> Iterator[Entry]:
    for choice in models.choices():
        yield Entry(
            f"Answer with {choice.name}",
            lambda key=choice.key: models.choose(key),  # type: ignore[misc]
            kind="Model",
            detail=f"Model {choice.bits}".strip(),
            icon="cpu",
        )


def _conversations(library: LibraryViewModel) -> Iterator[Entry]:
    count = 0
    for section in library.sections():
        for row in section.rows:
            count += 1
            if count > MOST_CONVERSATIONS:
                return
            yield Entry(
                row.title,
                lambda i=row.id: library.open(i),  # type: ignore[misc]
                kind="Conversation",
                detail=section.title,
                icon="message-square",
            )
