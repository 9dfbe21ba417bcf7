"""The pixels that figures are read from: one whole picture or page at a time, kept while used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.figures.values import Crop
from app.core.pyramid import Pixels

FINEST_PX = 8192  # the longer side of what is read of a picture
PAGE_PX = 2048  # and of a page: places on it are measured in these pixels
Done = Callable[[Pixels | None, str], None]


class PixelReader(Protocol):
    """The part of the reader that gives pictures; it calls back on its own thread."""

    def picture(self, attachment: Attachment, max_px: int, done: Done) -> object: ...
    def page(self, attachment: Attachment, number: int, max_px: int, done: Done) -> object: ...


class FigurePixels(QObject):
    """uint8 RGB [H, W, 3] of the picture asked for last; callbacks come on this thread."""

    _read = Signal(str, object, str)

    def __init__(self, reader: PixelReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._key = ""
        self._pixels: Pixels | None = None
        self._waiting: dict[str, list[Done]] = {}
        self._read.connect(self._on_read)

    def get(self, attachment: Attachment, page: int, done: Done) -> None:
        """Call `done` with the whole picture, or page from 1, or why it cannot be read."""
        key = f"{attachment.sha256} {page}"
        if key == self._key and self._pixels is not None:
            done(self._pixels, "")
            return
        waiting = self._waiting.setdefault(key, [])
        waiting.append(done)
        if len(waiting) > 1:
            return

        def read(pixels: Pixels | None, problem: str) -> None:
            self._read.emit(key, pixels, problem)

        if page:
            self._reader.page(attachment, page, PAGE_PX, read)
        else:
            self._reader.picture(attachment, FINEST_PX, read)

    def held(self, attachment: Attachment, page: int) -> Pixels | None:
        """The picture if it is the one that is kept."""
        return self._pixels if self._key == f"{attachment.sha256} {page}" else None

    def _on_read(self, key: str, pixels: Pixels | None, problem: str) -> None:
        if pixels is not None:
            self._key, self._pixels = key, pixels
        for done in self._waiting.pop(key, []):
            done(pixels, problem)


def cut(pixels: Pixels, crop: Crop, size: tuple[int, int]) -> Pixels:
    """The crop, given in pixels of a picture of `size` (width, height), which `pixels` may be a
    reduced copy of. Never empty."""
    height, width = pixels.shape[:2]
    wide, tall = width / max(1, size[0]), height / max(1, size[1])
    left = min(int(crop[0] * wide), width - 1)
    top = min(int(crop[1] * tall), height - 1)
    right = max(left + 1, min(width, round(crop[2] * wide)))
    bottom = max(top + 1, min(height, round(crop[3] * tall)))
    return np.ascontiguousarray(pixels[top:bottom, left:right])
