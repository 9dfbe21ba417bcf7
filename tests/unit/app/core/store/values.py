"""Conversations and turns with anything in them, by hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from app.core.conversation import (
    Attachment,
    Conversation,
    Draft,
    ErrorInfo,
    Settings,
    ToolRecord,
    Turn,
)
from inference import Receipt, ReceiptItem, Statistics
from tests.fakes.stored import START

# Strings of every kind that JSON and SQLite can keep as they are: lone surrogates are replaced.
_text = st.text(max_size=40)
_name = st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1, max_size=8)
_count = st.integers(0, 1 << 40)
_real = st.floats(allow_nan=False)
_times = st.integers(-(1 << 50), 1 << 52).map(lambda us: START + timedelta(microseconds=us))
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | _real | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
_attachments = st.builds(
    Attachment,
    id=_name,
    kind=st.sampled_from(["image", "audio", "video", "text"]),
    name=_text,
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    size_bytes=_count,
    seconds=_real,
    soft_tokens=st.none() | _count,
    has_sound=st.booleans(),
    notes=st.lists(_text, max_size=2).map(tuple),
)
_settings = st.builds(
    Settings,
    system_prompt=_text,
    thinking=st.booleans(),
    thinking_budget=st.none() | _count,
    temperature=_real,
    seed=st.none() | _count,
)
_receipts = st.builds(
    Receipt,
    items=st.lists(
        st.builds(
            ReceiptItem,
            kind=st.sampled_from(["text", "image", "video", "audio", "tools"]),
            name=_text,
            tokens=_count,
            times_s=st.lists(_real, max_size=3).map(tuple),
            notes=st.lists(_text, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    prompt_tokens=_count,
    dropped=st.lists(_text, max_size=2).map(tuple),
)
_errors = st.builds(ErrorInfo, what=_text, why=_text, action=_text, command=_name)
_tools = st.builds(
    ToolRecord,
    name=_name,
    arguments=st.dictionaries(_text, _json, max_size=3),
    result=st.none() | _text,
)


def turns(turn_id: str, parent: str | None) -> st.SearchStrategy[Turn]:
    """A turn with anything in it."""
    return st.builds(
        Turn,
        id=st.just(turn_id),
        parent_id=st.just(parent),
        role=st.sampled_from(["user", "model", "note"]),
        created_at=_times,
        text=_text,
        state=st.sampled_from(["complete", "streaming", "interrupted", "stopped", "failed"]),
        attachments=st.lists(_attachments, max_size=2).map(tuple),
        thought=_text,
        thought_tokens=_count,
        thought_s=_real,
        model=_text,
        settings=st.none() | _settings,
        seed=st.none() | _count,
        receipt=st.none() | _receipts,
        statistics=st.none() | st.builds(Statistics, prompt_tokens=_count, media_s=_real),
        finish=st.none() | st.sampled_from(["stop", "length", "cancelled"]),
        notices=st.lists(_text, max_size=2).map(tuple),
        tools=st.lists(_tools, max_size=2).map(tuple),
        error=st.none() | _errors,
    )


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """A tree of up to five turns, every field anything."""
    names = [f"t{i}" for i in range(draw(st.integers(0, 5)))]
    made: list[Turn] = []
    for i, name in enumerate(names):
        parent = draw(st.sampled_from([None, *names[:i]]))
        made.append(draw(turns(name, parent)))
    return Conversation(
        id="c",
        title=draw(_text),
        created_at=draw(_times),
        updated_at=draw(_times),
        settings=draw(_settings),
        turns=tuple(made),
        active_leaf=draw(st.sampled_from([None, *names])),
        draft=draw(
            st.builds(Draft, text=_text, attachments=st.lists(_attachments, max_size=2).map(tuple))
        ),
        is_pinned=draw(st.booleans()),
        trashed_at=draw(st.none() | _times),
        has_own_title=draw(st.booleans()),
    )
