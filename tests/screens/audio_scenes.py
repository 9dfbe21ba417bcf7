"""The audio pane in its states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.capture import Devices
from app.core.bundled import example
from app.core.preferences import Preferences
from app.viewmodels.audio import AudioViewModel
from tests.fakes.hand_microphone import HandMicrophone, HandSoundOut
from tests.fakes.spoken import speech, write_wav
from tests.screens.stage import MODEL, Look, Stage

NARROW = (960, 640)
HEARD = (
    "Good morning, this is the Tuesday stand-up for the north plant. Three things today.",
    "Line 2 was down for 40 minutes because of the label feeder. The spare part is ordered and "
    "should be here on Thursday.",
    "Ines takes over the audit of hall 4 from Marek; she needs the checklist by Wednesday noon.",
    "",
)
AUDIO: dict[str, Callable[[Path, Look], Stage]] = {}


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    AUDIO[make.__name__.replace("_", "-")] = make
    return make


class Room:
    """A stage with a microphone in it."""

    def __init__(
        self,
        folder: Path,
        look: Look,
        size: tuple[int, int] = (1280, 820),
        *,
        allowed: bool | None = True,
        microphone: bool = True,
    ) -> None:
        self.microphone = HandMicrophone("MacBook Pro Microphone", "USB headset", allowed=allowed)
        self.out = HandSoundOut()
        devices = Devices(
            microphone=lambda: self.microphone if microphone else None, sound_out=lambda: self.out
        )
        chosen = Preferences(model_folders=(str(MODEL),), model_key=str(MODEL))
        self.stage = Stage(folder, look, size=size, preferences=chosen, devices=devices)
        self.stage.work.library.show_pane("audio")
        self.stage.settle()
        self.audio: AudioViewModel = self.stage.program.panes.audio

    def speak(self, seconds: float) -> None:
        """Something like speech, with pauses."""
        self.microphone.hear_samples(speech(seconds))

    def record(self, seconds: float) -> None:
        """A whole take."""
        before = len(self.audio.recordings.views)
        self.audio.toggle_recording()
        self.speak(seconds)
        if self.audio.recorder.is_recording:
            self.audio.toggle_recording()
        self.stage.until(
            lambda: (
                len(self.audio.recordings.views) > before
                and self.audio.state == "take"
                and self.audio.recordings.wave is not None
            )
        )

    def open(self, path: Path) -> None:
        """Opens a file."""
        self.audio.recordings.add_files([path])
        self.stage.until(
            lambda: (
                self.audio.state == "failed"
                or (self.audio.state in ("take", "long") and self.audio.recordings.wave is not None)
            )
        )


@scene
def audio_empty(folder: Path, look: Look) -> Stage:
    """Nothing recorded yet."""
    return Room(folder, look).stage


@scene
def audio_why(folder: Path, look: Look) -> Stage:
    """Before the system asks for the microphone."""
    room = Room(folder, look, allowed=None)
    room.audio.toggle_recording()
    return room.stage


@scene
def audio_recording(folder: Path, look: Look) -> Stage:
    """In the middle of the third take."""
    room = _with_takes(folder, look)
    room.audio.new_take()
    room.audio.toggle_recording()
    room.speak(18.4)
    return room.stage


@scene
def audio_ending(folder: Path, look: Look) -> Stage:
    """The last seconds, in the smallest window; nothing is heard."""
    room = Room(folder, look, NARROW)
    room.audio.toggle_recording()
    room.speak(23.2)
    room.microphone.hear(2.5, 0.0)
    return room.stage


@scene
def audio_take(folder: Path, look: Look) -> Stage:
    """A take that was trimmed and made louder."""
    room = _with_takes(folder, look)
    room.audio.recordings.set_trim(1.2, 21.4)
    room.audio.recordings.normalise(True)
    return room.stage


@scene
def audio_memo(folder: Path, look: Look) -> Stage:
    """The bundled memo, transcribed."""
    room = Room(folder, look)
    memo = example("memo.wav")
    assert memo is not None
    room.open(memo)
    room.audio.ask()
    room.stage.until(lambda: bool(room.stage.engine.jobs))
    room.stage.engine.job.text("meeting today at two please bring the report")
    room.stage.engine.job.finish()
    room.stage.until(lambda: room.audio.hearing.transcript is not None)
    return room.stage


@scene
def audio_pieces(folder: Path, look: Look) -> Stage:
    """A long recording that is being heard."""
    return _pieces(folder, look)


@scene
def audio_narrow(folder: Path, look: Look) -> Stage:
    """The same in the smallest window."""
    return _pieces(folder, look, NARROW)


@scene
def audio_error(folder: Path, look: Look) -> Stage:
    """A file that is no recording."""
    room = Room(folder, look)
    broken = folder / "stand-up.m4a"
    broken.write_bytes(b"\0\0\0\x18ftypM4A and nothing more")
    room.open(broken)
    return room.stage


@scene
def audio_none(folder: Path, look: Look) -> Stage:
    """Where nothing can be recorded."""
    return Room(folder, look, microphone=False).stage


def _with_takes(folder: Path, look: Look) -> Room:
    room = Room(folder, look)
    room.open(write_wav(folder / "stand-up.wav", speech(246.0)))
    room.record(31.0)
    room.record(27.3)
    return room


def _pieces(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    room = Room(folder, look, size)
    room.open(write_wav(folder / "stand-up.wav", speech(246.0)))
    room.audio.ask()
    engine = room.stage.engine
    for number, text in enumerate(HEARD, start=1):
        room.stage.until(lambda n=number: len(engine.jobs) == n)
        engine.job.text(text)
        engine.job.finish()
    room.stage.until(lambda: len(engine.jobs) > len(HEARD))
    return room.stage
