"""A panel at a side of the window that slides open and shut and can be dragged wider."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Property, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.motion import PANEL_MS, animate
from app.widgets.theme import Theme

GRIP_PX = 6

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
    """Holds one widget. While it slides the widget keeps its width, so nothing in it jumps."""

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
        self._shown = float(self._width)
        content.setParent(self)
        self._grip = _Grip(self)
        self._grip.dragged.connect(self._on_dragged)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(self._width)

    @property
    def is_open(self) -> bool:
        """Whether it is, or slides, open."""
        return self._is_open

    @property
    def open_width(self) -> int:
        """Its width when open."""
        return self._width

    def set_open_width(self, width: int) -> None:
        """Another width, within limits."""
        self._width = min(max(width, self._narrowest), self._widest)
        if self._is_open:
            self._set_shown(float(self._width))

    def set_open(self, is_open: bool, is_animated: bool = True) -> None:
        """Slides open or shut."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        if is_open:
            self._content.show()
        end = float(self._width) if is_open else 0.0
        if is_animated and self.window().isVisible():
            animate(self, "shown_width", end, PANEL_MS, self._theme, start=self._shown)
        else:
            self._set_shown(end)
        self.open_changed.emit(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The content hangs on the edge that moves."""
        super().resizeEvent(event)
        is_left = (self._side == "start") != self._is_mirrored()
        left = self.width() - self._width if is_left else 0
        self._content.setGeometry(left, 0, self._width, self.height())
        edge = self.width() - GRIP_PX if is_left else 0
        self._grip.setGeometry(edge, 0, GRIP_PX, self.height())
        self._grip.raise_()

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _on_dragged(self, x: int) -> None:
        left = self.mapToGlobal(self.rect().topLeft()).x()
        is_left = (self._side == "start") != self._is_mirrored()
        self.set_open_width(x - left if is_left else left + self.width() - x)

    def _get_shown(self) -> float:
        return self._shown

    def _set_shown(self, width: float) -> None:
        self._shown = width
        self.setFixedWidth(round(width))
        # Hidden content takes no part in the tab order.
        self._content.setVisible(width > 0)
        self.width_changed.emit()

    shown_width = Property(float, _get_shown, _set_shown)
