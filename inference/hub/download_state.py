"""What a download tells about itself: frozen values that any thread may hold. No files, no net."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DownloadState = Literal[
    "queued",  # another download has its turn
    "checking",  # asking what the repository holds, reading what is here already
    "downloading",
    "stalled",  # nothing arrives; it is tried again by itself
    "paused",  # what has arrived is kept
    "verifying",  # the last bytes are here and the files are being put in place
    "done",
    "failed",  # `message` says why and what is safe, `action` what to do
    "cancelled",  # what had arrived is deleted
]

DownloadReason = Literal[
    "",
    "offline",  # Facet's own switch, or HF_HUB_OFFLINE
    "no_connection",  # the hub cannot be reached, or it stopped answering
    "no_space",  # the disk is too full
    "no_folder",  # the cache cannot be written, or its disk is gone
    "gated",  # its licence has to be accepted on the repository's page
    "token",  # the access token is not accepted
    "not_found",  # no such repository or revision
    "damaged",  # files keep arriving with another hash
    "refused",  # the repository or the hub's answer is not what a model's has to be
]

ENDED: frozenset[DownloadState] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is, at one moment.

    `done_bytes` includes what was here before. `bytes_per_s` is the mean of the last seconds and
    falls to 0 when nothing arrives. `seconds_left` is None until it can be told. `message` is one
    or two sentences for a person where there is something to say, `action` what to do about it.
    `folder` is the finished model's folder, None before.
    """

    state: DownloadState
    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: float = 0.0
    seconds_left: float | None = None
    files_done: int = 0
    files_total: int = 0
    message: str = ""
    action: str = ""
    reason: DownloadReason = ""
    folder: Path | None = None

    @property
    def is_over(self) -> bool:
        """Nothing more happens by itself; a failed download can still be resumed."""
        return self.state in ENDED

    @property
    def fraction(self) -> float:
        """0 to 1; 0 while the total is not known."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0


@dataclass(frozen=True, slots=True)
class Leftover:
    """A download that was interrupted, by a crash too, and can go on or be deleted.

    `key` is its catalogue key, "" for a repository that the catalogue does not have. `age_days`
    counts from the last byte that arrived.
    """

    repo: str
    revision: str
    commit: str
    key: str
    done_bytes: int
    total_bytes: int
    age_days: float
