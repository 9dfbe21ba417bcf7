"""PowerPoint files: the words, tables and notes of each slide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.intake.documents.archive import (
    RELATION,
    Archive,
    Element,
    as_table,
    child,
    local,
    within,
)
from app.intake.documents.pages import MOST_PAGES, Undrawn, damaged

MAIN = "ppt/presentation.xml"


class SlidePages(Undrawn):
    """An open PowerPoint file."""

    word = "Slide"
    kind = "slides"

    def __init__(self, path: Path, shown: Path) -> None:
        """`shown` is the name for sentences. Raises MediaError."""
        super().__init__(shown)
        archive = Archive(path, shown)
        try:
            if MAIN not in archive:
                raise damaged(shown, "it is no PowerPoint file")
            relations = archive.relations(MAIN)
            listed = child(archive.xml(MAIN), "sldIdLst")
            ids = [each.get(RELATION, "") for each in listed] if listed is not None else []
            parts = [relations[each][1] for each in ids if each in relations][:MOST_PAGES]
            if not parts:
                raise damaged(shown, "it has no slides")
            self._slides: list[str] = []
            for part in parts:
                slide = archive.xml(part)
                self._slides.append(_slide(slide, _notes(archive, part)))
            self.notes = archive.undrawn()
        finally:
            archive.close()

    @property
    def count(self) -> int:
        """Its slides."""
        return len(self._slides)

    def label(self, number: int) -> str:
        """Like "Slide 3"."""
        return f"Slide {number}"

    def text(self, number: int) -> str:
        """The words of a slide and the speaker's notes."""
        return self._slides[number - 1]


def _notes(archive: Archive, part: str) -> str:
    for kind, target in archive.relations(part).values():
        if kind == "notesSlide" and target in archive:
            bodies = within(archive.xml(target), "txBody")
            # The slide's number stands in a body of its own.
            texts = [text for body in bodies if not (text := _body(body)).strip().isdecimal()]
            return "\n".join(filter(None, texts))
    return ""


def _slide(slide: Element, notes: str) -> str:
    blocks = [text for text in _blocks(slide) if text.strip()]
    if notes.strip():
        blocks.append(f"Notes: {notes.strip()}")
    return "\n\n".join(blocks)


def _blocks(element: Element) -> Iterator[str]:
    for each in element:
        match local(each):
            case "txBody":
                yield _body(each)
            case "tbl":
                rows = [
                    [_body(cell).replace("\n", " ") for cell in row if local(cell) == "tc"]
                    for row in each
                    if local(row) == "tr"
                ]
                yield as_table(rows)
            case "Fallback":  # the same once more, for old programs
                continue
            case _:
                yield from _blocks(each)


def _body(body: Element) -> str:
    lines = []
    for paragraph in within(body, "p"):
        words = [
            "\n" if local(each) == "br" else each.text or ""
            for each in paragraph.iter()
            if local(each) in ("t", "br")
        ]
        lines.append("".join(words))
    return "\n".join(lines).strip()
