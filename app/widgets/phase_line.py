"""What is going on now: a ring or spinner, words, an amount, and a bar when it takes longer."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.viewmodels.values import Phase
from app.widgets.indicators import Ring, Spinner
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

HEIGHT, RING = 28, 16
BAR_AFTER_MS, BAR_WIDTH, BAR_HEIGHT = 2_000, 300, 4
REPAINT_MS = 100


class PhaseLine(QWidget):
    """One line; repainted ten times a second at most."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phase = Phase()
        self._since = QElapsedTimer()
        self._since.start()
        self._spinner = Spinner(theme, RING, self)
        self._ring = Ring(theme, RING, self)
        self._ring.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refresh)

    def set_phase(self, phase: Phase) -> None:
        """Another phase or another amount of the same."""
        if phase.text != self._phase.text:
            self._since.restart()
        is_first = not self._timer.isActive()
        self._phase = phase
        if is_first:
            self._refresh()
            self._timer.start(REPAINT_MS)

    def arrange(self, _width: int) -> int:
        """The height; always the same, so that nothing jumps when the bar appears."""
        line = max(self._theme.px(HEIGHT), self.fontMetrics().height() + 10)
        side = self._spinner.sizeHint().width()
        for widget in (self._spinner, self._ring):
            widget.setGeometry(0, (line - side) // 2, side, side)
        hint = self._theme.px(18) if self._phase.hint else 0
        return line + self._theme.px(12) + hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, and the bar."""
        painter = QPainter(self)
        theme, phase = self._theme, self._phase
        line = max(theme.px(HEIGHT), self.fontMetrics().height() + 10)
        left = theme.px(24)
        for text, style, colour in (
            (phase.text, "body_medium", "text"),
            (phase.amount, "body", "text2"),
            (f"· {phase.time}" if phase.time else "", "body", "text3"),
        ):
            if text:
                painter.setFont(theme.font(style))
                painter.setPen(theme.colour(colour))
                area = QRectF(left, 0, self.width() - left, line)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
                left += painter.fontMetrics().horizontalAdvance(text) + theme.px(8)
        top = float(line)
        if self._has_bar():
            assert phase.share is not None
            width = min(theme.px(BAR_WIDTH), self.width() - theme.px(24))
            bar = QRectF(theme.px(24), top, width, BAR_HEIGHT)
            round_rect(painter, bar, 2, theme.tokens.track)
            bar.setWidth(max(BAR_HEIGHT, width * min(1.0, phase.share)))
            round_rect(painter, bar, 2, theme.tokens.accfill)
        if phase.hint:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.tokens.text3)
            area = QRectF(theme.px(24), top + theme.px(8), self.width(), theme.px(18))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, phase.hint)

    def _has_bar(self) -> bool:
        return self._phase.share is not None and self._since.elapsed() > BAR_AFTER_MS

    def _refresh(self) -> None:
        phase = self._phase
        has_share = phase.share is not None
        if phase.share is not None:
            self._ring.set_share(phase.share)
        self._ring.setVisible(has_share)
        self._spinner.setVisible(not has_share)
        words = (phase.text, phase.amount, phase.time, phase.hint)
        self.setAccessibleName(", ".join(filter(None, words)))
        self.update()
