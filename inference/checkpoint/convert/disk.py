"""Writing to the disk, and what is said when that fails."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Protocol

from inference.checkpoint.refusal import shown
from inference.errors import ConversionError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
KEPT_BYTES = 1_000_000_000  # a disk filled to the brim stops the whole computer
ELSEWHERE = "Choose another name or place."


class NewFile(Protocol):
    """A file that is being written, at any place of it. Both raise OSError."""

    def write_at(self, data: bytes | memoryview, offset: int) -> None: ...

    def sync(self) -> None:
        """Everything written is on the disk when this returns."""

    def close(self) -> None:
        """Nothing more is written."""


class Disk(Protocol):
    """Where new files are made. Both raise OSError."""

    def free_bytes(self, folder: Path) -> int: ...

    def create(self, path: Path) -> NewFile: ...


class LocalDisk:
    """The disks of this computer."""

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free

    def create(self, path: Path) -> NewFile:
        return _File(path)


class _File:
    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(path, flags, 0o644)

    def write_at(self, data: bytes | memoryview, offset: int) -> None:
        view = memoryview(data).cast("B")
        while view.nbytes:
            count = os.pwrite(self._file, view, offset)
            view, offset = view[count:], offset + count

    def sync(self) -> None:
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


def check_room(disk: Disk, target: Path, needed_bytes: int) -> None:
    """Raises ConversionError when `target` would fill the disk that it is to lie on."""
    try:
        free = disk.free_bytes(target.parent)
    except OSError as error:
        raise failure(target, error) from error
    lacking = needed_bytes + KEPT_BYTES - free
    if lacking > 0:
        raise ConversionError(
            f"The quantised model needs {gigabytes(needed_bytes)}, and of the "
            f"{gigabytes(free)} that are free there, {gigabytes(KEPT_BYTES)} must stay free.",
            f"Free {gigabytes(lacking)} on that disk, or choose another one.",
        )


def failure(target: Path, error: OSError) -> ConversionError:
    """What to raise when writing to `target` failed."""
    if error.errno in _FULL:
        return ConversionError(
            "The disk became full while the model was being written. What was written is deleted "
            "again, and the model you started from is as it was.",
            "Free some room and quantise again, or choose another disk.",
        )
    reason = (error.strerror or type(error).__name__).lower()
    return ConversionError(f"{shown(target.name)} cannot be written: {reason}.", ELSEWHERE)


def gigabytes(count: int) -> str:
    """Bytes for people: 3.55 GB."""
    if count < 10_000_000:
        return f"{count / 1e6:.2f} MB"
    return f"{count / 1e6:.0f} MB" if count < 1_000_000_000 else f"{count / 1e9:.2f} GB"
