"""Drawing that several widgets share: rounded grounds on the pixel grid, hairlines, shadows."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from app.widgets.theme import Theme

# depth: (blur, offset down, share of black in light, in dark)
DEPTHS = {2: (14, 4, 0.07, 0.35), 3: (36, 12, 0.18, 0.50)}


def round_rect(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded ground; the edge lies inside `rect`, so that a 1 px line hits whole pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if edge is not None:
        inset = width / 2
        rect = rect.adjusted(inset, inset, -inset, -inset)
        radius = max(0.0, radius - inset)
    painter.setPen(QPen(edge, width) if edge is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def hairline(painter: QPainter, x: float, y: float, length: float, colour: QColor) -> None:
    """A horizontal line of one logical pixel."""
    painter.fillRect(QRectF(round(x), round(y), round(length), 1), colour)


def vertical_hairline(painter: QPainter, x: float, y: float, length: float, colour: QColor) -> None:
    """A vertical line of one logical pixel."""
    painter.fillRect(QRectF(round(x), round(y), 1, round(length)), colour)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """The 2 px ring of keyboard focus along the inside of `rect`."""
    round_rect(painter, rect, radius, edge=theme.tokens.acc, width=2.0)


def shadow_margin(depth: int) -> int:
    """How far a shadow reaches beyond its card, below and to the sides."""
    blur, down, _, _ = DEPTHS[depth]
    return blur + down


def draw_shadow(painter: QPainter, card: QRectF, radius: float, depth: int, theme: Theme) -> None:
    """The shadow around a card, from nine parts of a picture made once per look and screen."""
    blur, down, light, dark = DEPTHS[depth]
    device = painter.device()
    ratio = device.devicePixelRatio() if device else 1.0
    share = dark if theme.is_dark else light
    picture = _shadow(blur, round(radius), round(share * 255), ratio)
    corner = blur + round(radius) + blur  # so large that the middle row is straight
    _nine_parts(
        painter,
        picture,
        card.adjusted(-blur, -blur + down, blur, blur + down),
        float(corner),
        ratio,
    )


def _nine_parts(
    painter: QPainter, picture: QPixmap, target: QRectF, corner: float, ratio: float
) -> None:
    corner = min(corner, target.width() / 2, target.height() / 2)
    side = picture.width() / ratio
    from_x = (0.0, corner, side - corner, side)
    to_x = (target.left(), target.left() + corner, target.right() - corner, target.right())
    to_y = (target.top(), target.top() + corner, target.bottom() - corner, target.bottom())
    for column in range(3):
        for row in range(3):
            source = QRectF(
                QPointF(from_x[column] * ratio, from_x[row] * ratio),
                QPointF(from_x[column + 1] * ratio, from_x[row + 1] * ratio),
            )
            part = QRectF(
                QPointF(to_x[column], to_y[row]), QPointF(to_x[column + 1], to_y[row + 1])
            )
            if part.width() > 0 and part.height() > 0:
                painter.drawPixmap(part, picture, source)


@lru_cache(maxsize=16)
def _shadow(blur: int, radius: int, alpha: int, ratio: float) -> QPixmap:
    """The shadow of a square card: its shape blurred three times by a box, nearly Gaussian."""
    side = round((2 * (blur + radius + blur) + 8) * ratio)
    image = QImage(side, side, QImage.Format.Format_Alpha8)
    image.fill(0)
    painter = QPainter(image)
    margin = blur * ratio
    shape = QRectF(margin, margin, side - 2 * margin, side - 2 * margin)
    round_rect(painter, shape, radius * ratio, QColor(0, 0, 0, alpha))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(side, image.bytesPerLine())
    blurred = rows[:, :side].astype(np.float32)
    for _ in range(3):
        blurred = _box(_box(blurred, round(blur * ratio / 3)).T, round(blur * ratio / 3)).T
    argb = np.ascontiguousarray(blurred.round().astype(np.uint32) << 24)
    made = QImage(argb.tobytes(), side, side, QImage.Format.Format_ARGB32_Premultiplied)
    picture = QPixmap.fromImage(made.copy())  # the copy owns its bytes
    picture.setDevicePixelRatio(ratio)
    return picture


def _box(rows: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """The mean over 2 * radius + 1 neighbours along each row; nothing beyond the edges."""
    width = 2 * radius + 1
    padded = np.pad(rows, ((0, 0), (radius + 1, radius)))
    sums = np.cumsum(padded, axis=1, dtype=np.float64)
    return ((sums[:, width:] - sums[:, :-width]) / width).astype(np.float32)
