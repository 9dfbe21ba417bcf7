"""Clips that cannot be read, and some that can be in part."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from app.intake.read_file import ReadFile
from inference import Video
from tests.corpus.case import Case, cut, flipped, written
from tests.corpus.clips import Made, steady
from tests.corpus.sounds import encoded, hums
from tests.unit.app.intake.films import WIDTH, numbered, write_timed

KINDS = (
    ("mp4", "libx264", "mp4"),
    ("mkv", "libx264", "matroska"),
    ("webm", "libvpx-vp9", "webm"),
    ("avi", "mpeg4", "avi"),
    ("ts", "libx264", "mpegts"),
)


def cases() -> Iterator[Case]:
    """All of them."""
    noise = random.Random(8).randbytes(6000)
    for ending, codec, kind in KINDS:
        whole = steady(Made(codec, kind), [n * 7 % 256 for n in range(40)])
        yield Case(f"half-clip.{ending}", "video", cut(whole, 0.5), some_frames, "half-clip")
        yield Case(f"stump-clip.{ending}", "video", cut(whole, 0.01), refusal="stump-clip")
        few = flipped(whole, 12, spare=3000)
        yield Case(f"few-flipped.{ending}", "video", few, some_frames, "few-flipped")
        many = flipped(whole, 200)
        yield Case(f"many-flipped.{ending}", "video", many, some_frames, "many-flipped")
    yield Case("empty.mp4", "video", written(b""), refusal="is empty")
    for name, data in (
        ("noise.mp4", noise),
        ("zeros.mov", bytes(6000)),
        ("text.avi", b"not a clip\n" * 30),
        ("list.m3u8.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\nfile:///etc/passwd\n"),
        ("names.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("box.mp4", b"\x00\x00\x00\x18ftypisom" + noise),
        ("ebml.mkv", b"\x1aE\xdf\xa3" + noise),
        ("riff.avi", b"RIFF\x00\x10\x00\x00AVI " + noise),
        ("sync.ts", (b"G" + noise[:187]) * 20),
        ("flash.flv", b"FLV\x01" + noise),
        ("windows.wmv", bytes.fromhex("3026b2758e66cf11") + noise),
        ("picture.mp4", b"\x89PNG\r\n\x1a\n" + noise),
    ):
        yield Case(f"bad-{name}", "video", written(data), refusal=name)
    yield Case("no-picture.mp4", "video", encoded("aac", "mp4", "fltp"), _as_recording)
    yield Case("claims-much.mp4", "video", _claiming, some_frames, "claims-much")


def _as_recording(read: ReadFile) -> None:
    """A film file without pictures is taken as what it is."""
    assert read.kind == "audio"
    hums(0.1, padding_s=0.15)(read)


def some_frames(read: ReadFile) -> None:
    """However many, they are frames as the engine takes them, with times that grow."""
    video = read.parts[0]
    assert isinstance(video, Video)
    assert len(video.frames) == len(video.times_s) > 0
    assert all(frame.ndim == 3 for frame in video.frames)
    assert list(video.times_s) == sorted(set(video.times_s))


def _claiming(path: Path) -> None:
    """The header says that pictures are 65,535 pixels wide."""
    write_timed(path, [(n / 2, numbered(n)) for n in range(6)])
    data = bytearray(path.read_bytes())
    entry = data.index(b"stsd")
    width = data.index(WIDTH.to_bytes(2, "big"), entry)
    data[width : width + 2] = b"\xff\xff"
    path.write_bytes(data)
