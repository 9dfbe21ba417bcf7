"""Phases in the exact words of the design, from events and a clock."""

from __future__ import annotations

import pytest

from app.viewmodels.phases import Progress, advanced, loading_phase, phase_of, tokens_per_s
from app.viewmodels.values import Phase
from inference import (
    Event,
    Finished,
    Loading,
    Prefill,
    Prepared,
    ReadingMedia,
    Receipt,
    Statistics,
    Thought,
    TokenText,
)

MEDIA = ("image", "image", "video", "audio")


def after(*events: tuple[float, Event], progress: Progress | None = None) -> Progress:
    at = progress or Progress(media=MEDIA)
    for time_s, event in events:
        at = advanced(at, event, time_s)
    return at


def said(phase: Phase) -> str:
    return " · ".join(part for part in (phase.text, phase.amount, phase.time) if part)


def test_loading_tells_bytes_of_large_models_and_shares_of_small_ones() -> None:
    assert said(loading_phase(3.4 / 5.2, 5_200_000_000)) == "Loading model · 3.4 of 5.2 GB"
    assert said(loading_phase(0.5, 400_000_000)) == "Loading model · 200 of 400 MB"
    assert said(loading_phase(0.42, 4_000_000)) == "Loading model · 42 %"
    assert loading_phase(0.5, 0, quiet_s=10.0).hint.startswith("Still working")


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (2, "Reading image · 2 of 4"),
        (3, "Watching clip · 3 of 4"),
        (4, "Listening · 4 of 4"),
    ],
)
def test_media(index: int, words: str) -> None:
    assert said(phase_of(after((1.0, ReadingMedia("x", index, 4))), 1.0)) == words


def test_a_single_picture_needs_no_count() -> None:
    assert said(phase_of(after((1.0, ReadingMedia("x", 1, 1))), 1.0)) == "Reading image"


def test_the_prompt_with_the_time_that_is_left() -> None:
    at = after((0.0, Prefill(50, 6300, 50)), (29.0, Prefill(4812, 6300, 50)))
    phase = phase_of(at, 29.0)
    assert said(phase) == "Reading prompt · 4,812 of 6,300 tokens · about 9 s"
    assert phase.share == pytest.approx(4812 / 6300)


def test_no_time_is_guessed_too_early_or_for_the_last_moment() -> None:
    assert phase_of(after((0.0, Prefill(50, 6300, 50))), 0.0).time == ""
    at = after((0.0, Prefill(0, 6300, 0)), (29.0, Prefill(6299, 6300, 0)))
    assert phase_of(at, 29.0).time == ""


def test_thinking_with_and_without_a_budget() -> None:
    thought = (1.0, Thought("x", 212))
    free = after(thought)
    assert said(phase_of(free, 1.0)) == "Thinking · 212 tokens"
    bound = after(thought, progress=Progress(budget=1024))
    phase = phase_of(bound, 1.0)
    assert said(phase) == "Thinking · 212 of 1,024"
    assert phase.share == pytest.approx(212 / 1024)


def test_writing_tells_the_speed_of_the_last_two_seconds() -> None:
    slow = [(0.1 * i, TokenText("x")) for i in range(10)]
    fast = [(10.0 + i / 41, TokenText("x")) for i in range(100)]
    at = after(*slow, *fast)
    assert tokens_per_s(at) == pytest.approx(41.0)
    assert said(phase_of(at, 12.4)) == "Writing · 41 tok/s · 110 tokens"


def test_thoughts_are_not_counted_as_written() -> None:
    at = after(
        (0.0, Thought("x", 50)), (0.0, Thought("", 1, closed=True)), (1.0, TokenText("y", 3))
    )
    assert phase_of(at, 1.0).time == "3 tokens"


def test_ten_quiet_seconds_owe_a_word() -> None:
    prompt = after((0.0, Prepared(Receipt((), 6300))), (0.0, Prefill(10, 6300, 0)))
    assert phase_of(prompt, 9.9).hint == ""
    assert phase_of(prompt, 10.0).hint == "Still working: the prompt is long (6,300 tokens)."
    writing = after((0.0, TokenText("x")))
    assert phase_of(writing, 30.0).hint != ""
    assert phase_of(after((30.0, TokenText("y")), progress=writing), 31.0).hint == ""


def test_a_stopping_answer_stays_so() -> None:
    stopping = Progress("stopping")
    assert advanced(stopping, TokenText("late"), 1.0) == stopping


@pytest.mark.parametrize(
    "event", [Finished("stop", Statistics(), Receipt((), 0)), Loading("m", 0.5)]
)
def test_other_events_change_no_phase(event: Event) -> None:
    before = Progress("writing", media=MEDIA)
    assert phase_of(advanced(before, event, 0.0), 0.0) == phase_of(before, 0.0)


def test_unknown_media_are_files() -> None:
    at = after((0.0, ReadingMedia("x", 1, 2)), progress=Progress())
    assert said(phase_of(at, 0.0)) == "Reading file · 1 of 2"
    assert phase_of(at, 60.0).hint.startswith("Still working: files")
