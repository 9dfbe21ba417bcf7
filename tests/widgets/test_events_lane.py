"""Scenes of a clip that the person splits, names, moves and joins, and that stay with the work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.intake.selection import Selection
from app.viewmodels.video import VideoViewModel
from app.widgets.theme import Theme
from app.widgets.video.events_lane import EventsLane
from tests.fakes.clips import Chat, Composer, Materials, Models, PaintedReader, clip

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Lane:
    """A lane over a clip of which 0:42 to 1:42 is watched."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.materials = Materials(clip(252.0, selection=Selection(start_s=42.0, end_s=102.0)))
        self.model = VideoViewModel(
            self.materials, Chat(), Composer(), Models(), PaintedReader()  # type: ignore[arg-type]
        )  # fmt: skip
        self.lane = EventsLane(self.model, theme)
        qtbot.addWidget(self.lane)
        self.lane.resize(600, 20)

    def split_at(self, *seconds: int) -> None:
        for second in seconds:
            self.model.seek(second)
            self.model.scenes.split(second)
        QApplication.processEvents()

    def place(self, number: int) -> QPoint:
        return self.lane.rect_of(self.model.scenes.shown()[number]).center().toPoint()

    @property
    def kept(self) -> list[tuple[float, float, str]]:
        events = sorted(self.materials.work.events, key=lambda event: event.start_s)
        return [(event.start_s, event.end_s, event.text) for event in events]


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Lane:
    return Lane(qtbot, theme)


def test_there_is_no_lane_before_there_are_scenes(bench: Lane) -> None:
    assert bench.lane.isHidden()
    bench.split_at(57)
    assert not bench.lane.isHidden()
    assert bench.kept == [(42, 57, ""), (57, 102, "")]


def test_a_scene_is_named_by_double_click(bench: Lane) -> None:
    bench.split_at(57, 80)
    QTest.mouseDClick(bench.lane, LEFT, NONE, bench.place(1))
    assert not bench.lane.edit.isHidden()
    QTest.keyClicks(bench.lane.edit, "Conveyor")
    QTest.keyClick(bench.lane.edit, Qt.Key.Key_Return)
    assert bench.kept[1] == (57, 80, "Conveyor")
    assert bench.lane.edit.isHidden()


def test_escape_leaves_the_old_name(bench: Lane) -> None:
    bench.split_at(57)
    bench.lane.begin_edit()
    QTest.keyClicks(bench.lane.edit, "Wrong")
    QTest.keyClick(bench.lane.edit, Qt.Key.Key_Escape)
    assert bench.kept[0] == (42, 57, "")


def test_scenes_by_keyboard(bench: Lane) -> None:
    bench.split_at(57, 80)
    lane = bench.lane
    lane.setFocus()
    QTest.keyClick(lane, Qt.Key.Key_Right)
    assert bench.model.current == 57
    assert lane.accessibleName() == "Scenes: 0:57–1:20 Name this scene"
    QTest.keyClick(lane, Qt.Key.Key_F2)
    QTest.keyClicks(lane.edit, "Panel")
    QTest.keyClick(lane.edit, Qt.Key.Key_Return)
    assert lane.accessibleName() == "Scenes: 0:57–1:20 Panel"
    QTest.keyClick(lane, Qt.Key.Key_Delete)
    assert bench.kept == [(42, 80, ""), (80, 102, "")]


def test_a_border_is_dragged(bench: Lane) -> None:
    bench.split_at(57)
    border = QPoint((57 - 42) * 10, 10)
    QTest.mousePress(bench.lane, LEFT, NONE, border)
    QTest.mouseMove(bench.lane, border + QPoint(52, 0))
    QTest.mouseRelease(bench.lane, LEFT, NONE, border + QPoint(52, 0))
    assert bench.kept == [(42, 62, ""), (62, 102, "")]


def test_a_click_goes_to_where_the_scene_begins(bench: Lane) -> None:
    bench.split_at(57, 80)
    QTest.mouseClick(bench.lane, LEFT, NONE, bench.place(0))
    assert bench.model.current == 42


def test_scenes_outside_the_window_are_kept_and_not_shown(bench: Lane) -> None:
    bench.split_at(57)
    bench.model.move_window(150)
    assert bench.model.scenes.shown() == ()
    assert len(bench.kept) == 2
