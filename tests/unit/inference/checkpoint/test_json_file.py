"""Strict JSON reads what json reads, and refuses what would surprise later."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.checkpoint.json_file import MAX_NESTING, parse_json
from inference.errors import CheckpointError

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(value=st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES, max_size=4))
@pytest.mark.parametrize("ascii_only", [True, False])
def test_round_trip(ascii_only: bool, value: dict[str, Any]) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode(), "x.json") == value


@settings(deadline=None)
@given(
    data=st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ud1eE+-.nulltrefas ').map(str.encode)
)
def test_anything_else_is_a_refusal(data: bytes) -> None:
    refused, value = "", None
    try:
        value = parse_json(data, "x.json")
    except CheckpointError as error:
        refused = str(error)
    assert refused.startswith("x.json ") if refused else value == json.loads(data)


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def test_nesting_limit() -> None:
    assert parse_json(nested(MAX_NESTING), "x.json")
    with pytest.raises(CheckpointError, match="nested too deeply"):
        parse_json(nested(MAX_NESTING + 1), "x.json")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "names c twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"\\udc00": 1}', "half a character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not valid JSON"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b'{"a": [' + b"[]," * 1_000_000 + b"1]}", "far more values"),
        (b'{"a": [' + b"1," * 4_000_001 + b"1]}", "far more values"),
        (b"[]", "does not hold a JSON object"),
        (b"", "not valid JSON"),
    ],
)
def test_refusals(data: bytes, says: str) -> None:
    with pytest.raises(CheckpointError, match=says):
        parse_json(data, "x.json")
