"""The program's icon, drawn from the gem: a Mac's .icns or a PNG.

python packaging/icon.py OUT.icns
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QLinearGradient, QPainter

from app.widgets.drop_veil import png
from app.widgets.icons import GEM_SIZE, draw_gem

SIDE = 1024
GROUND = (100, 824, 185)  # where Apple's grid puts the rounded square, its side, its radius
TOP, BOTTOM = QColor(252, 252, 255), QColor(226, 229, 247)
GEM_WIDTH = 500


def drawn() -> Image.Image:
    """1024 x 1024 pixels, transparent around a light square with the gem on it."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    begin, side, radius = GROUND
    light = QLinearGradient(0, begin, 0, begin + side)
    light.setColorAt(0, TOP)
    light.setColorAt(1, BOTTOM)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(light)
    painter.drawRoundedRect(QRectF(begin, begin, side, side), radius, radius)
    height = GEM_WIDTH * GEM_SIZE[1] / GEM_SIZE[0]
    draw_gem(painter, QRectF((SIDE - GEM_WIDTH) / 2, (SIDE - height) / 2 + 12, GEM_WIDTH, height))
    painter.end()
    return Image.open(BytesIO(png(image)))


def main(out: Path) -> int:
    """Draw and save."""
    application = QGuiApplication.instance() or QGuiApplication([])
    out.parent.mkdir(parents=True, exist_ok=True)
    drawn().save(out)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
