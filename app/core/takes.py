"""A take on disk while it is being recorded: a WAV file that is whole after every piece of sound.

A program that is killed loses nothing that was written: the file is found at the next start.
"""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.files import sync_file, sync_folder

RATE = 16_000
BYTES = 2  # of a sample
HEADER = 44
SYNC_EVERY = RATE  # samples after which the disk itself has to have them
SUFFIX = ".wav"
SHORTEST = RATE // 5  # a press by mistake is no take

Samples = NDArray[np.float32]


class TakeFile:
    """Takes float32 mono samples at 16 kHz; writes 16 bits. Raises OSError when the disk fails."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.count = 0  # samples written
        self._unsynced = 0
        self._file = path.open("xb", buffering=0)
        self._file.write(_header(0))
        sync_folder(path.parent)

    def append(self, samples: Samples) -> None:
        """Write some more; the header says so at once."""
        scaled = np.clip(np.round(samples * 32768.0), -32768, 32767).astype("<i2")
        self._file.seek(HEADER + self.count * BYTES)
        data = memoryview(scaled.tobytes())
        while data:  # an unbuffered file may take a part only
            data = data[self._file.write(data) :]
        self.count += len(samples)
        self._file.seek(0)
        self._file.write(_header(self.count))
        self._unsynced += len(samples)
        if self._unsynced >= SYNC_EVERY:
            self._sync()

    def close(self) -> None:
        """End the take; everything is on the disk afterwards."""
        if not self._file.closed:
            with contextlib.suppress(OSError):
                self._sync()
            self._file.close()

    def discard(self) -> None:
        """End the take and remove it."""
        self._file.close()
        with contextlib.suppress(OSError):
            self.path.unlink()
            self.path.parent.rmdir()  # unless there is another one

    def _sync(self) -> None:
        sync_file(self._file.fileno())
        self._unsynced = 0


def leftovers(folder: Path) -> tuple[Path, ...]:
    """Takes that a killed program left under `folder`, oldest first, each made whole.

    They lie in folders named after their conversation. What is too short to be a take is removed.
    """
    found = []
    with contextlib.suppress(OSError):
        for path in folder.glob(f"*/*{SUFFIX}"):
            with contextlib.suppress(OSError):
                if _repair(path):
                    found.append((path.stat().st_mtime, path))
                else:
                    forget(path)
    return tuple(path for _, path in sorted(found))


def forget(path: Path) -> None:
    """Remove a take that is kept elsewhere now, and its folder if that is empty."""
    with contextlib.suppress(OSError):
        path.unlink()
        path.parent.rmdir()


def free_path(folder: Path, conversation_id: str, names: set[str]) -> Path:
    """Where the next take of a conversation goes: "Take 3.wav" if `names` has two already."""
    number = 1
    while True:
        path = folder / conversation_id / f"Take {number}{SUFFIX}"
        if path.name not in names and not path.exists():
            return path
        number += 1


def _repair(path: Path) -> bool:
    """Let the header say what is there; False when that is too little."""
    count = (path.stat().st_size - HEADER) // BYTES
    if count < SHORTEST:
        return False
    with path.open("r+b") as file:
        file.write(_header(count))
        file.truncate(HEADER + count * BYTES)
        sync_file(file.fileno())
    return True


def _header(count: int) -> bytes:
    """A WAV header for mono PCM of 16 bits at 16 kHz."""
    size = count * BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * BYTES, BYTES, 8 * BYTES,
        b"data", size,
    )  # fmt: skip
