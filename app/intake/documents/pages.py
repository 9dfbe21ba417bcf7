"""What every kind of document offers: pages with words, and pictures of them where it can."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.intake.wording import quoted
from inference import MediaError

Pixels = NDArray[np.uint8]

PAGE_PX = 2048  # the longer side of a page as it is sent; places on pages are measured in it
LOCKED = "is protected by a password."
MOST_PAGES = 2_000  # more are not looked at, and a note says so


class Pages(Protocol):
    """An open document. Pages, sheets and slides are counted from 1."""

    word: str  # "Page", "Sheet", "Slide"
    has_pictures: bool
    notes: tuple[str, ...]  # what of the whole document is not given

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the first as a picture of `PAGE_PX`; (0, 0) without pictures."""
        ...

    def label(self, number: int) -> str:
        """Like "Page 3" or "Sheet 2, Costs"."""
        ...

    def text(self, number: int) -> str:
        """The words of a page, empty for none."""
        ...

    def picture(self, number: int, max_px: int) -> Pixels:
        """A page drawn, uint8 RGB [H, W, 3]. Raises MediaError where it cannot be."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Undrawn:
    """A document that gives words alone."""

    has_pictures = False
    kind = "pages"  # in the sentence that says so

    def __init__(self, shown: Path) -> None:
        self._path = shown

    @property
    def size(self) -> tuple[int, int]:
        """There are no pictures."""
        return 0, 0

    def picture(self, number: int, max_px: int) -> Pixels:
        """There is none."""
        del number, max_px
        raise MediaError(
            f"The {self.kind} of {quoted(self._path)} cannot be drawn.", "Save it as PDF for that."
        )

    def close(self) -> None:
        """Nothing is open any more."""


def checked(pages: Pages, number: int, path: Path) -> int:
    """The number of a page that is there. Raises MediaError."""
    if not 1 <= number <= pages.count:
        raise MediaError(
            f"{quoted(path)} has no {pages.word.lower()} {number}; it has {pages.count}.",
            "Choose another one.",
        )
    return number


def damaged(path: Path, why: str = "") -> MediaError:
    """The sentence for a file that cannot be read."""
    reason = f": {why}" if why else ""
    return MediaError(
        f"{quoted(path)} is damaged or not what its name says{reason}.",
        "Open it in its own program and save it again.",
    )


def locked(path: Path) -> MediaError:
    """The sentence for a file whose password is not known."""
    return MediaError(
        f"{quoted(path)} {LOCKED}", "Save a copy without one in the program you read it with."
    )


def is_locked(error: Exception) -> bool:
    """Whether that is why a file was refused, told by its words, which cross processes."""
    return isinstance(error, MediaError) and error.message.endswith(LOCKED)
