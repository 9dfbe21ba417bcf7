"""Opening the store's folder in whatever state it is, so that a usable store comes of it.

The database lies in a folder of its own, so that one rename exchanges the file together with its
log: a repair builds a new folder beside it, marks it complete, and then changes their places.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.core.conversation import ErrorInfo
from app.core.files import sync_folder
from app.core.store import backups, notices, salvage, schema
from app.core.store.database import Access, Database, connect
from app.core.store.turns import mark_interrupted

FILE = "facet.sqlite3"
LARGE_BYTES = 64 << 20  # above that, checking would be felt at the start: upkeep does it later
_COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Places:
    """What lies where in the folder of a store."""

    root: Path

    @property
    def current(self) -> Path:
        """The folder of the database."""
        return self.root / "conversations"

    @property
    def database(self) -> Path:
        """The file with every conversation."""
        return self.current / FILE

    @property
    def coming(self) -> Path:
        """A folder that is to take the place of the current one."""
        return self.root / "conversations.part"

    @property
    def index(self) -> Path:
        """The search index."""
        return self.root / "search.sqlite3"

    @property
    def blobs(self) -> Path:
        """The media."""
        return self.root / "media"

    @property
    def backups(self) -> Path:
        """The backups."""
        return self.root / "backups"

    @property
    def damaged(self) -> Path:
        """Databases that were replaced; nothing here is ever deleted by Facet."""
        return self.root / "damaged"

    @property
    def suspicion(self) -> Path:
        """A file that is there when the last check of a large database found a fault."""
        return self.root / "check-at-next-start"

    @property
    def lock(self) -> Path:
        """Whoever holds it may write."""
        return self.root / "store.lock"


@dataclass(slots=True)
class Opened:
    """An open database with what belongs to it. `scratch` is deleted when it is closed."""

    places: Places
    database: Database
    notices: tuple[ErrorInfo, ...] = ()
    lock: IO[bytes] | None = None
    scratch: Path | None = None

    def close(self) -> None:
        """Closes the file and lets others write."""
        self.database.close()
        if self.lock is not None:
            self.lock.close()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)


def open_store(root: Path, now: datetime) -> Opened:
    """Opens a folder. Never raises for its state: the last resort is a store for this session."""
    places = Places(root)
    lock: IO[bytes] | None = None
    try:
        with contextlib.suppress(OSError):
            root.mkdir(parents=True, exist_ok=True)
        try:
            lock = take_lock(places.lock)
        except BlockingIOError:
            return _for_reading(places, "read", notices.OTHER_WINDOW)
        except OSError:
            return _from_fixed_folder(places)
        return _for_writing(places, now, lock)
    except (sqlite3.Error, OSError, ValueError) as error:
        if lock is not None:
            lock.close()
        return _for_this_session(now, error)


def take_lock(path: Path) -> IO[bytes]:
    """The lock of a store, until it is closed or the process ends.

    Raises BlockingIOError while another holds it, OSError where no lock can be.
    """
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError as error:
                raise BlockingIOError from error
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file


def exchange(places: Places, fill: Path, now: datetime) -> None:
    """Puts the complete folder `fill` in the place of the current one, which is kept."""
    (fill / _COMPLETE).touch()
    sync_folder(fill)
    if os.path.lexists(places.current):
        places.damaged.mkdir(exist_ok=True)
        stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
        places.current.rename(places.damaged / stamp)
    _finish_exchange(places)


def _finish_exchange(places: Places) -> None:
    """The second half of an exchange, also for one that a crash cut in two."""
    if not os.path.lexists(places.current) and (places.coming / _COMPLETE).exists():
        places.coming.rename(places.current)
        sync_folder(places.root)
    with contextlib.suppress(OSError):
        (places.current / _COMPLETE).unlink()
    if places.coming.exists():
        shutil.rmtree(places.coming, ignore_errors=True)


def _for_writing(places: Places, now: datetime, lock: IO[bytes]) -> Opened:
    _finish_exchange(places)
    said: list[ErrorInfo] = []
    if os.path.lexists(places.database) and not os.access(places.database, os.R_OK):
        raise PermissionError(f"{FILE} may not be read")
    fault, version = _examine(places)
    if not fault and version > schema.VERSION:
        return _for_reading(places, "read", notices.NEWER, lock)
    if fault:
        said.append(notices.repaired(_repair(places, now)))
    elif 0 < version < schema.VERSION:
        backups.make(places.database, places.backups, now)
    places.suspicion.unlink(missing_ok=True)  # it was checked, and repaired if need be
    places.current.mkdir(exist_ok=True)
    with _new_or_current(places.database) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error):
                raise
            return _for_reading(places, "read", notices.FILE_PROTECTED, lock)
        interrupted = mark_interrupted(connection)
        connection.execute("COMMIT")
    if interrupted:
        said.append(notices.interrupted(interrupted))
    return Opened(places, Database(places.database, "write"), tuple(said), lock)


@contextlib.contextmanager
def _new_or_current(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(connect(path)) as connection:
        schema.migrate(connection)
        yield connection


def _examine(places: Places) -> tuple[str, int]:
    """What is wrong with the database, empty for nothing; and its version, 0 for a new one."""
    path = places.database
    # A file that is missing or empty is a new store only where there never was another.
    if os.path.lexists(places.current) and not places.current.is_dir():
        return "a file is in the place of its folder", 0
    has_traces = path.with_name(f"{FILE}-wal").exists() or bool(backups.paths(places.backups))
    if not os.path.lexists(path):
        return ("its file is gone" if has_traces else ""), 0
    try:
        with contextlib.closing(connect(path)) as connection:
            if is_checked_at_start(places) and (fault := backups.fault_of(connection)):
                return fault, 0
            version = schema.version_of(connection)
            if version == 0 and _is_empty(connection):
                return ("its file is empty" if has_traces else ""), 0
            return _fault_in_header(connection, version), version
    except (sqlite3.Error, OSError, ValueError) as error:
        return str(error) or "unreadable", 0


def is_checked_at_start(places: Places) -> bool:
    """Large files are checked later, unless there was something wrong with them."""
    return places.suspicion.exists() or places.database.stat().st_size <= LARGE_BYTES


def _is_empty(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(found[0] == 0)


def _fault_in_header(connection: sqlite3.Connection, version: int) -> str:
    if int(schema.fact(connection, "version")) != version:
        return "its version is not what it was"
    if not schema.is_whole(connection, version):
        return "its tables are not what they were"
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return "" if application == schema.APPLICATION_ID else "it is not marked as Facet's"


def _repair(places: Places, now: datetime) -> salvage.Rescue:
    shutil.rmtree(places.coming, ignore_errors=True)
    work = places.coming / "work"
    work.mkdir(parents=True)
    with _new_or_current(places.coming / FILE) as target:
        found = salvage.rescue(places.database, work, target, places.backups)
    shutil.rmtree(work, ignore_errors=True)
    exchange(places, places.coming, now)
    return found


def _for_reading(
    places: Places, access: Access, notice: ErrorInfo, lock: IO[bytes] | None = None
) -> Opened:
    with contextlib.closing(connect(places.database, access)) as connection:
        if 0 < schema.version_of(connection) < schema.VERSION:
            return _from_newer_copy(places, connection, notice, lock)
    database = Database(places.database, access)
    try:
        with contextlib.closing(connect(places.database, access)) as connection:
            for table in schema.TABLES:  # a newer version may have other ones
                connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()
    except sqlite3.Error:
        database.close()
        raise
    return Opened(places, database, (notice,), lock)


def _from_newer_copy(
    places: Places, source: sqlite3.Connection, notice: ErrorInfo, lock: IO[bytes] | None
) -> Opened:
    """An older file that may not be changed is read from a copy that was brought up to date."""
    scratch = Path(tempfile.mkdtemp(prefix="facet-"))
    try:
        with contextlib.closing(sqlite3.connect(scratch / FILE)) as copy:
            source.backup(copy)
        with contextlib.closing(connect(scratch / FILE)) as connection:
            schema.migrate(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database = Database(scratch / FILE, "frozen")
    except (sqlite3.Error, OSError):
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Opened(places, database, (notice,), lock, scratch)


def _from_fixed_folder(places: Places) -> Opened:
    """A folder that cannot be written. A database with a log needs a copy to be read."""
    log = places.database.with_name(f"{FILE}-wal")
    if not log.exists() or not log.stat().st_size:
        return _for_reading(places, "frozen", notices.FOLDER_PROTECTED)
    scratch = Path(tempfile.mkdtemp(prefix="facet-"))
    try:
        for part in (places.database, log):
            shutil.copyfile(part, scratch / part.name)
        with contextlib.closing(connect(scratch / FILE)) as connection:
            if schema.version_of(connection):
                schema.migrate(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database = Database(scratch / FILE, "frozen")
    except (sqlite3.Error, OSError):
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Opened(places, database, (notices.FOLDER_PROTECTED,), None, scratch)


def _for_this_session(now: datetime, error: Exception) -> Opened:
    scratch = Path(tempfile.mkdtemp(prefix="facet-"))
    places = Places(scratch)
    opened = _for_writing(places, now, take_lock(places.lock))
    opened.notices = (notices.temporary(error),)
    opened.scratch = scratch
    return opened
