"""Between the values of a conversation and rows of the database, both ways.

Reading never raises for what stands in a row: bytes that fail their checksum, or values of the
wrong kind, give a turn that says it is damaged and keeps what could be read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from app.core.codec import UnreadableError, from_json, to_json
from app.core.conversation import (
    Attachment,
    Conversation,
    Draft,
    ErrorInfo,
    Pane,
    Settings,
    ToolRecord,
    Turn,
)
from app.core.work import Work
from inference import FinishReason, Receipt, Statistics

FORMAT = 1  # of the JSON in a row
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ROLES = ("user", "model", "note")
PANES = ("chat", "image", "video", "audio")
STATES = ("complete", "streaming", "interrupted", "stopped", "length", "failed")

TURN_COLUMNS = (
    "id, parent_id, role, state, created_us, text, thought, thought_tokens, details,"
    " text_sum, details_sum"
)
CONVERSATION_COLUMNS = (
    "id, title, created_us, updated_us, settings, active_leaf, draft, folder_id, is_pinned,"
    " trashed_us, has_own_title, pane, materials, work, grants"
)

DAMAGED = ErrorInfo(
    what="A part of this message was damaged on the disk.",
    why="What is stored does not match its checksum.",
    safe="The other messages are not affected.",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Details:
    """What a turn holds besides its text, as one JSON value."""

    attachments: tuple[Attachment, ...] = ()
    thought_s: float = 0.0
    model: str = ""
    model_key: str = ""
    model_digest: str = ""
    settings: Settings | None = None
    seed: int | None = None
    receipt: Receipt | None = None
    statistics: Statistics | None = None
    finish: FinishReason | None = None
    notices: tuple[str, ...] = ()
    tools: tuple[ToolRecord, ...] = ()
    error: ErrorInfo | None = None


@dataclass(frozen=True, slots=True)
class Materials:
    """The files of a pane, as one JSON value."""

    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Grants:
    """Tools allowed for a conversation, as one JSON value."""

    tools: tuple[str, ...] = ()


_DETAILS = tuple(field.name for field in dataclasses.fields(Details))


def turn_row(turn: Turn) -> dict[str, Any]:
    """The columns of a turn, without its conversation and change number."""
    details = dumps(Details(**{name: getattr(turn, name) for name in _DETAILS}))
    text, thought = clean(turn.text), clean(turn.thought)
    return {
        "id": turn.id,
        "parent_id": turn.parent_id,
        "role": turn.role,
        "state": turn.state,
        "created_us": to_us(turn.created_at),
        "text": text,
        "thought": thought,
        "thought_tokens": turn.thought_tokens,
        "details": details,
        "text_sum": checksum(text, thought),
        "details_sum": checksum(turn.id, turn.parent_id or "", turn.role, details),
    }


def turn_of(row: Sequence[Any]) -> Turn:
    """A turn from its `TURN_COLUMNS`."""
    turn_id, parent_id, role, state, created_us, text, thought, tokens, details = row[:9]
    is_sound = is_turn_sound(row)
    try:
        read = loads(Details, details)
    except UnreadableError:
        read, is_sound = Details(), False
    values = {name: getattr(read, name) for name in _DETAILS}
    if not is_sound:
        values["error"] = DAMAGED
    return Turn(
        id=str(turn_id),
        parent_id=None if parent_id is None else str(parent_id),
        role=role if role in ROLES else "note",
        created_at=from_us(created_us),
        text=_text(text),
        state=state if state in STATES else "interrupted",
        thought=_text(thought),
        thought_tokens=tokens if isinstance(tokens, int) else 0,
        **values,
    )


def is_turn_sound(row: Sequence[Any]) -> bool:
    """Whether a row of `TURN_COLUMNS` is what was written."""
    turn_id, parent_id, role, _, _, text, thought, _, details, text_sum, details_sum = row
    return bool(
        checksum(_text(text), _text(thought)) == text_sum
        and checksum(_text(turn_id), _text(parent_id), _text(role), _text(details)) == details_sum
    )


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    """The columns of a conversation, without its turns."""
    return {
        "id": conversation.id,
        "title": clean(conversation.title),
        "created_us": to_us(conversation.created_at),
        "updated_us": to_us(conversation.updated_at),
        "settings": dumps(conversation.settings),
        "active_leaf": conversation.active_leaf,
        "draft": dumps(conversation.draft),
        "folder_id": conversation.folder_id,
        "is_pinned": conversation.is_pinned,
        "trashed_us": None if conversation.trashed_at is None else to_us(conversation.trashed_at),
        "has_own_title": conversation.has_own_title,
        "pane": conversation.pane,
        "materials": dumps(Materials(conversation.materials)),
        "work": dumps(conversation.work),
        "grants": dumps(Grants(conversation.grants)),
    }


def conversation_of(row: Sequence[Any], turns: tuple[Turn, ...]) -> Conversation:
    """A conversation from its `CONVERSATION_COLUMNS` and its turns."""
    return Conversation(
        id=str(row[0]),
        title=_text(row[1]),
        created_at=from_us(row[2]),
        updated_at=from_us(row[3]),
        settings=loads_or(Settings(), row[4]),
        turns=turns,
        active_leaf=None if row[5] is None else str(row[5]),
        draft=loads_or(Draft(), row[6]),
        folder_id=None if row[7] is None else str(row[7]),
        is_pinned=bool(row[8]),
        trashed_at=None if row[9] is None else from_us(row[9]),
        has_own_title=bool(row[10]),
        pane=pane_of(row[11]),
        materials=loads_or(Materials(), row[12]).attachments,
        work=loads_or(Work(), row[13]),
        grants=loads_or(Grants(), row[14]).tools,
    )


def pane_of(value: object) -> Pane:
    """The pane a row names; the chat for one that this program does not know."""
    return value if value in PANES else "chat"  # type: ignore[return-value]


def checksum(*parts: str) -> bytes:
    """Sixteen bytes that change with any byte of any part."""
    pieces = [part.encode("utf-8", "replace") for part in parts]
    lengths = b"".join(len(piece).to_bytes(8, "little") for piece in pieces)
    return hashlib.blake2b(lengths + b"".join(pieces), digest_size=16).digest()


def dumps(value: object) -> str:
    """A dataclass as versioned JSON. Escaped to ASCII, which keeps even broken file names."""
    return json.dumps({"format": FORMAT} | to_json(value), separators=(",", ":"))


def loads(kind: type[T], text: object) -> T:
    """A dataclass from JSON. Raises UnreadableError."""
    try:
        return from_json(kind, json.loads(_text(text)))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def loads_or(default: T, text: object) -> T:
    """A dataclass from JSON, or the default where it cannot be read."""
    try:
        return loads(type(default), text)
    except UnreadableError:
        return default


def clean(text: str) -> str:
    """The text with lone surrogates replaced: SQLite stores UTF-8, which has none."""
    return text.encode("utf-8", "replace").decode("utf-8")


def to_us(time: datetime) -> int:
    """An aware time as microseconds since 1970."""
    return (time - EPOCH) // MICROSECOND


def from_us(value: object) -> datetime:
    """The time, in UTC; 1970 for a damaged one."""
    try:
        return EPOCH + MICROSECOND * value if isinstance(value, int) else EPOCH
    except OverflowError:
        return EPOCH


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
