"""The microphone by Qt Multimedia, as float32 mono at 16 kHz whatever the device gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import soxr  # type: ignore[import-untyped]
from PySide6.QtCore import QIODevice, QMicrophonePermission, QObject
from PySide6.QtMultimedia import (
    QAudioDevice,
    QAudioFormat,
    QAudioSource,
    QMediaDevices,
    QtAudio,
)

from app.capture.ports import SAMPLE_RATE, Device, OnProblem, OnSamples, Samples
from app.capture.qt_permission import ask, is_allowed

NO_MICROPHONE = (
    "The microphone cannot be used; another program may have it. Close that and try again."
)
UNPLUGGED = "The microphone is gone. Plug it in and try again."

_TYPES: dict[QAudioFormat.SampleFormat, tuple[type[np.generic], float, float]] = {
    # type, what silence is, what full scale is
    QAudioFormat.SampleFormat.UInt8: (np.uint8, 128.0, 128.0),
    QAudioFormat.SampleFormat.Int16: (np.int16, 0.0, 32_768.0),
    QAudioFormat.SampleFormat.Int32: (np.int32, 0.0, 2_147_483_648.0),
    QAudioFormat.SampleFormat.Float: (np.float32, 0.0, 1.0),
}


class QtMicrophone(QObject):
    """Implements `ports.Microphone`. It pulls: Qt pushes from a thread that Python must not see."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QAudioSource | None = None
        self._stream: QIODevice | None = None
        self._device: QAudioDevice | None = None
        self._convert = Converter(QAudioFormat())
        self._on_samples: OnSamples | None = None
        self._failed: OnProblem | None = None
        self._media = QMediaDevices(self)
        self._media.audioInputsChanged.connect(self._on_devices)

    def devices(self) -> tuple[Device, ...]:
        """Every microphone, the usual one first."""
        usual = QMediaDevices.defaultAudioInput()
        found = sorted(QMediaDevices.audioInputs(), key=lambda device: device != usual)
        return tuple(Device(_id(device), device.description()) for device in found)

    @property
    def is_allowed(self) -> bool | None:
        """Whether the person lets the program use the microphone."""
        return is_allowed(QMicrophonePermission())

    def ask(self, done: Callable[[bool], None]) -> None:
        """Let the system ask."""
        ask(QMicrophonePermission(), self, done)

    def listen(self, device: str, on_samples: OnSamples, failed: OnProblem) -> None:
        """Hear what the microphone hears."""
        self.close()
        found = [d for d in QMediaDevices.audioInputs() if _id(d) == device]
        if not found:
            failed(NO_MICROPHONE)
            return
        self._device, self._on_samples, self._failed = found[0], on_samples, failed
        form = wanted_format(found[0])
        self._convert = Converter(form)
        self._source = QAudioSource(found[0], form, self)
        self._source.stateChanged.connect(self._on_state)
        self._stream = self._source.start()
        if self._stream is None or self._source.error() != QtAudio.Error.NoError:
            self._fail(NO_MICROPHONE)
            return
        self._stream.readyRead.connect(self._on_ready)

    def close(self) -> None:
        """Let the microphone go."""
        source, self._source, self._stream = self._source, None, None
        self._on_samples = self._failed = self._device = None
        if source is not None:
            source.stop()
            source.deleteLater()

    def _on_ready(self) -> None:
        if self._stream is None or self._on_samples is None:
            return
        samples = self._convert.take(bytes(self._stream.readAll().data()))
        if len(samples):
            self._on_samples(samples)

    def _on_state(self) -> None:
        # Without a parameter: PySide cannot hand the new state to a slot that takes it.
        source = self._source
        if source is None or source.state() != QtAudio.State.StoppedState:
            return
        if source.error() != QtAudio.Error.NoError:
            self._fail(NO_MICROPHONE)

    def _on_devices(self) -> None:
        """A microphone that is in use may have been unplugged."""
        if self._device is not None and self._device not in QMediaDevices.audioInputs():
            self._fail(UNPLUGGED)

    def _fail(self, problem: str) -> None:
        failed = self._failed
        self.close()
        if failed is not None:
            failed(problem)


def wanted_format(device: QAudioDevice) -> QAudioFormat:
    """Mono at 16 kHz where the device can, else what it prefers."""
    form = QAudioFormat()
    form.setSampleRate(SAMPLE_RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Float)
    return form if device.isFormatSupported(form) else device.preferredFormat()


class Converter:
    """Bytes of a device to mono at 16 kHz, in pieces."""

    def __init__(self, form: QAudioFormat) -> None:
        self._channels = max(1, form.channelCount())
        self._type, self._silence, self._full = _TYPES.get(
            form.sampleFormat(), _TYPES[QAudioFormat.SampleFormat.Int16]
        )
        rate = form.sampleRate() or SAMPLE_RATE
        self._stream = (
            None if rate == SAMPLE_RATE else soxr.ResampleStream(rate, SAMPLE_RATE, 1, "float32")
        )
        self._rest = b""

    def take(self, data: bytes) -> Samples:
        """The samples of a piece; bytes of a sample that is not whole yet are kept."""
        data = self._rest + data
        whole = len(data) - len(data) % (np.dtype(self._type).itemsize * self._channels)
        self._rest = data[whole:]
        raw = np.frombuffer(data[:whole], self._type).astype(np.float32)
        mono = ((raw - self._silence) / self._full).reshape(-1, self._channels).mean(axis=1)
        if self._stream is not None:
            mono = self._stream.resample_chunk(mono.astype(np.float32))
        return np.asarray(np.clip(mono, -1.0, 1.0), dtype=np.float32)


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", "replace")
