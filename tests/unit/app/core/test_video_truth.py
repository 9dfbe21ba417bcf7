"""What the prompt holds of a clip: the frames that were on screen at the times it names."""

from __future__ import annotations

import json
import queue
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from app.core.asking import Senses, build_request
from app.core.bundled import bundled_model
from app.core.conversation import Attachment, Settings, Turn
from app.core.reading import MediaReader, Parts, Reading
from app.core.thumbnails import Thumbnails
from app.intake.selection import Selection
from inference import Model, Prompt, load
from inference.prompt.tokenizer import Tokenizer
from tests.fakes.conversations import START
from tests.unit.app.core.test_reading import MemoryBlobs

Pixels = NDArray[np.uint8]
SIZE = (144, 176)  # H, W
PATIENCE_S = 60.0
CLOCK = re.compile(r"\d\d:\d\d")


@cache
def drawn(number: int) -> Pixels:
    """A frame with a number as large as it fits."""
    picture = Pillow.new("RGB", SIZE[::-1], (12, 34, 56))
    font = ImageFont.load_default(110)
    ImageDraw.Draw(picture).text((SIZE[1] // 2, SIZE[0] // 2), str(number), "white", font, "mm")
    return np.asarray(picture)


def read_number(frame: Pixels, known: range) -> int:
    """The number whose drawing is nearest to the frame."""
    small = np.asarray(Pillow.fromarray(frame).resize(SIZE[::-1])).astype(int)
    return min(known, key=lambda number: int(np.abs(small - drawn(number)).sum()))


def film(path: Path, numbers: list[int], fps: int = 10) -> Path:
    """A clip that shows each number for a second, as cameras encode it."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = SIZE
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast"}  # with frames that are stored out of order
        for number in numbers:
            for _ in range(fps):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(drawn(number))))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def model() -> Model:
    folder = bundled_model()
    assert folder is not None
    return load(folder)


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    folder = bundled_model()
    assert folder is not None
    vocabulary = json.loads((folder / "config.json").read_text())["text_config"]["vocab_size"]
    return Tokenizer.from_file(folder / "tokenizer.json", vocabulary)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[MediaReader]:
    reader = MediaReader(MemoryBlobs(tmp_path / "blobs"), Thumbnails(tmp_path / "small"))
    yield reader
    assert reader.close(PATIENCE_S)


def attached(reader: MediaReader, path: Path) -> Attachment:
    got: queue.Queue[Reading] = queue.Queue()
    reader.read_file(path, "clip", got.put)
    reading = got.get(timeout=PATIENCE_S)
    assert reading.attachment is not None, reading.problem
    return reading.attachment


def prompt_of(reader: MediaReader, model: Model, attachment: Attachment) -> Prompt:
    """The prompt of a question about the file, made as the window makes it."""
    question = Turn("q", None, "user", START, "What happens?", attachments=(attachment,))
    answer = Turn("a", "q", "model", START)
    made: queue.Queue[object] = queue.Queue()

    def read(each: Attachment) -> Parts:
        return reader.parts(each)

    def work() -> None:
        asked = build_request(
            (question, answer), Settings(), read, seed=1, session="", senses=Senses()
        )
        made.put(asked.request)

    reader.call(work)
    request = made.get(timeout=PATIENCE_S)
    return model.prepare(request.messages, video_tokens=70)  # type: ignore[attr-defined]


def check(prompt: Prompt, words: Tokenizer, numbers: list[int], seconds: list[int]) -> None:
    """The frames show these numbers, and the words before them name these seconds."""
    (clip,) = [medium for medium in prompt.media if medium.kind == "video"]
    assert [read_number(p, range(61)) for p, _ in clip.pictures] == numbers
    (item,) = [item for item in prompt.receipt.items if item.kind == "video"]
    assert [int(time) for time in item.times_s] == seconds
    text = words.decode(prompt.token_ids)
    assert CLOCK.findall(text) == [f"{s // 60:02d}:{s % 60:02d}" for s in seconds]
    assert item.frames == len(numbers)


def test_four_seconds_of_3_1_4_2(
    reader: MediaReader, model: Model, words: Tokenizer, tmp_path: Path
) -> None:
    attachment = attached(reader, film(tmp_path / "four.mp4", [3, 1, 4, 2]))
    assert attachment.seconds == pytest.approx(4.0, abs=0.01)
    prompt = prompt_of(reader, model, attachment)
    check(prompt, words, [3, 1, 4, 2], [0, 1, 2, 3])


def test_sixty_seconds_each_with_its_own_number(
    reader: MediaReader, model: Model, words: Tokenizer, tmp_path: Path
) -> None:
    seconds = list(range(60))
    attachment = attached(reader, film(tmp_path / "minute.mp4", seconds, fps=4))
    assert attachment.seconds == pytest.approx(60.0, abs=0.3)
    assert attachment.notes == ()
    check(prompt_of(reader, model, attachment), words, seconds, seconds)


def test_a_window_of_a_longer_clip_without_some_frames(
    reader: MediaReader, model: Model, words: Tokenizer, tmp_path: Path
) -> None:
    numbers = [second % 61 for second in range(75)]
    attachment = attached(reader, film(tmp_path / "long.mp4", numbers, fps=4))
    assert attachment.seconds == pytest.approx(75.0, abs=0.3)
    assert "only 60 s were read" in attachment.notes[0]
    chosen = replace(attachment, selection=Selection(start_s=12.0, end_s=72.0, left_out=(0, 5)))
    seconds = [second for second in range(12, 72) if second not in (12, 17)]
    prompt = prompt_of(reader, model, chosen)
    check(prompt, words, [numbers[second] for second in seconds], seconds)


def test_the_strip_shows_what_is_sent(reader: MediaReader, tmp_path: Path) -> None:
    attachment = attached(reader, film(tmp_path / "long.mp4", list(range(30, 55))))
    got: queue.Queue[str] = queue.Queue()
    seen: list[tuple[int, float, int]] = []

    def on_frame(index: int, time_s: float, pixels: Pixels) -> None:
        assert max(pixels.shape) <= 96
        seen.append((index, time_s, read_number(pixels, range(61))))

    reader.frames(attachment, 5.0, 20.0, 96, on_frame, got.put)
    assert got.get(timeout=PATIENCE_S) == ""
    assert seen == [(n, 5.0 + n, 35 + n) for n in range(15)]
