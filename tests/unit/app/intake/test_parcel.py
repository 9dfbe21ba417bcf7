"""Values cross the border of a process unchanged, and nothing else comes over it."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.channel import Channel
from app.intake.facts import Facts
from app.intake.parcel import Packing, ParcelError, unpack
from app.intake.selection import PageChoice, Selection

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


def through(value: object) -> object:
    """The value after it went through a socket."""
    left, right = socket.socketpair()
    ours, theirs = Channel(left), Channel(right)
    try:
        ours.send("done", value, 7)
        kind, number, got = theirs.receive()
    finally:
        ours.close()
        theirs.close()
    assert (kind, number) == ("done", 7)
    return got


@given(PLAIN)
def test_plain_values_come_back(value: object) -> None:
    assert through(value) == value


def test_values_of_ours_come_back() -> None:
    chosen = Selection((1, 2, 3, 4), (PageChoice(2, "both"),), 1.5, None, (3, 4), False, -3.0)
    sent = (chosen, Facts(1.5, pages=3), Path("/a/b"), b"bytes", "\udcff", [1, 2])
    assert through(sent) == (*sent[:-1], (1, 2))


def test_arrays_come_back_as_their_own() -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (5, 7, 3)).astype(np.uint8)
    sound = rng.standard_normal(1001).astype(np.float32)
    empty = np.zeros((0, 2), np.float32)
    got = through((pixels, sound[::-1], empty, pixels[:, 2:4]))
    assert isinstance(got, tuple)
    for before, after in zip((pixels, sound[::-1], empty, pixels[:, 2:4]), got, strict=True):
        assert after.dtype == before.dtype
        np.testing.assert_array_equal(after, before)
        after[...] = 0
    assert pixels.any()
    assert sound.any()


@pytest.mark.parametrize(
    "json",
    [
        [],
        {},
        {"array": ["uint8", [4, 5], 0]},
        {"array": ["uint8", [-1], 0]},
        {"array": ["uint8", [2**40, 2**40], 0]},
        {"array": ["object", [1], 0]},
        {"array": ["uint8", [1], -1]},
        {"array": ["uint8", ["x"], 0]},
        {"bytes": [11, 0]},
        {"value": "Popen", "of": {"args": ["true"]}},
        {"value": "Facts", "of": {"unknown": 1}},
        {"tuple": 5},
        {"tuple": [[1]]},
    ],
)
def test_a_message_that_is_none_makes_nothing(json: object) -> None:
    with pytest.raises(ParcelError):
        unpack(json, memoryview(bytearray(10)))


@pytest.mark.parametrize("value", [object(), {1: 2}, np.zeros(2, np.complex64), Exception()])
def test_what_is_no_value_is_not_sent(value: object) -> None:
    with pytest.raises(ParcelError):
        Packing().pack(value)
