"""Statements about turns. A turn that streams is rewritten in place; a finished one is indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from app.core.conversation import Turn
from app.core.store import uses
from app.core.store.rows import TURN_COLUMNS, checksum, clean, turn_row
from app.core.store.schema import count_up

_COLUMNS = (
    "id",
    "conversation_id",
    "parent_id",
    "role",
    "state",
    "created_us",
    "text",
    "thought",
    "thought_tokens",
    "details",
    "text_sum",
    "details_sum",
    "change",
)
_INSERT = f"INSERT INTO turns ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)})"
_FIXED = ("id", "conversation_id")
_CHANGED = tuple(name for name in _COLUMNS if name not in _FIXED)
_UPDATE = f"UPDATE turns SET {', '.join(f'{name} = :{name}' for name in _CHANGED)} WHERE id = :id"
_STREAM = (
    "UPDATE turns SET text = ?, thought = ?, thought_tokens = ?, text_sum = ?, change = NULL"
    " WHERE id = ?"
)


def insert_turn(connection: sqlite3.Connection, conversation_id: str, turn: Turn) -> None:
    """Adds a turn, and what media it needs."""
    connection.execute(_INSERT, _row(connection, conversation_id, turn))
    if turn.attachments:
        uses.replace(connection, conversation_id, turn.id, turn.attachments)
        uses.write_caption(connection, conversation_id)


def update_turn(connection: sqlite3.Connection, conversation_id: str, turn: Turn) -> None:
    """Replaces a turn, keeping its place; adds it if it never arrived."""
    had = connection.execute(
        "SELECT 1 FROM turns WHERE id = ? AND conversation_id = ?", (turn.id, conversation_id)
    ).fetchone()
    if not had:
        insert_turn(connection, conversation_id, turn)
        return
    connection.execute(_UPDATE, _row(connection, conversation_id, turn))
    uses.replace(connection, conversation_id, turn.id, turn.attachments)
    uses.write_caption(connection, conversation_id)


def stream(
    connection: sqlite3.Connection, turn_id: str, text: str, thought: str, thought_tokens: int
) -> None:
    """Writes the text so far. Raises KeyError for an unknown turn."""
    text, thought = clean(text), clean(thought)
    values = (text, thought, thought_tokens, checksum(text, thought), turn_id)
    if not connection.execute(_STREAM, values).rowcount:
        raise KeyError(turn_id)


def put_back(connection: sqlite3.Connection, columns: Sequence[Any]) -> None:
    """Replaces a damaged turn by its columns from a backup. Keeps the state it has now."""
    names = [name.strip() for name in TURN_COLUMNS.split(",")]
    row = {name: value for name, value in zip(names, columns, strict=True) if name != "state"}
    places = ", ".join(f"{name} = :{name}" for name in row)
    change = count_up(connection, "change")
    connection.execute(
        f"UPDATE turns SET {places}, change = :change WHERE id = :id", row | {"change": change}
    )


def mark_interrupted(connection: sqlite3.Connection) -> int:
    """Turns that were being written when the program ended. Returns how many there were."""
    rows = connection.execute("SELECT number FROM turns WHERE state = 'streaming'").fetchall()
    for (number,) in rows:
        connection.execute(
            "UPDATE turns SET state = 'interrupted', change = ? WHERE number = ?",
            (count_up(connection, "change"), number),
        )
    return len(rows)


def _row(connection: sqlite3.Connection, conversation_id: str, turn: Turn) -> dict[str, Any]:
    is_final = turn.state != "streaming"
    change = count_up(connection, "change") if is_final else None
    return turn_row(turn) | {"conversation_id": conversation_id, "change": change}
