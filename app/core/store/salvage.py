"""A damaged database: read what can be read into a new one, and fill the gaps from a backup."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.conversation import Draft, Turn, new_id
from app.core.store import backups, schema, uses
from app.core.store.database import connect
from app.core.store.rows import (
    TURN_COLUMNS,
    Materials,
    from_us,
    is_turn_sound,
    loads_or,
    turn_of,
    turn_row,
)

MOST_FAILURES = 20_000  # unreadable stretches of one table; then the rest is given up
HIGHEST_NUMBER = 1_000_000  # where the highest row number itself cannot be read
HEADER_BYTES, PAGE_BYTES = 100, 4096  # https://www.sqlite.org/fileformat.html
RECOVERED = "Recovered conversation"
LOST = "A message that stood here was lost when the file was damaged."

_SALVAGED = ("facts", "folders", "conversations", "turns", "erased")  # uses are made anew
_TURN = [name.strip() for name in TURN_COLUMNS.split(",")]

Row = dict[str, Any]


@dataclass(slots=True)
class Rescue:
    """What was got back; `from_backup` of the turns came from the backup of `backup_time`."""

    conversations: int = 0
    turns: int = 0
    damaged_turns: int = 0
    from_backup: int = 0
    backup_time: datetime | None = None


def rescue(damaged: Path, work: Path, target: sqlite3.Connection, backup_folder: Path) -> Rescue:
    """Fills the new tables of `target` with all that can be read of the file `damaged`.

    `work` is an empty folder for copies: opening a file that has a log changes it. Raises OSError
    or sqlite3.Error if the disk does not let it write.
    """
    found = Rescue()
    target.execute("PRAGMA foreign_keys=OFF")  # rows arrive in any order, some never
    target.execute("BEGIN IMMEDIATE")
    try:
        _from_damaged(damaged, work, target)
        _from_backups(backup_folder, work, target, found)
        _mend(target)
        target.execute("COMMIT")
    except BaseException:
        target.execute("ROLLBACK")
        raise
    target.execute("PRAGMA foreign_keys=ON")
    (found.conversations,) = target.execute("SELECT count(*) FROM conversations").fetchone()
    turns = _turns(target)
    found.turns = len(turns)
    found.damaged_turns = sum(not _is_sound(row) for row in turns)
    return found


def renew_identity(connection: sqlite3.Connection) -> None:
    """Tells the index that this is another file, whose changes are numbered anew."""
    connection.execute("UPDATE turns SET change = number WHERE state <> 'streaming'")
    (highest,) = connection.execute("SELECT coalesce(max(change), 0) FROM turns").fetchone()
    schema.set_fact(connection, "change", str(highest))
    schema.set_fact(connection, "store", new_id())


def _from_damaged(damaged: Path, work: Path, target: sqlite3.Connection) -> None:
    for end in ("", "-wal"):
        part = damaged.with_name(damaged.name + end)
        if part.is_file():
            shutil.copyfile(part, work / part.name)
    copy = work / damaged.name
    if copy.exists() and not _read_tables(copy, target):
        _give_header(copy, work / "like.sqlite3")
        _read_tables(copy, target)


def _read_tables(path: Path, target: sqlite3.Connection) -> int:
    """Returns how many rows there were."""
    count = 0
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path)) as source:
        for table in _SALVAGED:
            for row in _rows(source, table):
                count += _insert(target, table, row)
    return count


def _give_header(path: Path, like: Path) -> None:
    """Puts the header of a new database in front, with the true size: SQLite opens no file whose
    header is spoilt or promises more pages than there are."""
    with contextlib.closing(connect(like)) as connection:
        schema.migrate(connection)
    data = bytearray(path.read_bytes())
    data += bytes(-len(data) % PAGE_BYTES)
    header = bytearray(like.read_bytes()[:HEADER_BYTES])
    header[28:32] = (len(data) // PAGE_BYTES).to_bytes(4, "big")
    header[32:40] = bytes(8)  # no list of free pages
    data[:HEADER_BYTES] = header
    path.write_bytes(data)


def _from_backups(folder: Path, work: Path, target: sqlite3.Connection, found: Rescue) -> None:
    """Takes what is missing or damaged from the newest backup that is whole."""
    for number, path in enumerate(backups.paths(folder)):
        if backups.fault_in(path):
            continue
        try:
            source = backups.migrated_copy(path, work / f"backup-{number}")
        except (sqlite3.Error, OSError):
            continue
        with contextlib.closing(source):
            _merge(source, target, found)
        found.backup_time = backups.made_at(path)
        return


def _merge(source: sqlite3.Connection, target: sqlite3.Connection, found: Rescue) -> None:
    erased = {row[0] for row in target.execute("SELECT conversation_id FROM erased")}
    with_turns = {row[0] for row in target.execute("SELECT conversation_id FROM turns")}
    sound = {row["id"] for row in _turns(target) if _is_sound(row)}
    for row in _rows(source, "folders"):
        _insert(target, "folders", row, keep_number=False)
    for row in _rows(source, "conversations"):
        if row["id"] in with_turns:  # its turns are newer than this row
            row["active_leaf"] = None
        if row["id"] not in erased:
            _insert(target, "conversations", row, keep_number=False)
    for row in _rows(source, "turns"):
        if row["id"] not in sound and row["conversation_id"] not in erased and _is_sound(row):
            target.execute("DELETE FROM turns WHERE id = ?", (row["id"],))
            found.from_backup += _insert(target, "turns", row)


def _rows(source: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Every row that can be read, halving any stretch that cannot."""
    failures = 0
    stretches = [(0, _highest_number(source, table))]
    while stretches and failures < MOST_FAILURES:
        first, last = stretches.pop()
        try:
            cursor = source.execute(
                f"SELECT * FROM {table} WHERE number BETWEEN ? AND ?", (first, last)
            )
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        except sqlite3.Error:
            failures += 1
            if first < last:
                middle = (first + last) // 2
                stretches += [(middle + 1, last), (first, middle)]
            continue
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _highest_number(source: sqlite3.Connection, table: str) -> int:
    """Of a table's rows, or above it; 0 for a table that is not there."""
    try:
        found = source.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    except sqlite3.Error:
        found = None
    if found is None:
        return 0
    for number in (
        f"SELECT max(number) FROM {table}",
        # The index of its unique column names the same rows, and may be whole.
        f"SELECT max(+number) FROM {table} INDEXED BY sqlite_autoindex_{table}_1",
    ):
        with contextlib.suppress(sqlite3.Error):
            return int(source.execute(number).fetchone()[0] or 0)
    return HIGHEST_NUMBER


def _insert(target: sqlite3.Connection, table: str, row: Row, *, keep_number: bool = True) -> int:
    """Adds a row unless one like it is there. Returns 1 if it was added."""
    names = {column[1] for column in target.execute(f"PRAGMA table_info({table})")}
    row = {name: value for name, value in row.items() if name in names}
    if not keep_number or _is_taken(target, table, row.get("number")):
        row.pop("number", None)
    marks = ", ".join("?" * len(row))
    done = target.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
    return max(done.rowcount, 0)


def _is_taken(target: sqlite3.Connection, table: str, number: object) -> bool:
    found = target.execute(f"SELECT 1 FROM {table} WHERE number = ?", (number,)).fetchone()
    return found is not None


def _mend(target: sqlite3.Connection) -> None:
    """Closes what the losses left open, so that every message can be reached again."""
    target.execute(
        "INSERT INTO conversations (id, title, created_us, updated_us, settings, draft)"
        " SELECT conversation_id, ?, min(created_us), max(created_us), '{}', '{}' FROM turns"
        " WHERE conversation_id NOT IN (SELECT id FROM conversations) GROUP BY conversation_id",
        (RECOVERED,),
    )
    target.execute(
        "UPDATE conversations SET active_leaf = (SELECT id FROM turns"
        " WHERE conversation_id = conversations.id ORDER BY number DESC LIMIT 1)"
        " WHERE active_leaf IS NULL OR active_leaf NOT IN (SELECT id FROM turns)"
    )
    target.execute(
        "UPDATE conversations SET folder_id = NULL WHERE folder_id NOT IN (SELECT id FROM folders)"
    )
    _fill_gaps(target)
    _write_uses(target)
    renew_identity(target)


def _fill_gaps(target: sqlite3.Connection) -> None:
    """A note takes the place of each lost message that others follow."""
    lost = target.execute(
        "SELECT parent_id, conversation_id, min(number), created_us FROM turns"
        " WHERE parent_id NOT IN (SELECT id FROM turns) GROUP BY parent_id"
    ).fetchall()
    for turn_id, conversation_id, number, created_us in lost:
        before = target.execute(
            "SELECT id FROM turns WHERE conversation_id = ? AND number < ?"
            " ORDER BY number DESC LIMIT 1",
            (conversation_id, number),
        ).fetchone()
        note = Turn(turn_id, before[0] if before else None, "note", from_us(created_us), LOST)
        row = turn_row(note) | {"conversation_id": conversation_id}
        _insert(target, "turns", row | {"number": number - 1})


def _write_uses(target: sqlite3.Connection) -> None:
    target.execute("DELETE FROM uses")
    rows = target.execute(f"SELECT conversation_id, {TURN_COLUMNS} FROM turns").fetchall()
    for row in rows:
        turn = turn_of(row[1:])
        uses.replace(target, row[0], turn.id, turn.attachments)
    columns = "SELECT id, draft, materials FROM conversations"
    for conversation_id, text, files in target.execute(columns).fetchall():
        draft = loads_or(Draft(), text)
        uses.replace(target, conversation_id, uses.DRAFT, draft.attachments)
        materials = loads_or(Materials(), files)
        uses.replace(target, conversation_id, uses.MATERIALS, materials.attachments)
        uses.write_caption(target, conversation_id)


def _turns(connection: sqlite3.Connection) -> list[Row]:
    rows = connection.execute(f"SELECT {TURN_COLUMNS} FROM turns")
    return [dict(zip(_TURN, row, strict=True)) for row in rows]


def _is_sound(row: Row) -> bool:
    return is_turn_sound([row.get(name) for name in _TURN])
