"""Writing files so that a crash leaves either the old content or the new, never half of it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from uuid import uuid4

PART = ".part"  # the end of a name that is not finished yet


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces the content of `path`; durable on return. Raises OSError and leaves the old file."""
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}{PART}")
    try:
        with part.open("xb") as file:
            file.write(data)
            sync_file(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)


def sync_file(descriptor: int) -> None:
    """Waits until the file's bytes are on the disk itself, past the drive's own cache."""
    if sys.platform == "darwin":
        import fcntl

        with contextlib.suppress(OSError):  # not every volume has it
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` durable, where the platform can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network volumes refuse
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
