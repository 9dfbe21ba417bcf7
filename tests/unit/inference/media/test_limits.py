"""What the engine refuses, and that the sentence names the limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.errors import MediaError
from inference.media.limits import check_pixels, check_sample_count, check_samples, check_times
from inference.media.plan import plan_audio, plan_image


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (np.zeros((4, 4, 3), np.float32), "8-bit"),
        (np.zeros((4, 4, 3), np.int8), "8-bit"),
        ([[[0, 0, 0]]], "8-bit numbers, not list"),
        (np.zeros((4, 4), np.uint8), "4 x 4"),
        (np.zeros((4, 4, 4), np.uint8), "4 x 4 x 4"),
        (np.zeros((3, 4, 4), np.uint8), "3 x 4 x 4"),
        (np.zeros((1, 4, 4, 3), np.uint8), "1 x 4 x 4 x 3"),
        (np.zeros((), np.uint8), "a single number"),
        (np.zeros((0, 4, 3), np.uint8), "no pixels"),
        (np.zeros((4, 0, 3), np.uint8), "no pixels"),
    ],
)
def test_pixels_refused(pixels: Any, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        check_pixels(pixels)


def test_pixels_accepted() -> None:
    assert check_pixels(np.zeros((1, 1, 3), np.uint8)) == (1, 1)
    assert check_pixels(np.zeros((5, 7, 3), np.uint8)[::-1, ::2]) == (5, 4)


@pytest.mark.parametrize(
    "size", [(0, 10), (10, 0), (-1, 10), (10, -5), (-10, -10), (20_000, 10_001)]
)
def test_impossible_sizes_refused(size: tuple[int, int]) -> None:
    with pytest.raises(MediaError):
        plan_image(*size, 280)


def test_two_hundred_megapixels_is_the_limit() -> None:
    assert plan_image(20_000, 10_000, 280).height == 20_000
    with pytest.raises(MediaError, match="the limit is 200"):
        plan_image(20_000, 10_001, 280)


@pytest.mark.parametrize(
    ("times", "frames", "words"),
    [
        ([], 0, "at most 60 frames"),
        (list(range(61)), 61, "at most 60 frames"),
        ([0.0], 2, "2 frames but 1 times"),
        ([0.0, 1.0, 2.0], 2, "2 frames but 3 times"),
        ([0.0, float("nan")], 2, "no usable time"),
        ([0.0, float("inf")], 2, "no usable time"),
        ([-0.1, 1.0], 2, "no usable time"),
        ([1.0, 0.5], 2, "backwards"),
        ([5999.0, 6000.0], 2, "6000 s"),
    ],
)
def test_times_refused(times: list[float], frames: int, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        check_times(times, frames)


@pytest.mark.parametrize("times", [[0.0], [1.0, 1.0], [0.0, 5999.999], list(range(60))])
def test_times_accepted(times: list[float]) -> None:
    check_times(times, len(times))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "empty"),
        (-1, "empty"),
        (160, "at least 161"),
        (480_001, "at most 30 s \\(480000 samples"),
    ],
)
def test_sample_counts_refused(count: int, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        check_sample_count(count)
    with pytest.raises(MediaError, match=words):
        plan_audio(count)


def _with(value: float) -> NDArray[np.float32]:
    samples = np.zeros(1000, np.float32)
    samples[500] = value
    return samples


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros(1000), "not float64"),
        (np.zeros(1000, np.int16), "not int16"),
        ([0.0] * 1000, "not list"),
        (np.zeros((1000, 1), np.float32), "mono"),
        (np.zeros((2, 1000), np.float32), "mono"),
        (np.zeros(0, np.float32), "empty"),
        (_with(float("nan")), "not numbers"),
        (_with(float("-inf")), "not numbers"),
        (_with(4.1), "16-bit"),
        (_with(-32768.0), "16-bit"),
    ],
)
def test_samples_refused(samples: Any, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        check_samples(samples)


@pytest.mark.parametrize("peak", [0.0, 1.0, -1.3, 4.0])
def test_samples_accepted(peak: float) -> None:
    assert check_samples(_with(peak)) == 1000
