"""Who needs which media, and what of it the sidebar says about a conversation."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from app.core.conversation import Attachment

LONGEST_S = 1e7  # a length above that is none
DRAFT = ""  # stands where a turn's id would, for what is still in the composer
MATERIALS = "materials"  # and for what a pane works on

_SINGULAR_PLURAL = {
    "image": ("image", "images"),
    "video": ("clip", "clips"),
    "audio": ("recording", "recordings"),
    "document": ("document", "documents"),
    "text": ("text", "texts"),
}


def replace(
    connection: sqlite3.Connection,
    conversation_id: str,
    turn_id: str,
    attachments: Sequence[Attachment],
) -> None:
    """Writes what a turn or draft needs in place of what it needed before."""
    connection.execute(
        "DELETE FROM uses WHERE conversation_id = ? AND turn_id = ?", (conversation_id, turn_id)
    )
    connection.executemany(
        "INSERT INTO uses (conversation_id, turn_id, sha256, kind, seconds) VALUES (?, ?, ?, ?, ?)",
        [(conversation_id, turn_id, each.sha256, each.kind, each.seconds) for each in attachments],
    )


def write_caption(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Keeps the caption beside the title, so that listing reads nothing else."""
    rows = connection.execute(
        "SELECT DISTINCT kind, sha256, seconds FROM uses"
        " WHERE conversation_id = ? AND turn_id <> ?",
        (conversation_id, DRAFT),
    ).fetchall()
    text = caption([(row[0], row[2]) for row in rows])
    connection.execute("UPDATE conversations SET caption = ? WHERE id = ?", (text, conversation_id))


def caption(media: Sequence[tuple[str, float]]) -> str:
    """Kinds with their lengths as words: "3 images, 60 s clip"."""
    words = []
    for kind, (one, many) in _SINGULAR_PLURAL.items():
        lengths = [seconds for each, seconds in media if each == kind]
        if len(lengths) == 1 and 0 < lengths[0] < LONGEST_S:
            words.append(f"{duration(lengths[0])} {one}")
        elif lengths:
            words.append(f"{len(lengths)} {one if len(lengths) == 1 else many}")
    return ", ".join(words)


def duration(seconds: float) -> str:
    """Seconds up to two minutes, then minutes."""
    return f"{max(round(seconds), 1)} s" if seconds < 120 else f"{round(seconds / 60)} min"


def used(connection: sqlite3.Connection) -> set[str]:
    """Every medium that a turn or draft needs."""
    return {row[0] for row in connection.execute("SELECT DISTINCT sha256 FROM uses")}


def of_draft(connection: sqlite3.Connection, conversation_id: str) -> list[str]:
    """What the composer of a conversation holds now."""
    rows = connection.execute(
        "SELECT sha256 FROM uses WHERE conversation_id = ? AND turn_id = ?",
        (conversation_id, DRAFT),
    )
    return [row[0] for row in rows]
