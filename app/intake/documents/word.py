"""Word files: headings, paragraphs, lists and tables as Markdown, page by page as last printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from app.intake.documents.archive import Archive, Element, as_table, child, local, value, within
from app.intake.documents.pages import MOST_PAGES, Undrawn, damaged
from app.intake.wording import quoted

MAIN = "word/document.xml"
_HEADING = re.compile(r"heading ([1-6])\Z")
_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml\Z")
_PAGE_END = "\f"
# What was deleted or moved away while changes were recorded, and second forms of the same thing.
_LEFT_OUT = {"del", "moveFrom", "Fallback", "instrText", "delText"}


class WordPages(Undrawn):
    """An open Word file. Where it was never laid out, it is one page."""

    word = "Page"

    def __init__(self, path: Path, shown: Path) -> None:
        """`shown` is the name for sentences. Raises MediaError."""
        super().__init__(shown)
        archive = Archive(path, shown)
        try:
            if MAIN not in archive:
                raise damaged(shown, "it is no Word file")
            names = _style_names(archive)
            body = child(archive.xml(MAIN), "body")
            if body is None:
                raise damaged(shown)
            whole = _joined(list(_blocks(body, names)))
            pages = [page.strip("\n") for page in whole.split(_PAGE_END)]
            self._pages = pages[:MOST_PAGES] or [""]
            notes = _footnotes(archive)
            if notes:
                self._pages[-1] += f"\n\nFootnotes:\n\n{notes}"
            self.notes = archive.undrawn()
            if "word/comments.xml" in archive:
                self.notes += (f"comments in {quoted(shown)} not sent.",)
            if _has_margins(archive):
                self.notes += (f"headers and footers of {quoted(shown)} not sent.",)
            if len(pages) > MOST_PAGES:
                self.notes += (f"only the first {MOST_PAGES:,} of {len(pages):,} pages of "
                               f"{quoted(shown)} read.",)  # fmt: skip
        finally:
            archive.close()

    @property
    def count(self) -> int:
        """Pages as they were last printed."""
        return len(self._pages)

    def label(self, number: int) -> str:
        """Like "Page 3"."""
        return f"Page {number}"

    def text(self, number: int) -> str:
        """A page as Markdown."""
        return self._pages[number - 1].strip()


def _style_names(archive: Archive) -> dict[str, str]:
    """Style ids to names, which are the same in every language."""
    if "word/styles.xml" not in archive:
        return {}
    styles = within(archive.xml("word/styles.xml"), "style")
    return {value(each, "styleId"): value(child(each, "name"), "val").lower() for each in styles}


def _blocks(body: Element, names: dict[str, str]) -> Iterator[str]:
    for element in body:
        match local(element):
            case "p":
                yield _paragraph(element, names)
            case "tbl":
                yield _table(element)
            case "sdt":  # a field that can be filled in
                content = child(element, "sdtContent")
                if content is not None:
                    yield from _blocks(content, names)


def _joined(blocks: list[str]) -> str:
    """Blocks with an empty line between them, items of a list without."""
    made = ""
    for before, block in zip(["", *blocks], blocks, strict=False):
        are_items = before.lstrip().startswith("- ") and block.lstrip().startswith("- ")
        made += ("\n" if are_items else "\n\n" if made else "") + block
    return made


def _paragraph(paragraph: Element, names: dict[str, str]) -> str:
    text = "".join(_words(paragraph))
    if not text.strip(" \n"):
        return text.strip(" \n")
    properties = child(paragraph, "pPr")
    style = names.get(value(child(properties, "pStyle"), "val"), "")
    heading = _HEADING.match(style)
    if heading is not None:
        return f"{'#' * int(heading[1])} {text}"
    if style == "title":
        return f"# {text}"
    numbers = child(properties, "numPr")
    if numbers is not None or style.startswith("list "):
        level = value(child(numbers, "ilvl"), "val")
        return f"{'  ' * min(8, int(level) if level.isdecimal() else 0)}- {text}"
    return text


def _words(element: Element) -> Iterator[str]:
    for each in element:
        match local(each):
            case "t":
                yield (each.text or "").replace(_PAGE_END, "")
            case "tab":
                yield "\t"
            case "br" | "cr":
                yield _PAGE_END if value(each, "type") == "page" else "\n"
            case "lastRenderedPageBreak":
                yield _PAGE_END
            case "noBreakHyphen":
                yield "-"
            case name if name not in _LEFT_OUT:
                yield from _words(each)


def _table(table: Element) -> str:
    rows = [
        ["".join(_words(cell)).replace(_PAGE_END, "") for cell in row if local(cell) == "tc"]
        for row in table
        if local(row) == "tr"
    ]
    return as_table(rows)


def _footnotes(archive: Archive) -> str:
    if "word/footnotes.xml" not in archive:
        return ""
    found = []
    for note in archive.xml("word/footnotes.xml"):
        text = "".join(_words(note)).replace(_PAGE_END, "").strip()
        if text and not value(note, "type"):
            found.append(f"{value(note, 'id')}. {text}")
    return "\n".join(found)


def _has_margins(archive: Archive) -> bool:
    """Whether any page has words above or below its text."""
    names = [name for name in archive.names() if _MARGIN.match(name)]
    return any("".join(archive.xml(name).itertext()).strip() for name in names)
