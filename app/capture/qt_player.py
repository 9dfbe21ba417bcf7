"""Plays a clip or recording with Qt Multimedia, between two moments of the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioOutput,
    QMediaDevices,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)

BACK_MS = 250  # Qt plays forwards only; back goes by steps
PROOF_MS = 4_000  # a file that shows nothing for so long is called unplayable


class QtPlayer(QObject):
    """One file at a time. Seconds count from the beginning of the file.

    `is_proven` once a picture of this file has come (or it is sound alone and was loaded): some
    codecs load without a word and then show nothing. `failed` carries a sentence.
    """

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    picture_changed = Signal(QImage)
    proven = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._player.setVideoSink(self._sink)
        self._sound: QAudioOutput | None = None
        if QMediaDevices.audioOutputs():
            self._sound = QAudioOutput(self)
            self._player.setAudioOutput(self._sound)
        self._start, self._end = 0.0, float("inf")
        self._rate = 1.0
        self._name = ""
        self._wants_picture = True
        self.is_proven = False
        self._is_playing = False
        self._back = QTimer(self)
        self._back.setInterval(BACK_MS)
        self._back.timeout.connect(self._step_back)
        self._proof = QTimer(self)
        self._proof.setSingleShot(True)
        self._proof.setInterval(PROOF_MS)
        self._proof.timeout.connect(self._give_up)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.positionChanged.connect(self._on_position)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(lambda _error, text: self._fail(text))

    # --- the file ----------------------------------------------------------------------------

    def open(self, path: Path, name: str, *, has_picture: bool) -> None:
        """Load a file; its first picture proves that it can be played."""
        self.close()
        self._name, self._wants_picture = name, has_picture
        self._proof.start()
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.pause()

    def close(self) -> None:
        """Let the file go."""
        self._proof.stop()
        self.pause()
        self.is_proven = False
        self._start, self._end = 0.0, float("inf")
        self._player.stop()
        self._player.setSource(QUrl())

    @property
    def has_sound(self) -> bool:
        """Whether there is anything to hear it with."""
        return self._sound is not None and self._player.hasAudio()

    @property
    def position(self) -> float:
        """Seconds from the beginning of the file."""
        return self._player.position() / 1000

    @property
    def is_playing(self) -> bool:
        """Whether time goes by, in either direction."""
        return self._is_playing

    # --- what is done ------------------------------------------------------------------------

    def set_range(self, start: float, end: float) -> None:
        """Play between these seconds."""
        self._start, self._end = start, end

    def seek(self, second: float) -> None:
        """Go to a moment."""
        inside = min(max(second, self._start), self._end)
        self._player.setPosition(round(inside * 1000))

    def set_rate(self, rate: float) -> None:
        """How many seconds go by in one; below 0 backwards."""
        self._rate = rate
        if rate > 0:
            self._player.setPlaybackRate(rate)
        if self._is_playing:
            self._run()

    def set_muted(self, is_muted: bool) -> None:
        """Play without sound."""
        if self._sound is not None:
            self._sound.setMuted(is_muted)

    def play(self) -> None:
        """Go on; from the beginning if the end was reached."""
        if self._rate > 0 and self.position >= self._end - 0.05:
            self.seek(self._start)
        if not self._is_playing:
            self._is_playing = True
            self.playing_changed.emit(True)
        self._run()

    def pause(self) -> None:
        """Stand still."""
        self._back.stop()
        if self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState:
            self._player.pause()
        if self._is_playing:
            self._is_playing = False
            self.playing_changed.emit(False)

    def _run(self) -> None:
        if self._rate > 0:
            self._back.stop()
            self._player.play()
        else:
            self._player.pause()
            self._back.start()

    def _step_back(self) -> None:
        self.seek(self.position + self._rate * BACK_MS / 1000)
        if self.position <= self._start + 0.05:
            self.pause()

    # --- what comes --------------------------------------------------------------------------

    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():  # the last one of a file is not
            return
        image = frame.toImage()
        if image.isNull():
            return
        self.picture_changed.emit(image)
        self._prove()

    def _prove(self) -> None:
        if not self.is_proven:
            self.is_proven = True
            self._proof.stop()
            self.proven.emit()

    def _on_position(self, _milliseconds: int) -> None:
        position = self.position
        if position >= self._end and self._is_playing and self._rate > 0:
            self.pause()
            position = self._end
        self.position_changed.emit(position)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            self.pause()
        elif status == QMediaPlayer.MediaStatus.InvalidMedia:
            self._fail("")
        elif status == QMediaPlayer.MediaStatus.LoadedMedia and not self._wants_picture:
            self._prove()

    def _give_up(self) -> None:
        if not self.is_proven:
            self._fail("")

    def _fail(self, _why: str) -> None:
        """Qt's own words name codecs and pipelines; a sentence is better."""
        if not self._name:
            return
        name = self._name
        self.close()
        self._name = ""
        self.failed.emit(f"“{name}” cannot be played here.")
