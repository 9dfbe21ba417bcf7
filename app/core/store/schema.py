"""The tables, and the steps that lead an older file to them, all of them in one transaction.

Numbers are row ids, so that a damaged table can be read piece by piece. Times are microseconds
since 1970. `change` numbers finished texts in the order in which the search index takes them up;
`uses` says who needs which media; `erased` are conversations that backups have yet to forget.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence

from app.core.conversation import new_id

APPLICATION_ID = 0x46616374  # "Fact", as near to the name as four letters come

FIRST = """
CREATE TABLE facts (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE folders (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    has_own_title INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    folder_id TEXT REFERENCES folders (id) ON DELETE SET NULL,
    is_pinned INTEGER NOT NULL DEFAULT 0,
    is_unread INTEGER NOT NULL DEFAULT 0,
    trashed_us INTEGER,
    active_leaf TEXT,
    settings TEXT NOT NULL,
    draft TEXT NOT NULL,
    caption TEXT NOT NULL DEFAULT ''
);
CREATE INDEX conversations_by_folder ON conversations (folder_id);
CREATE TABLE turns (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    text TEXT NOT NULL,
    thought TEXT NOT NULL,
    thought_tokens INTEGER NOT NULL,
    details TEXT NOT NULL,
    text_sum BLOB NOT NULL,
    details_sum BLOB NOT NULL,
    change INTEGER
);
CREATE INDEX turns_by_conversation ON turns (conversation_id);
CREATE INDEX turns_by_change ON turns (change) WHERE change IS NOT NULL;
CREATE INDEX turns_streaming ON turns (state) WHERE state = 'streaming';
CREATE TABLE uses (
    number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    turn_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE INDEX uses_by_turn ON uses (conversation_id, turn_id);
CREATE INDEX uses_by_sha256 ON uses (sha256);
CREATE TABLE erased (number INTEGER PRIMARY KEY, conversation_id TEXT NOT NULL UNIQUE);
INSERT INTO facts (name, value) VALUES ('change', '0'), ('erasures', '0');
"""

# Panes: where a conversation is shown, the files it works on, what was worked out from them.
PANES = """
ALTER TABLE conversations ADD COLUMN pane TEXT NOT NULL DEFAULT 'chat';
ALTER TABLE conversations ADD COLUMN materials TEXT NOT NULL DEFAULT '{}';
ALTER TABLE conversations ADD COLUMN work TEXT NOT NULL DEFAULT '{}';
"""

# Tools: those that may be used in a conversation without another question.
TOOLS = """
ALTER TABLE conversations ADD COLUMN grants TEXT NOT NULL DEFAULT '{}';
"""

MIGRATIONS: tuple[str, ...] = (FIRST, PANES, TOOLS)
VERSION = len(MIGRATIONS)
TABLES = ("facts", "folders", "conversations", "turns", "uses", "erased")


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the file's tables; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def fact(connection: sqlite3.Connection, name: str) -> str:
    """A value of the table of facts; empty if there is none."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def set_fact(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Writes a value of the table of facts."""
    connection.execute(
        "INSERT INTO facts (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def count_up(connection: sqlite3.Connection, name: str) -> int:
    """Adds one to a counting fact and returns it."""
    number = int(fact(connection, name) or 0) + 1
    set_fact(connection, name, str(number))
    return number


def migrate(connection: sqlite3.Connection, steps: Sequence[str] = MIGRATIONS) -> None:
    """Brings the tables to the newest version: whoever reads beside sees the old one or the new.

    Raises sqlite3.Error; then the file stands as it was.
    """
    if version_of(connection) >= len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for version in range(version_of(connection), len(steps)):
            for statement in statements(steps[version]):
                connection.execute(statement)
            # Twice, so that a damaged header is not taken for a newer version.
            connection.execute(f"PRAGMA user_version = {version + 1}")
            set_fact(connection, "version", str(version + 1))
            if version == 0:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                set_fact(connection, "store", new_id())
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def is_whole(connection: sqlite3.Connection, version: int) -> bool:
    """Whether every table and index is as we made it; SQLite believes any schema it can read."""
    if version > len(MIGRATIONS):
        return True  # a newer program's
    objects = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, MIGRATIONS[:version])
        wanted = set(model.execute(objects).fetchall())
    return wanted <= set(connection.execute(objects).fetchall())


def statements(script: str) -> list[str]:
    """A script as single statements: sqlite3's own executescript would commit in between."""
    return [part for part in script.split(";\n") if part.strip()]
