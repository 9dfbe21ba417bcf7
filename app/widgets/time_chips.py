"""The rounded grounds under the moments of an answer, such as 1:20."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTextBlock, QTextLine

from app.markdown.times import SCHEME
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

RADIUS = 5.0
REACH = 3.0  # to the left and right of the digits; a space is a little wider


def chip_rects(block: QTextBlock, block_rect: QRectF) -> list[QRectF]:
    """Where the moments of a text block lie; one that is wrapped has a rect on each line."""
    layout, found = block.layout(), []
    for item in block.textFormats():
        if not item.format.anchorHref().startswith(SCHEME):
            continue
        end = item.start + item.length
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first = max(item.start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if first < last:
                found.append(_rect(line, first, last).translated(block_rect.topLeft()))
    return found


def paint_time_chips(
    painter: QPainter, block: QTextBlock, block_rect: QRectF, theme: Theme
) -> None:
    """Paint them under the text of a block."""
    tokens = theme.tokens
    edge = tokens.acc if theme.is_contrast_high else None
    for rect in chip_rects(block, block_rect):
        round_rect(painter, rect, RADIUS, tokens.accsoft, edge)


def _rect(line: QTextLine, first: int, last: int) -> QRectF:
    x = sorted((_x(line, first), _x(line, last)))
    left, right = x[0] - REACH, x[1] + REACH
    # As high as the letters: lines are set with room between them.
    return QRectF(left, line.y() - 1, right - left, line.ascent() + line.descent() + 2)


def _x(line: QTextLine, place: int) -> float:
    found: object = line.cursorToX(place, QTextLine.Edge.Leading)
    if isinstance(found, tuple):  # the place that was taken comes along
        found = found[0]
    assert isinstance(found, float)
    return found
