"""Shelf: gives the pixels of pictures, as the reader does, on another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.conversation import Attachment

Pixels = NDArray[np.uint8]


class Shelf:
    """Holds pictures by the hash of their attachment. `trouble` makes every reading fail."""

    def __init__(self, **pictures: Pixels) -> None:
        self.pictures = pictures
        self.trouble = ""
        self.asked: list[tuple[str, int]] = []

    def picture(
        self, attachment: Attachment, max_px: int, done: Callable[[Any, str], None]
    ) -> None:
        """The whole picture; `done` is called on another thread before this returns."""
        del max_px
        self._give(attachment, 0, done)

    def page(
        self, attachment: Attachment, number: int, max_px: int, done: Callable[[Any, str], None]
    ) -> None:
        """A page."""
        del max_px
        self._give(attachment, number, done)

    def _give(self, attachment: Attachment, page: int, done: Callable[[Any, str], None]) -> None:
        self.asked.append((attachment.sha256, page))
        pixels = None if self.trouble else self.pictures.get(attachment.sha256)
        problem = self.trouble or ("" if pixels is not None else "The picture is gone.")
        thread = threading.Thread(target=lambda: done(pixels, problem))
        thread.start()
        thread.join()
