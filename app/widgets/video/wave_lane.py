"""The sound under the strip: the window's wave in the parts of 30 s that the model hears."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.clips import SOUND_PART_S
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import count
from app.widgets.paint import vertical_hairline
from app.widgets.theme import Theme

HEIGHT, LOW_HEIGHT = 30, 20
BAR, GAP = 2, 2
PER_S = 50  # peaks come every 20 ms
LEAST = 1.0  # half the height of silence
QUIETEST = 0.05  # a recording quieter than this is not made to look loud


class WaveLane(QWidget):
    """A click goes to that moment. Grey while the sound does not go along."""

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._height = HEIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view_model.changed.connect(self.refresh)
        view_model.wave_arrived.connect(self.refresh)
        view_model.current_changed.connect(lambda _second: self.update())
        theme.changed.connect(self.update)
        self.refresh()

    def refresh(self) -> None:
        """Look at the clip again."""
        sound, window = self._model.sound, self._model.window
        parts = -(-len(window) // SOUND_PART_S)
        state = {
            "on": f"sent in {count(parts, 'part')} of up to {SOUND_PART_S} s",
            "off": "not sent",
            "deaf": "not sent, this model cannot hear",
            "none": "none",
        }[sound]
        self.setAccessibleName(f"Sound track, {state}")
        self.setToolTip(f"Sound track, {state}")
        self.update()

    def sizeHint(self) -> QSize:
        """A low lane."""
        return QSize(200, self._height)

    def set_low(self, is_low: bool) -> None:
        """A lower lane, where the pane has little height."""
        self._height = LOW_HEIGHT if is_low else HEIGHT
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, a line between the parts, the moment that is lit."""
        painter, tokens, window = QPainter(self), self._theme.tokens, self._model.window
        colour = tokens.text3 if self._model.sound == "on" else tokens.line2
        loud = self._loudness()
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle, bars = self._height / 2, self.width() // (BAR + GAP)
        for bar in range(bars):
            half = LEAST
            if loud is not None:
                half = max(LEAST, float(loud[bar]) * (middle - 1))
            x = bar * (BAR + GAP)
            left = self.width() - x - BAR if is_mirrored else x
            painter.fillRect(QRectF(left, middle - half, BAR, 2 * half), colour)
        for second in range(SOUND_PART_S, len(window), SOUND_PART_S):
            x = round(self._x_of(window.start + second))
            painter.fillRect(QRectF(x - 4, 0, 9, self._height), tokens.bar)
            vertical_hairline(painter, x, 0, self._height, tokens.line2)
        x = round(self._x_of(self._model.current))
        painter.fillRect(QRectF(x, 0, 2, self._height), tokens.acc)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to that moment."""
        share = min(max(0.0, event.position().x() / max(1, self.width())), 0.9999)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 0.9999 - share
        window = self._model.window
        self._model.seek(window.start + share * len(window))

    def _x_of(self, second: float) -> float:
        window = self._model.window
        x = (second - window.start) / len(window) * self.width()
        return self.width() - x if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x

    def _loudness(self) -> np.ndarray | None:
        """The height of each bar, 0..1, relative to the loudest moment of the track."""
        peaks = self._model.wave
        if peaks is None or not len(peaks):
            return None
        size = np.abs(peaks).max(axis=1)
        loudest = max(float(size.max()), QUIETEST)
        window, bars = self._model.window, max(1, self.width() // (BAR + GAP))
        edges = np.linspace(window.start * PER_S, window.end * PER_S, bars + 1).astype(int)
        padded = np.zeros(edges[-1] + 1, np.float32)
        shown = size[: len(padded)]
        padded[: len(shown)] = shown
        starts = np.minimum(edges[:-1], len(padded) - 1)
        return np.asarray(np.maximum.reduceat(padded, starts) / loudest, dtype=np.float32)
