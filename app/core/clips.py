"""A clip's window and the scenes in its strip of frames: arithmetic on whole seconds.

A clip is watched at one frame a second. Its window `[start, end)` lies on whole seconds of the
file and is at most 60 of them long, so that it has exactly `end - start` frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 60  # what the model watches at most
OVERRUN_S = 0.5  # cameras run on for a moment after the second they were told to stop at
SOUND_PART_S = 30  # what the model hears in one piece
FRAME_BUDGETS = (70, 140, 280)  # soft tokens that a frame can be given

# Thumbnails are compared as coarse pictures. A cut changes most of them at once.
COARSE = 16  # rows and columns
SAMPLES = 64  # of rows and columns, taken from a frame
LEAST_CHANGE = 0.09  # share of the range from black to white, on average
TIMES_USUAL = 3.0  # a cut stands out against the usual change from second to second
FEW = 5  # of fewer changes none is usual

Pixels = NDArray[np.uint8]
Coarse = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """Whole seconds of a file: `start` is watched, `end` is not."""

    start: int
    end: int

    def __len__(self) -> int:
        """How many frames it has."""
        return self.end - self.start


def whole_seconds(length_s: float) -> int:
    """How many seconds of a clip can begin with a frame; the last one may be a short one."""
    if WINDOW_S < length_s <= WINDOW_S + OVERRUN_S:
        return WINDOW_S
    return max(1, math.ceil(round(length_s, 3)))


def window_of(start_s: float, end_s: float | None, length_s: float) -> Window:
    """The window that a selection means in a clip of `length_s` seconds."""
    last = whole_seconds(length_s)
    start = min(max(0, math.floor(start_s)), last - 1)
    wanted = start + WINDOW_S if end_s is None else math.ceil(end_s)
    return Window(start, max(start + 1, min(wanted, last, start + WINDOW_S)))


def moved_to(window: Window, start: float, length_s: float) -> Window:
    """The window with its length kept and its start at the nearest second that is possible."""
    last = whole_seconds(length_s)
    begin = min(max(0, round(start)), max(0, last - len(window)))
    return Window(begin, min(begin + len(window), last))


def with_start(window: Window, start: float) -> Window:
    """The window from another second on; its end stays unless it would grow beyond 60 s."""
    begin = min(max(0, round(start), window.end - WINDOW_S), window.end - 1)
    return Window(begin, window.end)


def with_end(window: Window, end: float, length_s: float) -> Window:
    """The window up to another second; its start stays."""
    latest = min(whole_seconds(length_s), window.start + WINDOW_S)
    return Window(window.start, min(max(round(end), window.start + 1), latest))


def kept_left_out(before: Window, left_out: Iterable[int], after: Window) -> tuple[int, ...]:
    """The same frames left out, counted from another start; those outside are forgotten."""
    seconds = {before.start + number for number in left_out}
    return tuple(sorted(s - after.start for s in seconds if after.start <= s < after.end))


def scene_changes(frames: Sequence[Coarse | None]) -> frozenset[int]:
    """The numbers of frames that show something quite different from the frame before.

    `frames` are what `coarse` makes; None where a frame is not there (yet).
    """
    changes: dict[int, float] = {}
    for number in range(1, len(frames)):
        before, now = frames[number - 1], frames[number]
        if before is not None and now is not None:
            changes[number] = float(np.abs(now - before).mean())
    if not changes:
        return frozenset()
    usual = float(np.median(list(changes.values()))) if len(changes) >= FEW else 0.0
    limit = max(LEAST_CHANGE, TIMES_USUAL * usual)
    return frozenset(number for number, change in changes.items() if change >= limit)


def coarse(frame: Pixels) -> Coarse:
    """A frame, uint8 RGB of any size, as float32 [COARSE, COARSE, 3] in 0..1."""
    height, width, _ = frame.shape
    rows = np.linspace(0, height - 1, SAMPLES).round().astype(int)
    columns = np.linspace(0, width - 1, SAMPLES).round().astype(int)
    taken = frame[rows[:, None], columns].astype(np.float32) / 255
    side = SAMPLES // COARSE
    means = taken.reshape(COARSE, side, COARSE, side, 3).mean(axis=(1, 3))
    return np.asarray(means, dtype=np.float32)
