"""The room between toolbar and status bar: find bar, pane, inspector beside or over the pane."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.widgets.find_bar import FindBar
from app.widgets.slide_panel import SlidePanel
from app.widgets.theme import Theme

NARROWEST_PANE = 560


class ContentArea(QWidget):
    """The inspector pushes the pane while that keeps its least width, else it lies over it."""

    def __init__(
        self, pane: QWidget, find_bar: FindBar, inspector: SlidePanel, theme: Theme
    ) -> None:
        super().__init__()
        self._pane = pane
        self._find_bar = find_bar
        self._inspector = inspector
        self._theme = theme
        for part in (pane, find_bar, inspector):
            part.setParent(self)
        inspector.width_changed.connect(self.arrange)
        find_bar.closed.connect(self.arrange)
        theme.changed.connect(self.arrange)
        self.setMinimumSize(320, 200)

    def arrange(self) -> None:
        """Puts the parts where they belong."""
        width, height = self.width(), self.height()
        top = 0 if self._find_bar.isHidden() else self._find_bar.height()
        panel = 0 if self._inspector.isHidden() else self._inspector.width()
        is_beside = width - self._inspector.shown_when_open >= NARROWEST_PANE
        room = width - panel if is_beside else width
        pane = QRect(0, top, room, height - top)
        side = QRect(width - panel, 0, panel, height)
        bar = QRect(0, 0, room, top)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            for rect in (pane, side, bar):
                rect.moveLeft(width - rect.left() - rect.width())
        self._pane.setGeometry(pane)
        self._find_bar.setGeometry(bar)
        self._inspector.setGeometry(side)
        self._inspector.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges the parts."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, should a pane leave some free."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)
