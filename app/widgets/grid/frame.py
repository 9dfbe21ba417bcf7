"""The rounded frame around the checked grid."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.control import KEYBOARD_REASONS
from app.widgets.grid.view import FigureView
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

LEAST_ROWS, RADIUS = 4, 9


class GridFrame(QWidget):
    """The rounded frame around the table. As high as its rows, less where there is no room."""

    def __init__(self, view: FigureView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._theme = view, theme
        self.has_keyboard_focus = False
        view.setParent(self)
        self._corners = _Corners(self, theme)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        view.installEventFilter(self)
        view.figure_model.modelReset.connect(self.updateGeometry)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(300, self._view.whole_height() + 2)

    def minimumSizeHint(self) -> QSize:
        """A few rows."""
        rows = min(LEAST_ROWS, self._view.figure_model.rowCount()) + 1
        row = self._view.verticalHeader().defaultSectionSize()
        return QSize(self._view.least_width() + 2, rows * row + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The table inside, the corners on top."""
        super().resizeEvent(event)
        self._view.setGeometry(self.rect().adjusted(1, 1, -1, -1))
        self._corners.setGeometry(self.rect())
        self._corners.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame shows where the keyboard is, once the keyboard has brought it there."""
        if watched is self._view and isinstance(event, QFocusEvent):
            is_in = event.type() == QEvent.Type.FocusIn
            self.has_keyboard_focus = is_in and event.reason() in KEYBOARD_REASONS
            self._corners.update()
        return False


class _Corners(QWidget):
    """The frame's line, and the pane's ground outside its round corners."""

    def __init__(self, frame: GridFrame, theme: Theme) -> None:
        super().__init__(frame)
        self._frame, self._theme = frame, theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside = QPainterPath()
        inside.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.fillPath(outside.subtracted(inside), tokens.win)
        has_focus = self._frame.has_keyboard_focus
        edge, width = (tokens.acc, 1.5) if has_focus else (tokens.line, 1.0)
        round_rect(painter, QRectF(self.rect()), RADIUS, edge=edge, width=width)
