"""Small pictures of attachments: made once, kept in the cache folder, never needed to be there."""

from __future__ import annotations

import io
from pathlib import Path
from threading import Lock

import numpy as np
from PIL import Image as Pillow

from inference import Image, Video

LONGEST_SIDE = 320  # shown at up to 152 points, on screens with two pixels for each
_QUALITY = 86


def make_thumbnail(part: Image | Video, longest_side: int = LONGEST_SIDE) -> bytes:
    """JPEG of a picture or of the middle frame of a clip, never larger than the original."""
    frames = part.frames if isinstance(part, Video) else (part.pixels,)
    pixels = np.ascontiguousarray(frames[len(frames) // 2])
    picture = Pillow.fromarray(pixels)
    picture.thumbnail((longest_side, longest_side), Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


class Thumbnails:
    """Thumbnails by the SHA-256 of their original; safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._known: dict[str, bytes] = {}

    def get(self, sha256: str) -> bytes:
        """The thumbnail, empty when there is none."""
        with self._lock:
            if sha256 in self._known:
                return self._known[sha256]
        try:
            data = self._file(sha256).read_bytes()
        except OSError:
            return b""
        with self._lock:
            self._known[sha256] = data
        return data

    def put(self, sha256: str, data: bytes) -> None:
        """Keep a thumbnail; a cache that cannot be written costs time later, nothing else."""
        with self._lock:
            self._known[sha256] = data
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._file(sha256).with_suffix(".part")
            part.write_bytes(data)
            part.replace(self._file(sha256))
        except OSError:
            return

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.jpg"
