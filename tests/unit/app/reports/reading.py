"""What the tests of reports share: surroundings that stand still, HTML read back, PDF text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pypdfium2

from app.core.conversation import Conversation
from app.reports.content import build_report
from app.reports.options import ReportOptions
from app.reports.surroundings import Surroundings
from app.reports.values import Report
from tests.fakes.conversations import FakeBlobs

AROUND = Surroundings(
    made_at=datetime(2026, 11, 24, 14, 41, tzinfo=UTC),
    facet="0.1.0",
    mlx="0.32.4",
    python="3.13.1",
    system="macOS 26.1 (arm64)",
    machine="arm, 24 GB",
)
VOID = {"meta", "img", "br", "hr", "path", "circle"}


def report_of(
    conversation: Conversation, blobs: FakeBlobs, options: ReportOptions | None = None
) -> Report:
    """The report, made at a fixed moment on a fixed machine."""
    return build_report(conversation, options or ReportOptions(), blobs.path, AROUND)


class Page(HTMLParser):
    """Elements and text of a page. Fails on an element that is closed out of turn."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    @property
    def text(self) -> str:
        """All text outside the style sheet."""
        return " ".join(" ".join(self.texts).split())

    def named(self, name: str) -> list[dict[str, str]]:
        """The attributes of every element of a name."""
        return [attributes for found, attributes in self.elements if found == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        opened = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.texts.append(data)


def pdf_pages(pdf: bytes) -> list[str]:
    """The text of every page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return list(_texts(document))
    finally:
        document.close()


def _texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    for page in document:
        texts = page.get_textpage()
        yield " ".join(texts.get_text_range().split())
        texts.close()
        page.close()


def outline(pdf: bytes) -> list[tuple[str, int]]:
    """Titles and pages (from 0) of the outline."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for mark in document.get_toc():
            target = mark.get_dest()
            assert target is not None
            found.append((mark.get_title(), target.get_index() or 0))
        return found
    finally:
        document.close()
