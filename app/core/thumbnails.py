"""Small pictures of attachments: made once, kept in the cache folder, never needed to be there."""

from __future__ import annotations

from pathlib import Path
from threading import Lock


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
