"""Which part of a long clip or recording is read: checking it, refusing the rest, saying so."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from app.intake.wording import length, quoted
from inference import MediaError

SHOWN_S = 0.05  # shorter differences vanish in a length with one decimal


def check_part(path: Path, first_seconds: float | None, max_seconds: float) -> None:
    """Raises MediaError if `first_seconds` is a length that cannot be taken."""
    if first_seconds is not None and not 0 < first_seconds <= max_seconds:
        raise MediaError(
            f"The first {first_seconds:g} s of {quoted(path)} cannot be read.",
            f"Choose more than 0 and at most {length(max_seconds)}.",
        )


def too_long(
    path: Path, whole_s: float | None, max_seconds: float, sense: Literal["hears", "sees"]
) -> MediaError:
    """The refusal of a file of `whole_s` seconds; None or a header's lie: longer than allowed."""
    if whole_s is None or whole_s <= max_seconds:
        lasts = f"more than {length(max_seconds)}"
    else:
        lasts = length(whole_s)
    return MediaError(
        f"{quoted(path)} lasts {lasts}; the model {sense} at most {length(max_seconds)}.",
        f"Choose a part of up to {length(max_seconds)}.",
    )


def part_note(path: Path, seconds: float, whole_s: float | None) -> str:
    """That only `seconds` of the file were read, with its whole length where that is known."""
    known = whole_s is not None and whole_s > seconds + SHOWN_S
    whole = f" ({length(whole_s)})" if known and whole_s is not None else ""
    return f"Of {quoted(path)}{whole}, only {length(seconds)} were read."
