"""Statements about conversations and folders. Each takes the connection of a transaction."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from app.core.conversation import (
    Attachment,
    Conversation,
    Draft,
    Folder,
    Settings,
    Summary,
    new_id,
)
from app.core.store import uses
from app.core.store.rows import (
    CONVERSATION_COLUMNS,
    TURN_COLUMNS,
    Materials,
    clean,
    conversation_of,
    conversation_row,
    dumps,
    from_us,
    pane_of,
    to_us,
    turn_of,
)
from app.core.store.schema import count_up
from app.core.store.turns import insert_turn


def summaries(connection: sqlite3.Connection, *, trashed: bool) -> list[Summary]:
    """Pinned ones first, then the one changed last."""
    rows = connection.execute(
        "SELECT id, title, updated_us, folder_id, is_pinned, trashed_us, is_unread, caption,"
        " pane"
        f" FROM conversations WHERE trashed_us IS {'NOT ' if trashed else ''}NULL"
        " ORDER BY is_pinned DESC, updated_us DESC, number DESC"
    )
    return [
        Summary(
            id=str(row[0]),
            title=str(row[1]),
            updated_at=from_us(row[2]),
            folder_id=row[3],
            is_pinned=bool(row[4]),
            is_trashed=row[5] is not None,
            is_unread=bool(row[6]),
            caption=str(row[7]),
            pane=pane_of(row[8]),
        )
        for row in rows
    ]


def create(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Inserts a conversation with all its turns."""
    insert(connection, "conversations", conversation_row(conversation))
    for turn in conversation.turns:
        insert_turn(connection, conversation.id, turn)
    uses.replace(connection, conversation.id, uses.DRAFT, conversation.draft.attachments)
    uses.replace(connection, conversation.id, uses.MATERIALS, conversation.materials)
    uses.write_caption(connection, conversation.id)


def load(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    """A whole conversation. Raises KeyError for an unknown one."""
    row = connection.execute(
        f"SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        raise KeyError(conversation_id)
    turns = connection.execute(
        f"SELECT {TURN_COLUMNS} FROM turns WHERE conversation_id = ? ORDER BY number",
        (conversation_id,),
    )
    return conversation_of(row, tuple(turn_of(turn) for turn in turns))


def change(connection: sqlite3.Connection, conversation_id: str, **columns: Any) -> None:
    """Sets columns of a conversation. Raises KeyError for an unknown one."""
    names = ", ".join(f"{name} = ?" for name in columns)
    done = connection.execute(
        f"UPDATE conversations SET {names} WHERE id = ?", (*columns.values(), conversation_id)
    )
    if not done.rowcount:
        raise KeyError(conversation_id)


def rename(connection: sqlite3.Connection, conversation_id: str, title: str, *, own: bool) -> None:
    """A title the person gave is never replaced by a made one."""
    if own:
        change(connection, conversation_id, title=clean(title), has_own_title=1)
        return
    connection.execute(
        "UPDATE conversations SET title = ? WHERE id = ? AND has_own_title = 0",
        (clean(title), conversation_id),
    )


def set_settings(connection: sqlite3.Connection, conversation_id: str, settings: Settings) -> None:
    """Replaces the settings."""
    change(connection, conversation_id, settings=dumps(settings))


def save_draft(connection: sqlite3.Connection, conversation_id: str, draft: Draft) -> None:
    """Replaces the draft and what media it needs."""
    change(connection, conversation_id, draft=dumps(draft))
    uses.replace(connection, conversation_id, uses.DRAFT, draft.attachments)


def set_materials(
    connection: sqlite3.Connection, conversation_id: str, materials: tuple[Attachment, ...]
) -> None:
    """Replaces the files a pane works on, and what media they need."""
    change(connection, conversation_id, materials=dumps(Materials(materials)))
    uses.replace(connection, conversation_id, uses.MATERIALS, materials)
    uses.write_caption(connection, conversation_id)


def touch(connection: sqlite3.Connection, conversation_id: str, now: datetime) -> None:
    """Notes that something was said in the conversation."""
    change(connection, conversation_id, updated_us=to_us(now))


def erase(connection: sqlite3.Connection, conversation_id: str) -> tuple[list[int], list[str]]:
    """Deletes a conversation for good. Returns its turns' numbers and the media it used."""
    numbers = connection.execute(
        "SELECT number FROM turns WHERE conversation_id = ?", (conversation_id,)
    ).fetchall()
    media = connection.execute(
        "SELECT DISTINCT sha256 FROM uses WHERE conversation_id = ?", (conversation_id,)
    ).fetchall()
    done = connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
    if not done.rowcount:
        raise KeyError(conversation_id)
    connection.execute(
        "INSERT OR IGNORE INTO erased (conversation_id) VALUES (?)", (conversation_id,)
    )
    count_up(connection, "erasures")
    return [row[0] for row in numbers], [row[0] for row in media]


def folders(connection: sqlite3.Connection) -> list[Folder]:
    """By name, as a person sorts."""
    found = [
        Folder(str(row[0]), str(row[1]))
        for row in connection.execute("SELECT id, name FROM folders")
    ]
    return sorted(found, key=lambda folder: (folder.name.casefold(), folder.id))


def add_folder(connection: sqlite3.Connection, name: str) -> Folder:
    """A new folder, empty."""
    folder = Folder(new_id(), clean(name))
    insert(connection, "folders", {"id": folder.id, "name": folder.name})
    return folder


def rename_folder(connection: sqlite3.Connection, folder_id: str, name: str) -> None:
    """Raises KeyError for an unknown folder."""
    done = connection.execute("UPDATE folders SET name = ? WHERE id = ?", (clean(name), folder_id))
    if not done.rowcount:
        raise KeyError(folder_id)


def remove_folder(connection: sqlite3.Connection, folder_id: str) -> None:
    """Its conversations move out; the foreign key sees to it."""
    connection.execute("DELETE FROM folders WHERE id = ?", (folder_id,))


def insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """Inserts a row given by column names, which are ours."""
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
