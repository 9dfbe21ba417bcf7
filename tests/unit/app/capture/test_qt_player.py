"""Playing through Qt Multimedia itself: the right pictures at the right moments, or a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.app.intake.films import number_in, numbered, tone, write_timed

pytest.importorskip(
    "PySide6.QtMultimedia", reason="Qt Multimedia needs a sound library", exc_type=ImportError
)

from app.capture.qt_camera import pixels_of
from app.capture.qt_player import QtPlayer

# Qt Multimedia warns of devices and libraries that a machine without them does not have.
pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.qt_log_level_fail("CRITICAL")]
PATIENCE_MS = 15_000


class Watcher:
    """Somebody who looks at a player."""

    def __init__(self, player: QtPlayer) -> None:
        self.player = player
        self.numbers: list[int] = []
        self.problems: list[str] = []
        player.picture_changed.connect(self._see)
        player.failed.connect(self.problems.append)

    def _see(self, image: QImage) -> None:
        self.numbers.append(number_in(pixels_of(image)))


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    player = QtPlayer()
    yield Watcher(player)
    player.close()
    player.deleteLater()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Ten frames a second for 8 s, each showing its whole second."""
    frames = [(tenth / 10, numbered(tenth // 10)) for tenth in range(80)]
    return write_timed(
        tmp_path / "film.mp4",
        frames,
        codec="mpeg4",
        pixel_format="yuv420p",
        sound=tone(8, 44_100),
    )


def test_the_first_picture_proves_that_it_plays(watcher: Watcher, film: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(watcher.player.proven, timeout=PATIENCE_MS):
        watcher.player.open(film, "film.mp4", has_picture=True)
    assert watcher.player.is_proven
    assert not watcher.player.is_playing
    assert watcher.numbers[0] == 0


def test_it_plays_between_two_moments(watcher: Watcher, film: Path, qtbot: QtBot) -> None:
    player = watcher.player
    with qtbot.waitSignal(player.proven, timeout=PATIENCE_MS):
        player.open(film, "film.mp4", has_picture=True)
    player.set_range(5.0, 6.0)
    player.set_rate(2.0)
    player.seek(5.0)
    player.play()
    qtbot.waitUntil(lambda: not player.is_playing, timeout=PATIENCE_MS)
    assert player.position == pytest.approx(6.0, abs=0.4)
    assert {5} <= set(watcher.numbers[1:]) <= {4, 5, 6}
    player.play()  # from the beginning of the range again
    assert player.position < 5.6


def test_backwards(watcher: Watcher, film: Path, qtbot: QtBot) -> None:
    player = watcher.player
    with qtbot.waitSignal(player.proven, timeout=PATIENCE_MS):
        player.open(film, "film.mp4", has_picture=True)
    player.set_range(0.0, 8.0)
    player.seek(7.0)
    player.set_rate(-8.0)
    player.play()
    qtbot.waitUntil(lambda: player.position < 4.0, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=PATIENCE_MS)
    assert player.position == 0.0


def test_a_file_that_is_no_clip_is_told(watcher: Watcher, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(b"no clip at all" * 100)
    with qtbot.waitSignal(watcher.player.failed, timeout=PATIENCE_MS):
        watcher.player.open(path, "notes.mp4", has_picture=True)
    assert watcher.problems == ["“notes.mp4” cannot be played here."]
    assert not watcher.player.is_proven


def test_another_file_takes_its_place(watcher: Watcher, film: Path, qtbot: QtBot) -> None:
    player = watcher.player
    with qtbot.waitSignal(player.proven, timeout=PATIENCE_MS):
        player.open(film, "film.mp4", has_picture=True)
    with qtbot.waitSignal(player.failed, timeout=PATIENCE_MS):
        player.open(film.with_name("gone.mp4"), "gone.mp4", has_picture=True)
    with qtbot.waitSignal(player.proven, timeout=PATIENCE_MS):
        player.open(film, "film.mp4", has_picture=True)
    assert watcher.problems == ["“gone.mp4” cannot be played here."]
