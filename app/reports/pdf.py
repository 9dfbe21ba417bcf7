"""A report as PDF: selectable text, whole table rows under repeated heads, page n of m, outline."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUuid
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from app.reports.options import Paper, Progress, ReportError
from app.reports.pdf_content import write_content
from app.reports.pdf_outline import Mark, with_outline
from app.reports.pdf_paging import blocks_from, top_of
from app.reports.pdf_sheet import (
    OUTLINE,
    SMALL,
    UNITS_PER_POINT,
    font,
    new_document,
    units,
)
from app.reports.values import Report

SIDE, ABOVE, BELOW = 50.0, 46.0, 56.0  # margins of the page, in points
FOOT = 28.0  # from the paper's lower edge to the footer
MOST_PAGES = 5_000  # beyond, Qt's coordinates come to their end
SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}


def render_pdf(report: Report, paper: Paper, progress: Progress = lambda _share: None) -> bytes:
    """The whole file. Works on any thread of a process with a QGuiApplication.

    `progress` is called after each turn and page and may raise Cancelled. Raises ReportError if
    the report is too long for one PDF.
    """
    page = QPageSize(SIZES[paper]).size(QPageSize.Unit.Point)
    inner = QSizeF(page.width() - 2 * SIDE, page.height() - ABOVE - BELOW)
    document = new_document(inner)
    write_content(document, report, lambda share: progress(share * 0.5))
    if document.pageCount() > MOST_PAGES:
        raise ReportError(
            f"The report has {document.pageCount():,} pages; a PDF can have {MOST_PAGES:,}.",
            "Export it as HTML or Markdown, or leave thoughts and pictures out.",
        )
    marks = tuple(_marks(document, page.height()))
    painted = _painted(document, report, paper, lambda share: progress(0.5 + share * 0.5))
    return with_outline(painted, marks)


def _marks(document: QTextDocument, page_height: float) -> Iterator[Mark]:
    height = document.pageSize().height()
    for block in blocks_from(document.begin()):
        if title := block.blockFormat().stringProperty(OUTLINE):
            page, below = divmod(top_of(block), height)
            top = page_height - ABOVE - below / UNITS_PER_POINT
            yield Mark(title, int(page), top)


def _painted(document: QTextDocument, report: Report, paper: Paper, progress: Progress) -> bytes:
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(72 * UNITS_PER_POINT)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(SIZES[paper]),
            QPageLayout.Orientation.Portrait,
            QMarginsF(SIDE, ABOVE, SIDE, BELOW),
            QPageLayout.Unit.Point,
        )
    )
    writer.setTitle(report.title)
    writer.setCreator("Facet")
    # From the content, so that the same report is the same file apart from its date.
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), report.identity.encode()))
    writer.addFileAttachment("reproduction.json", report.reproduction.encode(), "application/json")
    painter = QPainter(writer)
    try:
        pages = document.pageCount()
        for page in range(pages):
            if page:
                writer.newPage()
            _page(painter, document, page)
            _footer(painter, document.pageSize(), report.identity, page + 1, pages)
            progress((page + 1) / pages)
    finally:
        painter.end()
    return bytes(held.data().data())


def _page(painter: QPainter, document: QTextDocument, page: int) -> None:
    size = document.pageSize()
    part = QRectF(0, page * size.height(), size.width(), size.height())
    painter.save()
    painter.translate(0, -part.top())
    painter.setClipRect(part)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = part
    document.documentLayout().draw(painter, context)
    painter.restore()


def _footer(painter: QPainter, size: QSizeF, identity: str, page: int, pages: int) -> None:
    painter.save()
    painter.setFont(font(SMALL))
    painter.setPen(QColor(SMALL.colour))
    top = size.height() + units(BELOW - FOOT - SMALL.line)
    line = QRectF(0, top, size.width(), units(SMALL.line))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, "Made with Facet on this machine")
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignHCenter, f"report {identity}")
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, f"{page} of {pages}")
    painter.restore()
