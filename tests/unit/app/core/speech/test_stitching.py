"""Words heard twice at a cut are written once; words said twice stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.speech.stitching import own_texts, segments, whole_text
from app.core.speech.values import Piece


def pieces(*texts: str, shares: bool = True) -> tuple[Piece, ...]:
    """Pieces of 30 s that overlap by one."""
    return tuple(
        Piece(29.0 * i, 29.0 * i + 30.0, "done", text, shares_words=shares and i > 0)
        for i, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("we meet at noon on", "on Friday in hall 4", "we meet at noon on Friday in hall 4"),
        ("the train leaves at", "leaves at 5 sharp", "the train leaves at 5 sharp"),
        ("all is well.", "Well, we go on", "all is well. we go on"),
        ("the train lea", "the train leaves at 5", "the train leaves at 5"),
        ("up to the sta", "station we walked", "up to the station we walked"),
        ("the temperature is high", "perature is high today", "the temperature is high today"),
        ("nothing shared", "at all here", "nothing shared at all here"),
        ("今日は天気が", "天気がいいです", "今日は天気が いいです"),
        ("", "only here", "only here"),
        ("only here", "", "only here"),
        ("the same words", "the same words", "the same words"),
    ],
)
def test_shared_words_are_joined(before: str, after: str, whole: str) -> None:
    assert whole_text(pieces(before, after)) == whole


def test_words_said_twice_stay_where_nothing_was_heard_twice() -> None:
    assert whole_text(pieces("yes", "yes of course", shares=False)) == "yes yes of course"


def test_times_are_those_of_the_cuts() -> None:
    made = segments(pieces("a b", "b c", "c d"))
    assert [(s.start_s, s.end_s) for s in made] == [(0.0, 29.5), (29.5, 58.5), (58.5, 88.0)]
    assert [s.text for s in made] == ["a b", "c", "d"]


def test_pieces_without_words_are_left_out() -> None:
    made = segments(pieces("a", "", "b", shares=False))
    assert [(s.start_s, s.text) for s in made] == [(0.0, "a"), (58.5, "b")]


@given(
    words=st.lists(
        st.text("abcdefgh", min_size=3, max_size=7), min_size=6, max_size=60, unique=True
    ),
    cut=st.integers(1, 5),
    shared=st.integers(0, 5),
)
def test_a_text_that_was_cut_comes_back_whole(words: list[str], cut: int, shared: int) -> None:
    at = max(1, len(words) * cut // 6)
    first, second = words[:at], words[max(0, at - shared) :]
    before, after = own_texts(pieces(" ".join(first), " ".join(second)))
    joined = f"{before} {after}".split()
    if shared == 0 and second[0].startswith(first[-1]):
        return  # cannot be told from a word that was cut
    assert joined == words


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_any_text_is_taken(texts: list[str]) -> None:
    made = own_texts(pieces(*texts))
    assert len(made) == len(texts)
    assert made[0] == texts[0].strip() or len(texts) > 1
