"""Recording: asked first, 30.0 s at most, on disk as it comes, the second before kept."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.viewmodels.recorder import DENIED, NO_DEVICE, Recorder
from tests.fakes.hand_microphone import HandMicrophone

pytestmark = pytest.mark.usefixtures("qapp")


class Studio:
    """A recorder with everything around it."""

    def __init__(self, folder: Path, microphone: HandMicrophone | None = None) -> None:
        self.folder = folder
        self.microphone = microphone or HandMicrophone()
        self.names: set[str] = set()
        self.takes: list[tuple[Path, str]] = []
        self.recorder = Recorder(lambda: self.microphone, folder, lambda: ("c1", self.names))
        self.recorder.finished.connect(lambda path, where: self.takes.append((path, where)))


MakeStudio = Callable[..., Studio]


@pytest.fixture
def make_studio() -> Iterator[MakeStudio]:
    """Studios whose microphones and files are closed after the test."""
    made: list[Studio] = []

    def make(folder: Path, microphone: HandMicrophone | None = None) -> Studio:
        made.append(Studio(folder, microphone))
        return made[-1]

    yield make
    for studio in made:
        studio.recorder.leave()


@pytest.fixture
def studio(make_studio: MakeStudio, tmp_path: Path) -> Studio:
    return make_studio(tmp_path)


def samples_of(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 16_000, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_our_own_sentence_comes_before_the_system_asks(
    make_studio: MakeStudio, tmp_path: Path
) -> None:
    studio = make_studio(tmp_path, HandMicrophone(allowed=None))
    studio.recorder.toggle()
    assert studio.recorder.state == "why"
    assert studio.microphone.listening_to == ""
    studio.recorder.allow()
    assert studio.recorder.state == "asking"
    studio.microphone.answer(True)
    assert studio.recorder.state == "recording"
    assert studio.microphone.listening_to == "desk microphone"


def test_what_the_person_denies_is_said(make_studio: MakeStudio, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, HandMicrophone(allowed=None))
    studio.recorder.record()
    studio.recorder.allow()
    studio.microphone.answer(False)
    assert (studio.recorder.state, studio.recorder.problem) == ("off", DENIED)
    studio.recorder.record()
    assert studio.microphone.listening_to == ""


def test_not_now(make_studio: MakeStudio, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, HandMicrophone(allowed=None))
    studio.recorder.record()
    studio.recorder.decline()
    assert (studio.recorder.state, studio.recorder.problem) == ("off", "")


def test_it_stops_at_thirty_seconds_exactly(studio: Studio) -> None:
    recorder = studio.recorder
    recorder.toggle()
    studio.microphone.hear(29.98)
    assert recorder.is_recording
    assert recorder.is_ending
    assert recorder.left_s == pytest.approx(0.02, abs=0.001)
    studio.microphone.hear(3.0)
    assert recorder.state == "off"
    [(path, where)] = studio.takes
    assert (path.name, where) == ("Take 1.wav", "c1")
    assert len(samples_of(path)) == 480_000
    assert studio.microphone.listening_to == ""  # let go


def test_amber_begins_at_five_seconds(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(24.9)
    assert not studio.recorder.is_ending
    studio.microphone.hear(0.1)
    assert studio.recorder.is_ending


def test_the_take_is_on_disk_while_it_is_recorded(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(2.0)
    assert len(samples_of(studio.folder / "c1" / "Take 1.wav")) == 32_000


def test_the_second_before_is_kept_once_the_level_is_shown(studio: Studio) -> None:
    recorder = studio.recorder
    recorder.listen()
    assert recorder.state == "off"  # never by itself before the first take
    recorder.record()
    studio.microphone.hear(1.0)
    recorder.stop()
    recorder.listen()
    assert recorder.state == "listening"
    studio.microphone.hear_samples(np.full(48_000, 0.125, np.float32))
    assert recorder.seconds == 0.0
    recorder.record()
    assert recorder.seconds == 1.0
    studio.microphone.hear_samples(np.full(16_000, 0.5, np.float32))
    recorder.stop()
    heard = samples_of(studio.takes[-1][0])
    assert len(heard) == 32_000
    assert set(heard[:16_000]) == {4096}
    assert set(heard[16_000:]) == {16_384}


def test_paused_seconds_are_left_out(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(1.0)
    studio.recorder.pause()
    studio.microphone.hear(5.0)
    assert studio.recorder.seconds == 1.0
    studio.recorder.pause()
    studio.microphone.hear(1.0)
    assert studio.recorder.seconds == 2.0


def test_starting_over_keeps_the_take_before(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(3.0)
    studio.recorder.start_over()
    assert studio.recorder.seconds == 0.0
    studio.microphone.hear(1.0)
    studio.recorder.stop()
    assert [path.name for path, _ in studio.takes] == ["Take 1.wav", "Take 2.wav"]


def test_a_press_by_mistake_is_no_take(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(0.1)
    studio.recorder.stop()
    assert studio.takes == []
    assert not (studio.folder / "c1").exists()


def test_nothing_is_heard(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(1.9, 0.0)
    assert studio.recorder.warning == ""
    studio.microphone.hear(0.2, 0.0)
    assert studio.recorder.warning == "No sound from Desk microphone."
    studio.microphone.hear(0.1)
    assert studio.recorder.warning == ""


def test_another_microphone_goes_on_with_the_take(make_studio: MakeStudio, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, HandMicrophone("Desk microphone", "Headset"))
    studio.recorder.record()
    studio.microphone.hear(1.0)
    studio.recorder.choose("headset")
    assert studio.microphone.listening_to == "headset"
    studio.microphone.hear(1.0)
    assert studio.recorder.seconds == 2.0


def test_a_cable_that_is_pulled_keeps_the_take(studio: Studio) -> None:
    studio.recorder.record()
    studio.microphone.hear(2.0)
    studio.microphone.unplug()
    assert studio.recorder.problem.startswith("The microphone is gone.")
    assert len(samples_of(studio.takes[0][0])) == 32_000


def test_no_microphone(make_studio: MakeStudio, tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    studio.microphone.names = []
    studio.recorder.record()
    assert (studio.recorder.state, studio.recorder.problem) == ("off", NO_DEVICE)


def test_without_qt_multimedia_there_is_nothing_to_press(tmp_path: Path) -> None:
    recorder = Recorder(lambda: None, tmp_path, lambda: ("c1", set()))
    recorder.toggle()
    assert not recorder.can_record
    assert recorder.state == "off"


def test_a_disk_that_fails_is_said(make_studio: MakeStudio, tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("in the way")
    studio = make_studio(tmp_path / "takes")
    studio.recorder.record()
    assert studio.recorder.state == "off"
    assert studio.recorder.problem.startswith("The take cannot be written")
