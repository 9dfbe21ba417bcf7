"""Reading single files of a foreign folder: plain files only, bounded, never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inference.checkpoint.refusal import refusal, shown

# O_NONBLOCK: opening a named pipe must fail the test below instead of waiting for a writer.
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is still the one that was checked."""

    device: int
    inode: int
    size_bytes: int
    modified_ns: int


def stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Stamp]]:
    """The plain file at `path` (links already resolved) and its stamp.

    Raises CheckpointError when it is missing, unreadable, a link, a pipe or a device.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "bad name"
        raise refusal(f"The file {shown(path.name)} cannot be read: {reason.lower()}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise refusal(f"{shown(path.name)} is not a plain file")
    with os.fdopen(descriptor, "rb") as stream:
        yield stream, stamp_of(status)


def read_exactly(stream: BinaryIO, count: int, name: str) -> bytes:
    """`count` bytes; a file that ends earlier or cannot be read is damaged."""
    try:
        data = stream.read(count)
    except OSError as error:
        raise refusal(f"The file {shown(name)} cannot be read to its end") from error
    if len(data) != count:
        raise refusal(f"The file {shown(name)} became shorter while it was read")
    return data
