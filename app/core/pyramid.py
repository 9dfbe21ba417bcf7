"""A picture at halved sizes, so that it can be shown small without flicker and without waiting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SMALLEST_SIDE = 256  # no level with a longer side below this is needed
_ROWS = 512  # rows that are averaged at a time: memory stays small for large pictures


def levels(pixels: Pixels) -> tuple[Pixels, ...]:
    """`pixels` uint8 [H, W, 3] and its halves, each the mean of 2 x 2 of the one before."""
    made = [pixels]
    while max(made[-1].shape[:2]) > 2 * SMALLEST_SIDE and min(made[-1].shape[:2]) >= 2:
        made.append(halved(made[-1]))
    return tuple(made)


def halved(pixels: Pixels) -> Pixels:
    """Half the size, uint8 [(H + 1) // 2, (W + 1) // 2, 3]; an odd last line counts twice."""
    height, width, colours = pixels.shape
    made = np.empty(((height + 1) // 2, (width + 1) // 2, colours), np.uint8)
    for top in range(0, height, _ROWS):
        rows = pixels[top : top + _ROWS].astype(np.uint16)
        rows = np.pad(rows, ((0, rows.shape[0] % 2), (0, width % 2), (0, 0)), mode="edge")
        sums = rows[::2, ::2] + rows[1::2, ::2] + rows[::2, 1::2] + rows[1::2, 1::2]
        made[top // 2 : top // 2 + sums.shape[0]] = (sums + 2) >> 2
    return made


def level_for(made: tuple[Pixels, ...], width: float) -> int:
    """The number of the smallest level that is at least `width` pixels wide; 0 if none is."""
    fitting = [number for number, level in enumerate(made) if level.shape[1] >= width]
    return fitting[-1] if fitting else 0
