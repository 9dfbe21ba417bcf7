"""The camera in the player's place: what can be pressed in each state, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.viewmodels.camera_take import CameraTake
from app.viewmodels.video import VideoViewModel
from app.widgets.theme import Theme
from app.widgets.video import VideoPane
from app.widgets.video.camera_view import CameraView
from tests.fakes.clips import Chat, Composer, Materials, Models, PaintedReader
from tests.fakes.desk import Moment
from tests.fakes.take_camera import TakeCamera
from tests.widgets.walk import out_of_reach, unnamed


class Shoot:
    """A pane with a camera and no clip."""

    def __init__(self, qtbot: QtBot, theme: Theme, folder: Path, camera: TakeCamera) -> None:
        self.camera, self.clock, self.materials = camera, Moment(), Materials()
        self.take = CameraTake(lambda: camera, self.materials, folder, self.clock)  # type: ignore[arg-type]
        model = VideoViewModel(
            self.materials, Chat(), Composer(), Models(), PaintedReader()  # type: ignore[arg-type]
        )  # fmt: skip
        ask = QPlainTextEdit()
        ask.setTabChangesFocus(True)
        ask.setAccessibleName("Question")
        self.pane = VideoPane(model, ask, theme, self.take)
        qtbot.addWidget(self.pane)
        self.pane.resize(1040, 746)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    @property
    def view(self) -> CameraView:
        assert self.pane.camera is not None
        return self.pane.camera

    def buttons(self) -> list[str]:
        """What can be pressed."""
        QApplication.processEvents()
        return [
            button.accessibleName()
            for button in self.view.findChildren(QAbstractButton)
            if button.isVisible()
        ]


@pytest.fixture
def shoot(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Shoot:
    return Shoot(qtbot, theme, tmp_path, TakeCamera(allowed=True))


def test_from_the_empty_pane_to_a_take(shoot: Shoot) -> None:
    shoot.pane.empty.record.click()
    assert shoot.view.isVisible()
    assert shoot.buttons() == ["Back to the clip", "Record"]
    shoot.view.record.click()
    assert shoot.buttons() == ["Back to the clip", "Stop"]
    for _ in range(3):
        shoot.take.count_down()
    shoot.camera.see(120)
    assert not shoot.view.stage.image.isNull()
    shoot.clock.pass_s(12.4)
    shoot.take.tick()
    assert shoot.view.time.text() == "12.4 of 60.0 s"
    shoot.clock.pass_s(60)
    shoot.take.tick()
    assert shoot.view.time.text() == "60.0 s recorded"
    assert shoot.buttons() == ["Discard the take", "Record again", "Use this clip"]
    shoot.view.use.click()
    assert len(shoot.materials.added) == 1
    assert shoot.pane.empty.isVisible()  # until the file has been read


def test_the_reason_is_shown_before_the_system_asks(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    shoot = Shoot(qtbot, theme, tmp_path, TakeCamera())
    shoot.pane.record()
    assert "stays on this computer" in shoot.view.stage.words
    assert shoot.buttons() == ["Back to the clip", "Allow the camera"]
    shoot.view.allow.click()
    shoot.camera.answer(False)
    assert shoot.pane.empty.isVisible()
    assert "privacy settings" in shoot.pane.empty.line.text()


def test_space_records_and_escape_stops_before_it_leaves(shoot: Shoot) -> None:
    shoot.pane.record()
    QTest.keyClick(shoot.view, Qt.Key.Key_Space)
    assert shoot.take.state == "counting"
    QTest.keyClick(shoot.view, Qt.Key.Key_Escape)
    assert shoot.take.state == "ready"
    QTest.keyClick(shoot.view, Qt.Key.Key_Escape)
    assert not shoot.view.isVisible()


def test_several_cameras_can_be_chosen_from(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    shoot = Shoot(qtbot, theme, tmp_path, TakeCamera("Desk", "Phone", allowed=True))
    shoot.pane.record()
    assert shoot.view.device.isVisible()
    QTest.keyClick(shoot.view.device, Qt.Key.Key_Down)
    assert shoot.camera.looking_at == "phone"


def test_without_a_camera_there_is_no_such_button(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    camera = TakeCamera(allowed=True)
    camera.names = ()
    shoot = Shoot(qtbot, theme, tmp_path, camera)
    assert not shoot.pane.empty.record.isVisible()
    assert [a.text() for a in shoot.pane.clips_menu().actions() if a.text()] == [
        "Open a clip…",
        "Remove this clip",
    ]


def test_names_and_tab(shoot: Shoot) -> None:
    shoot.pane.record()
    assert unnamed(shoot.pane) == []
    assert out_of_reach(shoot.pane) == []
