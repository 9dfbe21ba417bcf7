"""Frame batches keep order and grids apart; timestamps as the model expects them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.api import Pixels, Video
from inference.errors import MediaError
from inference.media.image import image_patches
from inference.media.plan import VideoPlan, plan_image, plan_video
from inference.media.video import frame_batches, timestamp


def _clip(*sizes: tuple[int, int]) -> tuple[list[Pixels], VideoPlan]:
    random = np.random.default_rng(3)
    frames = [random.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes]
    return frames, plan_video(Video(frames, list(range(len(frames)))), 70)


def test_each_frame_gets_its_own_patches_whatever_its_batch() -> None:
    frames, plan = _clip((40, 60), (60, 40), (20, 30), (40, 60), (50, 50))

    batches = list(frame_batches(frames, plan, size=2))

    assert [batch.indices for batch in batches] == [(0, 2), (3,), (1,), (4,)]
    for batch in batches:
        assert batch.values.shape == (len(batch.indices), *batch.values.shape[1:])
        for place, index in enumerate(batch.indices):
            alone = image_patches(frames[index], plan.frames[index])
            np.testing.assert_array_equal(batch.values[place], alone.values)
            np.testing.assert_array_equal(batch.positions, alone.positions)
            assert batch.grid == alone.grid


def test_batches_are_made_one_at_a_time() -> None:
    frames, plan = _clip((40, 60), (40, 60))
    frames[1] = np.zeros((1, 1, 3), np.uint8)  # only reached when the second batch is asked for

    batches = frame_batches(frames, plan, size=1)

    assert next(batches).indices == (0,)
    with pytest.raises(MediaError, match="planned"):
        next(batches)


def test_frames_left_out_after_planning_are_refused() -> None:
    frames, plan = _clip((40, 60), (40, 60))

    with pytest.raises(MediaError, match="1 frames but 2 were planned"):
        next(frame_batches(frames[:1], plan))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (0.999, "00:00"),
        (1.0, "00:01"),
        (59.9999, "00:59"),
        (60, "01:00"),
        (61.5, "01:01"),
        (3599.9, "59:59"),
        (3600, "60:00"),
        (5999.9, "99:59"),
    ],
)
def test_timestamp(seconds: float, text: str) -> None:
    assert timestamp(seconds) == text


@given(st.floats(0, 5999.99))
def test_timestamp_reads_back_as_the_whole_second(seconds: float) -> None:
    minutes, rest = timestamp(seconds).split(":")

    assert len(minutes) == len(rest) == 2
    assert int(minutes) * 60 + int(rest) <= seconds < int(minutes) * 60 + int(rest) + 1


def test_plan_of_one_frame_is_the_plan_of_a_picture() -> None:
    _, plan = _clip((40, 60))

    assert plan.frames == (plan_image(40, 60, 70),)
