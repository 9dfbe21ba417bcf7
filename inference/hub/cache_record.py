"""What a download still has to fetch, kept beside its files so that a crash loses nothing of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from inference.hub.cache import (
    COMMIT,
    FACET_FOLDER,
    PART_SUFFIX,
    blob_size,
    is_repo,
    is_safe_path,
    linked_blobs,
    repo_folder,
    repo_of,
)

VERSION = 1
MOST_FILES = 400
LARGEST_FILE = 1 << 40
_LARGEST_RECORD = 1 << 20
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the repository. `hash` names its blob: SHA-256, or Git's SHA-1 of small files."""

    path: str
    size: int
    hash: str

    @property
    def is_valid(self) -> bool:
        """Whether it may be written to the disk under these names."""
        return (
            is_safe_path(self.path)
            and 0 <= self.size <= LARGEST_FILE
            and _HASH.fullmatch(self.hash) is not None
        )


@dataclass(frozen=True, slots=True)
class Record:
    """The files of one commit, and which of them were hashed: blob -> (size, time in ns)."""

    repo: str
    revision: str
    commit: str
    files: tuple[PlannedFile, ...]
    checked: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def with_checked(self, blob: str, stamp: tuple[int, int]) -> Record:
        """After the hash of `blob` was found right."""
        return replace(self, checked={**self.checked, blob: stamp})


def record_path(cache: Path, repo: str, commit: str) -> Path:
    """Where the record of a download lies."""
    return repo_folder(cache, repo) / FACET_FOLDER / f"{commit}.json"


def write_record(cache: Path, record: Record) -> None:
    """Replaces the record on the disk. Raises OSError."""
    path = record_path(cache, record.repo, record.commit)
    value = {
        "version": VERSION,
        "repo": record.repo,
        "revision": record.revision,
        "commit": record.commit,
        "files": [[file.path, file.size, file.hash] for file in record.files],
        "checked": {blob: list(stamp) for blob, stamp in record.checked.items()},
    }
    try:
        _replace(path, json.dumps(value))
    except FileNotFoundError:  # another program finished this model and took the empty folder away
        _replace(path, json.dumps(value))


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without it huggingface_hub calls the repository corrupted when it lists the cache.
    (path.parent.parent / "snapshots").mkdir(exist_ok=True)
    part = path.with_suffix(f".{uuid4().hex[:8]}{PART_SUFFIX}")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def read_record(path: Path) -> Record | None:
    """The record at `path`; None where it is damaged, foreign or gone."""
    try:
        if path.stat().st_size > _LARGEST_RECORD:
            return None
        return _parsed(json.loads(path.read_text(encoding="utf-8")), path)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _parsed(value: Any, path: Path) -> Record | None:
    if value["version"] != VERSION:
        return None
    record = Record(
        str(value["repo"]),
        str(value["revision"]),
        str(value["commit"]),
        tuple(PlannedFile(str(name), int(size), str(blob)) for name, size, blob in value["files"]),
        {str(blob): (int(size), int(when)) for blob, (size, when) in value["checked"].items()},
    )
    is_sound = (
        is_repo(record.repo)
        and repo_of(path.parent.parent) == record.repo
        and COMMIT.fullmatch(record.commit) is not None
        and path.stem == record.commit
        and 0 < len(record.files) <= MOST_FILES
        and all(file.is_valid for file in record.files)
    )
    return record if is_sound else None


def records(cache: Path) -> Iterator[Record]:
    """Every download that was begun in this cache and is not finished."""
    for path in sorted(cache.glob(f"models--*/{FACET_FOLDER}/*.json")):
        if (record := read_record(path)) is not None:
            yield record


def arrived_bytes(cache: Path, record: Record) -> int:
    """How much of the record's files is on the disk, whole or in part."""
    blobs = repo_folder(cache, record.repo) / "blobs"
    done = 0
    for file in record.files:
        if blob_size(blobs / file.hash) == file.size:
            done += file.size
        else:
            done += min(file.size, max(0, blob_size(blobs / f"{file.hash}{PART_SUFFIX}")))
    return done


def age_days(cache: Path, record: Record) -> float:
    """Days since a byte of it arrived."""
    blobs = repo_folder(cache, record.repo) / "blobs"
    times = [record_path(cache, record.repo, record.commit)]
    times += [blobs / f"{file.hash}{PART_SUFFIX}" for file in record.files]
    latest = 0.0
    for path in times:
        with contextlib.suppress(OSError):
            latest = max(latest, path.stat().st_mtime)
    return max(0.0, time.time() - latest) / 86_400


def discard_record(cache: Path, record: Record) -> int:
    """Deletes what had arrived, where no snapshot and no other download uses it; bytes freed."""
    repository = repo_folder(cache, record.repo)
    kept = set(linked_blobs(repository))
    for path in (repository / FACET_FOLDER).glob("*.json"):
        other = read_record(path)
        if other is not None and other.commit != record.commit:
            kept |= {file.hash for file in other.files}
    freed = 0
    for file in record.files:
        if file.hash in kept:
            continue
        names = [f"{file.hash}{PART_SUFFIX}"]
        if file.hash in record.checked:  # only what this download wrote or looked at
            names.append(file.hash)
        for name in names:
            blob = repository / "blobs" / name
            size = blob_size(blob)
            with contextlib.suppress(OSError):
                blob.unlink()
                freed += max(0, size)
    forget_record(cache, record)
    return freed


def forget_record(cache: Path, record: Record) -> None:
    """Deletes the record alone, and the folders that are empty without it."""
    path = record_path(cache, record.repo, record.commit)
    repository = path.parent.parent
    with contextlib.suppress(OSError):
        path.unlink()
    for folder in (path.parent, repository / "blobs", repository / "snapshots", repository):
        with contextlib.suppress(OSError):
            folder.rmdir()
