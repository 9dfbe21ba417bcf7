"""Samples to the loudspeaker by Qt Multimedia: one hears exactly what the model gets."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QByteArray, QIODevice, QObject, QTimer, Signal
from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from app.capture.ports import SAMPLE_RATE, Samples

TICK_MS = 30
NOTHING_TO_HEAR_WITH = "There is nothing to play it with. Connect headphones or a loudspeaker."


class QtSoundOut(QObject):
    """Implements `ports.SoundOut`. It writes into Qt's own device, a little ahead of time."""

    position_changed = Signal(float)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink: QAudioSink | None = None
        self._stream: QIODevice | None = None
        self._data = b""
        self._written = 0
        self._seconds = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def can_play(self) -> bool:
        """Whether there is a loudspeaker."""
        return bool(QMediaDevices.audioOutputs())

    def play(self, samples: Samples) -> None:
        """Play float32 mono at 16 kHz from the beginning; what was playing ends."""
        self.stop()
        device = QMediaDevices.defaultAudioOutput()
        form = _format()
        if device.isNull() or not device.isFormatSupported(form):
            self.failed.emit(NOTHING_TO_HEAR_WITH)
            return
        pcm = np.clip(np.round(samples * 32767.0), -32768, 32767).astype("<i2")
        self._data, self._written = pcm.tobytes(), 0
        self._seconds = len(samples) / SAMPLE_RATE
        self._sink = QAudioSink(device, form, self)
        self._stream = self._sink.start()
        if self._stream is None or self._sink.error() != QtAudio.Error.NoError:
            self.stop()
            self.failed.emit(NOTHING_TO_HEAR_WITH)
            return
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Be quiet."""
        self._timer.stop()
        sink, self._sink, self._stream = self._sink, None, None
        if sink is not None:
            sink.stop()
            sink.deleteLater()

    def _tick(self) -> None:
        sink, stream = self._sink, self._stream
        if sink is None or stream is None:
            return
        room = sink.bytesFree() // 2 * 2
        if room > 0 and self._written < len(self._data):
            piece = self._data[self._written : self._written + room]
            self._written += max(0, stream.write(QByteArray(piece)))
        position = min(sink.processedUSecs() / 1e6, self._seconds)
        is_over = self._written >= len(self._data) and (
            position >= self._seconds or sink.state() == QtAudio.State.IdleState
        )
        self.position_changed.emit(position)
        if is_over:
            self.stop()
            self.ended.emit()


def _format() -> QAudioFormat:
    form = QAudioFormat()
    form.setSampleRate(SAMPLE_RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form
