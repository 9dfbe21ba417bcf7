"""A camera that films when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.capture.ports import Device, Pixels


class TakeCamera:
    """`allowed`: None while nobody was asked, then what `answer` says."""

    def __init__(self, *names: str, allowed: bool | None = None) -> None:
        self.names = names or ("Desk camera",)
        self.allowed = allowed
        self.looking_at = ""
        self.recording: Path | None = None
        self.problem = ""  # of the next file
        self.closed = 0
        self._answer: Callable[[bool], None] | None = None
        self._on_picture: Callable[[Pixels], None] = lambda _pixels: None
        self._failed: Callable[[str], None] = lambda _problem: None

    def devices(self) -> tuple[Device, ...]:
        return tuple(Device(name.lower(), name) for name in self.names)

    @property
    def is_allowed(self) -> bool | None:
        return self.allowed

    def ask(self, done: Callable[[bool], None]) -> None:
        self._answer = done

    def answer(self, is_allowed: bool) -> None:
        """The person answers the system's question."""
        assert self._answer is not None, "the system was not asked"
        self.allowed = is_allowed
        self._answer(is_allowed)

    def look(
        self, device: str, on_picture: Callable[[Pixels], None], failed: Callable[[str], None]
    ) -> None:
        self.looking_at, self._on_picture, self._failed = device, on_picture, failed

    def see(self, grey: int) -> None:
        """A picture comes."""
        self._on_picture(np.full((36, 64, 3), grey, np.uint8))

    def show(self, pixels: Pixels) -> None:
        """This picture comes."""
        self._on_picture(pixels)

    def unplug(self) -> None:
        """The cable is pulled."""
        self._failed("The camera was unplugged.")

    def record(self, path: Path) -> None:
        self.recording = path

    def stop(self, done: Callable[[Path | None, str], None]) -> None:
        path, self.recording = self.recording, None
        if self.problem or path is None:
            done(None, self.problem)
            return
        path.write_bytes(b"film")
        done(path, "")

    def close(self) -> None:
        self.closed += 1
        self.looking_at = ""
