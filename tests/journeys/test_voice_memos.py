"""Voice memos in the window with the bundled model: a short one, a long one, and their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.capture import Devices
from app.core.bundled import bundled_model, example
from app.main import Places, Program, build
from app.widgets.audio import AudioPane
from app.widgets.audio.export import ExportButton
from app.widgets.theme import Theme
from inference import Engine
from tests.fakes.hand_microphone import HandMicrophone, HandSoundOut
from tests.fakes.spoken import RATE, write_wav
from tests.widgets.conftest import delete_what_waits

PATIENCE_MS = 120_000
SAID = "call doctor tomorrow morning move budget meeting friday send report please"
SHARE_OF_ERRORS = 0.3  # the demonstration model sometimes says a phrase twice
MICROPHONE = HandMicrophone()


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """The program with the demonstration model, loaded, and a microphone."""
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    places = Places.under(tmp_path / "facet")
    devices = Devices(microphone=lambda: MICROPHONE, sound_out=HandSoundOut)
    built = build(places, Engine(dtype="float32"), bundled_model(), theme=theme, devices=devices)
    built.workbench.preferences.change(appearance="light", reduce_motion="on")
    built.start()
    qtbot.waitUntil(lambda: built.workbench.models.state == "ready", timeout=PATIENCE_MS)
    built.workbench.library.show_pane("audio")
    yield built
    built.close()
    delete_what_waits()


def memo() -> np.ndarray:
    """The bundled memo, 7.8 s."""
    path = example("memo.wav")
    assert path is not None
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    return samples


def repeated(times: int, pause_s: float) -> np.ndarray:
    """The memo several times, with pauses."""
    pause = np.zeros(round(pause_s * RATE), np.float32)
    return np.concatenate([part for _ in range(times) for part in (memo(), pause)])


def test_a_memo_of_twelve_seconds_is_recorded_and_written_down(
    program: Program, qtbot: QtBot
) -> None:
    audio = program.panes.audio
    pane = program.window.findChild(AudioPane)
    assert pane is not None
    QTest.keyClick(pane, Qt.Key.Key_R)
    assert audio.recorder.state == "recording"
    MICROPHONE.hear_samples(repeated(2, 0.1)[: 12 * RATE])
    assert audio.recorder.seconds == 12.0
    QTest.keyClick(pane, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: audio.state == "take", timeout=PATIENCE_MS)
    assert not program.workbench.chat.has_turns, "nothing is sent by itself"
    pane.tasks.ask.click()
    qtbot.waitUntil(lambda: audio.hearing.transcript is not None, timeout=PATIENCE_MS)
    [piece] = audio.hearing.shown_pieces
    assert piece.text.startswith(SAID)
    assert "doctor tomorrow morning" in piece.text.removeprefix(SAID)
    answer = program.workbench.chat.last_answer
    assert answer is not None
    receipt = program.workbench.chat.receipt_of(answer.id)
    assert receipt is not None
    assert [item.kind for item in receipt.items if item.kind != "text"] == ["audio"]
    assert not receipt.dropped


@pytest.mark.timeout(600)
def test_a_memo_of_ninety_five_seconds_is_heard_in_pieces_and_exported(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "site-walk.wav", repeated(12, 0.12))
    audio = program.panes.audio
    program.workbench.arrivals.add_files([path])
    qtbot.waitUntil(
        lambda: audio.state == "long" and audio.recordings.wave is not None, timeout=PATIENCE_MS
    )
    pane = program.window.findChild(AudioPane)
    assert pane is not None
    planned = audio.hearing.shown_pieces
    assert len(planned) >= 4
    assert not any(piece.shares_words for piece in planned), "every cut lies in a pause"
    pane.tasks.ask.click()
    qtbot.waitUntil(lambda: not audio.hearing.is_hearing, timeout=PATIENCE_MS)
    pieces = audio.hearing.shown_pieces
    assert {piece.state for piece in pieces} == {"done"}
    heard = " ".join(piece.text for piece in pieces).split()
    wanted = (f"{SAID} " * 12).split()
    assert word_errors(heard, wanted) <= len(wanted) * SHARE_OF_ERRORS
    export = pane.findChild(ExportButton)
    assert export is not None
    assert export.isVisible()
    for form in ("txt", "srt", "vtt", "csv"):
        export.save(form, tmp_path / f"site-walk.{form}")
    captions = (tmp_path / "site-walk.srt").read_text()
    assert captions.count(" --> ") == len(pieces)
    assert captions.startswith("1\n00:00:00,000 --> 00:00:")
    assert (tmp_path / "site-walk.vtt").read_text().startswith("WEBVTT\n\n00:00:00.000 --> ")


def word_errors(heard: list[str], wanted: list[str]) -> int:
    """Words that are wrong, missing or too many."""
    row = list(range(len(wanted) + 1))
    for i, word in enumerate(heard, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(wanted, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
