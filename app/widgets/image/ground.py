"""The picture on the canvas: the part in view, from the level that fits, painted once."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.core.pyramid import Pixels, level_for
from app.widgets.paint import draw_shadow, round_rect
from app.widgets.theme import Theme

SHARP_ZOOM = 4.0  # from here on, each pixel is shown as a square
_SPARE = 2  # pixels around the part in view, so that smoothing has neighbours at its edge


class Ground:
    """Paints a picture into a viewport and keeps the result until something changes."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._levels: tuple[Pixels, ...] = ()
        self._key: object = None
        self._painted = QPixmap()

    def set_levels(self, made: tuple[Pixels, ...]) -> None:
        """Another picture, largest level first."""
        self._levels = made
        self._key = None

    def forget(self) -> None:
        """Paint anew, for instance in other colours."""
        self._key = None

    def painted(self, size: QSize, ratio: float, target: QRectF) -> QPixmap:
        """The viewport's ground of `size` logical pixels with the whole picture at `target`."""
        key = (size.toTuple(), ratio, target.getRect())
        if key != self._key:
            self._key = key
            self._painted = self._paint(size, ratio, target)
        return self._painted

    def _paint(self, size: QSize, ratio: float, target: QRectF) -> QPixmap:
        made = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(self._theme.tokens.sunk)
        painter = QPainter(made)
        if not target.isEmpty():
            draw_shadow(painter, target, 2, 2, self._theme)
            painter.fillRect(target, self._theme.tokens.track)
        if self._levels:
            level = self._levels[level_for(self._levels, target.width() * ratio)]
            draw_pixels(painter, level, target, QRectF(0, 0, size.width(), size.height()))
            round_rect(painter, target.adjusted(-1, -1, 1, 1), 1, edge=self._theme.tokens.line)
        painter.end()
        return made


def draw_pixels(painter: QPainter, pixels: Pixels, target: QRectF, view: QRectF) -> None:
    """Draws what lies in `view` of `pixels` uint8 [H, W, 3] stretched over `target`."""
    seen = target.intersected(view)
    if seen.isEmpty():
        return
    height, width = pixels.shape[:2]
    across, down = width / target.width(), height / target.height()
    left = max(0, math.floor((seen.left() - target.left()) * across) - _SPARE)
    top = max(0, math.floor((seen.top() - target.top()) * down) - _SPARE)
    right = min(width, math.ceil((seen.right() - target.left()) * across) + _SPARE)
    bottom = min(height, math.ceil((seen.bottom() - target.top()) * down) + _SPARE)
    if right <= left or bottom <= top:
        return
    image = image_of(pixels[top:bottom, left:right])
    place = QRectF(
        target.left() + left / across,
        target.top() + top / down,
        (right - left) / across,
        (bottom - top) / down,
    )
    painter.save()
    painter.setClipRect(view)
    is_smooth = 1 / across < SHARP_ZOOM
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
    painter.drawImage(place, image)
    painter.restore()


def image_of(pixels: Pixels) -> QImage:
    """uint8 RGB [H, W, 3] as a picture of Qt that owns its bytes."""
    rows = np.ascontiguousarray(pixels)
    height, width, _ = rows.shape
    view = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32, Qt.ImageConversionFlag.AutoColor)
