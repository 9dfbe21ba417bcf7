"""Frames to patches, in batches of one grid, and the timestamps written before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.api import Pixels
from inference.errors import MediaError
from inference.media.image import image_patches
from inference.media.plan import VideoPlan


@dataclass(frozen=True, slots=True, eq=False)
class FrameBatch:
    """Frames that share a patch grid, ready to go through the vision tower together.

    `indices` are their places in the clip; `values` float32 [F, P, 768] in [0, 1];
    `positions` int32 [P, 2] as (x, y), the same for every frame; `grid` is (rows, columns).
    """

    indices: tuple[int, ...]
    values: NDArray[np.float32]
    positions: NDArray[np.int32]
    grid: tuple[int, int]


def frame_batches(
    frames: Sequence[Pixels], plan: VideoPlan, *, size: int = 8
) -> Iterator[FrameBatch]:
    """Yield all frames in batches of at most `size` frames of one grid.

    Only one batch of patches is in memory at a time: 60 frames at the largest budget would be
    1.9 GB. Raises MediaError if the frames are not those that were planned.
    """
    if len(frames) != len(plan.frames):
        raise MediaError(
            f"The clip has {len(frames)} frames but {len(plan.frames)} were planned.",
            "Plan it again.",
        )
    by_grid: dict[tuple[int, int], list[int]] = {}
    for index, frame in enumerate(plan.frames):
        by_grid.setdefault(frame.grid, []).append(index)
    for grid, indices in by_grid.items():
        for start in range(0, len(indices), size):
            batch = tuple(indices[start : start + size])
            patches = [image_patches(frames[i], plan.frames[i]) for i in batch]
            yield FrameBatch(
                batch, np.stack([p.values for p in patches]), patches[0].positions, grid
            )


def timestamp(seconds: float) -> str:
    """`mm:ss`, cut down to the whole second, as Gemma 4 writes it before a frame."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"
