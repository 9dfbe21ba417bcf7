"""What the program needs of a camera and a microphone. No Qt here: tests put fakes in their place.

What a port reports may come on any thread. Problems are sentences for the person.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]
OnPicture = Callable[[Pixels], None]
OnSamples = Callable[[Samples], None]
OnProblem = Callable[[str], None]


class Device(NamedTuple):
    """A camera or microphone: what the system calls it, and its name for people."""

    id: str
    name: str


class Permission(Protocol):
    """Whether the person lets the program use a device."""

    @property
    def is_allowed(self) -> bool | None:
        """None while nobody was asked."""

    def ask(self, done: Callable[[bool], None]) -> None:
        """Let the system ask; `done` gets the answer."""


class Camera(Permission, Protocol):
    """Cameras, of which one is in use between `look` and `close`."""

    def devices(self) -> tuple[Device, ...]:
        """Every camera, the usual one first."""

    def look(self, device: str, on_picture: OnPicture, failed: OnProblem) -> None:
        """Show what it sees: uint8 RGB [H, W, 3], small enough for a preview."""

    def record(self, path: Path) -> None:
        """Write what it sees, and what the usual microphone hears, into a file."""

    def stop(self, done: Callable[[Path | None, str], None]) -> None:
        """End the file; `done` gets it, or a sentence saying why there is none."""

    def close(self) -> None:
        """Let the camera go."""


class Microphone(Permission, Protocol):
    """Microphones, of which one is in use between `listen` and `close`."""

    def devices(self) -> tuple[Device, ...]:
        """Every microphone, the usual one first."""

    def listen(self, device: str, on_samples: OnSamples, failed: OnProblem) -> None:
        """Hear: float32 mono in [-1, 1] at 16 kHz, in pieces of some hundredths of a second."""

    def close(self) -> None:
        """Let the microphone go."""


class SoundOut(Protocol):
    """Plays samples. Signals: `position_changed(float)` in seconds, `ended()`, `failed(str)`."""

    position_changed: Any
    ended: Any
    failed: Any

    @property
    def can_play(self) -> bool:
        """Whether there is a loudspeaker."""

    def play(self, samples: Samples) -> None:
        """Play float32 mono at 16 kHz from the beginning; what was playing ends."""

    def stop(self) -> None:
        """Be quiet."""
