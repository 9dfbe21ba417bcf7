"""Where a value stands in a JSON text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.generate.constraint.spans import value_span

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Every place in a value, with what stands there."""
    inside: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [(path, value), *(found for k, v in inside for found in places(v, (*path, k)))]


@given(value=VALUES, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_every_value_is_found_where_it_stands(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for path, expected in places(value):
        start, stop = value_span(text, path)
        assert json.loads(text[start:stop]) == expected


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    text = '{"a": 1, "a": 22}'
    start, stop = value_span(text, ("a",))
    assert text[start:stop] == "22"


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("{}", ("a",), "no value under 'a'"),
        ("[1]", (1,), "',' is missing"),
        ('{"a": }', ("a",), "Expecting value"),
        ("", (), "Expecting value"),
        ("[1 2]", (1,), "',' is missing"),
        ("7", ("a",), "'{' is missing"),
    ],
)
def test_what_is_not_there_is_not_found(text: str, path: tuple[str | int, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        value_span(text, path)
