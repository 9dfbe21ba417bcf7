"""The round button that goes to the end of the conversation."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

SIDE = 32


class EndButton(Control):
    """An arrow down in a circle; shown while the end is out of sight."""

    ring_radius = 16.0

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Go to the end", theme, parent)
        self.setToolTip("Go to the end")
        self.hide()

    def sizeHint(self) -> QSize:
        """Round."""
        side = self.theme.px(SIDE)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, edge, arrow."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        area = QRectF(self.rect())
        round_rect(painter, area, area.width() / 2, tokens.raised, tokens.line2)
        if self.is_hovered():
            round_rect(painter, area, area.width() / 2, tokens.hover)
        inset = area.width() / 4
        icons.draw(painter, "arrow-down", area.adjusted(inset, inset, -inset, -inset), tokens.text2)
