"""What lies over the picture: evidence boxes, crops with handles, the rectangle being drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.core.crops import Crop
from app.viewmodels.image_values import EvidenceBox
from app.widgets.image.view_geometry import TAG_HEIGHT, TAG_WIDTH, handle_rects, tag_rect
from app.widgets.paint import round_rect
from app.widgets.theme import EVIDENCE, Theme

RADIUS = 4
SHADE, EDGE = 0.42, 0.7  # how dark what is left out becomes, and how strong the white edge is
_TONES = {
    "confirmed": "ok",
    "differs": "warn",
    "not found": "bad",
    "by hand": "acc",
    "checking": "acc",
}

Placed = Callable[[Crop], QRectF]


def draw_boxes(
    painter: QPainter,
    boxes: Sequence[EvidenceBox],
    lit: str,
    place: Placed,
    view: QRectF,
    theme: Theme,
) -> None:
    """Boxes in the colour of their state, with their numbers beside them; the lit one last."""
    for box in sorted(boxes, key=lambda each: each.id == lit):
        area = place(box.crop)
        if area.adjusted(-40, -40, 40, 40).intersects(view):
            _draw_box(painter, box, area, view, box.id == lit, theme)


def box_at(
    boxes: Sequence[EvidenceBox], point: QPointF, place: Placed, view: QRectF, theme: Theme
) -> str:
    """The id of the smallest box, or tag, under a point; "" for none."""
    under = [
        (area.width() * area.height(), box.id)
        for box in boxes
        if (area := place(box.crop)).contains(point)
        or tag_rect(area, view, *_tag_size(box, theme)).contains(point)
    ]
    return min(under)[1] if under else ""


def draw_shade(painter: QPainter, hole: QRectF, around: QRectF) -> None:
    """Darkens the picture around what is asked about."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    path.addRect(around)
    path.addRect(hole)
    shade = QColor(Qt.GlobalColor.black)
    shade.setAlphaF(SHADE)
    painter.fillPath(path, shade)


def draw_crop(painter: QPainter, area: QRectF, has_handles: bool) -> None:
    """The frame of the crop in force."""
    _edge(painter, area)
    painter.setPen(QPen(EVIDENCE["acc"], 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    if has_handles:
        for handle in handle_rects(area).values():
            round_rect(painter, handle, 2, EVIDENCE["edge"], EVIDENCE["acc"], 1.5)


def draw_outer_crop(painter: QPainter, area: QRectF) -> None:
    """The frame of a crop that the one in force lies in."""
    _edge(painter, area)
    pen = QPen(EVIDENCE["acc"], 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)


def draw_size(painter: QPainter, words: str, area: QRectF, view: QRectF, theme: Theme) -> None:
    """The size of a crop, on a small ground under its lower right corner."""
    painter.setFont(theme.font("small_medium"))
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 6
    left = min(max(area.right() - width, view.left() + 2), view.right() - width - 2)
    top = min(area.bottom() + 8, view.bottom() - height - 2)
    ground = QRectF(round(left), round(top), width, height)
    round_rect(painter, ground, 5, EVIDENCE["acc"])
    painter.setPen(EVIDENCE["edge"])
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, words)


def draw_words(painter: QPainter, words: str, area: QRectF, theme: Theme) -> None:
    """A sentence on a small ground in the upper corner, over any picture."""
    painter.setFont(theme.font("small_medium"))
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 16, metrics.height() + 8
    ground = QRectF(area.left() + 8, area.top() + 8, width, height)
    round_rect(painter, ground, 5, theme.tokens.raised, theme.tokens.line2)
    painter.setPen(theme.tokens.text)
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, words)


def _draw_box(
    painter: QPainter, box: EvidenceBox, area: QRectF, view: QRectF, is_lit: bool, theme: Theme
) -> None:
    colour = EVIDENCE[_TONES.get(box.state, "plain")]
    fill = QColor(colour)
    fill.setAlphaF(0.14 if is_lit else 0.05)
    width = 2.5 if is_lit else 2.0
    _edge(painter, area.adjusted(-1, -1, 1, 1), RADIUS + 1)
    round_rect(painter, area, RADIUS, fill, colour, width)
    if box.number:
        tag = tag_rect(area, view, *_tag_size(box, theme))
        _edge(painter, tag, 3)
        round_rect(painter, tag, 3, colour)
        painter.setFont(theme.font("caption_bold"))
        painter.setPen(EVIDENCE["edge"])
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, box.number)


def _tag_size(box: EvidenceBox, theme: Theme) -> tuple[float, float]:
    extra = max(0, len(box.number) - 2) * theme.px(7)
    return theme.px(TAG_WIDTH) + extra, theme.px(TAG_HEIGHT)


def _edge(painter: QPainter, area: QRectF, radius: float = 0.0) -> None:
    """A thin light line outside, which parts a frame from a dark picture."""
    edge = QColor(EVIDENCE["edge"])
    edge.setAlphaF(EDGE)
    round_rect(painter, area.adjusted(-1.5, -1.5, 1.5, 1.5), radius, edge=edge)
