"""Patches: order of pixels, positions, scaling, and the resize on pictures with known results."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.api import Pixels
from inference.errors import MediaError
from inference.media.image import content_hash, grid_positions, image_patches
from inference.media.plan import ImagePlan, plan_image


def _noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_patches_hold_the_pixels_row_by_row() -> None:
    pixels = _noise(336, 432)  # the model's own size at budget 70: nothing is resized

    patches = image_patches(pixels, plan_image(336, 432, 70))

    assert patches.grid == (21, 27)
    assert patches.values.shape == (21 * 27, 768)
    assert patches.values.dtype == np.float32
    for index in (0, 1, 26, 27, 300, 566):
        row, column = divmod(index, 27)
        square = pixels[row * 16 : row * 16 + 16, column * 16 : column * 16 + 16]
        np.testing.assert_array_equal(
            np.rint(patches.values[index] * 255).reshape(16, 16, 3), square
        )
        assert tuple(patches.positions[index]) == (column, row)


def test_positions_are_x_then_y() -> None:
    positions = grid_positions(2, 3)

    assert positions.tolist() == [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    assert positions.dtype == np.int32


@pytest.mark.parametrize("value", [0, 1, 127, 254, 255])
@pytest.mark.parametrize("size", [(1, 1), (3, 700), (1000, 900)])
def test_flat_colour_stays_flat_and_is_scaled_by_255(value: int, size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), value, np.uint8)

    patches = image_patches(pixels, plan_image(*size, 70))

    assert (patches.values == np.float32(value) / np.float32(255)).all()


@pytest.mark.parametrize("height", [100, 2000])  # made larger, made smaller
def test_resize_keeps_every_colour_in_its_place(height: int) -> None:
    pixels = np.zeros((height, height, 3), np.uint8)
    half = height // 2
    pixels[:half, half:, 0] = 255  # red top right
    pixels[half:, :half, 2] = 255  # blue bottom left

    patches = image_patches(pixels, plan_image(height, height, 70))

    rows, columns = patches.grid
    corners = patches.values.reshape(rows, columns, 256, 3)[[0, 0, -1, -1], [0, -1, 0, -1]]
    expected = [[0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]]
    np.testing.assert_array_equal(
        corners, np.broadcast_to(np.array(expected)[:, None], (4, 256, 3))
    )


def test_shrinking_averages_instead_of_skipping() -> None:
    stripes = np.zeros((3840, 3840, 3), np.uint8)
    stripes[::2] = 255  # without antialiasing a tenfold reduction would be all black or all white

    patches = image_patches(stripes, plan_image(3840, 3840, 70))

    np.testing.assert_allclose(patches.values, 0.5, atol=0.03)


def test_enlarging_is_bicubic() -> None:
    edge = np.zeros((8, 8, 3), np.uint8)
    edge[:, 4:] = 128

    patches = image_patches(edge, plan_image(8, 8, 70))

    rows, columns = patches.grid
    line = patches.values.reshape(rows, columns, 16, 16, 3)[0, :, 0, :, 0].ravel() * 255
    # Catmull-Rom (a = -0.5) at output pixel 210 of 384: 4.0729 source pixels from the left edge
    offset = (210 + 0.5) * 8 / 384 - 0.5 - 3
    weights = [_cubic(offset + 1), _cubic(offset), _cubic(1 - offset), _cubic(2 - offset)]
    assert line[210] == pytest.approx(128 * sum(weights[2:]), abs=1)
    assert line.max() > 130  # overshoots beyond the edge, as a linear resize never would


def _cubic(x: float) -> float:
    x = abs(x)
    if x < 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 300), st.integers(1, 300))
def test_any_size_gives_the_planned_grid(height: int, width: int) -> None:
    plan = plan_image(height, width, 70)

    patches = image_patches(_noise(height, width), plan)

    assert len(patches.values) == len(patches.positions) == 9 * plan.soft_tokens
    assert patches.positions[-1].tolist() == [patches.grid[1] - 1, patches.grid[0] - 1]
    assert patches.values.min() >= 0
    assert patches.values.max() <= 1


def test_views_and_read_only_pixels_are_taken_as_they_look() -> None:
    mirrored = _noise(96, 60)[:, ::-1]
    mirrored.flags.writeable = False
    plan = plan_image(96, 60, 70)

    expected = image_patches(mirrored.copy(), plan).values
    np.testing.assert_array_equal(image_patches(mirrored, plan).values, expected)


@pytest.mark.parametrize("size", [(48, 49), (49, 48)])
def test_another_picture_than_planned_is_refused(size: tuple[int, int]) -> None:
    plan: ImagePlan = plan_image(48, 48, 70)

    with pytest.raises(MediaError, match="planned as 48 x 48"):
        image_patches(_noise(*size), plan)


def test_hash_depends_on_bytes_shape_type_and_order() -> None:
    a, b = _noise(4, 6), _noise(6, 4)
    hashes = {
        content_hash(a),
        content_hash(b),
        content_hash(a.reshape(6, 4, 3)),
        content_hash(a.view(np.int8)),
        content_hash(a, b),
        content_hash(b, a),
        content_hash(np.zeros(5, np.float32)),
    }

    assert len(hashes) == 6  # b holds the bytes of a in the shape of b
    assert content_hash(a) == content_hash(np.asfortranarray(a))
    assert all(len(h) == 64 and int(h, 16) >= 0 for h in hashes)
