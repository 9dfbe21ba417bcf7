"""The wave of a take while it grows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.takes import RATE
from app.viewmodels.recorder import BAR, LONGEST_S, Recorder
from app.widgets.audio.axis import Axis
from app.widgets.theme import Theme

WIDTH, HEIGHT = 620, 96
PITCH, BAR_PX = 3.4, 2.0
MARGIN = 14  # room for half a number of the scale
OLDEST = 0.55  # opacity
LEAST = 1.0
QUIETEST = 0.1  # a take quieter than this is not made to look loud


class LiveWave(QWidget):
    """Bars for what was heard, dots for what can still come, a cursor between them."""

    def __init__(self, recorder: Recorder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recorder, self._theme = recorder, theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDTH + 2 * MARGIN)
        recorder.heard.connect(self.update)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Wave and scale."""
        return QSize(WIDTH + 2 * MARGIN, HEIGHT + 4 + round(self._theme.line_height("tick")))

    def minimumSizeHint(self) -> QSize:
        """Bars are drawn as there is room."""
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As `visual.md` has it."""
        painter, tokens = QPainter(self), self._theme.tokens
        axis = Axis(self, LONGEST_S, MARGIN)
        now, middle = self._recorder.seconds, HEIGHT / 2
        bars = self._recorder.bars
        loudest = max([QUIETEST, *bars])
        columns = int((self.width() - 2 * MARGIN) / PITCH)
        per_column = LONGEST_S / max(1, columns)
        seconds_per_bar = BAR / RATE
        for column in range(columns):
            begin = column * per_column
            if begin >= now:
                x = axis.x(begin)
                painter.fillRect(QRectF(x, middle, 1, 1), tokens.text3)
                continue
            first = int(begin / seconds_per_bar)
            heard = bars[first : max(first + 1, int((begin + per_column) / seconds_per_bar))]
            half = max(LEAST, max(heard, default=0.0) / loudest * (middle - 4))
            colour = QColor(tokens.rec)
            colour.setAlphaF(OLDEST + (1 - OLDEST) * begin / max(now, per_column))
            painter.fillRect(QRectF(axis.x(begin), middle - half, BAR_PX, 2 * half), colour)
        painter.fillRect(QRectF(axis.x(now) - 0.75, 0, 1.5, HEIGHT), tokens.rec)
        painter.setFont(self._theme.font("tick"))
        painter.setPen(tokens.text3)
        for second in range(0, round(LONGEST_S) + 1, 5):
            place = QRectF(axis.x(second) - 24, HEIGHT + 4, 48, self.height() - HEIGHT - 4)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{second} s")
