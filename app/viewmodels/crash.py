"""What is said after the program ended by a fault of its own. No Qt."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.core.conversation import ErrorInfo

LONGEST_REPORT = 40_000  # characters of the crash file that are shown


def crash_notice(report: Path) -> ErrorInfo:
    """The notice about the crash that a file tells of; its time is that of the file's last write.

    What could not be read of the file is left out of the details.
    """
    try:
        time = datetime.fromtimestamp(report.stat().st_mtime, UTC).astimezone()
        text = report.read_text(encoding="utf-8", errors="replace")[:LONGEST_REPORT]
    except OSError:
        return ErrorInfo(
            "Facet ended unexpectedly the last time.",
            "Its report cannot be read any more.",
            "Everything that was shown as saved is here.",
        )
    at = f"{time:%H:%M:%S}"
    day = (
        "" if time.date() == datetime.now(UTC).astimezone().date() else f" on {time.day} {time:%b}"
    )
    return ErrorInfo(
        "Facet ended unexpectedly the last time.",
        f"It came upon a fault{day} at {at}.",
        f"Everything up to {at} is here. The report has no text of your conversations.",
        "Show the report",
        "show_report",
        text,
    )
