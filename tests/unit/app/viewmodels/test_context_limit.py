"""What is said about a context that is nearly full."""

from __future__ import annotations

import pytest

from app.viewmodels.context_limit import Room


@pytest.mark.parametrize(
    ("total", "size", "is_tight", "asks", "is_over"),
    [
        (799, 1_000, False, False, False),
        (800, 1_000, True, False, False),
        (949, 1_000, True, False, False),
        (950, 1_000, True, True, False),
        (999, 1_000, True, True, False),
        (1_000, 1_000, True, True, True),
        (5_000, 0, False, False, False),
    ],
)
def test_when_it_warns_and_asks(
    total: int, size: int, is_tight: bool, asks: bool, is_over: bool
) -> None:
    room = Room(total, size)
    assert (room.is_tight, room.asks, room.is_over) == (is_tight, asks, is_over)


def test_its_numbers_add_up() -> None:
    assert "about 72 tokens long" in Room(128_000, 128_072).words
    assert "1 token too many" in Room(1_000, 1_000).words
    assert "1,000 tokens, 201 tokens too many" in Room(1_200, 1_000).words
