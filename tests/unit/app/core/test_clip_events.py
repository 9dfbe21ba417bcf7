"""Pieces of a clip's time: split, named, moved and removed without gaps or overlaps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clip_events import LONGEST_TEXT, ClipEvent, moved, of_clip, removed, renamed, split

OTHER = ClipEvent("other", 3.0, 9.0, "elsewhere")


def spans(events: tuple[ClipEvent, ...], clip: str = "a") -> list[tuple[float, float]]:
    return [(e.start_s, e.end_s) for e in of_clip(events, clip)]


def test_the_first_split_makes_two_pieces_of_the_window() -> None:
    events = split((OTHER,), "a", 65.0, 42.0, 102.0)
    assert spans(events) == [(42, 65), (65, 102)]
    assert OTHER in events


def test_a_piece_is_split_and_keeps_its_text_before_the_border() -> None:
    events = split((), "a", 65.0, 42.0, 102.0)
    events = renamed(events, of_clip(events, "a")[1], "Conveyor")
    events = split(events, "a", 80.0, 42.0, 102.0)
    assert spans(events) == [(42, 65), (65, 80), (80, 102)]
    assert [e.text for e in of_clip(events, "a")] == ["", "Conveyor", ""]


@pytest.mark.parametrize("at", [42.0, 65.0, 102.0, 500.0])
def test_where_a_piece_begins_already_nothing_is_split(at: float) -> None:
    events = split((), "a", 65.0, 42.0, 102.0)
    assert split(events, "a", at, 42.0, 102.0) == events


def test_beside_the_pieces_of_another_window() -> None:
    events = split((), "a", 10.0, 0.0, 60.0)
    assert spans(split(events, "a", 70.0, 50.0, 110.0)) == [(0, 10), (10, 60), (60, 70), (70, 110)]


def test_texts_are_one_short_line() -> None:
    events = split((), "a", 5.0, 0.0, 9.0)
    (first, _) = of_clip(events, "a")
    assert of_clip(renamed(events, first, " a\nb  c "), "a")[0].text == "a b c"
    assert len(of_clip(renamed(events, first, "x" * 900), "a")[0].text) == LONGEST_TEXT


def test_a_removed_piece_leaves_no_gap() -> None:
    events = split(split((), "a", 20.0, 0.0, 60.0), "a", 40.0, 0.0, 60.0)
    first, second, third = of_clip(events, "a")
    assert spans(removed(events, second)) == [(0, 40), (40, 60)]
    assert spans(removed(events, first)) == [(0, 40), (40, 60)]
    assert spans(removed(events, third)) == [(0, 20), (20, 60)]
    assert removed((first,), first) == ()


def test_a_border_is_moved_but_not_past_its_neighbours() -> None:
    events = split(split((), "a", 20.0, 0.0, 60.0), "a", 40.0, 0.0, 60.0)
    second = of_clip(events, "a")[1]
    assert spans(moved(events, second, 25.0)) == [(0, 25), (25, 40), (40, 60)]
    assert spans(moved(events, second, -9.0)) == [(0, 1), (1, 40), (40, 60)]
    assert spans(moved(events, second, 99.0)) == [(0, 39), (39, 40), (40, 60)]


@given(st.lists(st.integers(-5, 70), max_size=12), st.lists(st.integers(0, 11), max_size=6))
def test_pieces_never_overlap(cuts: list[int], drops: list[int]) -> None:
    events: tuple[ClipEvent, ...] = ()
    for cut in cuts:
        events = split(events, "a", float(cut), 0.0, 60.0)
    for drop in drops:
        own = of_clip(events, "a")
        if drop < len(own):
            events = removed(events, own[drop])
    own = of_clip(events, "a")
    assert all(e.start_s < e.end_s for e in own)
    assert all(one.end_s == two.start_s for one, two in pairwise(own))
