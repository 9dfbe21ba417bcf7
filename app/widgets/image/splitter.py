"""A splitter with a hairline that is easier to catch than to see."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from app.widgets.paint import hairline, vertical_hairline
from app.widgets.theme import Theme


class PaneSplitter(QSplitter):
    """Two parts; the second keeps its size when the whole grows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._wanted = 0
        self.setHandleWidth(1)

    def set_end_size(self, pixels: int) -> None:
        """The size of the second part."""
        self._wanted = pixels
        is_across = self.orientation() == Qt.Orientation.Horizontal
        whole = (self.width() if is_across else self.height()) or 10 * pixels
        self.setSizes([max(1, whole - pixels - 1), pixels])

    def createHandle(self) -> QSplitterHandle:
        """The hairline."""
        return _Handle(self.orientation(), self, self._theme)


class _Handle(QSplitterHandle):
    """One pixel painted; Qt lets a handle of that width be caught beside it as well."""

    def __init__(self, orientation: Qt.Orientation, parent: QSplitter, theme: Theme) -> None:
        super().__init__(orientation, parent)
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, line = QPainter(self), self.contentsRect()
        if self.orientation() == Qt.Orientation.Horizontal:
            vertical_hairline(painter, line.left(), 0, self.height(), self._theme.tokens.line)
        else:
            hairline(painter, 0, line.top(), self.width(), self._theme.tokens.line)
