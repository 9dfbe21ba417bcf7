"""What reads foreign files, whatever process it does that in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

GIGABYTE = 1_000_000_000


def never() -> bool:
    """Nobody calls it off."""
    return False


@dataclass(frozen=True, slots=True)
class Job:
    """One of `app.intake.jobs.JOBS` for a file. `name` is what the person calls the file.

    The whole job, or each of the values it gives one by one, may take `limit_s` seconds.
    """

    kind: str
    path: Path
    name: str
    rest: tuple[object, ...] = ()
    limit_s: float = 60.0


class Runner(Protocol):
    """Runs jobs one after the other for one thread; `close` and `abort` may be called by others."""

    def warm(self) -> None:
        """Make ready for the first job, without waiting."""

    def call(self, job: Job, is_called_off: Callable[[], bool] = never) -> Any:
        """What the job gives. Raises FacetError, CalledOffError."""

    def stream(self, job: Job, is_called_off: Callable[[], bool] = never) -> Iterator[Any]:
        """The values the job gives one by one. Raises FacetError, CalledOffError."""

    def abort(self) -> None:
        """End what runs; later jobs fail. From any thread."""

    def close(self) -> None:
        """Give everything back. When no thread uses it any more."""


class CalledOffError(Exception):
    """Nobody wants the result any more."""
