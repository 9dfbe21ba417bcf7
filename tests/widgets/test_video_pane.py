"""The video pane by mouse and keyboard: strip, window, player, choices, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.clips import Window
from app.core.conversation import Attachment
from app.intake.selection import Selection
from app.viewmodels.materials import MaterialView
from app.viewmodels.values import ModelChoice
from app.viewmodels.video import VideoViewModel
from app.widgets.theme import Theme
from app.widgets.video import VideoPane
from tests.fakes.clips import Chat, Composer, Materials, Models, PaintedReader, clip, painted
from tests.widgets.walk import out_of_reach, too_small, unnamed

WINDOW = Selection(start_s=42.0, end_s=102.0)
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@dataclass
class Shown:
    """A pane in a window of its own and what stands behind it."""

    pane: VideoPane
    model: VideoViewModel
    materials: Materials
    models: Models
    composer: Composer
    reader: PaintedReader
    chat: Chat


class Stage:
    """Makes panes, and takes them away after the test."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self._qtbot, self._theme = qtbot, theme

    def show(
        self,
        attachment: Attachment | None,
        size: tuple[int, int] = (1040, 746),
        models: Models | None = None,
        reader: PaintedReader | None = None,
    ) -> Shown:
        materials, chat, composer = Materials(attachment), Chat(), Composer()
        used, painter = models or Models(), reader or PaintedReader()
        model = VideoViewModel(materials, chat, composer, used, painter)  # type: ignore[arg-type]
        ask = QPlainTextEdit()
        ask.setTabChangesFocus(True)
        ask.setAccessibleName("Question")
        pane = VideoPane(model, ask, self._theme)
        self._qtbot.addWidget(pane)
        pane.resize(*size)
        pane.show()
        self._qtbot.waitExposed(pane)
        QApplication.processEvents()
        return Shown(pane, model, materials, used, composer, painter, chat)


@pytest.fixture
def stage(qtbot: QtBot, theme: Theme) -> Stage:
    return Stage(qtbot, theme)


def click(widget: QWidget, at: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(widget, LEFT, held, at)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, LEFT, NONE, start)
    for step in range(1, 6):
        QTest.mouseMove(widget, start + (end - start) * step / 5)
    QTest.mouseRelease(widget, LEFT, NONE, end)


# --- the strip -------------------------------------------------------------------------------


def test_a_click_leaves_a_frame_out_and_takes_it_in(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    strip = shown.pane.strip
    click(strip, strip.place_of(49))
    assert shown.materials.stored[-1].left_out == (7,)
    assert strip.describe(49) == "0:49, frame 8 of 60, left out"
    click(strip, strip.place_of(49))
    assert shown.materials.stored[-1].left_out == ()


def test_shift_click_does_the_same_to_all_up_to_there(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    strip = shown.pane.strip
    click(strip, strip.place_of(49))
    click(strip, strip.place_of(73), SHIFT)  # in the second row
    assert shown.materials.stored[-1].left_out == tuple(range(7, 32))
    click(strip, strip.place_of(49))
    click(strip, strip.place_of(73), SHIFT)
    assert shown.materials.stored[-1].left_out == ()


def test_dragging_chooses_a_range_to_ask_about(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    pane, strip = shown.pane, shown.pane.strip
    drag(strip, strip.place_of(12), strip.place_of(31))
    assert strip.range == (12, 31)
    assert shown.materials.stored == []  # nothing was left out
    assert pane.range_bar.isVisible()
    assert pane.range_bar.words.text() == "0:12–0:31 · 20 frames"
    click(pane.range_bar.ask, pane.range_bar.ask.rect().center())
    assert shown.composer.text == "What changed between 0:12 and 0:31?"
    assert strip.range is None
    assert pane.choices.isVisible()


def test_a_range_can_be_left_out_and_taken_in(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    bar, strip = shown.pane.range_bar, shown.pane.strip
    drag(strip, strip.place_of(3), strip.place_of(5))
    click(bar.leave_out, bar.leave_out.rect().center())
    assert shown.materials.stored[-1].left_out == (3, 4, 5)
    assert bar.leave_out.text() == "Take in"
    click(bar.leave_out, bar.leave_out.rect().center())
    assert shown.materials.stored[-1].left_out == ()


def test_the_strip_by_keyboard(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    strip, model = shown.pane.strip, shown.model
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert model.current == 2
    QTest.keyClick(strip, Qt.Key.Key_Space)
    assert shown.materials.stored[-1].left_out == (2,)
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert model.current == 32  # one row below
    QTest.keyClick(strip, Qt.Key.Key_Left, SHIFT)
    QTest.keyClick(strip, Qt.Key.Key_Left, SHIFT)
    assert strip.range == (30, 32)
    QTest.keyClick(strip, Qt.Key.Key_Space)
    assert shown.materials.stored[-1].left_out == (2, 30, 31, 32)
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert strip.range is None
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert model.current == 59
    assert strip.accessibleName() == "Frames: 0:59, frame 60 of 60"


def test_right_to_left_the_left_arrow_goes_on(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    shown.pane.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    strip = shown.pane.strip
    assert strip.place_of(0).x() > strip.place_of(1).x()
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert shown.model.current == 1


def test_the_frame_under_the_pointer_is_enlarged(stage: Stage, qtbot: QtBot) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    strip, card = shown.pane.strip, shown.pane.card
    QTest.mouseMove(strip, strip.place_of(80))
    qtbot.waitUntil(card.isVisible)
    assert card.words == ("1:20", "frame 39 of 60")
    QTest.mouseMove(strip, QPoint(2, 2))
    assert not card.isVisible()


def test_a_narrow_strip_has_three_rows(stage: Stage) -> None:
    wide = stage.show(clip(60.0)).pane.strip
    narrow = stage.show(clip(60.0), (760, 566)).pane.strip
    assert (wide.geometry_now.rows, narrow.geometry_now.rows) == (2, 3)
    assert narrow.height() > wide.height()


# --- the window ------------------------------------------------------------------------------


def test_the_window_is_dragged_and_snaps_to_seconds(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    bar = shown.pane.mini_map
    assert bar.isVisible()
    middle = bar.window_rect().center().toPoint()
    drag(bar, middle, middle + QPoint(round(bar.width() * 20.3 / 252), 0))
    assert shown.materials.stored[-1] == Selection(start_s=62.0, end_s=122.0)
    assert shown.pane.window_words.text() == "1:02–2:02"
    assert bar.accessibleName() == "Window 1:02 to 2:02 of 4:12"


def test_an_end_is_dragged(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    bar = shown.pane.mini_map
    right = QPoint(round(bar.window_rect().right()), 11)
    drag(bar, right, right - QPoint(round(bar.width() * 30 / 252), 0))
    assert shown.model.window == Window(42, 72)
    left = QPoint(round(bar.window_rect().left()), 11)
    drag(bar, left, left + QPoint(round(bar.width() * 10 / 252), 0))
    assert shown.model.window == Window(52, 72)


def test_a_press_beside_the_window_brings_it_there(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    bar = shown.pane.mini_map
    click(bar, QPoint(bar.width() - 2, 11))
    assert shown.model.window == Window(192, 252)


def test_the_window_by_keyboard(stage: Stage, qtbot: QtBot) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    bar = shown.pane.mini_map
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar, Qt.Key.Key_Right)
    QTest.keyClick(bar, Qt.Key.Key_Right, SHIFT)
    assert bar.window_shown == Window(53, 113)
    qtbot.waitUntil(lambda: shown.model.window == Window(53, 113))
    QTest.keyClick(bar, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: shown.model.window == Window(53, 112))
    assert len(shown.materials.stored) <= 3  # not one for every key


def test_a_short_clip_has_no_map(stage: Stage) -> None:
    assert not stage.show(clip(12.0)).pane.mini_map.isVisible()


# --- the player ------------------------------------------------------------------------------


def test_the_moment_is_never_shown_as_a_black_nothing(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    shown.model.seek(20)
    image = shown.pane.player.stage.image
    assert not image.isNull()
    pixels = painted(20, image.width())
    at = image.pixelColor(image.width() - 1, image.height() - 1)
    assert [at.red(), at.green(), at.blue()] == list(pixels[-1, -1])


def test_play_goes_on_from_second_to_second(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    pane, player = shown.pane, shown.pane.player
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert player.is_playing
    assert player.bar.play.accessibleName() == "Pause"
    player.engine.advance(3.0)
    assert shown.model.current >= 3
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert not player.is_playing


def test_shuttle_keys(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    pane, player = shown.pane, shown.pane.player
    shown.model.seek(30)
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_L)
    QTest.keyClick(pane, Qt.Key.Key_L)
    assert (player.is_playing, player.rate) == (True, 2.0)
    QTest.keyClick(pane, Qt.Key.Key_J)
    assert player.rate == -1.0
    player.engine.advance(4.0)
    assert shown.model.current <= 26
    QTest.keyClick(pane, Qt.Key.Key_K)
    assert not player.is_playing


def test_playing_ends_at_the_end_of_the_window(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    player = shown.pane.player
    player.toggle()
    player.engine.advance(100.0)
    assert not player.is_playing
    assert shown.model.current == 101
    player.toggle()  # once more from the beginning
    assert (player.is_playing, shown.model.current) == (True, 42)


def test_in_and_out_keys_set_the_ends(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    pane = shown.pane
    pane.setFocus()
    shown.model.seek(60)
    QTest.keyClick(pane, Qt.Key.Key_I)
    shown.model.seek(70)
    QTest.keyClick(pane, Qt.Key.Key_O)
    assert shown.model.window == Window(60, 71)


def test_scrubbing(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    scrub = shown.pane.player.bar.scrub
    click(scrub, QPoint(scrub.width() // 2, scrub.height() // 2))
    assert shown.model.current == pytest.approx(30, abs=1)
    assert shown.pane.player.bar.time.text() == f"0:{shown.model.current:02d}"


def test_a_larger_picture_takes_the_whole_pane(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    pane, before = shown.pane, shown.pane.player.stage.width()
    pane.player.bar.enlarge.click()
    QApplication.processEvents()
    assert pane.player.stage.width() > before
    assert not pane.strip.isVisible()
    pane.player.bar.enlarge.click()
    assert pane.strip.isVisible()


def test_a_link_of_an_answer_lights_its_frame(stage: Stage) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    shown.pane.player.toggle()
    shown.pane.show_time(80)
    assert not shown.pane.player.is_playing
    assert shown.model.current == 80
    assert shown.pane.strip.accessibleName().startswith("Frames: 1:20, frame 39 of 60")
    shown.pane.show_time(10)
    assert shown.model.window == Window(0, 60)


def test_the_frame_of_a_hovered_moment_is_lit(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    strip = shown.pane.strip
    before = strip.grab().toImage()
    shown.pane.light_time(31)
    assert strip.grab().toImage() != before
    shown.pane.light_time(None)
    assert strip.grab().toImage() == before


def test_answers_are_told_how_long_the_clip_is(stage: Stage, qtbot: QtBot) -> None:
    shown = stage.show(None)
    with qtbot.waitSignal(shown.pane.times_wanted) as told:
        ready = clip(75.0)
        shown.materials.put(MaterialView("clip", "a.mp4", "video", "ready", "", ready))
    assert told.args == [75.0]
    with qtbot.waitSignal(shown.pane.times_wanted) as told:
        shown.materials.put(None)
    assert told.args == [0.0]


def test_what_cannot_be_done_is_said_under_the_strip(stage: Stage) -> None:
    shown = stage.show(clip(2.0))
    shown.model.leave_out(0, 1, True)
    assert shown.pane.notice.text() == "At least one frame has to stay."
    assert shown.pane.notice.isVisible()


def test_the_message_field_names_the_window(stage: Stage, qtbot: QtBot) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW))
    with qtbot.waitSignal(shown.pane.hint_wanted) as told:
        shown.model.move_window(43)
    assert told.args == ["Ask about 0:43–1:43"]


# --- choices ---------------------------------------------------------------------------------


def test_detail_and_sound_are_chosen(stage: Stage) -> None:
    shown = stage.show(clip(60.0))
    choices = shown.pane.choices
    choices.detail.chosen.emit(1)
    assert shown.materials.attachment is not None
    assert shown.materials.attachment.soft_tokens == 140
    choices.sound.click()
    assert not shown.materials.stored[-1].with_sound
    assert "not sent" in shown.pane.wave.accessibleName()


def test_a_refused_budget_stays_where_it_was(stage: Stage) -> None:
    shown = stage.show(clip(60.0, sound=False), models=Models(12_000))
    choices = shown.pane.choices
    choices.detail.chosen.emit(2)
    assert choices.detail.index == 0
    assert choices.cost.text().startswith("60 frames at 280 take")
    click(choices.remedy, choices.remedy.rect().center())
    assert choices.detail.index == 1
    assert choices.cost.text().startswith("60 frames · ")


def test_a_model_that_cannot_hear_is_told_and_one_that_can_is_offered(stage: Stage) -> None:
    models = Models(hears=False)
    shown = stage.show(clip(60.0), models=models)
    choices = shown.pane.choices
    assert not choices.sound.isVisible()
    assert not choices.switch_model.isVisible()
    models.listed = [ModelChoice("e4b", "Gemma 4 E4B", "4-bit")]
    models.changed.emit()
    click(choices.switch_model, choices.switch_model.rect().center())
    assert models.chosen == ["e4b"]


# --- states ----------------------------------------------------------------------------------


def test_empty_reading_and_failed(stage: Stage) -> None:
    shown = stage.show(None)
    empty = shown.pane.empty
    assert empty.isVisible()
    assert empty.title.text() == "Drop a clip"
    shown.materials.put(MaterialView("a", "hall.mp4", "video", "reading", "", None))
    assert empty.title.text() == "Reading hall.mp4"
    assert not empty.open.isVisible()
    shown.materials.put(MaterialView("a", "hall.mp4", "video", "failed", "It is damaged.", None))
    assert empty.line.text() == "It is damaged."
    click(empty.remove, empty.remove.rect().center())
    assert empty.title.text() == "Drop a clip"
    ready = clip(12.0)
    shown.materials.put(MaterialView("clip", "hall.mp4", "video", "ready", "", ready))
    assert shown.pane.player.isVisible()


@pytest.mark.parametrize("size", [(1040, 746), (760, 566)])
@pytest.mark.parametrize("has_clip", [True, False])
def test_everything_has_a_name_and_is_reached_by_tab(
    stage: Stage, size: tuple[int, int], has_clip: bool
) -> None:
    shown = stage.show(clip(252.0, selection=WINDOW) if has_clip else None, size)
    assert unnamed(shown.pane) == []
    assert out_of_reach(shown.pane) == []
    assert too_small(shown.pane, 18) == []  # a switch is 18 high
