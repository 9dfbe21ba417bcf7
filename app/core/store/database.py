"""Connections to one SQLite file: one that writes, and as many readers as are at work at once."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from app.core.store.errors import DAMAGED, READ_ONLY, StoreError, translated

# write: ours alone. read: another process or a newer version owns it. frozen: nobody can write it.
Access = Literal["write", "read", "frozen"]

# A reader of another's database makes no file, but takes part in its log.
_URI_ENDS: dict[Access, str] = {"write": "", "read": "?mode=rw", "frozen": "?immutable=1"}

BUSY_MS = 5000
LARGEST_LOG_BYTES = 16 << 20  # the write-ahead log shrinks to this after a checkpoint


def connect(path: Path, access: Access = "write", *, is_durable: bool = True) -> sqlite3.Connection:
    """A connection in autocommit mode. Raises sqlite3.Error if the file is no database."""
    name = path.absolute().as_uri() + _URI_ENDS[access]
    connection = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _configure(connection, access, is_durable)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # reads the schema
    except sqlite3.Error:
        connection.close()
        raise
    except UnicodeDecodeError as error:  # SQLite's complaint quotes a damaged schema
        connection.close()
        raise sqlite3.DatabaseError("malformed database schema") from error
    return connection


def _configure(connection: sqlite3.Connection, access: Access, is_durable: bool) -> None:
    connection.text_factory = _tolerant_text
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    if access != "write":
        connection.execute("PRAGMA query_only=ON")
        return
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA journal_size_limit={LARGEST_LOG_BYTES}")
    connection.execute(f"PRAGMA synchronous={'FULL' if is_durable else 'NORMAL'}")
    if sys.platform == "darwin" and is_durable:  # fsync alone leaves bytes in the drive's cache
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")


def _tolerant_text(data: bytes) -> str:
    """A damaged row must be shown, so its text has to become a string in any case."""
    return data.decode("utf-8", "replace")


class Database:
    """Serves reads without waiting for writes, and writes one at a time."""

    def __init__(self, path: Path, access: Access, *, is_durable: bool = True) -> None:
        self.path = path
        self.access = access
        self._is_durable = is_durable
        self._lock = threading.RLock()
        self._writing = connect(path, access, is_durable=is_durable)
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._is_closed = False
        self.is_damaged = False  # a part could not be read
        self.writes = 0  # how many transactions were committed

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view for the length of the block."""
        try:
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._give_back(connection)
        except sqlite3.Error as error:
            raise self._noted(error) from error

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: durable after the block, undone if the block raises."""
        if self.access != "write":
            raise READ_ONLY
        with self._lock:
            try:
                self._writing.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writing
                    self._writing.execute("COMMIT")
                except BaseException:
                    if self._writing.in_transaction:
                        self._writing.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise self._noted(error) from error
            self.writes += 1

    def empty_log(self) -> bool:
        """Moves the write-ahead log into the file and cuts it to nothing. False: still in use."""
        if self.access != "write":
            return True
        with self._lock:
            try:
                busy, _, _ = self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error as error:
                raise translated(error) from error
        return not busy

    def close(self) -> None:
        """Closes every connection; the last one leaves a single file behind."""
        self._is_closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._writing.close()

    def _noted(self, error: sqlite3.Error) -> StoreError:
        found = translated(error)
        self.is_damaged = self.is_damaged or found is DAMAGED
        return found

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._is_closed:
            connection.close()
        else:
            self._idle.put(connection)

    def _reader(self) -> sqlite3.Connection:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        access: Access = "read" if self.access == "write" else self.access
        return connect(self.path, access, is_durable=self._is_durable)
