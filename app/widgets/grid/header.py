"""The head of the checked grid, painted, so that it looks the same on every system."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.widgets.grid.delegate import PAD
from app.widgets.grid.model import CHECK, FIGURE, HEADS, NUMBER, VALUE
from app.widgets.paint import hairline
from app.widgets.theme import Theme


class FigureHeader(QHeaderView):
    """Names of the columns on the quiet ground."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(16)
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """28 down, more with larger text."""
        height = max(self._theme.px(28), self.fontMetrics().height() + 2 * self._theme.px(6))
        return QSize(super().sizeHint().width(), height)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Ground, name, hairline."""
        tokens, pad = self._theme.tokens, self._theme.px(PAD)
        painter.save()
        painter.fillRect(rect, tokens.sunk)
        hairline(painter, rect.left(), rect.bottom(), rect.width() + 1, tokens.line)
        painter.setFont(self._theme.font("caption_bold"))
        painter.setPen(tokens.text2)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        end = Qt.AlignmentFlag.AlignLeft if is_mirrored else Qt.AlignmentFlag.AlignRight
        align = {NUMBER: Qt.AlignmentFlag.AlignHCenter, VALUE: end}.get(section, start)
        inner = rect.adjusted(4, 0, -pad, 0) if section in (FIGURE, VALUE) else rect
        if section == CHECK:
            inner = rect.adjusted(pad // 2, 0, -pad // 2, 0)
        absolute = align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(absolute), HEADS[section])
        painter.restore()

    def _restyle(self) -> None:
        self.setFont(self._theme.font("caption_bold"))
        self.updateGeometry()
        self.viewport().update()
