"""Why a download stops: the reason for programs, the sentence and the one action for people."""

from __future__ import annotations

from inference.errors import HubError
from inference.hub.download_state import DownloadReason

RESUME = "Choose Resume to go on; what has arrived is kept."
TRY_LATER = "Check the connection, then choose Resume; what has arrived is kept."


class DownloadError(HubError):
    """A download cannot go on by itself. `reason` is what a program may look at."""

    def __init__(self, reason: DownloadReason, message: str, action: str = RESUME) -> None:
        super().__init__(message, action)
        self.reason: DownloadReason = reason


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The person paused, cancelled or closed; nothing is to be reported."""


def offline() -> DownloadError:
    """Facet was told to open no connection."""
    return DownloadError(
        "offline",
        "Facet is offline, so nothing is fetched. What has arrived is kept.",
        "Switch Offline off to go on.",
    )


def no_connection(host: str, why: str) -> DownloadError:
    """`why` is a short clause like "it did not answer"."""
    return DownloadError("no_connection", f"{host} cannot be reached: {why}.", TRY_LATER)


def no_space(needed: int, free: int, folder: str) -> DownloadError:
    """`needed` and `free` in bytes, on the disk of `folder`."""
    return DownloadError(
        "no_space",
        f"Needs {gigabytes(needed)}, {gigabytes(free)} free on the disk of {folder}.",
        "Make room or choose another disk, then choose Resume.",
    )


def disk_full(folder: str) -> DownloadError:
    """The disk filled up while bytes were written."""
    return DownloadError(
        "no_space",
        f"The disk of {folder} is full. What has arrived is kept.",
        "Make room, then choose Resume.",
    )


def cannot_write(folder: str, error: OSError) -> DownloadError:
    """The cache cannot be used: no rights, no disk."""
    why = (error.strerror or type(error).__name__).lower()
    return DownloadError(
        "no_folder",
        f"The model folder {folder} cannot be written: {why}.",
        "Choose another folder, or mend this one and choose Resume.",
    )


def refused(what: str) -> DownloadError:
    """`what` is a sentence without its full stop."""
    return DownloadError("refused", f"{what}. Nothing of it was used.", "Choose another model.")


def damaged(names: list[str]) -> DownloadError:
    """Files whose bytes are not those that the hub promises, more than once."""
    listed = ", ".join(sorted(names)[:3]) + (" and others" if len(names) > 3 else "")
    what = "One file" if len(names) == 1 else f"{len(names)} files"
    return DownloadError(
        "damaged",
        f"{what} arrived damaged twice ({listed}). Everything else is kept.",
        "Choose Resume to fetch only that again, from another network if it goes on.",
    )


def gigabytes(count: int) -> str:
    """Like "5.2 GB" or "412 MB", decimal as disks and hubs count."""
    return f"{count / 1e9:.1f} GB" if count >= 950_000_000 else f"{count / 1e6:.0f} MB"
