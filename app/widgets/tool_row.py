"""A tool call of an answer: one quiet row with what was done and what came of it."""

from __future__ import annotations

import json

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.core.conversation import ToolRecord
from app.markdown.clean import name as shown
from app.widgets import icons
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

HEIGHT = 44
LONGEST = 200


class ToolRow(QWidget):
    """Name, arguments and result of one call."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = self._result = ""

    def set_record(self, record: ToolRecord) -> None:
        """Show this call."""
        arguments = ", ".join(
            f"{shown(key)}: {shown(_said(value))}" for key, value in record.arguments.items()
        )
        self._words = f"{shown(record.name)} ({arguments})" if arguments else shown(record.name)
        self._result = "not run" if record.result is None else shown(record.result)[:LONGEST]
        self.setAccessibleName(f"Tool call: {self._words}. Result: {self._result}")
        self.setToolTip(f"{self._words}\n{self._result}")
        self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(200, max(HEIGHT, self._theme.px(HEIGHT)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, call, result."""
        painter = QPainter(self)
        tokens, px = self._theme.tokens, self._theme.px
        area = QRectF(self.rect())
        round_rect(painter, area, 10, edge=tokens.line)
        icons.draw(painter, "wrench", QRectF(12, 0, px(15), area.height()), tokens.text2)
        words = area.adjusted(px(36), 0, -14, 0)
        painter.setFont(self._theme.font("small"))
        painter.setPen(tokens.text2)
        metrics = painter.fontMetrics()
        result = metrics.elidedText(
            self._result, Qt.TextElideMode.ElideRight, int(words.width() * 0.4)
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, result)
        words.setRight(words.right() - metrics.horizontalAdvance(result) - 12)
        painter.setFont(self._theme.font("small_medium"))
        painter.setPen(tokens.text)
        call = painter.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, call)


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
