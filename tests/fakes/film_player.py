"""A player whose pictures and failures come from the test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage


class FilmPlayer(QObject):
    """The interface of `app.capture.qt_player.QtPlayer`."""

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    picture_changed = Signal(QImage)
    proven = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []
        self.range = (0.0, 0.0)
        self.rate = 1.0
        self.is_muted = False
        self.has_sound = True
        self.is_proven = False
        self.is_playing = False
        self.position = 0.0
        self.closed = 0

    def open(self, path: Path, _name: str, *, has_picture: bool) -> None:
        assert has_picture
        self.opened.append(path)
        self.is_proven = False

    def close(self) -> None:
        self.closed += 1
        self.pause()

    def set_range(self, start: float, end: float) -> None:
        self.range = (start, end)

    def seek(self, second: float) -> None:
        self.position = second
        self.position_changed.emit(second)

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def set_muted(self, is_muted: bool) -> None:
        self.is_muted = is_muted

    def play(self) -> None:
        self.is_playing = True
        self.playing_changed.emit(True)

    def pause(self) -> None:
        if self.is_playing:
            self.is_playing = False
            self.playing_changed.emit(False)

    # --- what the test says ------------------------------------------------------------------

    def prove(self) -> None:
        """The first picture of the file has come."""
        self.is_proven = True
        self.proven.emit()

    def show(self, grey: int) -> None:
        """A picture of the running clip comes."""
        image = QImage(64, 36, QImage.Format.Format_RGB888)
        image.fill(QColor(grey, grey, grey))
        self.picture_changed.emit(image)

    def fail(self) -> None:
        """The file cannot be played."""
        self.failed.emit("“hall.mp4” cannot be played here.")
