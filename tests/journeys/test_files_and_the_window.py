"""The window goes on while files of every kind are read, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from pytestqt.qtbot import QtBot

from app.core.reading import MediaReader, Reading
from app.core.thumbnails import Thumbnails
from tests.corpus import bad_clips, bad_pictures, bad_sounds, clips, pictures, sounds
from tests.corpus.case import Case
from tests.unit.app.core.test_reading import MemoryBlobs

BLOCKED_S = 0.1
PATIENCE_S = 120.0
EVERY = 6
HEAVY = {
    *("twelve-megapixels.jpg", "144-megapixels.png", "text-bomb.png", "a-minute.mp4"),
    *("seventy-five-seconds.mkv", "claims-65535.gif", "size-1280x720.mp4", "hdr-pq.mp4"),
}


class Pulse(QObject):
    """Beats every few milliseconds; `worst_s` is the longest the process itself kept it waiting.

    A beat may also be late because the machine was busy with something else: only as much of the
    wait counts as this process computed meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.worst_s = 0.0
        self.beats = 0
        self._last = perf_counter(), process_time()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def stop(self) -> None:
        """No beats any more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = perf_counter(), process_time()
        self.worst_s = max(self.worst_s, min(now[0] - self._last[0], now[1] - self._last[1]))
        self.beats += 1
        self._last = now


class Desk(QObject):
    """Takes readings from the reader's thread over to the window's."""

    read = Signal(object)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[MediaReader]:
    reader = MediaReader(MemoryBlobs(tmp_path / "blobs"), Thumbnails(tmp_path / "small"))
    reader.warm()
    yield reader
    assert reader.close(PATIENCE_S)


def chosen() -> list[Case]:
    modules = (pictures, bad_pictures, sounds, bad_sounds, clips, bad_clips)
    cases = [case for module in modules for case in module.cases()]
    return [case for n, case in enumerate(cases) if n % EVERY == 0 or case.name in HEAVY]


def test_the_window_never_waits_for_a_file(
    qtbot: QtBot, reader: MediaReader, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    cases = chosen()
    for case in cases:
        case.write(files / case.name)
    noise = np.random.default_rng(1).integers(0, 256, (5000, 8000, 3), np.uint8)
    Pillow.fromarray(noise).save(files / "forty.jpg", quality=70)
    paths = [*(files / case.name for case in cases), files / "forty.jpg"]
    desk, got = Desk(), list[Reading]()
    desk.read.connect(got.append, Qt.ConnectionType.QueuedConnection)
    pulse = Pulse()
    for path in paths:
        reader.read_file(path, path.name, desk.read.emit)
    qtbot.waitUntil(lambda: len(got) == len(paths), timeout=int(PATIENCE_S * 1000))
    pulse.stop()
    assert pulse.beats > 50
    assert pulse.worst_s < BLOCKED_S
    for case, reading in zip(cases, got[:-1], strict=True):
        assert (reading.attachment is None) == bool(reading.problem)
        if case.check is None:
            assert reading.attachment is None, case.name
        elif not case.refusal:
            assert reading.attachment is not None, reading.problem
    assert got[-1].attachment is not None


def test_a_reading_that_is_cancelled_gives_nothing_and_the_next_is_read(
    qtbot: QtBot, reader: MediaReader, tmp_path: Path
) -> None:
    for number in range(4):
        Pillow.new("RGB", (300, 200), (number, 0, 0)).save(tmp_path / f"{number}.png")
    desk, got = Desk(), list[Reading]()
    desk.read.connect(got.append, Qt.ConnectionType.QueuedConnection)
    looks = [
        reader.read_file(tmp_path / f"{number}.png", str(number), desk.read.emit)
        for number in range(4)
    ]
    for look in looks[:3]:
        look.cancel()
    qtbot.waitUntil(lambda: bool(got), timeout=int(PATIENCE_S * 1000))
    assert [reading.attachment.name for reading in got if reading.attachment] == ["3.png"]
