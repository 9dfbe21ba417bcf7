"""Which part of a file is meant. The file itself is never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PageMode = Literal["text", "picture", "both"]
Crop = tuple[int, int, int, int]  # left, top, right, bottom in pixels, right and bottom excluded


MOST_PICTURES = 10  # of pages that nobody chose
MOST_CHOSEN = 30  # pictures of pages in one question
LONGEST_TEXT = 300_000  # characters of all pages
LEAST_TEXT = 8  # tokens; a page with less is a scan or a picture, however it got them


def best_mode(text_tokens: int) -> PageMode:
    """How a page is given when nobody chose: its text where it has one, else its picture."""
    return "text" if text_tokens >= LEAST_TEXT else "picture"


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A page, sheet or slide of a document, counted from 1, and how it is given."""

    number: int
    mode: PageMode = "text"
    crop: Crop | None = None  # of the page's picture as `MediaReader.page` gives it


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a picture, document, clip or recording; without anything set, all of it.

    `crop` is in pixels of the upright picture. No `pages`: every page as is best for it.
    `start_s` and `end_s` are seconds of a clip or recording. `left_out` are whole seconds after
    `start_s` whose frame is not sent. `gain_db` is added to a recording.
    """

    crop: Crop | None = None
    pages: tuple[PageChoice, ...] = ()
    start_s: float = 0.0
    end_s: float | None = None
    left_out: tuple[int, ...] = ()
    with_sound: bool = True
    gain_db: float = 0.0


WHOLE = Selection()
