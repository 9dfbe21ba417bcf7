"""Where blocks lie on the pages, and headings that stay with what they are the heading of."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextFormat

from app.reports.pdf_sheet import KEEPS_NEXT


def blocks_from(block: QTextBlock) -> Iterator[QTextBlock]:
    """`block` and all after it."""
    while block.isValid():
        yield block
        block = block.next()


def top_of(block: QTextBlock) -> float:
    """The upper edge of a block in the document, which is all pages one under the other."""
    return block.document().documentLayout().blockBoundingRect(block).top()


def keep_headings(document: QTextDocument, position: int) -> None:
    """From `position` on, a heading alone at the foot of a page goes to the next one."""
    height = document.pageSize().height()
    for block in blocks_from(document.findBlock(position)):
        if not _keeps_next(block):
            continue
        after = block.next()
        while after.isValid() and _keeps_next(after):
            after = after.next()
        if after.isValid() and int(top_of(block) // height) < int(_first_line(after) // height):
            form = block.blockFormat()
            form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(block).setBlockFormat(form)


def _keeps_next(block: QTextBlock) -> bool:
    return block.blockFormat().boolProperty(KEEPS_NEXT)


def _first_line(block: QTextBlock) -> float:
    """Where the first line of a block lies; a block may begin above a page break."""
    lines = block.layout()
    return top_of(block) + (lines.lineAt(0).y() if lines.lineCount() else 0.0)
