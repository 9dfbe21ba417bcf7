"""The audio pane's view-model: takes, trim, gain, pieces, transcripts, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.capture import Devices
from app.core.conversation import Settings
from app.core.speech.values import Piece
from app.core.takes import TakeFile
from app.viewmodels.audio import AudioViewModel
from app.viewmodels.audio_parts import assemble_audio
from app.viewmodels.hearing import DEAF, ONLY_WORDS
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.workbench import Workbench
from inference import Audio, Text
from tests.fakes.desk import MODEL, Bench
from tests.fakes.hand_microphone import HandMicrophone, HandSoundOut
from tests.fakes.spoken import RATE, speech, write_wav


class Desk:
    """A workbench with an audio pane, a microphone and a loudspeaker."""

    def __init__(self, bench: Bench, work: Workbench, qtbot: QtBot) -> None:
        self.bench, self.work, self.qtbot = bench, work, qtbot
        self.microphone, self.out = HandMicrophone(), HandSoundOut()
        self.takes = bench.folder / "takes"
        self.side = SideRequests(work.bridge, work.answers, work.models)
        devices = Devices(microphone=lambda: self.microphone, sound_out=lambda: self.out)
        self.audio: AudioViewModel = assemble_audio(work, self.side, self.takes, devices)
        self.problems: list[str] = []
        self.audio.problem.connect(self.problems.append)
        work.library.new_conversation("audio")

    def real_model(self) -> None:
        """A model that is not the demonstration, so that every task can be asked."""
        self.work.models.add_folder(MODEL)
        self.qtbot.waitUntil(lambda: self.work.models.state == "ready")

    def open(self, seconds: float, name: str = "memo.wav") -> None:
        """A recording from a file."""
        path = write_wav(self.bench.folder / name, speech(seconds))
        self.audio.recordings.add_files([path])
        self.qtbot.waitUntil(
            lambda: self.audio.recordings.name == name and self.audio.recordings.wave is not None
        )

    def record(self, seconds: float) -> None:
        """A take."""
        count = len(self.audio.recordings.views)
        self.audio.toggle_recording()
        self.microphone.hear_samples(speech(seconds))
        if self.audio.recorder.is_recording:
            self.audio.toggle_recording()
        self.qtbot.waitUntil(lambda: len(self.audio.recordings.views) == count + 1)

    def answer(self, number: int, text: str) -> None:
        """The model's answer to its request with that number, from 1."""
        engine = self.bench.engine
        self.qtbot.waitUntil(lambda: len(engine.jobs) == number)
        engine.job.text(text)
        engine.job.finish()


@pytest.fixture
def desk(bench: Bench, work: Workbench, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(bench, work, qtbot)
    yield made
    made.audio.close()
    made.side.close()


# --- takes -----------------------------------------------------------------------------------


def test_a_take_stays_here_and_nothing_is_sent(desk: Desk) -> None:
    desk.record(31.0)
    audio = desk.audio
    assert audio.state == "take"
    assert audio.recordings.name == "Take 1"
    assert audio.recordings.recording is not None
    assert audio.recordings.recording.seconds == 30.0
    assert desk.bench.engine.jobs == []
    assert not list(desk.takes.rglob("*.wav"))  # the store has it now


def test_earlier_takes_are_kept(desk: Desk) -> None:
    desk.record(2.0)
    desk.record(3.0)
    assert desk.audio.recordings.name == "Take 2"
    assert [item.name for item in desk.audio.others] == ["Take 1.wav"]
    desk.audio.select(desk.audio.others[0].id)
    assert desk.audio.recordings.name == "Take 1"


def test_a_take_belongs_to_the_conversation_it_was_begun_in(desk: Desk) -> None:
    desk.open(1.0)  # so that the conversation is kept
    where = desk.work.chat.conversation_id
    desk.audio.toggle_recording()
    desk.microphone.hear(2.0)
    desk.work.library.new_conversation("audio")
    assert not desk.audio.recorder.is_recording
    desk.qtbot.waitUntil(lambda: len(desk.work.desk.get(where).materials) == 2)
    assert desk.audio.recordings.views == ()


def test_a_take_of_a_killed_program_is_found(desk: Desk) -> None:
    where = desk.work.chat.conversation_id
    desk.open(1.0)  # so that the conversation is kept
    for place in (where, "a conversation that was never saved"):
        take = TakeFile(desk.takes / place / "Take 7.wav")
        take.append(speech(2.0))
        take.close()
    desk.audio.find_takes()
    desk.qtbot.waitUntil(lambda: len(desk.problems) == 2)
    kept = desk.work.desk.get(where).materials[-1]
    assert kept.name == "Take 7.wav"
    assert kept.seconds == 2.0
    assert desk.problems[0].startswith("Facet ended while “Take 7” was being recorded.")
    assert not list(desk.takes.rglob("*.wav"))


# --- trim and gain ---------------------------------------------------------------------------


def test_trim_and_gain_are_sent_and_can_be_taken_back(desk: Desk) -> None:
    desk.open(12.0)
    recordings = desk.audio.recordings
    recordings.set_trim(2.0, 8.0)
    recordings.normalise(True)
    gain = recordings.gain_db
    assert gain > 0
    assert recordings.trim == (2.0, 8.0)
    desk.audio.ask()
    desk.qtbot.waitUntil(lambda: bool(desk.bench.engine.jobs))
    [sound] = [
        p for m in desk.bench.engine.request.messages for p in m.parts if isinstance(p, Audio)
    ]
    wanted = speech(12.0)[2 * RATE : 8 * RATE] * 10 ** (gain / 20)
    assert np.abs(sound.samples - wanted).max() < 0.001
    assert float(np.abs(sound.samples).max()) == pytest.approx(10 ** (-3 / 20), abs=0.02)
    recordings.undo()
    assert recordings.gain_db == 0.0
    recordings.undo()
    assert recordings.trim == (0.0, 12.0)
    assert not recordings.can_undo


def test_trim_is_held_within_the_recording(desk: Desk) -> None:
    desk.open(4.0)
    recordings = desk.audio.recordings
    recordings.set_trim(-3.0, 99.0)
    assert recordings.trim == (0.0, 4.0)
    assert not recordings.can_undo
    recordings.set_trim(3.9, 3.95)
    assert recordings.trim == (3.5, 4.0)


def test_what_is_played_is_what_is_sent(desk: Desk) -> None:
    desk.open(12.0)
    desk.audio.recordings.set_trim(2.0, 8.0)
    desk.audio.play()
    desk.qtbot.waitUntil(lambda: desk.out.is_playing)
    assert len(desk.out.played[-1]) == 6 * RATE
    desk.out.advance(1.5)
    assert desk.audio.listening.position == 3.5
    desk.out.advance(60)
    assert desk.audio.listening.key == ""


# --- asking ----------------------------------------------------------------------------------


def test_a_short_recording_is_asked_about_in_the_conversation(desk: Desk) -> None:
    desk.real_model()
    desk.open(7.0)
    desk.audio.hearing.set_language("German")
    desk.audio.ask()
    desk.qtbot.waitUntil(lambda: bool(desk.bench.engine.jobs))
    request = desk.bench.engine.request
    text, sound = request.messages[-1].parts
    assert isinstance(text, Text)
    assert isinstance(sound, Audio)  # after the text, as the card has it
    assert "speech segment in German into German text" in text.text
    assert not request.thinking
    desk.answer(1, "Guten Morgen.")
    desk.qtbot.waitUntil(lambda: desk.audio.hearing.transcript is not None)
    assert desk.audio.hearing.shown_pieces == (Piece(0.0, 7.0, "done", "Guten Morgen."),)
    assert desk.work.chat.title == "Transcribe: memo.wav"


def test_the_demonstration_model_gets_the_question_it_knows(desk: Desk) -> None:
    desk.open(7.0)
    views = desk.audio.hearing.presets()
    assert [view.why_not for view in views] == ["", *[ONLY_WORDS] * 4]
    desk.audio.ask()
    desk.qtbot.waitUntil(lambda: bool(desk.bench.engine.jobs))
    assert Text("Transcribe this memo.") in desk.bench.engine.request.messages[-1].parts


def test_a_model_that_cannot_hear_is_told_and_one_that_can_is_offered(desk: Desk) -> None:
    desk.open(2.0)
    desk.bench.engine.hears = False
    desk.real_model()
    assert desk.audio.why_not == DEAF
    offered = desk.audio.hearing.hearing_model
    assert offered is not None
    assert offered.hears
    desk.audio.ask()
    assert desk.bench.engine.jobs == []


# --- pieces ----------------------------------------------------------------------------------


def test_a_long_recording_is_heard_piece_by_piece(desk: Desk) -> None:
    desk.real_model()
    desk.open(75.0)
    assert desk.audio.state == "long"
    planned = desk.audio.hearing.shown_pieces
    assert len(planned) == 3
    desk.audio.ask()
    assert desk.audio.hearing.is_hearing
    for number, text in enumerate(("one two", "three", "four"), start=1):
        desk.answer(number, text)
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    pieces = desk.audio.hearing.shown_pieces
    assert [piece.text for piece in pieces] == ["one two", "three", "four"]
    assert [(p.start_s, p.end_s) for p in pieces] == [(p.start_s, p.end_s) for p in planned]
    assert desk.work.chat.turns() == []
    lengths = [
        len(part.samples) / RATE
        for request in desk.bench.engine.requests
        for message in request.messages
        for part in message.parts
        if isinstance(part, Audio)
    ]
    assert lengths == pytest.approx([p.end_s - p.start_s for p in planned], abs=0.01)


def test_one_piece_is_heard_again(desk: Desk) -> None:
    desk.real_model()
    desk.open(75.0)
    desk.audio.ask()
    for number, text in enumerate(("one", "two", "three"), start=1):
        desk.answer(number, text)
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    desk.audio.hearing.run_piece(1)
    desk.answer(4, "better")
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    texts = [piece.text for piece in desk.audio.hearing.shown_pieces]
    assert texts == ["one", "better", "three"]


def test_stopped_and_gone_on(desk: Desk) -> None:
    desk.real_model()
    desk.open(75.0)
    desk.audio.ask()
    desk.answer(1, "one")
    desk.qtbot.waitUntil(lambda: len(desk.bench.engine.jobs) == 2)
    desk.audio.hearing.pieces.stop()
    states = [piece.state for piece in desk.audio.hearing.shown_pieces]
    assert states == ["done", "stopped", "stopped"]
    desk.audio.hearing.go_on()
    desk.answer(3, "two")
    desk.answer(4, "three")
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    texts = [piece.text for piece in desk.audio.hearing.shown_pieces]
    assert texts == ["one", "two", "three"]


def test_a_piece_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    desk.real_model()
    desk.open(75.0)
    desk.audio.ask()
    desk.answer(1, "one")
    desk.qtbot.waitUntil(lambda: len(desk.bench.engine.jobs) == 2)
    desk.bench.engine.job.fail("Memory is nearly full.", "Close something.")
    desk.answer(3, "three")
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    pieces = desk.audio.hearing.shown_pieces
    assert [piece.state for piece in pieces] == ["done", "failed", "done"]
    assert pieces[1].problem == "Memory is nearly full. Close something."


def test_a_summary_of_a_long_recording_is_made_from_its_words(desk: Desk) -> None:
    desk.real_model()
    desk.open(45.0)
    desk.audio.hearing.choose_preset("summarise")
    desk.audio.ask()
    desk.answer(1, "we meet on Friday")
    desk.answer(2, "in hall 4")
    desk.qtbot.waitUntil(lambda: len(desk.bench.engine.jobs) == 3)
    [part] = desk.bench.engine.request.messages[-1].parts
    assert isinstance(part, Text)
    assert part.text.endswith("Transcript of memo.wav:\n\nwe meet on Friday in hall 4")
    assert "at most five short lines" in part.text


def test_a_typed_question_is_about_the_chosen_piece(desk: Desk) -> None:
    desk.real_model()
    desk.open(75.0)
    desk.audio.hearing.choose_piece(1)
    piece = desk.audio.hearing.shown_pieces[1]
    [sent] = desk.work.materials.companions()
    assert (sent.selection.start_s, sent.selection.end_s) == (piece.start_s, piece.end_s)


def test_transcripts_are_kept(desk: Desk, bench: Bench) -> None:
    desk.real_model()
    desk.open(45.0)
    desk.audio.ask()
    desk.answer(1, "one")
    desk.answer(2, "two")
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    where = desk.work.chat.conversation_id
    desk.audio.close()
    desk.side.close()
    bench.close()
    again = bench.open()
    [transcript] = again.desk.get(where).work.transcripts
    assert [piece.text for piece in transcript.pieces] == ["one", "two"]
    assert (transcript.task, transcript.model) == ("transcribe", "e")


def test_export(desk: Desk, tmp_path: Path) -> None:
    desk.real_model()
    desk.open(45.0)
    desk.audio.ask()
    desk.answer(1, "one")
    desk.answer(2, "two")
    desk.qtbot.waitUntil(lambda: not desk.audio.hearing.is_hearing)
    transcript = desk.audio.hearing.transcript
    assert transcript is not None
    said: list[str] = []
    desk.audio.saving.saved.connect(said.append)
    desk.audio.saving.failed.connect(said.append)
    assert desk.audio.saving.save(transcript, "srt", tmp_path / "memo.srt")
    assert (tmp_path / "memo.srt").read_text().count(" --> ") == 2
    assert not desk.audio.saving.save(transcript, "srt", tmp_path / "nowhere" / "memo.srt")
    assert said[0] == "Saved as memo.srt."
    assert said[1].startswith("The transcript was not saved")


def test_a_file_that_cannot_be_heard(desk: Desk) -> None:
    broken = desk.bench.folder / "broken.mp3"
    broken.write_bytes(b"ID3 and nothing more")
    desk.audio.recordings.add_files([broken])
    desk.qtbot.waitUntil(lambda: desk.audio.state == "failed")
    assert "broken.mp3" in desk.audio.recordings.trouble
    desk.audio.recordings.remove()
    assert desk.audio.state == "recorder"


def test_settings_are_left_alone(desk: Desk) -> None:
    desk.open(2.0)
    desk.audio.ask()
    desk.qtbot.waitUntil(lambda: bool(desk.bench.engine.jobs))
    assert desk.work.chat.settings == Settings()
