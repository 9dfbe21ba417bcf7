"""The camera by Qt Multimedia: preview and recording. Tests give frames in place of a camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCameraPermission, QMicrophonePermission, QObject, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioInput,
    QCamera,
    QMediaCaptureSession,
    QMediaDevices,
    QMediaFormat,
    QMediaRecorder,
    QVideoFrame,
    QVideoFrameInput,
    QVideoSink,
)

from app.capture.ports import Device, OnPicture, OnProblem, Pixels
from app.capture.qt_permission import ask, is_allowed

PREVIEW_PX = 960
NO_CAMERA = "The camera cannot be used; another program may have it. Close that and try again."
NOT_WRITTEN = "The recording could not be written. Look for room on the disk and record again."
UNPLUGGED = "The camera is gone. Plug it in and try again."


class QtCamera(QObject):
    """Implements `ports.Camera`. With `frames` those are filmed in place of a camera."""

    def __init__(
        self, frames: QVideoFrameInput | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._frames = frames
        self._session: QMediaCaptureSession | None = None
        self._camera: QCamera | None = None
        self._recorder: QMediaRecorder | None = None
        self._on_picture: OnPicture | None = None
        self._failed: OnProblem | None = None
        self._done: Callable[[Path | None, str], None] | None = None
        self._path: Path | None = None
        self._media = QMediaDevices(self)
        self._media.videoInputsChanged.connect(self._on_devices)

    def devices(self) -> tuple[Device, ...]:
        """Every camera, the usual one first."""
        if self._frames is not None:
            return (Device("frames", "Frames"),)
        usual = QMediaDevices.defaultVideoInput()
        found = sorted(QMediaDevices.videoInputs(), key=lambda device: device != usual)
        return tuple(Device(_text(device.id()), device.description()) for device in found)

    @property
    def is_allowed(self) -> bool | None:
        """Whether the person lets the program use the camera."""
        return is_allowed(QCameraPermission())

    def ask(self, done: Callable[[bool], None]) -> None:
        """Camera first, then microphone; without the latter clips are filmed silently."""

        def then(camera_allowed: bool) -> None:
            if not camera_allowed:
                done(False)
                return
            ask(QMicrophonePermission(), self, lambda _allowed: done(True))

        ask(QCameraPermission(), self, then)

    def look(self, device: str, on_picture: OnPicture, failed: OnProblem) -> None:
        """Show what the camera sees."""
        self.close()
        self._on_picture, self._failed = on_picture, failed
        session = QMediaCaptureSession(self)
        sink = QVideoSink(session)
        sink.videoFrameChanged.connect(self._on_frame)
        session.setVideoSink(sink)
        if self._frames is not None:
            session.setVideoFrameInput(self._frames)
        elif not self._open_camera(session, device):
            session.deleteLater()
            failed(NO_CAMERA)
            return
        if QMediaDevices.audioInputs() and is_allowed(QMicrophonePermission()):
            session.setAudioInput(QAudioInput(session))
        self._recorder = QMediaRecorder(session)
        self._recorder.setMediaFormat(QMediaFormat(QMediaFormat.FileFormat.MPEG4))
        self._recorder.setQuality(QMediaRecorder.Quality.HighQuality)
        self._recorder.recorderStateChanged.connect(self._on_recorder)
        self._recorder.errorOccurred.connect(self._on_recorder_error)
        session.setRecorder(self._recorder)
        self._session = session

    def record(self, path: Path) -> None:
        """Write what it sees into a file."""
        if self._recorder is None:
            return
        self._path = path
        self._recorder.setOutputLocation(QUrl.fromLocalFile(str(path)))
        self._recorder.record()

    def stop(self, done: Callable[[Path | None, str], None]) -> None:
        """End the file."""
        if self._recorder is None or self._path is None:
            done(None, NOT_WRITTEN)
            return
        self._done = done
        if self._recorder.recorderState() == QMediaRecorder.RecorderState.StoppedState:
            self._finish()  # it ended by itself
        else:
            self._recorder.stop()

    def close(self) -> None:
        """Let the camera go."""
        session, self._session = self._session, None
        camera, self._camera = self._camera, None
        self._recorder, self._path, self._done = None, None, None
        self._on_picture, self._failed = None, None
        if camera is not None:
            camera.stop()
        if session is not None:
            session.setVideoFrameInput(None)  # type: ignore[arg-type]
            session.deleteLater()

    def _open_camera(self, session: QMediaCaptureSession, wanted: str) -> bool:
        found = [d for d in QMediaDevices.videoInputs() if _text(d.id()) == wanted]
        if not found:
            return False
        self._camera = QCamera(found[0], session)
        self._camera.errorOccurred.connect(lambda _error, _text: self._fail(NO_CAMERA))
        session.setCamera(self._camera)
        self._camera.start()
        # Qt does not always tell an error of which it knows.
        return self._camera.error() == QCamera.Error.NoError

    def _on_frame(self, frame: QVideoFrame) -> None:
        if self._on_picture is None or not frame.isValid():
            return
        image = frame.toImage()
        if not image.isNull():
            self._on_picture(pixels_of(image))

    def _on_recorder(self, state: QMediaRecorder.RecorderState) -> None:
        if state == QMediaRecorder.RecorderState.StoppedState and self._done is not None:
            self._finish()

    def _finish(self) -> None:
        done, path = self._done, self._path
        self._done = self._path = None
        if done is not None and path is not None:
            is_there = path.exists() and path.stat().st_size > 0
            done(path if is_there else None, "" if is_there else NOT_WRITTEN)

    def _on_recorder_error(self, _error: object, _words: str) -> None:
        done, self._done, self._path = self._done, None, None
        if done is not None:
            done(None, NOT_WRITTEN)
        else:
            self._fail(NOT_WRITTEN)

    def _fail(self, problem: str) -> None:
        """Told once; what was recorded until now can still be kept by `stop`."""
        failed, self._failed = self._failed, None
        if failed is not None:
            failed(problem)

    def _on_devices(self) -> None:
        """A camera that is in use may have been unplugged."""
        if self._camera is None:
            return
        if self._camera.cameraDevice() not in QMediaDevices.videoInputs():
            self._fail(UNPLUGGED)


def pixels_of(image: QImage, longest_px: int = PREVIEW_PX) -> Pixels:
    """A picture as uint8 RGB [H, W, 3], reduced to `longest_px` on its longer side."""
    if max(image.width(), image.height()) > longest_px:
        image = image.scaled(longest_px, longest_px, Qt.AspectRatioMode.KeepAspectRatio)
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : width * 3].reshape(height, width, 3).copy()


def _text(identifier: object) -> str:
    return bytes(identifier.data()).decode("utf-8", "replace")  # type: ignore[attr-defined]
