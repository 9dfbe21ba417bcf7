"""Windows on whole seconds, marks between scenes, and what a clip costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clips
from app.core.clips import Pixels, Window
from app.core.costs import BRACKETS, CLOCK_TOKENS, frame_tokens, sound_tokens
from app.core.fits import Fit, nearest_fit
from inference import plan_audio, plan_image

LENGTHS = st.floats(0.1, 7200, allow_nan=False)
SECONDS = st.floats(-100, 8000, allow_nan=False)


@pytest.mark.parametrize(
    ("length", "frames"),
    [(0.2, 1), (4.0, 4), (4.04, 5), (12.4, 13), (60.0, 60), (60.3, 60), (75, 75)],
)
def test_a_clip_has_a_frame_for_each_second_that_begins(length: float, frames: int) -> None:
    assert clips.whole_seconds(length) == frames


def test_what_a_selection_means() -> None:
    assert clips.window_of(0.0, None, 12.4) == Window(0, 13)
    assert clips.window_of(0.0, None, 252.0) == Window(0, 60)
    assert clips.window_of(42.0, 102.0, 252.0) == Window(42, 102)
    assert clips.window_of(200.0, None, 252.0) == Window(200, 252)
    assert clips.window_of(42.0, 142.0, 252.0) == Window(42, 102)  # never more than 60 s
    assert clips.window_of(900.0, None, 252.0) == Window(251, 252)


@given(LENGTHS, SECONDS, st.none() | SECONDS, SECONDS)
def test_a_window_always_lies_in_the_file(
    length: float, start: float, end: float | None, to: float
) -> None:
    window = clips.window_of(start, end, length)
    last = clips.whole_seconds(length)
    for one in (
        window,
        clips.moved_to(window, to, length),
        clips.with_start(window, to),
        clips.with_end(window, to, length),
    ):
        assert 0 <= one.start < one.end <= last
        assert 1 <= len(one) <= clips.WINDOW_S
    assert len(clips.moved_to(window, to, length)) == len(window)


def test_an_end_that_is_dragged_leaves_the_other_where_it_is() -> None:
    window = Window(42, 102)
    assert clips.with_start(window, 50.4) == Window(50, 102)
    assert clips.with_end(window, 90.6, 252.0) == Window(42, 91)
    assert clips.with_start(window, 10) == Window(42, 102)  # it would be longer than 60 s
    assert clips.moved_to(window, 230, 252.0) == Window(192, 252)


def test_frames_left_out_stay_the_same_seconds() -> None:
    before, after = Window(42, 102), Window(45, 105)
    assert clips.kept_left_out(before, (1, 7, 8), after) == (4, 5)
    assert clips.kept_left_out(after, (4, 5), before) == (7, 8)


# --- scenes ----------------------------------------------------------------------------------


def frame(colour: tuple[int, int, int], x: int = 0) -> Pixels:
    pixels = np.zeros((54, 96, 3), np.uint8)
    pixels[:] = colour
    pixels[20:40, x : x + 6] = 255
    return pixels


def marks(frames: list[Pixels | None]) -> set[int]:
    return set(clips.scene_changes([None if f is None else clips.coarse(f) for f in frames]))


def test_a_cut_is_marked_and_movement_is_not() -> None:
    green, brown, grey = (60, 140, 90), (160, 120, 60), (90, 90, 90)
    film: list[Pixels | None] = [frame(green, x) for x in range(0, 80, 8)]
    film += [frame(brown, x) for x in range(0, 80, 8)]
    film += [frame(grey, x) for x in range(0, 80, 8)]
    assert marks(film) == {10, 20}


def test_a_still_clip_and_one_that_always_changes_have_no_marks() -> None:
    assert marks([frame((9, 9, 9))] * 12) == set()
    drawn = np.random.default_rng(4)
    assert marks([drawn.integers(0, 256, (54, 96, 3), np.uint8) for _ in range(12)]) == set()


def test_frames_that_have_not_come_mark_nothing() -> None:
    green, brown = frame((60, 140, 90)), frame((160, 20, 60))
    assert marks([green, None, brown, green]) == {3}
    assert marks([]) == marks([None]) == marks([green]) == set()


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (17, 31), (1080, 1920)])
def test_frames_of_any_size_can_be_compared(size: tuple[int, int]) -> None:
    made = clips.coarse(np.full((*size, 3), 200, np.uint8))
    assert made.shape == (clips.COARSE, clips.COARSE, 3)
    assert made == pytest.approx(200 / 255)


# --- cost ------------------------------------------------------------------------------------


def test_a_frame_costs_what_the_engine_makes_of_it() -> None:
    for budget in clips.FRAME_BUDGETS:
        soft = plan_image(720, 1280, budget).soft_tokens
        assert frame_tokens(720, 1280, budget) == soft + BRACKETS + CLOCK_TOKENS


def test_sound_is_heard_in_parts_of_thirty_seconds() -> None:
    whole = plan_audio(30 * 16_000).soft_tokens + BRACKETS
    assert sound_tokens(30.0) == whole
    assert sound_tokens(60.0) == 2 * whole
    assert sound_tokens(45.0) == whole + plan_audio(15 * 16_000).soft_tokens + BRACKETS
    assert sound_tokens(0.0) == 0


def test_what_does_not_fit_has_a_neighbour_that_does() -> None:
    at_70 = 60 * frame_tokens(720, 1280, 70)
    at_140 = 60 * frame_tokens(720, 1280, 140)
    nearest = nearest_fit(720, 1280, 60, 280, 0, at_140)
    assert nearest == Fit(60, 140, at_140)
    assert nearest_fit(720, 1280, 60, 280, 0, at_140 - 1) == Fit(60, 70, at_70)
    fewer = nearest_fit(720, 1280, 60, 280, 100, at_70 // 2)
    assert fewer is not None
    assert (fewer.budget, fewer.tokens <= at_70 // 2) == (70, True)
    assert 1 <= fewer.frames < 30
    assert nearest_fit(720, 1280, 60, 280, 0, 10) is None
