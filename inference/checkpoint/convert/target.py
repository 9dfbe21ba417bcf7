"""The folder that is being written: partial until it is checked, gone when anything fails."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inference.checkpoint.convert.disk import ELSEWHERE, failure
from inference.checkpoint.convert.values import Unfinished
from inference.checkpoint.refusal import shown
from inference.errors import ConversionError

PARTIAL = ".partial"
MARK = ".facet-conversion"  # tells that the folder is ours; locked while it is worked on
COPIED = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "generation_config.json",
    "processor_config.json",
    "preprocessor_config.json",
    "video_preprocessor_config.json",
    "chat_template.jinja",
    "chat_template.json",
    "LICENSE",
    "LICENSE.txt",
    "LICENSE.md",
    "NOTICE",
    "NOTICE.txt",
)
_MADE = frozenset({*COPIED, MARK, "config.json", "README.md", "model.safetensors.index.json"})
_WEIGHTS = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")


def partial_of(target: Path) -> Path:
    """Where `target` is written before it is complete."""
    return target.with_name(target.name + PARTIAL)


@contextmanager
def partial_folder(target: Path, source: Path) -> Iterator[Path]:
    """A new folder beside `target`, locked; gone at the end unless `publish` has renamed it.

    What an earlier conversion to the same place left behind is replaced. Raises ConversionError
    when something else is in the way.
    """
    _check_place(target, source)
    partial = partial_of(target)
    if os.path.lexists(partial):
        discard_unfinished(partial)
    try:
        partial.mkdir()
        lock = os.open(partial / MARK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise failure(target, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield partial
    finally:
        if partial.is_dir():
            _delete(partial)
        os.close(lock)


def publish(partial: Path, target: Path) -> None:
    """Give the complete folder its name, in one step. Raises OSError, ConversionError."""
    _sync(partial)
    if os.path.lexists(target):
        raise _in_the_way(target)
    partial.rename(target)
    _sync(target.parent)
    (target / MARK).unlink()


def find_unfinished(folder: Path) -> tuple[Unfinished, ...]:
    """Partial folders in `folder` that nothing works on any more."""
    found = []
    with suppress(OSError):
        for partial in sorted(folder.glob(f"*{PARTIAL}")):
            if _is_ours(partial) and not _is_locked(partial):
                size = sum(file.lstat().st_size for file in partial.iterdir())
                target = partial.with_name(partial.name.removesuffix(PARTIAL))
                found.append(Unfinished(partial, target, size))
    return tuple(found)


def discard_unfinished(partial: Path) -> None:
    """Delete a partial folder that a conversion left behind.

    Raises ConversionError when it is not one of ours, is being worked on, or holds other files.
    """
    if not _is_ours(partial):
        raise _in_the_way(partial)
    if _is_locked(partial):
        raise ConversionError(
            f"Another conversion is writing {shown(partial.name)} now.",
            "Wait until it is done, or choose another name.",
        )
    if not _delete(partial):
        raise ConversionError(
            f"{shown(partial.name)} is left from an earlier conversion, but holds other files too.",
            "Move them elsewhere, or choose another name.",
        )


def _check_place(target: Path, source: Path) -> None:
    if os.path.lexists(target):
        raise _in_the_way(target)
    if not target.parent.is_dir():
        raise ConversionError(f"There is no folder {shown(str(target.parent))}.", ELSEWHERE)
    if target.parent.resolve().is_relative_to(source.resolve()):
        raise ConversionError(
            "The new model cannot lie inside the one that it is made from.", ELSEWHERE
        )


def _in_the_way(path: Path) -> ConversionError:
    return ConversionError(
        f"There is something at {shown(path.name)} already, and Facet replaces nothing.", ELSEWHERE
    )


def _is_ours(partial: Path) -> bool:
    mark = partial / MARK
    return partial.is_dir() and not partial.is_symlink() and mark.is_file() and _is_empty(mark)


def _is_empty(mark: Path) -> bool:
    return not mark.is_symlink() and mark.stat().st_size == 0


def _is_locked(partial: Path) -> bool:
    try:
        file = os.open(partial / MARK, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _delete(partial: Path) -> bool:
    """Delete what a conversion writes, and the folder if nothing else is in it."""
    with suppress(OSError):
        names = [entry.name for entry in os.scandir(partial)]
        ours = [name for name in names if name in _MADE or _WEIGHTS.fullmatch(name)]
        if len(ours) < len(names):
            return False
        # The mark last: a deletion that is cut short can be taken up again.
        for name in sorted(ours, key=lambda name: name == MARK):
            (partial / name).unlink()
        partial.rmdir()
    return not partial.exists()


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
