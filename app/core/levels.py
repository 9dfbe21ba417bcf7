"""How loud a microphone is, as a meter shows it. Time is counted in samples, not by a clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.takes import RATE

FLOOR_DB = -60.0
HOLD_S = 1.5
FALL_DB_PER_S = 30.0  # how fast the bar comes down again
FLAT_DB = -75.0  # below this there is no sound at all, not even a quiet room
FLAT_S = 2.0
CLIP = 0.999

Samples = NDArray[np.float32]


class Meter:
    """Level and peak in dB below full scale, whether it clipped, whether the line is flat."""

    def __init__(self) -> None:
        self.level_db = FLOOR_DB
        self.peak_db = FLOOR_DB
        self.has_clipped = False
        self._held_s = 0.0
        self._flat_s = 0.0

    @property
    def is_flat(self) -> bool:
        """Whether nothing was heard for two seconds."""
        return self._flat_s >= FLAT_S

    def take(self, samples: Samples) -> None:
        """Hear some more, float32 mono at 16 kHz."""
        if not len(samples):
            return
        seconds = len(samples) / RATE
        loudest = float(np.abs(samples).max())
        now_db = _decibels(loudest)
        self.has_clipped = self.has_clipped or loudest >= CLIP
        self.level_db = max(FLOOR_DB, now_db, self.level_db - FALL_DB_PER_S * seconds)
        self._held_s += seconds
        if now_db >= self.peak_db or self._held_s > HOLD_S:
            self.peak_db, self._held_s = max(FLOOR_DB, now_db), 0.0
        self._flat_s = self._flat_s + seconds if now_db < FLAT_DB else 0.0

    def wait(self, seconds: float) -> None:
        """Nothing came for so long: that is a flat line, too."""
        self._flat_s += seconds

    def begin(self) -> None:
        """A new take: the lamp goes out."""
        self.has_clipped = False
        self._flat_s = 0.0


def _decibels(size: float) -> float:
    return 20 * float(np.log10(max(size, 1e-6)))
