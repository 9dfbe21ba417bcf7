"""Recording from the camera: asked first, counted down, stopped at 60.0 s, looked at before use."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.viewmodels.camera_take import CameraTake
from tests.fakes.clips import Materials
from tests.fakes.desk import Moment
from tests.fakes.take_camera import TakeCamera

pytestmark = pytest.mark.usefixtures("qapp")


class Shoot:
    """A take with everything around it."""

    def __init__(self, folder: Path, camera: TakeCamera | None) -> None:
        self.camera = camera or TakeCamera(allowed=True)
        self.materials, self.clock = Materials(), Moment()
        self.take = CameraTake(
            lambda: self.camera,
            self.materials,  # type: ignore[arg-type]
            folder / "takes",
            self.clock,
        )

    def begin(self) -> None:
        """Up to the first recorded picture."""
        self.take.open()
        self.take.start()
        for _ in range(3):
            self.take.count_down()


@pytest.fixture
def shoot(tmp_path: Path) -> Shoot:
    return Shoot(tmp_path, None)


def test_why_comes_before_the_system_asks(tmp_path: Path) -> None:
    shoot = Shoot(tmp_path, TakeCamera())
    shoot.take.open()
    assert shoot.take.state == "why"
    assert shoot.camera.looking_at == ""
    shoot.take.allow()
    assert shoot.take.state == "asking"
    shoot.camera.answer(True)
    assert (shoot.take.state, shoot.camera.looking_at) == ("ready", "desk camera")


def test_a_camera_that_is_not_allowed_is_told(tmp_path: Path) -> None:
    shoot = Shoot(tmp_path, TakeCamera())
    shoot.take.open()
    shoot.take.allow()
    shoot.camera.answer(False)
    assert (shoot.take.state, shoot.camera.looking_at) == ("off", "")
    assert "privacy settings" in shoot.take.problem
    shoot.take.open()
    assert shoot.take.state == "off"


def test_three_two_one(shoot: Shoot) -> None:
    shoot.take.open()
    shoot.take.start()
    counted = []
    while shoot.take.state == "counting":
        counted.append(shoot.take.count)
        assert shoot.camera.recording is None
        shoot.take.count_down()
    assert counted == [3, 2, 1]
    assert shoot.take.state == "recording"
    assert shoot.camera.recording is not None


def test_it_counts_by_itself(shoot: Shoot, qtbot: QtBot) -> None:
    shoot.take.open()
    shoot.take.start()
    with qtbot.waitSignal(shoot.take.ticked, timeout=5_000):
        pass
    assert shoot.take.count == 2
    shoot.take.close()


def test_it_stops_at_sixty_seconds_and_stays_on_the_take(shoot: Shoot) -> None:
    shoot.begin()
    shoot.clock.pass_s(59.9)
    shoot.take.tick()
    assert (shoot.take.state, shoot.take.seconds) == ("recording", pytest.approx(59.9))
    shoot.clock.pass_s(0.3)
    shoot.take.tick()
    assert (shoot.take.state, shoot.take.seconds) == ("take", 60.0)
    assert shoot.materials.added == []  # neither attached nor sent


def test_a_take_is_used_or_discarded(shoot: Shoot) -> None:
    shoot.begin()
    shoot.clock.pass_s(5)
    shoot.take.stop()
    path = shoot.take.path
    assert path is not None
    shoot.take.use()
    assert shoot.materials.added == [path]
    assert path.exists()
    assert (shoot.take.state, shoot.camera.closed) == ("off", 1)
    shoot.begin()
    shoot.take.stop()
    other = shoot.take.path
    assert other is not None
    assert other != path
    shoot.take.close()
    assert not other.exists()


def test_recording_again_forgets_the_take(shoot: Shoot) -> None:
    shoot.begin()
    shoot.take.stop()
    path = shoot.take.path
    shoot.take.start()
    assert shoot.take.state == "counting"
    assert path is not None
    assert not path.exists()


def test_the_count_can_be_stopped(shoot: Shoot) -> None:
    shoot.take.open()
    shoot.take.start()
    shoot.take.stop()
    assert shoot.take.state == "ready"
    assert shoot.camera.recording is None


def test_a_file_that_was_not_written_is_told(shoot: Shoot) -> None:
    shoot.camera.problem = "The disk is full."
    shoot.begin()
    shoot.take.stop()
    assert (shoot.take.state, shoot.take.problem) == ("ready", "The disk is full.")


def test_a_camera_that_goes_away_ends_it(shoot: Shoot) -> None:
    shoot.take.open()
    shoot.camera.unplug()
    assert (shoot.take.state, shoot.take.problem) == ("off", "The camera was unplugged.")


def test_what_was_recorded_before_the_camera_went_away_is_kept(shoot: Shoot) -> None:
    shoot.begin()
    shoot.clock.pass_s(8)
    shoot.camera.unplug()
    assert (shoot.take.state, shoot.take.seconds) == ("take", 8.0)
    assert shoot.take.problem == "The camera was unplugged."
    shoot.take.use()
    assert len(shoot.materials.added) == 1


def test_pictures_come_only_while_it_looks(shoot: Shoot) -> None:
    shoot.take.open()
    shoot.camera.see(80)
    assert shoot.take.picture is not None
    shoot.take.close()
    shoot.camera.see(90)
    assert shoot.take.picture is None


def test_another_camera(tmp_path: Path) -> None:
    shoot = Shoot(tmp_path, TakeCamera("Desk camera", "Phone", allowed=True))
    shoot.take.open()
    shoot.take.choose("phone")
    assert shoot.camera.looking_at == "phone"
    assert shoot.take.device == "phone"


def test_without_a_camera_nothing_can_be_recorded(tmp_path: Path) -> None:
    take = CameraTake(lambda: None, Materials(), tmp_path)  # type: ignore[arg-type]
    assert not take.can_record
    take.open()
    assert take.state == "off"
