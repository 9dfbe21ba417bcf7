"""Icons from the SVG files in assets/icons, drawn in one colour at any size, and our own gem."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from app.core.bundled import ASSETS
from app.widgets.theme import GEM, Theme

ICONS = ASSETS / "icons"

FINE_PX = 14  # below it a thin stroke would fade
FINE_STROKE, STROKE = 2.25, 1.75
FILLED = {"square"}  # the sign of stopping; every other icon is drawn in lines
DISABLED_SHARE = 0.45

# The gem on a 40 x 36 ground: crown left, right, middle, then body and shade.
GEM_SIZE = (40.0, 36.0)
GEM_FACETS = (
    (0, ((11, 0), (29, 0), (20, 13))),
    (1, ((11, 0), (20, 13), (0, 13))),
    (2, ((29, 0), (40, 13), (20, 13))),
    (3, ((0, 13), (20, 13), (20, 36))),
    (4, ((40, 13), (20, 13), (20, 36))),
)


def pixmap(
    name: str, px: int, colour: QColor, ratio: float = 1.0, stroke: float | None = None
) -> QPixmap:
    """The icon as a picture of `px` logical pixels for a screen of that device ratio."""
    width = stroke if stroke is not None else (FINE_STROKE if px < FINE_PX else STROKE)
    return _rendered(name, px, colour.rgba(), ratio, width)


def draw(
    painter: QPainter, name: str, rect: QRectF, colour: QColor, stroke: float | None = None
) -> None:
    """Draws the icon centred in `rect`, as large as its shorter side."""
    px = round(min(rect.width(), rect.height()))
    device = painter.device()
    picture = pixmap(name, px, colour, device.devicePixelRatio() if device else 1.0, stroke)
    left = round(rect.x() + (rect.width() - px) / 2)
    top = round(rect.y() + (rect.height() - px) / 2)
    painter.drawPixmap(QPointF(left, top), picture)


def icon(name: str, theme: Theme, px: int = 16, ratio: float = 2.0) -> QIcon:
    """A QIcon for menus and native controls; make it anew when the theme changes."""
    tokens = theme.tokens
    faint = QColor(tokens.text3)
    faint.setAlphaF(DISABLED_SHARE)
    made = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, tokens.text2),
        (QIcon.Mode.Active, tokens.text),
        (QIcon.Mode.Disabled, faint),
        (QIcon.Mode.Selected, tokens.acc),
    ):
        made.addPixmap(pixmap(name, px, colour, ratio), mode)
    return made


def draw_gem(painter: QPainter, rect: QRectF) -> None:
    """Draws the mark of the application centred in `rect`."""
    scale = min(rect.width() / GEM_SIZE[0], rect.height() / GEM_SIZE[1])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(scale, scale)
    painter.translate(-GEM_SIZE[0] / 2, -GEM_SIZE[1] / 2)
    for shade, corners in GEM_FACETS:
        # A pen of the same colour closes the hair-wide gaps that antialiasing leaves.
        painter.setPen(QColor(GEM[shade]))
        pen = painter.pen()
        pen.setWidthF(0.3)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(GEM[shade])
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    painter.restore()


def gem_pixmap(px: int, ratio: float = 1.0) -> QPixmap:
    """The mark as a square picture, for the window's icon and About."""
    picture = QPixmap(round(px * ratio), round(px * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_gem(painter, QRectF(0, 0, px, px).adjusted(px / 16, px / 16, -px / 16, -px / 16))
    painter.end()
    return picture


@lru_cache(maxsize=512)
def _rendered(name: str, px: int, rgba: int, ratio: float, stroke: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", colour.name())
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    if name in FILLED:
        text = text.replace('fill="none"', f'fill="{colour.name()}"')
    renderer = QSvgRenderer(QByteArray(text.encode()))
    picture = QPixmap(round(px * ratio), round(px * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, px, px))
    painter.end()
    return picture
