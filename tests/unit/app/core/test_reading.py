"""Files are read on another thread, kept as they were, and fail in words."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from app.core.background import Background
from app.core.conversation import Attachment, Settings
from app.core.costs import budget, cost, text_tokens
from app.core.kinds import kind_of, kind_of_name, media_type_of
from app.core.reading import MediaReader, Reading
from app.core.thumbnails import Thumbnails
from app.intake.thumbnail import thumbnail_of
from inference import Audio, Image, MediaError, Text, Video
from tests.fakes.conversations import DASHBOARD
from tests.fakes.documents import pdf
from tests.fakes.in_process import InProcess
from tests.unit.app.intake.films import write_steady

PATIENCE_S = 20.0


class MemoryBlobs:
    """Keeps files in a folder by a number; `lost` ones are gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.lost: set[str] = set()

    def put_file(self, path: Path) -> str:
        return self.put_bytes(path.read_bytes())

    def put_bytes(self, data: bytes) -> str:
        name = f"{hash(data) & (2**64 - 1):064x}"
        (self.folder / name).write_bytes(data)
        return name

    def blob(self, sha256: str) -> Path:
        if sha256 in self.lost:
            raise KeyError(sha256)
        return self.folder / sha256


@pytest.fixture
def blobs(tmp_path: Path) -> MemoryBlobs:
    return MemoryBlobs(tmp_path / "blobs")


@pytest.fixture
def reader(tmp_path: Path, blobs: MemoryBlobs) -> Iterator[MediaReader]:
    reader = MediaReader(blobs, Thumbnails(tmp_path / "thumbnails"), InProcess)
    yield reader
    assert reader.close(PATIENCE_S)


def read(reader: MediaReader, path: Path) -> Reading:
    got: queue.Queue[Reading] = queue.Queue()
    reader.read_file(path, "id", got.put)
    return got.get(timeout=PATIENCE_S)


def part_of(reader: MediaReader, attachment: Attachment) -> object:
    """The decoded part or the error, from the reader's thread."""
    got: queue.Queue[object] = queue.Queue()

    def work() -> None:
        try:
            got.put(reader.parts(attachment)[0])
        except MediaError as error:
            got.put(error)

    reader.call(work)
    return got.get(timeout=PATIENCE_S)


def test_a_picture(reader: MediaReader, blobs: MemoryBlobs) -> None:
    reading = read(reader, DASHBOARD)
    attachment = reading.attachment
    assert attachment is not None
    assert (attachment.id, attachment.kind, attachment.name) == ("id", "image", "dashboard.png")
    assert (attachment.width, attachment.height) == (1280, 800)
    assert attachment.media_type == "image/png"
    assert attachment.size_bytes == DASHBOARD.stat().st_size
    assert blobs.blob(attachment.sha256).read_bytes() == DASHBOARD.read_bytes()
    assert reader.thumbnails.get(attachment.sha256) == reading.thumbnail != b""
    part = part_of(reader, attachment)
    assert isinstance(part, Image)
    assert part is part_of(reader, attachment)  # decoded once


def test_a_recording(reader: MediaReader, tmp_path: Path) -> None:
    path = tmp_path / "memo.wav"
    soundfile.write(path, np.sin(np.arange(24_000) / 9.0).astype(np.float32), 16_000)
    attachment = read(reader, path).attachment
    assert attachment is not None
    assert (attachment.kind, attachment.seconds) == ("audio", 1.5)
    assert isinstance(part_of(reader, attachment), Audio)


def test_a_clip_may_be_looked_at_lightly_and_is_read_when_it_is_asked_about(
    reader: MediaReader, tmp_path: Path
) -> None:
    clip = write_steady(tmp_path / "long.avi", [n % 256 for n in range(150)], 2.0)
    got: queue.Queue[Reading] = queue.Queue()
    reader.read_file(clip, "id", got.put, is_light=True)
    attachment = got.get(timeout=PATIENCE_S).attachment
    assert attachment is not None
    assert (attachment.kind, attachment.seconds, attachment.frames) == ("video", 75.0, 60)
    part = part_of(reader, attachment)
    assert isinstance(part, Video)
    assert len(part.frames) == 60


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"\xff\xfe\xfa", "of a kind that Facet cannot read"),
        ("b.dat", b"a\0b", "of a kind that Facet cannot read"),
        ("c.md", b" \n", "holds no text"),
        ("d.csv", b"x" * 20_000_001, "the limit is 20 MB"),
        ("e.png", b"", "empty"),
        ("f.mp4", b"no clip", "not a video"),
        ("g.wav", b"RIFF....WAVE", "g.wav"),
    ],
)
def test_what_cannot_be_read_says_why(
    reader: MediaReader, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reading = read(reader, path)
    assert reading.attachment is None
    assert words in reading.problem


def test_a_text(reader: MediaReader, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("﻿a,b\n1,2", encoding="utf-8")
    attachment = read(reader, path).attachment
    assert attachment is not None
    assert (attachment.kind, attachment.tokens) == ("text", text_tokens("a,b\n1,2"))
    assert part_of(reader, attachment) == Text("a,b\n1,2")


def test_a_lost_file_is_said(reader: MediaReader, blobs: MemoryBlobs) -> None:
    attachment = Attachment("id", "image", "a.png", "1" * 64, 1)
    blobs.lost.add("1" * 64)
    error = part_of(reader, attachment)
    assert isinstance(error, MediaError)
    assert str(error) == "The file “a.png” is missing from Facet's own folder. Attach it again."


def test_a_lost_thumbnail_is_made_again(
    reader: MediaReader, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    sha256 = blobs.put_file(DASHBOARD)
    attachment = Attachment("id", "image", "a.png", sha256, 1)
    got: queue.Queue[bytes] = queue.Queue()
    reader.make_thumbnail(attachment, got.put)
    assert got.get(timeout=PATIENCE_S).startswith(b"\xff\xd8")
    assert Thumbnails(tmp_path / "thumbnails").get(sha256).startswith(b"\xff\xd8")
    reader.make_thumbnail(Attachment("id", "image", "b.png", "2" * 64, 1), got.put)
    assert got.get(timeout=PATIENCE_S) == b""


def test_thumbnails_are_small_and_upright_in_shape() -> None:
    pixels = np.zeros((3000, 1000, 3), np.uint8)
    with Pillow.open(_file(thumbnail_of(Image(pixels)))) as small:
        assert small.size == (107, 320)
    clip = Video((pixels, np.full((10, 20, 3), 255, np.uint8), pixels), (0.0, 1.0, 2.0))
    with Pillow.open(_file(thumbnail_of(clip))) as middle:
        assert middle.size == (20, 10)


def test_a_cache_that_cannot_be_written_still_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    thumbnails = Thumbnails(tmp_path / "file" / "below")
    thumbnails.put("a", b"x")
    assert thumbnails.get("a") == b"x"
    assert thumbnails.get("b") == b""


def test_background_work_goes_on_after_a_failure() -> None:
    background = Background("test")
    done = threading.Event()
    background.call(lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    background.call(done.set)
    assert done.wait(PATIENCE_S)
    assert background.close(PATIENCE_S)
    background.call(lambda: pytest.fail("after closing"))


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.PNG", b"", "image"),
        ("a.mov", b"", "video"),
        ("a.m4a", b"", "audio"),
        ("a.txt", b"\x89PNG", "text"),
        ("noname", b"\x89PNG\r\n", "image"),
        ("noname", b"\0\0\0\x18ftypM4A ", "audio"),
        ("noname", b"\0\0\0\x18ftypisom", "video"),
        ("noname", b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        ("noname", b"plain words", "text"),
        ("code.ts", b"export const G = 1", "text"),
        ("film.ts", b"G" + bytes(187) + b"G", "video"),
    ],
)
def test_kinds(tmp_path: Path, name: str, head: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(head)
    assert kind_of(path, name) == kind
    assert media_type_of("noname", kind_of(path, name))


def test_a_missing_file_is_what_its_name_promises(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "gone.wav", "gone.wav") == "audio"
    assert kind_of(tmp_path / "gone", "gone") == "text"
    assert kind_of_name("gone") is None


def test_costs_follow_attachment_conversation_and_model() -> None:
    picture = Attachment("i", "image", "a.png", "0" * 64, 1, width=1280, height=800)
    assert budget(picture, Settings(), 280) == 280
    assert budget(picture, Settings(image_tokens=560), 280) == 560
    assert cost(picture, Settings(), 280) == 275
    small = Attachment("i", "image", "a.png", "0" * 64, 1, width=480, height=336)
    assert budget(small, Settings(), 70) == 70
    clip = Attachment(
        "v", "video", "a.mp4", "0" * 64, 1, width=640, height=360, frames=10, seconds=10.0,
        has_sound=True,
    )  # fmt: skip
    assert budget(clip, Settings(), 280) == 70
    assert cost(clip, Settings(), 280) == 10 * (66 + 6) + 252
    sound = Attachment("a", "audio", "a.wav", "0" * 64, 1, seconds=30.0)
    assert cost(sound, Settings(), 280) == 752
    assert cost(Attachment("t", "text", "t", "0" * 64, 1, tokens=12), Settings(), 280) == 12


def _file(data: bytes) -> object:
    import io

    return io.BytesIO(data)


class Doorkeeper:
    """Answers with these passwords, one after the other; then leaves the file unread."""

    def __init__(self, *passwords: str) -> None:
        self.passwords = list(passwords)
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, name: str, was_wrong: bool, answer: Callable[[str | None], None]) -> None:
        self.asked.append((name, was_wrong))
        answer(self.passwords.pop(0) if self.passwords else None)


def locked_pdf(folder: Path) -> Path:
    path = folder / "locked.pdf"
    path.write_bytes(pdf(["A line of words that nobody else should read"], password="secret"))
    return path


def test_a_password_is_asked_for_until_it_is_right(
    reader: MediaReader, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    reader.on_locked = keeper = Doorkeeper("wrong", "secret")
    attachment = read(reader, locked_pdf(tmp_path)).attachment
    assert keeper.asked == [("locked.pdf", False), ("locked.pdf", True)]
    assert attachment is not None
    assert (attachment.name, attachment.kind, attachment.pages) == ("locked.pdf", "document", 1)
    part = part_of(reader, attachment)
    assert isinstance(part, Text)
    assert part.text.startswith("Page 1 of locked.pdf:\n\nA line of words")
    assert b"/Encrypt" not in blobs.blob(attachment.sha256).read_bytes()  # later without a question


def test_without_its_password_a_file_is_left_unread(reader: MediaReader, tmp_path: Path) -> None:
    reader.on_locked = Doorkeeper("wrong")
    reading = read(reader, locked_pdf(tmp_path))
    assert reading.attachment is None
    assert "“locked.pdf” is protected by a password" in reading.problem
