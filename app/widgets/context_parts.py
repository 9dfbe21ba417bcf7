"""The context window by kind: one bar in parts, and a line for each part."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.viewmodels.values import ContextKind, ContextUse
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

KIND_NAMES: dict[ContextKind, str] = {
    "system": "System prompt",
    "tools": "Tools",
    "text": "Text",
    "images": "Images",
    "frames": "Frames",
    "sound": "Sound",
    "thoughts": "Thoughts",
}
KIND_COLOURS: dict[ContextKind, str] = {
    "system": "text",
    "tools": "text2",
    "text": "accfill",
    "images": "mok",
    "frames": "ok",
    "sound": "mwarn",
    "thoughts": "text3",
}

LEAST_PART_PX = 2  # what is there can be seen, however large the window


class ContextParts(QWidget):
    """The bar and a line for each kind, for the pop-over and the inspector."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._use = ContextUse()
        self.setMinimumHeight(40)
        theme.changed.connect(self.updateGeometry)

    def set_use(self, use: ContextUse) -> None:
        """Other amounts."""
        if use != self._use:
            self._use = use
            self.setAccessibleName(
                "Context by kind: "
                + ", ".join(f"{name} {tokens:,} tokens" for _, name, tokens in self._lines())
            )
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Bar and lines."""
        return QSize(200, 20 + len(self._lines()) * self._line_height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dots in the colours of the bar, names, numbers."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._paint_bar(painter, QRectF(0, 4, self.width(), 8), is_mirrored)
        painter.setFont(self._theme.font("small"))
        top = 18.0
        for colour, name, amount in self._lines():
            line = QRectF(0, top, self.width(), self._line_height())
            dot = QRectF(1, top + (line.height() - 8) / 2, 8, 8)
            if is_mirrored:
                dot.moveLeft(self.width() - 9)
            round_rect(painter, dot, 2, self._theme.colour(colour))
            painter.setPen(tokens.text2)
            start, end = Qt.AlignmentFlag.AlignLeading, Qt.AlignmentFlag.AlignTrailing
            middle = Qt.AlignmentFlag.AlignVCenter
            inner = line.adjusted(0, 0, -16, 0) if is_mirrored else line.adjusted(16, 0, 0, 0)
            painter.drawText(inner, middle | start, name)
            painter.setPen(tokens.text)
            painter.drawText(line if is_mirrored else inner, middle | end, f"{amount:,}")
            top += self._line_height()

    def _paint_bar(self, painter: QPainter, rect: QRectF, is_mirrored: bool) -> None:
        round_rect(painter, rect, 4, self._theme.tokens.track)
        size = max(self._use.size, self._use.total, 1)
        left = 0.0
        for kind, amount in self._use.used:
            width = max(LEAST_PART_PX + 1, rect.width() * amount / size) if amount else 0.0
            if width and left < rect.width():
                part = QRectF(left, rect.top(), width - 1, rect.height())
                if is_mirrored:
                    part.moveLeft(rect.width() - left - part.width())
                round_rect(painter, part, 2, self._theme.colour(KIND_COLOURS[kind]))
            left += width

    def _lines(self) -> list[tuple[str, str, int]]:
        lines = [(KIND_COLOURS[kind], KIND_NAMES[kind], n) for kind, n in self._use.used if n]
        if self._use.size:
            lines.append(("track", "Free", max(0, self._use.size - self._use.total)))
        return lines

    def _line_height(self) -> int:
        return round(self._theme.line_height("small")) + 4
