"""The part of a file that has arrived: appended to, hashed on the way, then renamed to its hash."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from inference.hub.cache import PART_SUFFIX
from inference.hub.cache_record import PlannedFile
from inference.hub.transfer_stop import Stop

READ_BYTES = 1 << 20
SYNC_BYTES = 64 << 20  # the end of a file then does not wait for gigabytes
LOCK_POLL_S = 0.1
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


class Digest(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """More of the file."""

    def hexdigest(self) -> str:
        """The hash so far."""


def digest_of(file: PlannedFile) -> Digest:
    """An empty hash of the kind that names the file: SHA-256, or SHA-1 as Git makes it."""
    if len(file.hash) == 64:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)


def hash_stream(
    stream: BinaryIO, digest: Digest, stop: Stop, on_read: Callable[[int], None]
) -> int:
    """Hashes what is left of `stream`; the bytes read. `on_read` gets the bytes of each step."""
    total = 0
    while data := stream.read(READ_BYTES):
        stop.check()
        digest.update(data)
        total += len(data)
        on_read(len(data))
    return total


def is_blob_sound(
    blob: Path, file: PlannedFile, stop: Stop, on_read: Callable[[int], None]
) -> bool:
    """Whether the bytes of a whole file have its hash."""
    digest = digest_of(file)
    try:
        with blob.open("rb") as stream:
            hash_stream(stream, digest, stop, on_read)
    except OSError:
        return False
    return digest.hexdigest() == file.hash


def stamp_of(blob: Path) -> tuple[int, int]:
    """What tells that a blob is still the one that was hashed."""
    status = blob.stat()
    return status.st_size, status.st_mtime_ns


class Part:
    """The locked part file of one planned file."""

    def __init__(self, path: Path, file: PlannedFile, descriptor: int) -> None:
        self._path = path
        self._file = file
        self._descriptor = descriptor
        self._digest = digest_of(file)
        self._unsynced = 0
        self.size = 0

    def take_up(self, stop: Stop, on_read: Callable[[int], None]) -> None:
        """Hashes what is there already; what is longer than the file is thrown away."""
        if os.fstat(self._descriptor).st_size > self._file.size:
            self.restart()
            return
        with os.fdopen(os.dup(self._descriptor), "rb") as stream:
            stream.seek(0)
            self.size = hash_stream(stream, self._digest, stop, on_read)

    @property
    def is_whole(self) -> bool:
        """Every byte is here; right or wrong."""
        return self.size == self._file.size

    @property
    def is_right(self) -> bool:
        """The hash is the promised one."""
        return self.is_whole and self._digest.hexdigest() == self._file.hash

    def write(self, data: bytes) -> None:
        """Appends. Raises OSError; what was written before stays."""
        view = memoryview(data)
        while view:
            count = os.write(self._descriptor, view)
            self._digest.update(bytes(view[:count]))
            self.size += count
            self._unsynced += count
            view = view[count:]
        if self._unsynced >= SYNC_BYTES:
            os.fsync(self._descriptor)
            self._unsynced = 0

    def restart(self) -> int:
        """Throws everything away; how many bytes that were."""
        lost = self.size
        os.ftruncate(self._descriptor, 0)
        self._digest = digest_of(self._file)
        self.size = 0
        return lost

    def finish(self, blob: Path) -> tuple[int, int]:
        """Becomes `blob`, durably; its stamp."""
        os.fsync(self._descriptor)
        self._path.replace(blob)
        _sync_folder(blob.parent)
        return stamp_of(blob)


@contextlib.contextmanager
def open_part(
    folder: Path, file: PlannedFile, stop: Stop, on_busy: Callable[[], None]
) -> Iterator[Part]:
    """The part of `file` in `folder`, for this program alone.

    Waits while another program has it, calling `on_busy`. Raises OSError or Stopped.
    """
    path = folder / f"{file.hash}{PART_SUFFIX}"
    while True:
        descriptor = os.open(path, _FLAGS, 0o644)
        try:
            if _has_lock(descriptor) and _is_same(descriptor, path):
                break
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        on_busy()
        stop.wait(LOCK_POLL_S)
    try:
        yield Part(path, file, descriptor)
    finally:
        os.close(descriptor)  # and with it the lock


def _has_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Network volumes without locks: go on, as everybody does there.
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True


def _is_same(descriptor: int, path: Path) -> bool:
    """Not renamed to a finished file by the program that had the lock before."""
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (mine.st_dev, mine.st_ino) == (named.st_dev, named.st_ino)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
