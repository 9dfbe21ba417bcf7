"""The conversation's files for tools: jobs in a process that is watched, and ended when it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.core.conversation import Attachment
from app.core.tools.values import job_of
from app.intake.runner import CalledOffError, Runner
from inference import MediaError


class Blobs(Protocol):
    """The part of the store that finds files."""

    def blob(self, sha256: str) -> Path: ...


@dataclass(frozen=True, slots=True, eq=False)
class FileAccess:
    """The files that one call may read, for as long as it is wanted."""

    blobs: Blobs
    runner: Runner
    is_called_off: Callable[[], bool]

    def run(self, attachment: Attachment, kind: str, rest: tuple[object, ...]) -> Any:
        """What a job about a file gives. Raises FacetError, CalledOffError."""
        if self.is_called_off():
            raise CalledOffError
        job = job_of(kind, self.path(attachment), attachment, rest)
        return self.runner.call(job, self.is_called_off)

    def path(self, attachment: Attachment) -> Path:
        """Where the file lies. Raises MediaError when it is gone."""
        try:
            return self.blobs.blob(attachment.sha256)
        except (KeyError, OSError) as error:
            raise MediaError(
                f"The file “{attachment.name}” is missing from Facet's own folder.",
                "Attach it again.",
            ) from error
