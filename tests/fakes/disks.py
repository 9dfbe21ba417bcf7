"""Disks that are full, or become full while a model is written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from inference.checkpoint.convert.disk import LocalDisk, NewFile


class SmallDisk(LocalDisk):
    """Says that only so much is free."""

    def __init__(self, free_bytes: int) -> None:
        self._free_bytes = free_bytes

    def free_bytes(self, folder: Path) -> int:
        del folder
        return self._free_bytes


class FillingDisk(LocalDisk):
    """Takes `room_bytes` and then fails with `code`, as when others fill the disk meanwhile."""

    def __init__(self, room_bytes: int, code: int = errno.ENOSPC) -> None:
        self.room_bytes = room_bytes
        self._code = code

    def create(self, path: Path) -> NewFile:
        return _FillingFile(super().create(path), self)

    def take(self, count: int) -> None:
        """Raises OSError once the room is used up."""
        self.room_bytes -= count
        if self.room_bytes < 0:
            raise OSError(self._code, os.strerror(self._code))


class _FillingFile:
    def __init__(self, file: NewFile, disk: FillingDisk) -> None:
        self._file = file
        self._disk = disk

    def write_at(self, data: bytes | memoryview, offset: int) -> None:
        self._disk.take(len(data))
        self._file.write_at(data, offset)

    def sync(self) -> None:
        self._file.sync()

    def close(self) -> None:
        self._file.close()


class ForgetfulDisk(LocalDisk):
    """Says that everything was written, and loses the beginning of weight files."""

    def create(self, path: Path) -> NewFile:
        file = super().create(path)
        return _ForgetfulFile(file) if path.suffix == ".safetensors" else file


class _ForgetfulFile:
    def __init__(self, file: NewFile) -> None:
        self._file = file

    def write_at(self, data: bytes | memoryview, offset: int) -> None:
        self._file.write_at(bytes(len(data)) if offset == 0 else data, offset)

    def sync(self) -> None:
        self._file.sync()

    def close(self) -> None:
        self._file.close()
