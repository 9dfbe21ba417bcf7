"""Arrays of pixels as pictures to be painted: kept for as long as their array is the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

Pixels = NDArray[np.uint8]


def image_of(pixels: Pixels) -> QImage:
    """A picture with its own copy of the pixels, uint8 RGB [H, W, 3]."""
    rows = np.ascontiguousarray(pixels)
    height, width, _ = rows.shape
    made = QImage(rows.data, width, height, width * 3, QImage.Format.Format_RGB888)
    return made.copy()


def fitted(size: QSize, room: QRectF) -> QRectF:
    """Where a picture of `size` lies, whole and centred, in `room`."""
    if size.isEmpty() or room.isEmpty():
        return QRectF()
    scale = min(room.width() / size.width(), room.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    return QRectF(
        round(room.x() + (room.width() - width) / 2),
        round(room.y() + (room.height() - height) / 2),
        round(width),
        round(height),
    )


def filling(pixels: Pixels, size: QSize, ratio: float, radius: float = 0.0) -> QPixmap:
    """The middle of a picture, so scaled that it fills `size` logical pixels; round corners."""
    wanted = QSize(max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio)))
    scaled = image_of(pixels).scaled(
        wanted,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    cut = QRect(
        (scaled.width() - wanted.width()) // 2,
        (scaled.height() - wanted.height()) // 2,
        wanted.width(),
        wanted.height(),
    )
    made = QPixmap(wanted)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(QRect(QPoint(0, 0), wanted)), radius * ratio, radius * ratio)
    painter.setClipPath(shape)
    painter.drawImage(QPoint(0, 0), scaled, cut)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
