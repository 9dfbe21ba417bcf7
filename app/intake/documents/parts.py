"""The chosen pages of a document as the model gets them, each under a line that names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from app.intake.documents.pages import PAGE_PX, Pages, Pixels, checked, damaged
from app.intake.facts import Facts
from app.intake.selection import (
    LONGEST_TEXT,
    MOST_CHOSEN,
    MOST_PICTURES,
    PageChoice,
    PageMode,
    Selection,
    best_mode,
)
from app.intake.wording import Notes, quoted
from inference import Image, MediaError, Text

Part = Image | Text

CHARACTERS_PER_TOKEN = 3.8
LARGEST_BYTES = 500_000_000


def document_parts(path: Path, name: str, selection: Selection) -> tuple[tuple[Part, ...], Notes]:
    """The selected pages in order. Raises MediaError.

    Without a selection every page is sent, by its words where it has some, else as a picture, up
    to limits that the notes name.
    """
    with _opened(path, name) as pages:
        chosen = selection.pages or tuple(map(PageChoice, range(1, pages.count + 1)))
        parts: list[Part] = []
        notes: list[str] = []
        room = LONGEST_TEXT
        most = MOST_CHOSEN if selection.pages else MOST_PICTURES
        pictures = 0
        for place, choice in enumerate(chosen):
            if not selection.pages:
                choice = _usual(pages, choice.number)
            made = _page(pages, choice, name, notes)
            pictures += sum(isinstance(part, Image) for part in made)
            room -= sum(len(part.text) for part in made if isinstance(part, Text))
            if selection.pages and (room < 0 or pictures > most):
                raise _too_much(len(chosen), pictures > most, name)
            if parts and (room < 0 or pictures > most):
                notes.append(_rest(pages, [each.number for each in chosen[place:]], name))
                break
            parts += made
        if all(isinstance(part, Text) and part.text.endswith(": no words.\n\n") for part in parts):
            raise MediaError(f"{quoted(Path(name))} holds no words.", "Save it as PDF, or attach "
                             "pictures of it.")  # fmt: skip
        return tuple(parts), tuple(dict.fromkeys((*notes, *pages.notes)))


def document_facts(path: Path, name: str) -> Facts:
    """Pages, about the tokens of each one's words, size of the first. Raises MediaError."""
    with _opened(path, name) as pages:
        tokens = tuple(_tokens(pages.text(number)) for number in range(1, pages.count + 1))
        width, height = pages.size
        return Facts(width=width, height=height, pages=pages.count, page_tokens=tokens)


def first_picture(path: Path, name: str, max_px: int) -> Pixels | None:
    """The first page small, None for documents that cannot be drawn. Raises MediaError."""
    with _opened(path, name) as pages:
        return pages.picture(1, max_px) if pages.has_pictures else None


def page_text(path: Path, name: str, number: int) -> str:
    """The words of one. Raises MediaError."""
    with _opened(path, name) as pages:
        return pages.text(checked(pages, number, Path(name)))


def page_texts(path: Path, name: str, most: int) -> list[tuple[int, str]]:
    """The words of the first `most` pages with their numbers. Raises MediaError."""
    with _opened(path, name) as pages:
        return [(number, pages.text(number)) for number in range(1, min(pages.count, most) + 1)]


def page_picture(path: Path, name: str, number: int, max_px: int) -> Pixels:
    """One as a picture, its longer side `max_px`. Raises MediaError."""
    with _opened(path, name) as pages:
        return pages.picture(checked(pages, number, Path(name)), max_px)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Pages]:
    if path.stat().st_size > LARGEST_BYTES:
        raise MediaError(f"{quoted(Path(name))} is too large.", "Attach a part of it.")
    pages = _open(path, name)
    try:
        yield pages
    finally:
        pages.close()


def _open(path: Path, name: str) -> Pages:
    """By the name; a file whose name says nothing by its first bytes."""
    suffix = Path(name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        from app.intake.documents.pdf import PdfPages

        return PdfPages(path, Path(name))
    if suffix in (".xlsx", ".xlsm", ".xls"):
        from app.intake.documents.sheets import SheetPages

        return SheetPages(path, Path(name))
    if suffix in (".pptx", ".pptm", ".ppt"):
        from app.intake.documents.slides import SlidePages

        return SlidePages(path, Path(name))
    if suffix in (".docx", ".docm", ".doc"):
        from app.intake.documents.word import WordPages

        return WordPages(path, Path(name))
    raise damaged(Path(name))


def _usual(pages: Pages, number: int) -> PageChoice:
    """A page as is best for it: by its words, or as a picture where it has hardly any."""
    is_drawn = pages.has_pictures and best_mode(_tokens(pages.text(number))) != "text"
    return PageChoice(number, "picture" if is_drawn else "text")


def _tokens(text: str) -> int:
    return round(len(text) / CHARACTERS_PER_TOKEN)


def _page(pages: Pages, choice: PageChoice, name: str, notes: list[str]) -> list[Part]:
    number = checked(pages, choice.number, Path(name))
    head = f"{pages.label(number)} of {name}:"
    mode: PageMode = choice.mode
    if mode != "text" and not pages.has_pictures:
        notes.append(f"{pages.label(number)} of {name} sent as words: it cannot be drawn.")
        mode = "text"
    made: list[Part] = []
    if mode != "picture":
        words = pages.text(number)
        made.append(Text(f"{head}\n\n{words}\n\n" if words else f"{head} no words.\n\n"))
    if mode != "text":
        if not made:
            made.append(Text(f"{head}\n\n"))
        pixels = pages.picture(number, PAGE_PX)
        if choice.crop is not None:
            pixels = _cropped(pixels, choice, name)
        made.append(Image(pixels, name=f"{name}, {pages.word.lower()} {number}"))
    return made


def _cropped(pixels: Pixels, choice: PageChoice, name: str) -> Pixels:
    assert choice.crop is not None
    left, top, right, bottom = choice.crop
    height, width, _ = pixels.shape
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise MediaError(
            f"The part of page {choice.number} of {quoted(Path(name))} lies outside of it.",
            "Choose another part.",
        )
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _too_much(count: int, are_pictures: bool, name: str) -> MediaError:
    limit = (
        f"{MOST_CHOSEN} pages can be sent as pictures in one question"
        if are_pictures
        else f"{LONGEST_TEXT:,} characters can be sent in one question"
    )
    return MediaError(
        f"{count} pages of {quoted(Path(name))} are too many at once: at most {limit}.",
        "Choose fewer pages.",
    )


def _rest(pages: Pages, numbers: list[int], name: str) -> str:
    """The note about pages that were not sent any more."""
    word = pages.word.lower()
    if len(numbers) == 1:
        return f"{word} {numbers[0]} of {name} not sent: choose it alone."
    return f"{word}s {numbers[0]} to {numbers[-1]} of {name} not sent: choose which ones to send."
