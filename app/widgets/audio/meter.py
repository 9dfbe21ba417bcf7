"""The level meter: sixty segments, one for each decibel, with peak hold and a lamp for clipping."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.levels import FLOOR_DB
from app.viewmodels.recorder import Recorder
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

SEGMENTS = 60
HEIGHT, SCALE_GAP = 14, 6
PITCH, GAP = 8.0, 2.0
WARN_DB, CLIP_DB = -18, -6
LEAD, TRAIL = 46, 58  # room for the words at both ends
TICKS = (-60, -48, -36, -24, -12, 0)


class LevelMeter(QWidget):
    """Follows the recorder. Reads from left to right everywhere, as instruments do."""

    def __init__(self, recorder: Recorder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recorder, self._theme = recorder, theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        recorder.heard.connect(self.refresh)
        recorder.changed.connect(self.refresh)
        theme.changed.connect(self.updateGeometry)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Bar and scale."""
        return QSize(560, HEIGHT + SCALE_GAP + round(self._theme.line_height("tick")))

    def minimumSizeHint(self) -> QSize:
        """Segments become narrower."""
        return QSize(240, self.sizeHint().height())

    def refresh(self) -> None:
        """Another level."""
        meter = self._recorder.meter
        clipped = ", clipped" if meter.has_clipped else ""
        self.setAccessibleName(f"Level {decibels(meter.level_db)}{clipped}")
        self.setToolTip("The recording is too loud and was clipped." if clipped else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Segments, peak, scale, words."""
        painter, tokens = QPainter(self), self._theme.tokens
        meter = self._recorder.meter
        px = self._theme.px
        pitch = min(PITCH, (self.width() - px(LEAD) - px(TRAIL)) / SEGMENTS)
        left = max(float(px(LEAD)), (self.width() - pitch * SEGMENTS) / 2)
        gap = GAP if pitch > 4 else 1.0
        is_on = self._recorder.state != "off"
        for number in range(SEGMENTS):
            db = FLOOR_DB + number
            lit = is_on and meter.level_db > db
            if number == SEGMENTS - 1 and meter.has_clipped:
                lit = True
            colour = _colour(db, self._theme) if lit else tokens.track
            segment = QRectF(left + number * pitch, 0, pitch - gap, HEIGHT)
            round_rect(painter, segment, 1.5, colour)
        if is_on and meter.peak_db > FLOOR_DB:
            x = left + (meter.peak_db - FLOOR_DB) * pitch
            painter.fillRect(QRectF(round(x) - 1, -1, 2, HEIGHT + 2), tokens.text)
        painter.setFont(self._theme.font("tick"))
        painter.setPen(tokens.text3)
        top = HEIGHT + SCALE_GAP
        for db in TICKS:
            x = left + (db - FLOOR_DB) * pitch
            place = QRectF(x - 24, top, 48, self.height() - top)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, decibels(db).removesuffix(" dB"))
        painter.setFont(self._theme.font("caption"))
        painter.setPen(tokens.text2)
        middle = Qt.AlignmentFlag.AlignVCenter
        words = QRectF(0, -1, left - 10, HEIGHT + 2)
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, "Level")
        if is_on:
            value = QRectF(left + SEGMENTS * pitch + 10, -1, px(TRAIL), HEIGHT + 2)
            painter.drawText(value, middle | Qt.AlignmentFlag.AlignLeft, decibels(meter.level_db))


def decibels(value: float) -> str:
    """−8 dB, with a real minus."""
    return f"{value:.0f} dB".replace("-0 ", "0 ").replace("-", "−")


def _colour(db: float, theme: Theme) -> QColor:
    if db < WARN_DB:
        return theme.tokens.mok
    return theme.tokens.mwarn if db < CLIP_DB else theme.tokens.rec
