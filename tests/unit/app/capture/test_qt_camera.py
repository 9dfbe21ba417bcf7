"""The camera through Qt's own pipeline, with frames given in place of a device."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.capture.ports import Pixels
from app.intake.clip import read_clip
from tests.unit.app.intake.films import number_in, numbered

pytest.importorskip(
    "PySide6.QtMultimedia", reason="Qt Multimedia needs a sound library", exc_type=ImportError
)

from PySide6.QtMultimedia import QVideoFrame, QVideoFrameInput

from app.capture.qt_camera import NO_CAMERA, PREVIEW_PX, QtCamera, pixels_of

# Qt Multimedia warns of devices and libraries that a machine without them does not have.
pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.qt_log_level_fail("CRITICAL")]
FPS, SECONDS = 10, 4
PATIENCE_MS = 15_000


class Film:
    """Gives frames that show their whole second, ten for each, as fast as they are taken."""

    def __init__(self) -> None:
        self.input = QVideoFrameInput()
        self.sent = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self.send)

    def roll(self) -> None:
        """Begin."""
        self._timer.start(5)

    def stop(self) -> None:
        """No more frames."""
        self._timer.stop()

    def send(self) -> None:
        """One frame, if it is taken."""
        if self.sent >= FPS * SECONDS:
            self._timer.stop()
            return
        pixels = np.ascontiguousarray(np.kron(numbered(self.sent // FPS), np.ones((4, 4, 1))))
        image = image_of(pixels.astype(np.uint8)).convertToFormat(QImage.Format.Format_RGBX8888)
        frame = QVideoFrame(image)
        frame.setStartTime(self.sent * 1_000_000 // FPS)
        frame.setEndTime((self.sent + 1) * 1_000_000 // FPS)
        if self.input.sendVideoFrame(frame):
            self.sent += 1


def image_of(pixels: Pixels) -> QImage:
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def test_what_is_filmed_is_seen_and_can_be_read(tmp_path: Path, qtbot: QtBot) -> None:
    film = Film()
    camera = QtCamera(film.input)
    seen: list[Pixels] = []
    problems: list[str] = []
    camera.look("frames", seen.append, problems.append)
    film.send()
    qtbot.waitUntil(lambda: bool(seen), timeout=PATIENCE_MS)
    assert number_in(seen[0]) == 0
    path = tmp_path / "take.mp4"
    camera.record(path)
    film.roll()
    qtbot.waitUntil(lambda: film.sent == FPS * SECONDS, timeout=PATIENCE_MS)
    ended: list[tuple[Path | None, str]] = []
    camera.stop(lambda made, problem: ended.append((made, problem)))
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    camera.close()
    film.stop()
    assert ended == [(path, "")]
    assert problems == []
    clip, _notes = read_clip(path)
    assert [number_in(frame) for frame in clip.frames] == list(range(SECONDS))
    assert clip.times_s == pytest.approx(range(SECONDS), abs=0.06)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    film = Film()
    camera = QtCamera(film.input)
    problems: list[str] = []
    camera.look("frames", lambda _pixels: None, problems.append)
    camera.record(tmp_path / "missing" / "take.mp4")
    film.roll()
    ended: list[tuple[Path | None, str]] = []
    qtbot.waitUntil(lambda: film.sent > FPS or bool(problems), timeout=PATIENCE_MS)
    camera.stop(lambda made, problem: ended.append((made, problem)))
    qtbot.waitUntil(lambda: bool(ended or problems), timeout=PATIENCE_MS)
    film.stop()
    camera.close()
    assert not any(made for made, _ in ended)
    assert [problem for _, problem in ended] + problems


def test_a_camera_that_is_not_there_is_told() -> None:
    camera = QtCamera()
    problems: list[str] = []
    camera.look("no such camera", lambda _pixels: None, problems.append)
    assert problems == [NO_CAMERA]
    ended: list[tuple[Path | None, str]] = []
    camera.stop(lambda made, problem: ended.append((made, problem)))
    assert ended[0][0] is None
    camera.close()


def test_the_preview_is_reduced() -> None:
    large = pixels_of(image_of(np.full((1080, 1920, 3), 90, np.uint8)))
    assert large.shape == (PREVIEW_PX * 9 // 16, PREVIEW_PX, 3)
    assert (large == 90).all()
    odd = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)  # rows that Qt pads
    assert (pixels_of(image_of(odd)) == odd).all()
