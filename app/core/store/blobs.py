"""Media by content: each file once, named by the SHA-256 of its bytes, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from app.core.files import PART, sync_file, sync_folder
from app.core.store.errors import StoreError, translated

BLOCK_BYTES = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """The folder of media. May be used from several threads at once.

    A claimed medium is not removed: it was just put in, and what will use it is not written yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claimed: set[str] = set()
        self._lock = threading.Lock()

    def put_file(self, path: Path) -> str:
        """Copies a file in; returns its SHA-256. Durable on return."""
        try:
            with path.open("rb") as source:
                return self._put(source)
        except OSError as error:
            raise translated(error) from error

    def put_bytes(self, data: bytes) -> str:
        """Stores bytes; returns their SHA-256. Durable on return."""
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            return self._publish(sha256, len(data), lambda target: target.write(data))
        except OSError as error:
            raise translated(error) from error

    def path(self, sha256: str) -> Path:
        """Where a medium lies. Raises KeyError if it is not here."""
        path = self._place(sha256)
        if not path.is_file():
            raise KeyError(sha256)
        return path

    def claim(self, names: Iterable[str]) -> None:
        """Protects media from removal until they are released or the program ends."""
        with self._lock:
            self._claimed.update(names)

    def release(self, names: Iterable[str]) -> None:
        """Ends the protection."""
        with self._lock:
            self._claimed.difference_update(names)

    def names(self) -> Iterator[str]:
        """Every medium that is here."""
        for path in self._folder.glob("??/*"):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def remove(self, names: Iterable[str]) -> int:
        """Deletes media that nobody claims; returns how many. What cannot be deleted stays."""
        removed = 0
        for sha256 in names:
            with self._lock, contextlib.suppress(OSError):
                if sha256 not in self._claimed:
                    self._place(sha256).unlink()
                    removed += 1
        return removed

    def remove_parts(self) -> int:
        """Deletes what a crash left half written."""
        removed = 0
        for part in self._folder.glob(f"*{PART}"):
            with contextlib.suppress(OSError):
                part.unlink()
                removed += 1
        return removed

    def _put(self, source: BufferedReader) -> str:
        """Hashes first: a file that is here already is not copied again."""
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        size = source.tell()
        source.seek(0)
        copied = hashlib.sha256()

        def copy(target: BinaryIO) -> None:
            while block := source.read(BLOCK_BYTES):
                copied.update(block)
                target.write(block)
            if copied.hexdigest() != sha256:
                raise StoreError("The file changed while it was read.", "Add it once more.")

        return self._publish(sha256, size, copy)

    def _publish(self, sha256: str, size: int, fill: Callable[[BinaryIO], object]) -> str:
        self.claim([sha256])  # before looking, so that it is not removed after
        path = self._place(sha256)
        if path.is_file() and path.stat().st_size == size:
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{uuid4().hex}{PART}"
        try:
            with part.open("xb") as target:
                fill(target)
                target.flush()
                sync_file(target.fileno())
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        sync_folder(path.parent)
        return sha256

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):  # it becomes a path
            raise KeyError(sha256)
        return self._folder / sha256[:2] / sha256
