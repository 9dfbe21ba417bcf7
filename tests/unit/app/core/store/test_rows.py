"""Rows and values: round trips, and rows that something went wrong with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation import Conversation, Turn
from app.core.store.rows import (
    CONVERSATION_COLUMNS,
    EPOCH,
    TURN_COLUMNS,
    conversation_of,
    conversation_row,
    from_us,
    to_us,
    turn_of,
    turn_row,
)
from tests.fakes.stored import turn
from tests.unit.app.core.store.values import conversations, turns

NAMES = [name.strip() for name in TURN_COLUMNS.split(",")]


def columns(row: dict[str, Any], names: str) -> list[Any]:
    return [row[name.strip()] for name in names.split(",")]


@given(turns("t", "parent"))
@settings(max_examples=60, deadline=None)
def test_any_turn_comes_back_from_its_row(kept: Turn) -> None:
    assert turn_of(columns(turn_row(kept), TURN_COLUMNS)) == kept


@given(conversations())
@settings(max_examples=30, deadline=None)
def test_any_conversation_comes_back_from_its_row(kept: Conversation) -> None:
    row = columns(conversation_row(kept), CONVERSATION_COLUMNS)
    assert conversation_of(row, kept.turns) == kept


@given(
    st.sampled_from(NAMES),
    st.none() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=9),
)
@settings(max_examples=100, deadline=None)
def test_no_value_in_any_column_makes_a_turn_unreadable(name: str, value: object) -> None:
    row = turn_row(turn("t", "the text", "p", thought="a thought")) | {name: value}
    read = turn_of(columns(row, TURN_COLUMNS))
    hash(read.id)
    assert isinstance(read, Turn)
    assert read.created_at.tzinfo is UTC


@pytest.mark.parametrize("name", ["text", "thought", "details", "role", "parent_id"])
def test_a_changed_byte_is_noticed(name: str) -> None:
    row = turn_row(turn("t", "the text", "p", thought="a thought"))
    row[name] = row[name][:-1] + "~"
    read = turn_of(columns(row, TURN_COLUMNS))
    assert read.error is not None
    assert "damaged" in read.error.what


def test_keys_of_another_version_are_ignored_and_missing_ones_take_their_default() -> None:
    row = turn_row(turn("t"))
    details = json.loads(row["details"])
    assert "model" not in details
    del details["thought_s"]
    details["mood"] = "cheerful"
    details["settings"] = {"temperature": 0.5, "top_k": "many"}
    row["details"] = json.dumps(details)
    read = turn_of(columns(row, TURN_COLUMNS))
    assert (read.model, read.thought_s) == ("", 0.0)
    assert read.settings is not None
    assert (read.settings.temperature, read.settings.top_k) == (0.5, 64)


def test_times_keep_their_microsecond_and_zone_does_not_matter() -> None:
    time = datetime(2026, 2, 3, 4, 5, 6, 789_123, tzinfo=UTC)
    assert from_us(to_us(time)) == time
    assert from_us("no time") == from_us(1 << 80) == EPOCH
