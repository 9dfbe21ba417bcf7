"""Halved sizes: the mean of four pixels, for odd sizes too, and the level that suits a size."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.pyramid import halved, level_for, levels


def test_a_half_is_the_mean_of_four() -> None:
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[0, 0], pixels[:, 2:] = 255, 100
    assert halved(pixels)[..., 0].tolist() == [[64, 100]]


@pytest.mark.parametrize("size", [(3, 5), (1, 7), (1025, 3), (1, 1)])
def test_an_odd_last_line_counts_twice(size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 200, np.uint8)
    pixels[-1, -1] = 50
    made = halved(pixels)
    assert made.shape == ((size[0] + 1) // 2, (size[1] + 1) // 2, 3)
    assert made[0, 0, 0] == (50 if size == (1, 1) else 200)


def test_white_stays_white() -> None:
    assert (halved(np.full((600, 600, 3), 255, np.uint8)) == 255).all()


def test_levels_go_down_to_the_smallest_needed() -> None:
    made = levels(np.zeros((1000, 2000, 3), np.uint8))
    assert [level.shape[1] for level in made] == [2000, 1000, 500]
    assert len(levels(np.zeros((100, 100, 3), np.uint8))) == 1
    assert all(min(level.shape[:2]) >= 1 for level in levels(np.zeros((1, 9000, 3), np.uint8)))


def test_the_level_shown_has_at_least_the_pixels_needed() -> None:
    made = levels(np.zeros((1000, 2000, 3), np.uint8))
    assert level_for(made, 2500) == 0
    assert level_for(made, 1001) == 0
    assert level_for(made, 1000) == 1
    assert level_for(made, 20) == 2
