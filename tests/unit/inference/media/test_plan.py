"""Soft-token plans against the published resize table and against exact arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.api import Video
from inference.errors import MediaError
from inference.media.plan import (
    IMAGE_BUDGETS,
    ImagePlan,
    image_budget,
    plan_audio,
    plan_image,
    plan_video,
)

# (height, width): for each budget (model height, model width, soft tokens)
SQUARE = ((384, 384, 64), (528, 528, 121), (768, 768, 256), (1104, 1104, 529), (1584, 1584, 1089))
TABLE = {
    (1, 1): SQUARE,
    (15, 15): SQUARE,
    (224, 224): SQUARE,
    (768, 768): SQUARE,
    (480, 640): (
        (336, 432, 63),
        (480, 624, 130),
        (672, 912, 266),
        (960, 1296, 540),
        (1344, 1824, 1064),
    ),
    (1080, 1920): (
        (288, 528, 66),
        (384, 720, 120),
        (576, 1056, 264),
        (816, 1488, 527),
        (1200, 2112, 1100),
    ),
    (2000, 3000): (
        (288, 480, 60),
        (432, 672, 126),
        (624, 960, 260),
        (912, 1344, 532),
        (1296, 1920, 1080),
    ),
    (100, 3000): (
        (48, 2160, 45),
        (96, 3072, 128),
        (144, 4368, 273),
        (192, 6192, 516),
        (288, 8784, 1098),
    ),
    (10, 5000): (
        (48, 3360, 70),
        (48, 6720, 140),
        (48, 13440, 280),
        (48, 25392, 529),
        (48, 35904, 748),
    ),
    (4, 9000): (
        (48, 3360, 70),
        (48, 6720, 140),
        (48, 13440, 280),
        (48, 26880, 560),
        (48, 53760, 1120),
    ),
}
# Sizes whose ideal side is a whole multiple of 48: the reference's floats fall just below it.
FALLS_BELOW = (
    (77, 110, 70, 336, 432),
    (119, 170, 70, 288, 432),
    (11, 770, 70, 48, 3312),
    (385, 11, 140, 3312, 96),
    (2380, 34, 1120, 13392, 144),
)
CASES = [
    (height, width, budget, *expected)
    for (height, width), row in TABLE.items()
    for budget, expected in zip(IMAGE_BUDGETS, row, strict=True)
]
sides = st.integers(1, 14_000)
budgets = st.sampled_from(IMAGE_BUDGETS)


@pytest.mark.parametrize(
    ("height", "width", "budget", "model_height", "model_width", "tokens"), CASES
)
def test_published_table(
    height: int, width: int, budget: int, model_height: int, model_width: int, tokens: int
) -> None:
    wide = plan_image(height, width, budget)
    tall = plan_image(width, height, budget)

    assert wide == ImagePlan(height, width, model_height, model_width, tokens, budget)
    assert (tall.model_height, tall.model_width) == (model_width, model_height)


@pytest.mark.parametrize(("height", "width", "budget", "model_height", "model_width"), FALLS_BELOW)
def test_rounding_at_whole_multiples_follows_the_reference(
    height: int, width: int, budget: int, model_height: int, model_width: int
) -> None:
    plan = plan_image(height, width, budget)

    assert (plan.model_height, plan.model_width) == (model_height, model_width)


@given(sides, sides, budgets)
def test_plan_is_the_largest_grid_of_the_aspect_ratio(height: int, width: int, budget: int) -> None:
    plan = plan_image(height, width, budget)

    rows = math.isqrt(budget * height // width)  # floor(sqrt(budget * height / width)), exactly
    columns = math.isqrt(budget * width // height)
    if rows == 0:
        rows, columns = 1, budget
    if columns == 0:
        rows, columns = budget, 1
    for found, exact, ratio in (
        (plan.model_height, rows, (budget * height, width)),
        (plan.model_width, columns, (budget * width, height)),
    ):
        on_the_edge = exact**2 * ratio[1] == ratio[0]
        assert found in {exact * 48, (exact - on_the_edge) * 48}
    assert plan.soft_tokens == plan.model_height * plan.model_width // 48**2
    assert 1 <= plan.soft_tokens <= budget
    assert plan.grid == (plan.model_height // 16, plan.model_width // 16)


@pytest.mark.parametrize("size", [(1, 10_000), (1, 200_000_000)])
def test_extreme_strips_fill_one_row(size: tuple[int, int]) -> None:
    plan = plan_image(*size, 280)

    assert (plan.model_height, plan.model_width, plan.soft_tokens) == (48, 280 * 48, 280)


@pytest.mark.parametrize("budget", [0, 1, 71, 256, 2240, -70])
def test_unknown_budget_is_refused(budget: int) -> None:
    with pytest.raises(MediaError, match="70, 140, 280, 560, 1120"):
        plan_image(100, 100, budget)


@given(sides, sides)
def test_the_published_budget_is_every_pictures(height: int, width: int) -> None:
    assert image_budget(height, width, 280) == 280
    assert image_budget(height, width, 1120) == 1120


@pytest.mark.parametrize(
    ("size", "budget"),
    [
        ((288, 528), 70),
        ((336, 480), 70),
        ((384, 816), 140),
        ((576, 1056), 280),
        ((4000, 3000), 280),
    ],
)
def test_a_small_budget_grows_until_nothing_is_reduced(size: tuple[int, int], budget: int) -> None:
    assert image_budget(*size, 70) == budget
    plan = plan_image(*size, budget)
    assert budget == 280 or plan.model_height * plan.model_width >= size[0] * size[1] * 0.9


def test_video_plans_each_frame_at_its_own_size() -> None:
    frames = [np.zeros((480, 640, 3), np.uint8), np.zeros((640, 480, 3), np.uint8)]

    plan = plan_video(Video(frames, [0, 1.5]), 70)

    assert [(f.model_height, f.model_width) for f in plan.frames] == [(336, 432), (432, 336)]
    assert plan.times_s == (0.0, 1.5)
    assert plan.soft_tokens == 63 + 63


def test_video_refuses_a_bad_frame_among_good_ones() -> None:
    frames = [np.zeros((48, 48, 3), np.uint8), np.zeros((48, 48), np.uint8)]

    with pytest.raises(MediaError, match="48 x 48"):
        plan_video(Video(frames, [0.0, 1.0]), 70)


@pytest.mark.parametrize(
    ("samples", "tokens"),
    [(161, 1), (16_000, 25), (38_560, 60), (48_000, 75), (99_360, 155), (480_000, 750)],
)
def test_audio_plan(samples: int, tokens: int) -> None:
    plan = plan_audio(samples)

    assert plan.soft_tokens == tokens
    assert plan.seconds == samples / 16_000
    assert plan.mel_frames == math.ceil((samples - 160) / 160)
