"""InProcess: reads files where it stands, so that a test need not start a process for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.intake.runner import CalledOffError, Job, never
from app.intake.wording import quoted
from inference import MediaError


class InProcess:
    """A Runner without a process, with the sentences of the real one."""

    def warm(self) -> None:
        """There is nothing to start."""

    def call(self, job: Job, is_called_off: Callable[[], bool] = never) -> Any:
        """What the job gives."""
        del is_called_off
        try:
            return _job(job)
        except MediaError as error:
            raise _named(error, job) from None

    def stream(self, job: Job, is_called_off: Callable[[], bool] = never) -> Iterator[Any]:
        """The values the job gives one by one."""
        try:
            for item in _job(job):
                if is_called_off():
                    raise CalledOffError
                yield item
        except MediaError as error:
            raise _named(error, job) from None

    def abort(self) -> None:
        """There is nothing to end."""

    def close(self) -> None:
        """There is nothing to close."""


def _job(job: Job) -> Any:
    from app.intake.jobs import JOBS

    return JOBS[job.kind](job.path, *job.rest)


def _named(error: MediaError, job: Job) -> MediaError:
    old, new = quoted(job.path), quoted(Path(job.name))
    return MediaError(error.message.replace(old, new), error.action.replace(old, new))
