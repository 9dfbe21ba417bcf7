"""From arguments and files to a request."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from app.cli.arguments import AskOptions
from app.cli.files import MediaFile
from app.cli.question import build_request
from inference import (
    Audio,
    Event,
    FacetError,
    Image,
    Notice,
    PromptError,
    Request,
    Sampling,
    Text,
)

MODEL = Path("model")


@dataclass
class FakeOutput:
    phases: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def phase(self, label: str) -> None:
        self.phases.append(label)

    def tick(self) -> None:
        pass

    def show(self, event: Event) -> None:
        self.events.append(event)


def built(options: AskOptions, stdin: str = "") -> Request:
    return build_request(options, io.StringIO(stdin), FakeOutput())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Pillow.new("RGB", (40, 30), "red").save(path)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two seconds of silence at 16 kHz."""
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 32_000))
    return path


def test_a_bare_question_keeps_the_engines_defaults() -> None:
    request = built(AskOptions(MODEL, "Why?"))
    (message,) = request.messages
    assert message.role == "user"
    assert message.parts == (Text("Why?"),)
    default = Request(())
    assert request.max_tokens == default.max_tokens
    assert request.image_tokens == default.image_tokens
    assert request.video_tokens == default.video_tokens
    assert request.sampling == Sampling()
    assert not request.thinking
    assert not request.use_drafter


def test_every_setting_reaches_the_request() -> None:
    options = AskOptions(
        MODEL,
        "Why?",
        thinking=True,
        thinking_budget=64,
        seed=7,
        temperature=0.0,
        max_tokens=9,
        image_tokens=70,
        video_tokens=140,
        drafter=Path("small"),
    )
    request = built(options)
    assert request.thinking
    assert request.thinking_budget == 64
    assert request.max_tokens == 9
    assert (request.image_tokens, request.video_tokens) == (70, 140)
    assert request.sampling == Sampling(temperature=0.0, seed=7)
    assert request.use_drafter


def test_a_system_text_comes_first() -> None:
    system, user = built(AskOptions(MODEL, "Why?", system="Be brief.")).messages
    assert (system.role, system.parts) == ("system", (Text("Be brief."),))
    assert user.role == "user"


def test_pictures_go_before_the_question_and_sound_after_it(picture: Path, recording: Path) -> None:
    media = (MediaFile("audio", recording), MediaFile("image", picture))
    (message,) = built(AskOptions(MODEL, "What?", media)).messages
    image, text, audio = message.parts
    assert isinstance(image, Image)
    assert image.pixels.shape == (30, 40, 3)
    assert text == Text("What?")
    assert isinstance(audio, Audio)
    assert len(audio.samples) == 32_000
    assert audio.samples.dtype == np.float32


def test_what_a_reader_left_out_is_shown_and_its_file_named(recording: Path) -> None:
    output = FakeOutput()
    options = AskOptions(MODEL, "What?", (MediaFile("audio", recording),), first_seconds=0.5)
    (message,) = build_request(options, io.StringIO(), output).messages
    audio = message.parts[-1]
    assert isinstance(audio, Audio)
    assert len(audio.samples) == 8_000
    assert output.phases == ["Opening silence.wav"]
    assert output.events
    assert all(isinstance(event, Notice) for event in output.events)


def test_a_part_of_a_recording(recording: Path) -> None:
    output = FakeOutput()
    file = MediaFile("audio", recording, start_s=0.5, end_s=1.25)
    (message,) = build_request(AskOptions(MODEL, "What?", (file,)), io.StringIO(), output).messages
    audio = message.parts[-1]
    assert isinstance(audio, Audio)
    assert len(audio.samples) == 12_000
    assert not output.events


def test_a_part_without_an_end_says_how_much_is_sent(recording: Path) -> None:
    output = FakeOutput()
    file = MediaFile("audio", recording, start_s=1.5)
    build_request(AskOptions(MODEL, "What?", (file,)), io.StringIO(), output)
    assert output.events == [Notice("“silence.wav”: at most 30 s from --from on are sent.")]


def test_a_part_that_is_too_long_is_refused(recording: Path) -> None:
    file = MediaFile("audio", recording, start_s=1.0, end_s=32.0)
    with pytest.raises(FacetError, match="has 31 s; 30 s can be sent at once"):
        built(AskOptions(MODEL, "What?", (file,)))


def test_a_dash_reads_the_question_from_standard_input() -> None:
    (message,) = built(AskOptions(MODEL, "-"), stdin="A long\nquestion?").messages
    assert message.parts == (Text("A long\nquestion?"),)


@pytest.mark.parametrize(("question", "stdin"), [("", ""), (" \n", ""), ("-", "\n")])
def test_an_empty_question_is_refused(question: str, stdin: str) -> None:
    with pytest.raises(PromptError, match="The question is empty"):
        built(AskOptions(MODEL, question), stdin)


def test_a_question_that_is_not_text_is_refused() -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\x00"), encoding="utf-8")
    with pytest.raises(PromptError, match="not text in UTF-8"):
        build_request(AskOptions(MODEL, "-"), stdin, FakeOutput())


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    path.write_text("no picture")
    with pytest.raises(FacetError, match=r"note\.png"):
        built(AskOptions(MODEL, "What?", (MediaFile("image", path),)))
