"""Adds an outline and the language to a PDF that Qt has written, which offers neither.

The PDF standard allows changes to be appended: the new objects, a table of where they lie, and a
trailer that points to the table before it. What Qt wrote stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
LANGUAGE = b"(en)"


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the outline: the page from 0, and how far up the page in points."""

    title: str
    page: int
    top: float


def with_outline(pdf: bytes, marks: tuple[Mark, ...]) -> bytes:
    """`pdf` with the marks in its outline; unchanged if its form is not the one Qt writes."""
    found = TRAILER.search(pdf[-2048:])
    if found is None:
        return pdf
    trailer, start = found[1], int(found[2])
    size, root = _number(trailer, rb"/Size\s+(\d+)"), _number(trailer, rb"/Root\s+(\d+)\s+0\s+R")
    if size is None or root is None:
        return pdf
    catalog = _object(pdf, root)
    pages = _page_numbers(pdf, catalog)
    usable = [mark for mark in marks if mark.page < len(pages)]
    if catalog is None or not usable:
        return pdf
    objects = {root: catalog[:-2].rstrip() + b"\n/Lang " + LANGUAGE + b"\n"}
    objects[root] += b"/Outlines %d 0 R\n/PageMode /UseOutlines\n>>" % size
    objects |= _outline(usable, pages, size)
    return pdf + _update(len(pdf), objects, trailer, start)


def _number(text: bytes, pattern: bytes) -> int | None:
    found = re.search(pattern, text)
    return None if found is None else int(found[1])


def _object(pdf: bytes, number: int) -> bytes | None:
    """The dictionary of an object, from << to >>."""
    found = re.search(rb"(?:\A|[\r\n])%d 0 obj\s*(<<.*?>>)\s*endobj" % number, pdf, re.DOTALL)
    return None if found is None else found[1]


def _page_numbers(pdf: bytes, catalog: bytes | None) -> list[int]:
    """Object numbers of the pages in order; Qt writes them as one flat list."""
    tree = None if catalog is None else _number(catalog, rb"/Pages\s+(\d+)\s+0\s+R")
    pages = None if tree is None else _object(pdf, tree)
    kids = None if pages is None else re.search(rb"/Kids\s*\[(.*?)\]", pages, re.DOTALL)
    return [] if kids is None else [int(n) for n in re.findall(rb"(\d+)\s+0\s+R", kids[1])]


def _outline(marks: list[Mark], pages: list[int], first: int) -> dict[int, bytes]:
    """The outline's own object `first`, and one for each mark after it."""
    last = first + len(marks)
    objects = {
        first: b"<<\n/Type /Outlines\n/First %d 0 R\n/Last %d 0 R\n/Count %d\n>>"
        % (first + 1, last, len(marks))
    }
    for number, mark in enumerate(marks, first + 1):
        lines = [
            b"/Title %s" % _text(mark.title),
            b"/Parent %d 0 R" % first,
            b"/Dest [%d 0 R /XYZ 0 %.1f 0]" % (pages[mark.page], mark.top),
        ]
        if number > first + 1:
            lines.append(b"/Prev %d 0 R" % (number - 1))
        if number < last:
            lines.append(b"/Next %d 0 R" % (number + 1))
        objects[number] = b"<<\n" + b"\n".join(lines) + b"\n>>"
    return objects


def _text(text: str) -> bytes:
    """A PDF string in UTF-16, as digits: nothing in it needs escaping."""
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"


def _update(length: int, objects: dict[int, bytes], trailer: bytes, start: int) -> bytes:
    body, table = b"\n", b"xref\n"
    for number in sorted(objects):
        table += b"%d 1\n%010d 00000 n \n" % (number, length + len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    size = max(objects) + 1
    renewed = re.sub(rb"/Size\s+\d+", b"/Size %d" % size, trailer).rstrip()
    place = length + len(body)
    return (
        body
        + table
        + b"trailer\n<<%s\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            renewed,
            start,
            place,
        )
    )
