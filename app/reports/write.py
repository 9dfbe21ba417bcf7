"""Files that are whole or not there: written beside the target, flushed to disk, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from app.reports.options import ReportError
from app.reports.words import bytes_said

CHUNK = 1 << 20  # bytes between two looks at whether the person has stopped the export

Check = Callable[[], None]  # raises Cancelled
Opener = Callable[[Path], BinaryIO]


def _open_new(path: Path) -> BinaryIO:
    return path.open("xb")


def write_report(
    path: Path,
    main: bytes,
    assets: Mapping[str, bytes] | None = None,
    check: Check = lambda: None,
    opener: Opener = _open_new,
) -> None:
    """Writes `main` to `path` and `assets` into the folder `assets_folder(path)` beside it.

    An older file of that name is replaced only once everything is on the disk. Whatever goes
    wrong, nothing new is left. `opener` makes a file to write into. Raises ReportError, or what
    `check` raises.
    """
    assets = assets or {}
    mark = uuid4().hex[:8]
    part = path.with_name(f".{path.name}.{mark}.part")
    folder = path.with_name(f".{path.name}.{mark}.files")
    try:
        try:
            if assets:
                folder.mkdir()
                for name, data in assets.items():
                    _write(folder / name, data, check, opener)
            _write(part, main, check, opener)
            check()
            _put_in_place(path, part, folder if assets else None)
        except OSError as error:
            raise _explained(error, path, main, assets) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def assets_folder(path: Path) -> Path:
    """Where the pictures of a Markdown report lie."""
    return path.with_name(f"{path.stem}_assets")


def _write(path: Path, data: bytes, check: Check, opener: Opener) -> None:
    with opener(path) as file:
        for start in range(0, len(data), CHUNK):
            check()
            file.write(data[start : start + CHUNK])
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(path: Path, part: Path, folder: Path | None) -> None:
    """The renames. Names of assets hold their hash, so an older report's are the same or apart."""
    made: Path | None = None
    if folder is not None:
        target = assets_folder(path)
        if target.exists():
            for asset in folder.iterdir():
                asset.replace(target / asset.name)
        else:
            folder.rename(target)
            made = target
    try:
        part.replace(path)
    except OSError:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Makes the renames last through a power cut, where the system can open folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _explained(error: OSError, path: Path, main: bytes, assets: Mapping[str, bytes]) -> ReportError:
    needed = bytes_said(len(main) + sum(map(len, assets.values())))
    nothing = "No file was left behind."
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ReportError(
                f"The disk is full: the report needs {needed}. {nothing}",
                "Make room, or choose another disk.",
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ReportError(
                f"Facet may not write into the folder {path.parent.name or path.parent}. {nothing}",
                "Choose another folder.",
            )
        case errno.ENOENT | errno.ENOTDIR:
            return ReportError(
                f"The folder {path.parent.name or path.parent} does not exist. {nothing}",
                "Choose another folder.",
            )
        case errno.EISDIR:
            return ReportError(f"{path.name} is a folder. {nothing}", "Choose another name.")
        case errno.ENAMETOOLONG:
            return ReportError(f"The file name is too long. {nothing}", "Choose a shorter one.")
    reason = error.strerror or type(error).__name__
    return ReportError(
        f"The report could not be written: {reason}. {nothing}", "Choose another folder."
    )
