"""A microphone that hears what a test says, and a loudspeaker that remembers what was played."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tests.fakes.asked_device import AskedDevice

RATE = 16_000
Samples = NDArray[np.float32]


class HandMicrophone(AskedDevice):
    """Hears what a test says."""

    def __init__(self, *names: str, allowed: bool | None = True) -> None:
        super().__init__(names or ("Desk microphone",), allowed)
        self.listening_to = ""
        self._on_samples: Callable[[Samples], None] = lambda _samples: None
        self._failed: Callable[[str], None] = lambda _problem: None

    def listen(
        self, device: str, on_samples: Callable[[Samples], None], failed: Callable[[str], None]
    ) -> None:
        self.listening_to, self._on_samples, self._failed = device, on_samples, failed

    def close(self) -> None:
        self.closed += 1
        self.listening_to = ""

    def hear(self, seconds: float, loudness: float = 0.4, hz: float = 220.0) -> None:
        """Somebody hums, in pieces of a twentieth of a second."""
        count = round(seconds * RATE)
        tone = loudness * np.sin(2 * np.pi * hz * np.arange(count) / RATE)
        self.hear_samples(tone.astype(np.float32))

    def hear_samples(self, samples: Samples) -> None:
        """Just that, in pieces of a twentieth of a second."""
        for first in range(0, len(samples), RATE // 20):
            self._on_samples(samples[first : first + RATE // 20])

    def unplug(self) -> None:
        """The cable is pulled."""
        self.names = []
        self._failed("The microphone is gone. Plug it in and try again.")


class HandSoundOut(QObject):
    """Plays when `advance` is called."""

    position_changed = Signal(float)
    ended = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.played: list[Samples] = []
        self.is_playing = False
        self.can_play = True
        self.position = 0.0

    def play(self, samples: Samples) -> None:
        self.played.append(samples)
        self.is_playing, self.position = True, 0.0

    def stop(self) -> None:
        self.is_playing = False

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        assert self.is_playing
        whole = len(self.played[-1]) / RATE
        self.position = min(self.position + seconds, whole)
        self.position_changed.emit(self.position)
        if self.position >= whole:
            self.is_playing = False
            self.ended.emit()
