"""Pictures to patches: resize as planned, scale to [0, 1], cut into 16 x 16 squares."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from inference.api import Pixels
from inference.errors import MediaError
from inference.media.limits import check_pixels
from inference.media.plan import PATCH, ImagePlan


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The P = rows * columns patches of one picture, row by row, without padding.

    `values` float32 [P, 768] in [0, 1], each patch flattened as (row, column, colour);
    `positions` int32 [P, 2] as (x = column, y = row); `grid` is (rows, columns).
    """

    values: NDArray[np.float32]
    positions: NDArray[np.int32]
    grid: tuple[int, int]


def image_patches(pixels: Pixels, plan: ImagePlan) -> Patches:
    """The patches of `pixels` uint8 [H, W, 3] at the size `plan` says.

    The reference pads to the budget with masked patches at position -1; leaving them out gives
    the same features. Raises MediaError if `pixels` is not the picture that was planned.
    """
    rows, columns = plan.grid
    tiles = resized_image(pixels, plan).reshape(rows, PATCH, columns, PATCH, 3)
    values = tiles.transpose(0, 2, 1, 3, 4).reshape(rows * columns, PATCH * PATCH * 3)
    scaled = np.divide(values, 255, dtype=np.float32)
    return Patches(scaled, grid_positions(rows, columns), plan.grid)


def resized_image(pixels: Pixels, plan: ImagePlan) -> Pixels:
    """`pixels` uint8 [H, W, 3] as the model sees them: uint8 at the size `plan` says.

    Bicubic with antialiasing, rounded to uint8: within 2/255 of the reference's resize. Raises
    MediaError if `pixels` is not the picture that was planned.
    """
    if check_pixels(pixels) != (plan.height, plan.width):
        raise MediaError(
            f"The picture is {pixels.shape[1]} x {pixels.shape[0]} pixels but was planned as "
            f"{plan.width} x {plan.height}.",
            "Plan it again.",
        )
    size = (plan.model_width, plan.model_height)
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(picture.resize(size, PillowImage.Resampling.BICUBIC))


def grid_positions(rows: int, columns: int) -> NDArray[np.int32]:
    """(x, y) of every patch of a grid, row by row: int32 [rows * columns, 2]."""
    y, x = np.indices((rows, columns), dtype=np.int32)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def content_hash(*arrays: NDArray[Any]) -> str:
    """SHA-256 (hexadecimal) over type, shape and bytes of the arrays, in order.

    One array for a picture or a recording, all frames for a clip.
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
