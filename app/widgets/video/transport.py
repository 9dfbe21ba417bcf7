"""The row below the stage: play, time, bar, end, sound, larger, clips."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.widgets.controls import IconButton, Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme
from app.widgets.video.scrub import Scrub

BAR_HEIGHT = 36


class TransportBar(QWidget):
    """Buttons and the bar; the player gives them their meaning."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.play = IconButton("play", "Play", theme)
        self.time = Label("0:00", theme, "body")
        self.scrub = Scrub(theme)
        self.end = Label("0:00", theme, "body", "text2")
        self.mute = IconButton("volume-2", "Sound off", theme)
        self.mute.setCheckable(True)
        self.mute.hide()
        self.enlarge = IconButton("maximize", "Larger picture", theme)
        self.enlarge.setCheckable(True)
        self.more = IconButton("ellipsis", "Clips", theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(10)
        for part in (
            self.play,
            self.time,
            self.scrub,
            self.end,
            self.mute,
            self.enlarge,
            self.more,
        ):
            row.addWidget(part)
        self.setMinimumHeight(BAR_HEIGHT)

    def set_playing(self, is_playing: bool) -> None:
        """The button says what it will do."""
        self.play.set_icon("pause" if is_playing else "play", "Pause" if is_playing else "Play")

    def show_muted(self, is_muted: bool) -> None:
        """The same for the sound."""
        name = "Sound on" if is_muted else "Sound off"
        self.mute.set_icon("volume-x" if is_muted else "volume-2", name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ground a little lighter than the stage."""
        round_rect(QPainter(self), self.rect().toRectF(), 8, self._theme.tokens.win)
