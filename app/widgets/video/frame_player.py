"""A player that shows the frames themselves, one a second: for clips that nothing here can play."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

TICK_MS = 100


class FramePlayer(QObject):
    """Counts the seconds; whoever listens shows the frame of each. It has no sound."""

    position_changed = Signal(float)
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._start, self._end = 0.0, 0.0
        self._position = 0.0
        self._rate = 1.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def position(self) -> float:
        """Seconds from the beginning of the file."""
        return self._position

    @property
    def is_playing(self) -> bool:
        """Whether time goes by."""
        return self._timer.isActive()

    def set_range(self, start: float, end: float) -> None:
        """Play between these seconds."""
        self._start, self._end = start, end
        if not start <= self._position <= end:
            self.seek(start)

    def seek(self, second: float) -> None:
        """Go to a moment."""
        self._position = min(max(second, self._start), self._end)
        self.position_changed.emit(self._position)

    def set_rate(self, rate: float) -> None:
        """How many seconds go by in one; below 0 backwards."""
        self._rate = rate

    def play(self) -> None:
        """Go on; from the beginning if the end was reached."""
        if self.is_playing:
            return
        if self._rate > 0 and self._position >= self._end - 0.05:
            self.seek(self._start)
        self._clock.start()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stand still."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def _tick(self) -> None:
        self.advance(self._clock.restart() / 1000)

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self.seek(self._position + seconds * self._rate)
        is_over = self._position >= self._end if self._rate > 0 else self._position <= self._start
        if is_over:
            self.pause()
