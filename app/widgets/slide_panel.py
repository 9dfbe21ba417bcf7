"""A panel at a side of the window that slides open and shut and can be dragged wider."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Property, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.motion import PANEL_MS, animate
from app.widgets.theme import Theme

GRIP_PX = 6
GROWTH = 0.75  # of the text's own: words may wrap or be cut, so a panel need not keep up fully

Side = Literal["start", "end"]


class _Grip(QWidget):
    """The edge that can be dragged."""

    dragged = Signal(int)  # place on the screen, across

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event.globalPosition().toPoint().x())


class SlidePanel(QWidget):
    """Holds one widget. While it slides the widget keeps its width, so nothing in it jumps.

    Widths are meant for text of the usual size; larger text makes the panel wider.
    """

    width_changed = Signal()
    open_changed = Signal(bool)

    def __init__(
        self, content: QWidget, side: Side, widths: tuple[int, int, int], theme: Theme
    ) -> None:
        super().__init__()
        self._content = content
        self._side = side
        self._narrowest, self._width, self._widest = widths
        self._theme = theme
        self._is_open = True
        self._shown = float(self.shown_when_open)
        content.setParent(self)
        self._grip = _Grip(self)
        self._grip.dragged.connect(self._on_dragged)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(self.shown_when_open)
        theme.changed.connect(self._on_theme_changed)

    @property
    def is_open(self) -> bool:
        """Whether it is, or slides, open."""
        return self._is_open

    @property
    def open_width(self) -> int:
        """Its width when open, at the usual text size."""
        return self._width

    @property
    def shown_when_open(self) -> int:
        """Its width when open, at the text size in force."""
        return round(self._width * self._growth())

    def set_open_width(self, width: int) -> None:
        """Another width, within limits."""
        self._width = min(max(width, self._narrowest), self._widest)
        if self._is_open:
            self._set_shown(float(self.shown_when_open))

    def set_open(self, is_open: bool, is_animated: bool = True) -> None:
        """Slides open or shut."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        if is_open:
            self._content.show()
        end = float(self.shown_when_open) if is_open else 0.0
        if is_animated and self.window().isVisible():
            animate(self, "shown_width", end, PANEL_MS, self._theme, start=self._shown)
        else:
            self._set_shown(end)
        self.open_changed.emit(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The content hangs on the edge that moves."""
        super().resizeEvent(event)
        is_left = (self._side == "start") != self._is_mirrored()
        full = self.shown_when_open
        left = self.width() - full if is_left else 0
        self._content.setGeometry(left, 0, full, self.height())
        edge = self.width() - GRIP_PX if is_left else 0
        self._grip.setGeometry(edge, 0, GRIP_PX, self.height())
        self._grip.raise_()

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _on_dragged(self, x: int) -> None:
        left = self.mapToGlobal(self.rect().topLeft()).x()
        is_left = (self._side == "start") != self._is_mirrored()
        wanted = x - left if is_left else left + self.width() - x
        self.set_open_width(round(wanted / self._growth()))

    def _growth(self) -> float:
        return max(1.0, 1.0 + (self._theme.scale - 1.0) * GROWTH)

    def _on_theme_changed(self) -> None:
        if self._is_open:
            self._set_shown(float(self.shown_when_open))

    def _get_shown(self) -> float:
        return self._shown

    def _set_shown(self, width: float) -> None:
        self._shown = width
        self.setFixedWidth(round(width))
        # Hidden content takes no part in the tab order.
        self._content.setVisible(width > 0)
        self.width_changed.emit()

    shown_width = Property(float, _get_shown, _set_shown)
