"""The audio pane: keys, ring, meter, handles, pieces, tasks, takes, states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.capture import Devices
from app.core.preferences import Preferences, PreferencesFile
from app.main import Places, Program, build
from app.viewmodels.recorder import WHY
from app.widgets.audio import AudioPane
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine
from tests.fakes.hand_microphone import HandMicrophone, HandSoundOut
from tests.fakes.spoken import RATE, speech, write_wav
from tests.widgets.conftest import MODEL, delete_what_waits
from tests.widgets.walk import out_of_reach, too_small, unnamed

PATIENCE_MS = 60_000


class Studio:
    """The program with the audio pane shown."""

    def __init__(
        self, qtbot: QtBot, folder: Path, theme: Theme, microphone: HandMicrophone | None
    ) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.engine, self.out = HandEngine(), HandSoundOut()
        self.microphone = microphone or HandMicrophone("Desk microphone", "Headset")
        places = Places.under(folder / "facet")
        chosen = Preferences(
            model_folders=(str(MODEL),), model_key=str(MODEL), appearance="light",
            reduce_motion="on",
        )  # fmt: skip
        PreferencesFile(places.config / "preferences.json").save(chosen)
        devices = Devices(microphone=lambda: self.microphone, sound_out=lambda: self.out)
        self.program: Program = build(places, self.engine, MODEL, theme=theme, devices=devices)
        self.program.start()
        work = self.program.workbench
        qtbot.waitUntil(lambda: work.models.state == "ready", timeout=PATIENCE_MS)
        work.library.show_pane("audio")
        self.audio = self.program.panes.audio
        pane = self.program.window.findChild(AudioPane)
        assert pane is not None
        self.pane: AudioPane = pane
        QApplication.processEvents()

    def open(self, seconds: float, name: str = "memo.wav") -> None:
        """A recording from a file."""
        self.audio.recordings.add_files([write_wav(self.folder / name, speech(seconds))])
        self.qtbot.waitUntil(
            lambda: self.audio.recordings.name == name and self.audio.recordings.wave is not None,
            timeout=PATIENCE_MS,
        )
        QApplication.processEvents()

    def answer(self, number: int, text: str) -> None:
        """The model's answer to its request with that number, from 1."""
        self.qtbot.waitUntil(lambda: len(self.engine.jobs) == number, timeout=PATIENCE_MS)
        self.engine.job.text(text)
        self.engine.job.finish()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """A key pressed in the pane."""
        QTest.keyClick(self.pane, key, modifier or Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def studio(
    request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, theme: Theme
) -> Iterator[Studio]:
    made = Studio(qtbot, tmp_path, theme, getattr(request, "param", None))
    yield made
    made.program.close()
    delete_what_waits()


def test_r_records_and_stops(studio: Studio) -> None:
    view = studio.pane.recorder
    assert view.button.isVisible()
    assert not view.ring.isVisible()
    studio.key(Qt.Key.Key_R)
    studio.microphone.hear(4.4)
    assert view.ring.isVisible()
    assert view.ring.accessibleName() == "26 seconds left"
    assert view.meter.accessibleName() == "Level −8 dB"
    assert studio.pane.tasks.cost.text() == "4.4 s ≈ 110 tokens"
    assert not studio.pane.tasks.ask.isEnabled()
    studio.key(Qt.Key.Key_R)
    studio.qtbot.waitUntil(lambda: studio.audio.state == "take", timeout=PATIENCE_MS)
    assert studio.pane.take.isVisible()
    assert studio.pane.take.title.text() == "Take 1"
    assert studio.pane.tasks.ask.isEnabled()
    assert studio.engine.jobs == []


def test_r_is_a_letter_in_the_message_field(studio: Studio) -> None:
    studio.pane.show_answer()
    edit = studio.program.window.pane.composer.edit
    edit.setFocus()
    QTest.keyClicks(edit, "r")
    assert edit.toPlainText() == "r"
    assert not studio.audio.recorder.is_recording


def test_the_ring_is_amber_at_the_end(studio: Studio) -> None:
    studio.key(Qt.Key.Key_R)
    studio.microphone.hear(24.0)
    ring = studio.pane.recorder.ring
    at = QPoint(ring.width() // 2 - 4, 4)  # just left of the top, where the rest ends
    red = ring.grab().toImage().pixelColor(at)
    studio.microphone.hear(2.0)
    amber = ring.grab().toImage().pixelColor(at)
    assert red.red() > 180
    assert red.green() < 100
    assert amber.red() > 150
    assert amber.green() > 100
    assert amber.blue() < 80


def test_no_sound_is_said(studio: Studio) -> None:
    studio.key(Qt.Key.Key_R)
    studio.microphone.hear(2.1, 0.0)
    assert studio.pane.recorder.warning.text() == "No sound from Desk microphone."


def test_pause_start_over_and_stop_are_buttons(studio: Studio) -> None:
    studio.key(Qt.Key.Key_R)
    studio.microphone.hear(2.0)
    view = studio.pane.recorder
    view.hold.click()
    assert view.hold.text() == "Go on"
    assert view.chip.accessibleName() == "Paused"
    view.hold.click()
    view.over.click()
    assert studio.audio.recorder.seconds == 0.0
    studio.microphone.hear(1.0)
    view.stop.click()
    studio.qtbot.waitUntil(lambda: len(studio.audio.recordings.views) == 2, timeout=PATIENCE_MS)


@pytest.mark.parametrize("studio", [HandMicrophone(allowed=None)], indirect=True)
def test_why_is_said_before_the_system_asks(studio: Studio) -> None:
    view = studio.pane.recorder
    view.button.click()
    assert view.line.text() == WHY
    assert studio.microphone.listening_to == ""
    view.allow.click()
    studio.microphone.answer(True)
    assert view.ring.isVisible()


def test_the_microphone_is_chosen(studio: Studio) -> None:
    device = studio.pane.device
    assert device.text() == "Desk microphone"
    menu = device.menu()
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Desk microphone"].isChecked()
    actions["Headset"].trigger()
    menu.deleteLater()
    assert device.text() == "Headset"
    studio.key(Qt.Key.Key_R)
    assert studio.microphone.listening_to == "headset"


def test_another_pane_lets_the_microphone_go(studio: Studio) -> None:
    studio.key(Qt.Key.Key_R)
    studio.microphone.hear(2.0)
    studio.program.workbench.library.show_pane("image")
    QApplication.processEvents()
    assert studio.microphone.listening_to == ""
    studio.program.workbench.library.show_pane("audio")
    studio.qtbot.waitUntil(lambda: len(studio.audio.recordings.views) == 1, timeout=PATIENCE_MS)


# --- a take ----------------------------------------------------------------------------------


def test_handles_trim_and_undo_takes_it_back(studio: Studio) -> None:
    studio.open(12.0)
    wave = studio.pane.take.wave
    wave.start.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(wave.start, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(wave.start, Qt.Key.Key_Right)
    assert studio.audio.recordings.trim == (pytest.approx(1.1), 12.0)
    assert wave.start.accessibleName() == "Start of the part that is sent, 1.1 s"
    centre = wave.end.rect().center()
    before = wave.end.x()
    QTest.mousePress(wave.end, Qt.MouseButton.LeftButton, pos=centre)
    QTest.mouseMove(wave.end, centre - QPoint(wave.width() // 4, 0))
    QTest.mouseRelease(wave.end, Qt.MouseButton.LeftButton, pos=centre)
    start, end = studio.audio.recordings.trim
    assert 8.0 < end < 10.0
    assert wave.end.x() < before
    assert studio.pane.take.time.text().startswith("0:01.1 to 0:0")
    studio.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert studio.audio.recordings.trim == (start, 12.0)
    studio.pane.take.undo.click()
    studio.pane.take.undo.click()
    assert studio.audio.recordings.trim == (0.0, 12.0)
    assert not studio.pane.take.undo.isVisible()


def test_gain_is_shown(studio: Studio) -> None:
    studio.open(6.0)
    gain = studio.pane.take.gain
    gain.click()
    assert gain.isChecked()
    assert gain.text() == f"Normalise +{studio.audio.recordings.gain_db:.1f} dB"
    gain.click()
    assert gain.text() == "Normalise"


def test_space_plays(studio: Studio) -> None:
    studio.open(6.0)
    studio.key(Qt.Key.Key_Space)
    studio.qtbot.waitUntil(lambda: studio.out.is_playing, timeout=PATIENCE_MS)
    assert len(studio.out.played[0]) == 6 * RATE
    studio.out.advance(2.5)
    assert studio.pane.take.time.text() == "0:02.5 of 0:06.0"
    studio.key(Qt.Key.Key_Space)
    assert not studio.out.is_playing


def test_a_click_plays_from_there(studio: Studio) -> None:
    studio.open(6.0)
    wave = studio.pane.take.wave
    QTest.mouseClick(wave, Qt.MouseButton.LeftButton, pos=QPoint(wave.width() // 2, 40))
    studio.qtbot.waitUntil(lambda: studio.out.is_playing, timeout=PATIENCE_MS)
    assert len(studio.out.played[0]) == pytest.approx(3 * RATE, abs=400)


def test_asking_shows_the_answer(studio: Studio) -> None:
    studio.open(6.0)
    studio.pane.tasks.ask.click()
    assert studio.pane.tabs.index == 1
    studio.answer(1, "we meet on Friday")
    studio.qtbot.waitUntil(lambda: len(studio.pane.take.rows) == 1, timeout=PATIENCE_MS)
    assert studio.pane.take.rows[0].words.text() == "we meet on Friday"
    assert studio.pane.take.export.isVisible()


# --- pieces ----------------------------------------------------------------------------------


def test_pieces_are_listed_and_heard(studio: Studio) -> None:
    studio.open(75.0)
    take = studio.pane.take
    assert take.head.text() == "3 pieces"
    assert [row.words.text() for row in take.rows] == ["Not heard yet"] * 3
    studio.pane.tasks.ask.click()
    assert studio.pane.tasks.ask.text() == "Stop"
    studio.answer(1, "one")
    studio.qtbot.waitUntil(lambda: len(studio.engine.jobs) == 2, timeout=PATIENCE_MS)
    assert take.head.text() == "Piece 2 of 3"
    assert [row.words.text() for row in take.rows] == ["one", "Listening…", "Not heard yet"]
    studio.pane.tasks.ask.click()
    assert take.head.text() == "1 of 3 pieces heard"
    assert take.go_on.isVisible()
    take.rows[0].again.click()
    studio.answer(3, "better")
    studio.qtbot.waitUntil(lambda: not studio.audio.hearing.is_hearing, timeout=PATIENCE_MS)
    assert take.rows[0].words.text() == "better"


def test_a_piece_is_played_and_chosen(studio: Studio) -> None:
    studio.open(75.0)
    row = studio.pane.take.rows[1]
    piece = studio.audio.hearing.shown_pieces[1]
    row.play.click()
    studio.qtbot.waitUntil(lambda: studio.out.is_playing, timeout=PATIENCE_MS)
    length = (piece.end_s - piece.start_s) * RATE
    assert len(studio.out.played[0]) == pytest.approx(length, abs=400)
    row.time.click()
    assert row.time.isChecked()
    [sent] = studio.program.workbench.materials.companions()
    assert sent.selection.start_s == piece.start_s


def test_the_menu_of_files(studio: Studio) -> None:
    studio.open(6.0)
    menu = studio.pane.take.export.menu()
    words = [action.text() for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert [word.rpartition("(")[2] for word in words[:4]] == [
        ".txt)…",
        ".srt)…",
        ".vtt)…",
        ".csv)…",
    ]


# --- the side --------------------------------------------------------------------------------


def test_tasks_are_chosen_by_keys(studio: Studio) -> None:
    tasks = studio.pane.tasks
    assert not tasks.target.isVisible()
    tasks.tasks[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tasks.tasks[0], Qt.Key.Key_Down)
    assert studio.audio.hearing.chosen_preset == "translate"
    assert tasks.target.isVisible()
    tasks.spoken.textActivated.emit("German")
    tasks.target.textActivated.emit("French")
    assert (studio.audio.hearing.language, studio.audio.hearing.target) == ("German", "French")


def test_earlier_takes_are_listed(studio: Studio) -> None:
    studio.open(6.0, "first.wav")
    studio.open(8.0, "second.wav")
    [row] = studio.pane.tasks.takes.rows
    assert row.face.accessibleName().startswith("Show first.wav, 0:06.0 · ")
    row.face.click()
    assert studio.pane.take.title.text() == "first.wav"
    [row] = studio.pane.tasks.takes.rows
    menu = row.menu()
    menu.actions()[1].trigger()
    menu.deleteLater()
    assert studio.pane.tasks.takes.rows == []


def test_a_model_that_cannot_hear(studio: Studio) -> None:
    studio.open(6.0)
    studio.engine.hears = False
    models = studio.program.workbench.models
    models.choose("tiny")
    studio.qtbot.waitUntil(lambda: models.state == "ready", timeout=PATIENCE_MS)
    note = studio.pane.tasks.deaf
    assert note.isVisible()
    assert not studio.pane.tasks.ask.isEnabled()
    assert note.switch.isVisible()


def test_a_file_that_cannot_be_heard(studio: Studio) -> None:
    broken = studio.folder / "broken.m4a"
    broken.write_bytes(b"nothing")
    studio.audio.recordings.add_files([broken])
    studio.qtbot.waitUntil(lambda: studio.audio.state == "failed", timeout=PATIENCE_MS)
    assert studio.pane.reading.title.text() == "broken.m4a cannot be heard"
    studio.pane.reading.remove.click()
    assert studio.pane.recorder.isVisible()


@pytest.mark.parametrize("size", [(1280, 820), (960, 640)])
@pytest.mark.parametrize("seconds", [0.0, 6.0, 75.0])
def test_everything_has_a_name_and_is_reached_by_tab(
    studio: Studio, size: tuple[int, int], seconds: float
) -> None:
    studio.program.window.resize(*size)
    if seconds:
        studio.open(seconds)
    else:
        studio.key(Qt.Key.Key_R)
        studio.microphone.hear(1.0)
    QApplication.processEvents()
    assert unnamed(studio.pane) == []
    assert out_of_reach(studio.pane) == []
    assert too_small(studio.pane) == []
