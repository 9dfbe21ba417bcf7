"""Backups: complete, verified copies of the database, thinned as they grow old.

Media are not copied: they never change, and none that a backup needs is deleted.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.core.files import PART, sync_file, sync_folder
from app.core.store import schema, uses
from app.core.store.database import connect
from app.core.store.errors import StoreError, translated
from app.core.store.rows import TURN_COLUMNS, is_turn_sound

SUFFIX = ".sqlite3"
_STAMP = "%Y-%m-%dT%H-%M-%S-%fZ"

EVERY = timedelta(minutes=30)
KEEP_ALL = timedelta(days=2)
DAILY, WEEKLY, MONTHLY = 7, 4, 6


@dataclass(frozen=True, slots=True)
class Backup:
    """One verified copy. `made_at` is aware, UTC."""

    path: Path
    made_at: datetime
    size_bytes: int
    conversations: int
    turns: int


def make(database: Path, folder: Path, now: datetime) -> Backup:
    """Copies the database and checks the copy. Raises StoreError; then there is no new backup."""
    path = folder / f"{now.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"
    part = path.with_name(path.name + PART)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout=5000")
            connection.execute("VACUUM INTO ?", (str(part),))
        if problem := fault_in(part):
            raise StoreError(f"A backup was not like its original ({problem}).", "Try again.")
        with part.open("rb+") as file:
            sync_file(file.fileno())
        part.replace(path)
        sync_folder(folder)
    except (sqlite3.Error, OSError) as error:
        raise translated(error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return read(path)


def read(path: Path) -> Backup:
    """What a backup holds. Raises sqlite3.Error or ValueError if it is none."""
    time = made_at(path)
    if time is None:
        raise ValueError(f"{path.name} is no backup")
    with contextlib.closing(connect(path, "frozen")) as connection:
        (conversations,) = connection.execute("SELECT count(*) FROM conversations").fetchone()
        (turns,) = connection.execute("SELECT count(*) FROM turns").fetchone()
    return Backup(path, time, path.stat().st_size, conversations, turns)


def paths(folder: Path) -> list[Path]:
    """Newest first; the names sort by time."""
    return sorted(folder.glob(f"????-*Z{SUFFIX}"), reverse=True)


def made_at(path: Path) -> datetime | None:
    """When a backup was made, by its name."""
    try:
        return datetime.strptime(path.name.removesuffix(SUFFIX), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def readable(folder: Path) -> list[Backup]:
    """Every backup that can be read, newest first."""
    found = []
    for path in paths(folder):
        with contextlib.suppress(sqlite3.Error, ValueError, OSError):
            found.append(read(path))
    return found


def fault_in(path: Path) -> str:
    """What is wrong with a database file that nobody has open; empty for nothing."""
    try:
        with contextlib.closing(connect(path, "frozen")) as connection:
            return fault_of(connection)
    except (sqlite3.Error, OSError) as error:
        return str(error)


def fault_of(connection: sqlite3.Connection) -> str:
    """The first complaint of SQLite's full check; empty for none."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if found == "ok" else str(found)


def thin(folder: Path, now: datetime) -> int:
    """Deletes backups that newer ones make needless. Returns how many."""
    dated = [(time, path) for path in paths(folder) if (time := made_at(path)) is not None]
    kept = kept_times([time for time, _ in dated], now)
    removed = 0
    for time, path in dated:
        if time not in kept:
            with contextlib.suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def kept_times(times: Sequence[datetime], now: datetime) -> set[datetime]:
    """All of two days, then the last of each of 7 days, 4 weeks and 6 months; always the newest."""
    newest_first = sorted(times, reverse=True)
    kept = {time for time in newest_first if time > now - KEEP_ALL} | set(newest_first[:1])
    older = [time for time in newest_first if time not in kept]
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (DAILY, lambda time: time.date()),
        (WEEKLY, lambda time: time.isocalendar()[:2]),
        (MONTHLY, lambda time: (time.year, time.month)),
    ]
    for count, period in periods:
        last_of: dict[object, datetime] = {}
        for time in older:
            last_of.setdefault(period(time), time)
        kept.update(list(last_of.values())[:count])
    return kept


def sound_turn(folder: Path, turn_id: str) -> Sequence[Any] | None:
    """A turn's columns from the newest backup in which they are whole."""
    for path in paths(folder):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(connect(path, "frozen")) as connection,
        ):
            row = connection.execute(
                f"SELECT {TURN_COLUMNS} FROM turns WHERE id = ?", (turn_id,)
            ).fetchone()
            if row is not None and is_turn_sound(row):
                return tuple(row)
    return None


def media_needed(folder: Path) -> set[str]:
    """Media that some backup needs. One that cannot be read needs none that could be shown."""
    needed: set[str] = set()
    for path in paths(folder):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(connect(path, "frozen")) as connection,
        ):
            needed |= uses.used(connection)
    return needed


def forget(path: Path, conversation_ids: Iterable[str]) -> bool:
    """Deletes conversations from a backup, leaving no trace of them in the file.

    The change is made to a copy that takes the backup's place when it is verified. False: the
    backup could not be changed and was left as it is.
    """
    part = path.with_name(path.name + PART)
    ids = [(each,) for each in conversation_ids]
    try:
        with contextlib.closing(connect(path, "frozen")) as connection:
            marks = ", ".join("?" * len(ids))
            held = connection.execute(
                f"SELECT count(*) FROM conversations WHERE id IN ({marks})",
                [each for (each,) in ids],
            ).fetchone()[0]
            if not held:
                return True
            connection.execute("PRAGMA query_only=OFF")
            connection.execute("VACUUM INTO ?", (str(part),))
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executemany("DELETE FROM conversations WHERE id = ?", ids)
            connection.execute("VACUUM")
        if fault_in(part):
            return False
        part.replace(path)
    except (sqlite3.Error, OSError):
        return False
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return True


def migrated_copy(path: Path, work: Path) -> sqlite3.Connection:
    """A connection to a copy of a backup with today's tables. Raises sqlite3.Error or OSError."""
    work.write_bytes(path.read_bytes())
    connection = connect(work)
    try:
        schema.migrate(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
