"""Where benchmarks are kept: one JSON file in the data folder, by digest of the weights.

For each copy of a model the newest result and the one that was made the baseline.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.benchmark.values import BenchmarkResult
from app.core.codec import UnreadableError, from_json, to_json
from app.core.files import write_atomically

FILE_NAME = "benchmarks.json"
VERSION = 1
LARGEST_BYTES = 4_000_000
MOST_COPIES = 200  # those measured longest ago are forgotten


@dataclass(frozen=True, slots=True)
class CopySpeed:
    """What is known of one copy."""

    digest: str
    newest: BenchmarkResult | None = None
    baseline: BenchmarkResult | None = None


@dataclass(frozen=True, slots=True)
class _File:
    version: int = VERSION
    copies: tuple[CopySpeed, ...] = ()


class SpeedBook:
    """Measured speeds of copies of models on this computer.

    `problem` says why the file could not be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problem = ""
        self._copies = {each.digest: each for each in self._load() if each.digest}

    def newest(self, digest: str) -> BenchmarkResult | None:
        """The last benchmark of the copy with these weights."""
        copy = self._copies.get(digest)
        return None if copy is None else copy.newest

    def baseline(self, digest: str) -> BenchmarkResult | None:
        """What later benchmarks of this copy are compared with."""
        copy = self._copies.get(digest)
        return None if copy is None else copy.baseline

    def speed(self, digest: str) -> float | None:
        """Tokens a second in answers to text, measured here; None for a copy never measured."""
        newest = self.newest(digest)
        return None if newest is None else newest.speed

    def put(self, digest: str, result: BenchmarkResult, *, as_baseline: bool = False) -> None:
        """Keep a result as the newest, and as the baseline if asked or if there is none.

        A result in which nothing could be measured is not kept. Raises OSError; memory has it all
        the same.
        """
        if not digest or not any(task.runs for task in result.tasks):
            return
        self._catch_up()
        copy = self._copies.pop(digest, CopySpeed(digest))
        if as_baseline or copy.baseline is None:
            copy = replace(copy, baseline=result)
        self._copies[digest] = replace(copy, newest=result)
        for oldest in list(self._copies)[:-MOST_COPIES]:
            del self._copies[oldest]
        self._save()

    def make_baseline(self, digest: str) -> None:
        """Compare with the newest result from now on. Raises OSError."""
        self._catch_up()
        copy = self._copies.get(digest)
        if copy is not None and copy.newest is not None:
            self._copies[digest] = replace(copy, baseline=copy.newest)
            self._save()

    def _catch_up(self) -> None:
        """Take over what another process has kept meanwhile."""
        for copy in self._load():
            mine = self._copies.get(copy.digest)
            if copy.digest and (mine is None or _is_newer(copy, mine)):
                self._copies[copy.digest] = copy

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        value = to_json(_File(VERSION, tuple(self._copies.values())))
        text = json.dumps(value, indent=1, allow_nan=False)
        write_atomically(self._path, text.encode("ascii") + b"\n")

    def _load(self) -> tuple[CopySpeed, ...]:
        try:
            if self._path.stat().st_size > LARGEST_BYTES:
                raise ValueError("too large")
            return from_json(_File, json.loads(self._path.read_bytes())).copies
        except FileNotFoundError:
            return ()
        except OSError as error:
            self.problem = f"The measured speeds cannot be read: {error.strerror}."
        except (ValueError, RecursionError, UnreadableError):
            self.problem = f"The measured speeds were damaged. {self._set_aside()}"
        return ()

    def _set_aside(self) -> str:
        aside = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(aside)
        except OSError:
            return "The file could not be set aside."
        return f"The damaged file is kept as {aside.name}."


def _is_newer(theirs: CopySpeed, mine: CopySpeed) -> bool:
    if theirs.newest is None or mine.newest is None:
        return mine.newest is None
    return theirs.newest.date > mine.newest.date
