"""Dataclasses as JSON: exact for what we write, forgiving for what others did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.codec import UnreadableError, from_json, to_json


@dataclass(frozen=True)
class Inner:
    name: str
    size: int = 1


@dataclass(frozen=True)
class Outer:
    items: tuple[Inner, ...] = ()
    pair: tuple[int, str] = (0, "")
    share: float = 0.5
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None
    either: int | str = 0
    is_on: bool = False
    known: Mapping[str, Any] = field(default_factory=dict)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def test_what_is_written_is_read() -> None:
    value = Outer((Inner("x", 3),), (1, "y"), 1.0, "b", Inner("z"), "w", True, {"k": [1]})
    assert from_json(Outer, to_json(value)) == value


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Outer.__dataclass_fields__, _json)))
def test_anything_in_any_field_is_read(value: dict[str, Any]) -> None:
    assert isinstance(from_json(Outer, value), Outer)


def test_unusable_fields_take_their_default() -> None:
    value = {"pair": [1], "share": "much", "kind": "c", "is_on": 1, "other": 3, "inner": 5}
    assert from_json(Outer, value) == Outer()


def test_a_whole_number_is_good_for_a_real_one() -> None:
    assert from_json(Outer, {"share": 1}).share == 1.0
    assert isinstance(from_json(Outer, {"share": 1}).share, float)


def test_a_list_leaves_out_what_cannot_be_read() -> None:
    value = {"items": [{"name": "x"}, {"size": 2}, 7]}
    assert from_json(Outer, value).items == (Inner("x"),)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"name": 3}])
def test_an_object_without_a_needed_field_is_unreadable(value: Any) -> None:
    with pytest.raises(UnreadableError):
        from_json(Inner, value)
