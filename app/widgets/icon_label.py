"""An icon, or the gem, that only illustrates the words beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import icons
from app.widgets.theme import Theme


class IconLabel(QWidget):
    """An icon in a colour of the theme; the name "gem" draws our mark."""

    def __init__(
        self,
        icon: str,
        theme: Theme,
        px: int = 16,
        colour: str = "text2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._theme, self._px, self._colour = icon, theme, px, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """A square that grows with the text."""
        side = self._theme.px(self._px)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._icon == "gem":
            icons.draw_gem(painter, rect)
        else:
            icons.draw(painter, self._icon, rect, self._theme.colour(self._colour))
