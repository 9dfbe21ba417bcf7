"""A camera that films when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.capture.ports import Pixels
from tests.fakes.asked_device import AskedDevice


class TakeCamera(AskedDevice):
    """Films when it is told to."""

    def __init__(self, *names: str, allowed: bool | None = None) -> None:
        super().__init__(names or ("Desk camera",), allowed)
        self.looking_at = ""
        self.recording: Path | None = None
        self.problem = ""  # of the next file
        self._on_picture: Callable[[Pixels], None] = lambda _pixels: None
        self._failed: Callable[[str], None] = lambda _problem: None

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
