"""What lies under the text of an answer: code and table frames, quotation bars, rules."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextTable,
    QTextTableCell,
)

from app.markdown.formats import CODE_HEAD, CODE_PAD, INDENT, QUOTE_INDENT
from app.markdown.properties import Kind, Property
from app.markdown.tables import ROW_PAD
from app.widgets.answer_document import AnswerDocument
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme
from app.widgets.time_chips import paint_time_chips

RADIUS = 9.0


class AnswerGround:
    """Paints for the part of a document that is exposed, from its first block to its last."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint(self, painter: QPainter, shown: AnswerDocument, clip: QRectF) -> None:
        """Paint everything that touches `clip`."""
        document = shown.document
        layout = document.documentLayout()
        position = layout.hitTest(QPointF(1, max(0.0, clip.top())), Qt.HitTestAccuracy.FuzzyHit)
        block = document.findBlock(max(0, position))
        tables: set[int] = set()
        quoted: QRectF | None = None
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() > clip.bottom() + self._theme.px(CODE_HEAD):  # its frame may begin here
                break
            table = QTextCursor(block).currentTable()
            if isinstance(table, QTextTable):
                if table.objectIndex() not in tables:
                    tables.add(table.objectIndex())
                    self._paint_table(painter, document, table)
                block = table.lastCursorPosition().block().next()
                continue
            quoted = self._paint_quote(painter, block, rect, quoted)
            if shown.builder.style.times_until:
                paint_time_chips(painter, block, rect, self._theme)
            kind = block.blockFormat().intProperty(Property.KIND)
            if kind == Kind.CODE:
                block = self._paint_code(painter, shown, block)
                continue
            if kind == Kind.RULE:
                width = document.textWidth() - rect.left()
                line = self._theme.tokens.line2
                hairline(painter, rect.left(), rect.center().y(), width, line)
            block = block.next()

    def _paint_quote(
        self, painter: QPainter, block: QTextBlock, rect: QRectF, above: QRectF | None
    ) -> QRectF | None:
        """A bar for each level; it bridges the gap to a quoted block above."""
        depth = block.blockFormat().intProperty(Property.QUOTE)
        if not depth:
            return None
        top = above.bottom() if above is not None else rect.top()
        look = block.blockFormat()
        width = block.document().textWidth()
        for level in range(depth):
            step = self._theme.scale * QUOTE_INDENT * (depth - level)
            left = look.leftMargin() - step
            if look.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                left = width - look.rightMargin() + step - 2
            bar = QRectF(round(left), round(top), 2, round(rect.bottom()) - round(top))
            painter.fillRect(bar, self._theme.tokens.line2)
        return rect

    def _paint_code(
        self, painter: QPainter, shown: AnswerDocument, block: QTextBlock
    ) -> QTextBlock:
        """The frame of a whole code block; gives the text block behind it."""
        frame, following = code_frame(shown, block, self._theme)
        tokens = self._theme.tokens
        round_rect(painter, frame, RADIUS, tokens.sunk, tokens.line)
        return following

    def _paint_table(self, painter: QPainter, document: QTextDocument, table: QTextTable) -> None:
        rows = table_rows(document, table, self._theme)
        if not rows:
            return
        tokens = self._theme.tokens
        frame = QRectF(rows[0])
        frame.setBottom(rows[-1].bottom())
        painter.save()
        round_rect(painter, frame, RADIUS, tokens.win)
        painter.setClipRect(rows[0])
        round_rect(painter, frame, RADIUS, tokens.sunk)
        painter.restore()
        for row in rows[1:]:
            hairline(painter, frame.left(), row.top(), frame.width(), tokens.line)
        round_rect(painter, frame, RADIUS, edge=tokens.line)


def code_frame(shown: AnswerDocument, block: QTextBlock, theme: Theme) -> tuple[QRectF, QTextBlock]:
    """The frame around the code that `block` belongs to, and the block behind it."""
    builder = shown.builder
    number = block.blockFormat().intProperty(Property.BLOCK)
    while number > 0 and builder.blocks[number].is_joined:
        number -= 1
    last = number
    while last + 1 < len(builder.blocks) and _goes_on(builder.blocks[last + 1]):
        last += 1
    document = shown.document
    layout = document.documentLayout()
    first = document.findBlock(builder.start(number))
    if last + 1 < len(builder.blocks):
        following = document.findBlock(builder.start(last + 1))
        end = following.previous()
    else:
        end = document.lastBlock()
        following = end.next()
    top = layout.blockBoundingRect(first)
    indent = builder.blocks[number].indent * INDENT + builder.blocks[number].quote * QUOTE_INDENT
    left = theme.px(indent)
    bottom = layout.blockBoundingRect(end).bottom() + theme.px(CODE_PAD)
    frame = QRectF(
        left,
        round(top.top()),
        document.textWidth() - left,
        round(bottom) - round(top.top()),
    )
    return frame, following


def _goes_on(block) -> bool:  # type: ignore[no-untyped-def]
    return bool(block.kind == "code" and block.is_joined)


def table_rows(document: QTextDocument, table: QTextTable, theme: Theme) -> list[QRectF]:
    """The rows of a table as rectangles over its whole width."""
    layout = document.documentLayout()
    pad = theme.scale * ROW_PAD

    def cells(row: int) -> list[QTextTableCell]:
        return [table.cellAt(row, column) for column in range(table.columns())]

    def top(cell: QTextTableCell) -> float:
        return layout.blockBoundingRect(cell.firstCursorPosition().block()).top()

    def bottom(cell: QTextTableCell) -> float:
        return layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom()

    edges = [round(min(map(top, cells(row))) - pad) for row in range(table.rows())]
    step = "caption_bold" if table.rows() == 1 else "body"
    below = theme.line_height(step) - QFontMetricsF(theme.font(step)).height()
    edges.append(round(max(map(bottom, cells(table.rows() - 1))) + below + pad))
    left = round(table.format().leftMargin())
    width = round(document.textWidth()) - left
    return [QRectF(left, start, width, end - start) for start, end in pairwise(edges)]
