"""Conversations and turns to put into a store, in one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.conversation import Attachment, Conversation, Turn

START = datetime(2026, 9, 12, 14, 0, tzinfo=UTC)


def conversation(name: str, *turns: Turn, **fields: Any) -> Conversation:
    """A conversation whose id and title are `name`."""
    values: dict[str, Any] = {"title": name, "created_at": START, "updated_at": START}
    leaf = turns[-1].id if turns else None
    return Conversation(id=name, turns=turns, **({"active_leaf": leaf} | values | fields))


def turn(name: str, text: str = "", parent: str | None = None, **fields: Any) -> Turn:
    """A person's turn whose id is `name`."""
    values: dict[str, Any] = {"role": "user", "created_at": START} | fields
    return Turn(id=name, parent_id=parent, text=text, **values)


def attachment(sha256: str, kind: Any = "image", **fields: Any) -> Attachment:
    """A file as the intake describes it."""
    return Attachment(
        id=f"a-{sha256[:6]}", kind=kind, name="x", sha256=sha256, size_bytes=1, **fields
    )


def chain(prefix: str, count: int, words: str = "some words about nothing") -> tuple[Turn, ...]:
    """Turns that follow each other."""
    return tuple(
        turn(f"{prefix}{i}", f"{words} {i}", f"{prefix}{i - 1}" if i else None)
        for i in range(count)
    )


def later(minutes: int) -> datetime:
    """A time after `START`."""
    return START + timedelta(minutes=minutes)
