"""The full-text index: a file of its own that can be thrown away and made again at any time.

It is never part of a write of the store. It follows later: every finished text has a change
number, and the index remembers, in the same transaction as its entries, how far it has come.
So a crash, a damaged index or a deleted one cost nothing but the time to read the texts again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from app.core.store.database import connect
from app.core.store.schema import fact, set_fact
from app.core.store.wanted import spaced

VERSION = "1"
MERGED_PAGES = 300  # in one step
SECURE_DELETE_SINCE = (3, 42, 0)  # FTS5 overwrites deleted words itself

_TABLES = (
    "CREATE TABLE IF NOT EXISTS facts"
    " (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS bodies USING fts5"
    " (body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
)


class Index:
    """The index of one store. `identity` is what the store calls itself; another's is dropped.

    No method raises for a damaged index: it is dropped, and then knows nothing.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self._path = path
        self._identity = f"{VERSION} {identity}"
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def position(self) -> int:
        """The change number up to which texts are indexed; -1 if there can be no index."""
        with self._lock:
            connection = self._opened()
            return -1 if connection is None else int(fact(connection, "change") or 0)

    def add(self, texts: Iterable[tuple[int, str]], position: int) -> bool:
        """Takes up texts by turn number, in place of older ones, and notes the new position."""
        with self._lock:
            connection = self._opened()
            if connection is None:
                return False
            try:
                connection.execute("BEGIN IMMEDIATE")
                for number, text in texts:
                    connection.execute("DELETE FROM bodies WHERE rowid = ?", (number,))
                    connection.execute(
                        "INSERT INTO bodies (rowid, body) VALUES (?, ?)", (number, spaced(text))
                    )
                set_fact(connection, "change", str(position))
                connection.execute("COMMIT")
            except sqlite3.Error:
                self.drop()
                return False
            return True

    def forget(self, numbers: Iterable[int]) -> None:
        """Removes texts. Their words are gone from the file when `merge` has nothing more to do."""
        with self._lock:
            connection = self._opened()
            if connection is None:
                return
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    "DELETE FROM bodies WHERE rowid = ?", [(number,) for number in numbers]
                )
                if sqlite3.sqlite_version_info < SECURE_DELETE_SINCE:
                    set_fact(connection, "to merge", "begin")
                connection.execute("COMMIT")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error:
                self.drop()

    def merge(self) -> bool:
        """Writes one stretch of the index anew, without the words of texts that were removed.
        True: there is more to do. Only older SQLite needs it."""
        with self._lock:
            connection = self._opened()
            if connection is None or not (stage := fact(connection, "to merge")):
                return False
            try:
                connection.execute("BEGIN IMMEDIATE")
                before = connection.total_changes
                pages = -MERGED_PAGES if stage == "begin" else MERGED_PAGES
                connection.execute(
                    "INSERT INTO bodies (bodies, rank) VALUES ('merge', ?)", (pages,)
                )
                # The statement itself counts as one change: no more means that nothing was left.
                is_done = stage != "begin" and connection.total_changes - before < 2
                set_fact(connection, "to merge", "" if is_done else "go on")
                connection.execute("COMMIT")
                if is_done:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error:
                self.drop()
                return False
            return not is_done

    def find(self, query: str, limit: int) -> list[int] | None:
        """Numbers of turns that hold the words, newest first; None if the index cannot say."""
        with self._lock:
            connection = self._opened()
            if connection is None:
                return None
            try:
                rows = connection.execute(
                    "SELECT rowid FROM bodies WHERE bodies MATCH ? ORDER BY rowid DESC LIMIT ?",
                    (query, limit),
                ).fetchall()
            except sqlite3.Error:
                self.drop()
                return None
            return [row[0] for row in rows]

    def drop(self) -> None:
        """Deletes the index; the next use begins a new one."""
        with self._lock:
            self.close()
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(f"{self._path}{end}").unlink()

    def close(self) -> None:
        """Closes the file. A later use opens it again."""
        with self._lock:
            if self._connection is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection | None:
        """The connection, to a new index if the old one is damaged, foreign or outdated."""
        if self._connection is None:
            for _ in range(2):
                try:
                    self._connection = self._open()
                except sqlite3.Error:
                    self.drop()
                if self._connection is not None:
                    break
        return self._connection

    def _open(self) -> sqlite3.Connection | None:
        connection = connect(self._path, is_durable=False)
        try:
            for statement in _TABLES:
                connection.execute(statement)
            if sqlite3.sqlite_version_info >= SECURE_DELETE_SINCE:
                connection.execute("INSERT INTO bodies (bodies, rank) VALUES ('secure-delete', 1)")
            known = fact(connection, "identity")
            if known in ("", self._identity):
                set_fact(connection, "identity", self._identity)
                return connection
        except sqlite3.Error:
            connection.close()
            raise
        connection.close()
        self.drop()
        return None
