"""Searching titles and texts, with the index where it is up to date and without it where not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Literal

from app.core.conversation import Hit
from app.core.store.database import Database
from app.core.store.index import Index
from app.core.store.wanted import Wanted, snippet, spans, wanted

STEP = 200  # texts taken into the index at once
MOST_STEPS_AT_ONCE = 3  # a search waits for no more than that
# none: there is no index that could be filled, now or at all.
Progress = Literal["complete", "more", "none"]
# A flipped byte can turn text into a blob, hence the casts.
MORE = 3  # the index also knows texts in the trash, which are not shown

_BACKLOG = (
    "SELECT number, CAST(text AS TEXT), change FROM turns WHERE change > ? ORDER BY change LIMIT ?"
)
_TURN = (
    "SELECT turns.conversation_id, turns.id, CAST(turns.text AS TEXT) FROM turns JOIN conversations"
    " ON conversations.id = turns.conversation_id"
    " WHERE conversations.trashed_us IS NULL AND turns.number = ?"
)
_ALL_TURNS = (
    "SELECT turns.conversation_id, turns.id, CAST(turns.text AS TEXT) FROM turns JOIN conversations"
    " ON conversations.id = turns.conversation_id"
    " WHERE conversations.trashed_us IS NULL ORDER BY turns.number DESC"
)


class Search:
    """Finds words in a store."""

    def __init__(self, database: Database, index: Index | None) -> None:
        self._database = database
        self._index = index

    def find(self, typed: str, limit: int) -> list[Hit]:
        """Titles first, then texts, newest first. Nothing typed finds nothing."""
        what = wanted(typed)
        if not what.patterns:
            return []
        numbers = self._numbers(what, limit)
        with self._database.read() as connection:
            hits = _titles(connection, what, limit)
            rows = _scan(connection, what) if numbers is None else _rows(connection, numbers)
            for conversation_id, turn_id, text in rows:
                if len(hits) >= limit:
                    break
                line, marks = snippet(text, what.patterns)
                hits.append(Hit(conversation_id, turn_id, line, marks))
        return hits

    def catch_up(self, steps: int = 1) -> Progress:
        """Takes up to `steps` lots of texts into the index."""
        if self._index is None:
            return "none"
        for _ in range(steps):
            position = self._index.position()
            if position < 0:
                return "none"
            with self._database.read() as connection:
                texts = connection.execute(_BACKLOG, (position, STEP)).fetchall()
            if not texts:
                return "complete"
            if not self._index.add([text[:2] for text in texts], texts[-1][2]):
                return "none"
            if len(texts) < STEP:
                return "complete"
        return "more"

    def forget_words(self) -> bool:
        """Does a step towards an index without the words of deleted texts. True: there are more."""
        return self._index is not None and self._index.merge()

    def _numbers(self, what: Wanted, limit: int) -> list[int] | None:
        """Turns by the index; None if it lacks some or cannot answer."""
        if not what.query or self._index is None:
            return None
        if self.catch_up(MOST_STEPS_AT_ONCE) != "complete":
            return None
        return self._index.find(what.query, limit * MORE)


def _titles(connection: sqlite3.Connection, what: Wanted, limit: int) -> list[Hit]:
    rows = connection.execute(
        "SELECT id, CAST(title AS TEXT) FROM conversations WHERE trashed_us IS NULL"
        " ORDER BY updated_us DESC"
    )
    found = ((row[0], row[1]) for row in rows if what.is_in(row[1]))
    return [
        Hit(conversation_id, None, title, spans(title, what.patterns))
        for (conversation_id, title), _ in zip(found, range(limit), strict=False)
    ]


def _rows(connection: sqlite3.Connection, numbers: list[int]) -> Iterator[tuple[str, str, str]]:
    for number in numbers:
        row = connection.execute(_TURN, (number,)).fetchone()
        if row is not None:
            yield row


def _scan(connection: sqlite3.Connection, what: Wanted) -> Iterator[tuple[str, str, str]]:
    for row in connection.execute(_ALL_TURNS):
        if what.is_in(row[2]):
            yield row
