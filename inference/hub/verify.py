"""Whether the files of a model on the disk are still the ones that were published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inference.checkpoint.header import read_header
from inference.errors import CheckpointError
from inference.hub.cache import blob_size
from inference.hub.cache_record import PlannedFile
from inference.hub.faults import Stopped, gigabytes
from inference.hub.transfer_part import is_blob_sound
from inference.hub.transfer_stop import Stop

FileState = Literal["intact", "damaged", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file. "unknown" is a sound file whose published hash is not recorded anywhere."""

    name: str
    state: FileState
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """All files of a folder, in the order of their names."""

    folder: Path
    files: tuple[FileCheck, ...]
    was_cancelled: bool = False

    @property
    def bad(self) -> tuple[FileCheck, ...]:
        """What has to be fetched again."""
        return tuple(file for file in self.files if file.state in ("damaged", "missing"))

    @property
    def message(self) -> str:
        """One or two sentences for a person."""
        if self.was_cancelled:
            return "The check was stopped; nothing is known about the rest."
        if self.bad:
            names = ", ".join(file.name for file in self.bad[:3])
            more = f" and {len(self.bad) - 3} more" if len(self.bad) > 3 else ""
            return f"Damaged: {names}{more}. Download the model again: only that is fetched."
        size = gigabytes(sum(file.size_bytes for file in self.files))
        unknown = sum(file.state == "unknown" for file in self.files)
        if unknown:
            return (
                f"{len(self.files)} files, {size}: well formed. The folder does not record what "
                f"was published, so {unknown} could not be compared."
            )
        return f"{len(self.files)} files, {size}: every byte is as it was published."


def verify_model(
    folder: Path,
    on_progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> VerifyReport:
    """Hashes every file of a cache snapshot; other folders are checked for their form.

    `on_progress` gets bytes done and in all. Reads the whole model: call it on a background
    thread. Never raises: what cannot be read is damaged.
    """
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    )
    sizes = {name: max(0, blob_size(folder / name)) for name in names}
    total, done = sum(sizes.values()), 0
    checks: list[FileCheck] = []
    stop = Stop()

    def read(count: int) -> None:
        nonlocal done
        done += count
        if on_progress is not None:
            on_progress(done, total)
        if is_cancelled is not None and is_cancelled():
            stop.set()

    for name in names:
        try:
            stop.check()
            checks.append(FileCheck(name, _state(folder / name, stop, read), sizes[name]))
        except Stopped:
            return VerifyReport(folder, tuple(checks), was_cancelled=True)
    return VerifyReport(folder, tuple(checks))


def _state(path: Path, stop: Stop, on_read: Callable[[int], None]) -> FileState:
    size = blob_size(path)
    if size < 0:
        return "missing"
    # The name of a blob is its hash; only the first link tells, the second may lead to a store.
    file = PlannedFile(path.name, size, path.readlink().name if path.is_symlink() else "")
    if file.is_valid:
        return "intact" if is_blob_sound(path, file, stop, on_read) else "damaged"
    on_read(size)
    if path.suffix == ".safetensors":
        try:
            read_header(path.resolve())
        except CheckpointError:
            return "damaged"
    return "unknown"
