"""A thin line in the transcript: that the model was changed, say."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from app.markdown.clean import name as shown
from app.widgets.message import Message
from app.widgets.paint import hairline

GAP = 12


class NoteMessage(Message):
    """Words between two hairlines."""

    def arrange(self, _width: int) -> int:
        """One line."""
        return max(20, round(self.theme.line_height("caption")) + 4)

    def spoken(self) -> str:
        """The words."""
        return shown(self.view.text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words in the middle."""
        painter = QPainter(self)
        painter.setFont(self.theme.font("caption"))
        metrics = painter.fontMetrics()
        room = self.width() - 80
        text = metrics.elidedText(shown(self.view.text), Qt.TextElideMode.ElideRight, room)
        half = (metrics.horizontalAdvance(text) + 2 * GAP) / 2
        middle = self.width() / 2
        y = self.height() / 2
        line = self.theme.tokens.line
        hairline(painter, 0, y, middle - half, line)
        hairline(painter, middle + half, y, middle - half, line)
        painter.setPen(self.theme.tokens.text3)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)
