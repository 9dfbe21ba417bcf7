"""Clips that can be read: every codec and container, rate, turn and size, each frame numbered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.intake.read_file import ReadFile
from inference import Video
from tests.corpus.case import Case, Check, Write
from tests.unit.app.intake.films import (
    HEIGHT,
    WIDTH,
    number_in,
    numbered,
    tone,
    turn_clockwise,
    write_timed,
)

Pixels = NDArray[np.uint8]
FPS = 5

KINDS = (  # codec, format of FFmpeg, ending, pixel format
    ("libx264", "mp4", "h264.mp4", "yuv420p"),
    ("libx264", "mov", "h264.mov", "yuv420p"),
    ("libx264", "matroska", "h264.mkv", "yuv420p"),
    ("libx264", "mpegts", "h264.ts", "yuv420p"),
    ("libx264", "flv", "h264.flv", "yuv420p"),
    ("libx264", "mp4", "h264-444.mp4", "yuv444p"),
    ("libx265", "mp4", "hevc.mp4", "yuv420p"),
    ("libx265", "matroska", "hevc.mkv", "yuv420p"),
    ("libvpx", "webm", "vp8.webm", "yuv420p"),
    ("libvpx-vp9", "webm", "vp9.webm", "yuv420p"),
    ("libsvtav1", "mp4", "av1.mp4", "yuv420p"),
    ("libsvtav1", "matroska", "av1.mkv", "yuv420p"),
    ("mpeg4", "avi", "mpeg4.avi", "yuv420p"),
    ("mpeg4", "mp4", "mpeg4.mp4", "yuv420p"),
    ("mjpeg", "avi", "mjpeg.avi", "yuvj420p"),
    ("mjpeg", "mov", "mjpeg.mov", "yuvj420p"),
    ("prores_ks", "mov", "prores.mov", "yuv422p10le"),
    ("ffv1", "matroska", "ffv1.mkv", "yuv420p"),
    ("flv", "flv", "sorenson.flv", "yuv420p"),
    ("wmv2", "asf", "wmv2.wmv", "yuv420p"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """How a clip is encoded."""

    codec: str = "libx264"
    kind: str = "mp4"
    pixel_format: str = "yuv420p"
    fps: float = FPS
    size: tuple[int, int] = (HEIGHT, WIDTH)


def cases() -> Iterator[Case]:
    """All of them."""
    for codec, kind, ending, pixel_format in KINDS:
        write = steady(Made(codec, kind, pixel_format), range(17))
        yield Case(f"numbers.{ending}", "video", write, numbers([0, 5, 10, 15]))
    yield Case("numbers.mpg", "video", steady(Made("mpeg1video", "mpeg", fps=25), range(90)),
               numbers([0, 25, 50, 75]))  # fmt: skip
    yield Case("numbers.m2.ts", "video", steady(Made("mpeg2video", "mpegts", fps=25), range(90)),
               numbers([0, 25, 50, 75]))  # fmt: skip
    for fps in (1, 2, 10, 24, 30, 60):
        write = steady(Made(fps=fps), [n * 50 // fps % 256 for n in range(3 * fps)])
        yield Case(f"rate-{fps}.mp4", "video", write, numbers([0, 50, 100]))
    for size in ((16, 32), (66, 130), (64, 200), (360, 640), (720, 1280), (HEIGHT, 64)):
        write = steady(Made(size=size, fps=2), range(5))
        yield Case(f"size-{size[1]}x{size[0]}.mp4", "video", write, numbers([0, 2, 4], size=size))
    yield from _timed()
    yield from _turned()
    yield from _heard()
    yield from _long()


def numbers(
    shown: Sequence[int],
    times: Sequence[float] | None = None,
    *,
    size: tuple[int, int] = (HEIGHT, WIDTH),
    notes: int = 0,
) -> Check:
    """Checks the number in each frame, its time to 20 ms, size and the count of notes."""
    due = list(range(len(shown))) if times is None else list(times)

    def check(read: ReadFile) -> None:
        video = read.parts[0]
        assert isinstance(video, Video)
        assert [frame.shape for frame in video.frames] == [(*size, 3)] * len(shown)
        assert [number_in(frame) for frame in video.frames] == list(shown)
        assert np.abs(np.subtract(video.times_s, due)).max() < 0.02, video.times_s
        assert len(read.notes) == notes, read.notes
        assert read.thumbnail.startswith(b"\xff\xd8")
        assert (read.facts.height, read.facts.width) == size

    return check


def steady(made: Made, shown: Sequence[int]) -> Write:
    """Writes frames that show these numbers, at a steady rate, with key frames now and then."""

    def write(path: Path) -> None:
        with av.open(str(path), "w", format=made.kind) as container:
            rate = Fraction(made.fps).limit_denominator(1001)
            stream = container.add_stream(made.codec, rate=rate)
            assert isinstance(stream, VideoStream)
            stream.height, stream.width = made.size
            stream.pix_fmt = made.pixel_format
            stream.bit_rate = 2_000_000
            stream.codec_context.gop_size = 12
            if made.codec == "libsvtav1":
                stream.options = {"preset": "12"}
            if made.codec.startswith("libx26"):
                stream.options = {"preset": "ultrafast"}
            for number in shown:
                frame = av.VideoFrame.from_ndarray(_sized(numbered(number), made.size))
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))

    return write


def _sized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    rows = np.arange(size[0]) * pixels.shape[0] // size[0]
    columns = np.arange(size[1]) * pixels.shape[1] // size[1]
    return np.ascontiguousarray(pixels[rows][:, columns])


def _timed() -> Iterator[Case]:
    uneven = [0.0, 0.1, 0.15, 0.9, 1.3, 1.35, 2.0, 2.9, 3.05, 3.5]
    frames = [(time, numbered(n)) for n, time in enumerate(uneven)]
    due, seen = [0.0, 1.3, 2.0, 3.05], [0, 4, 6, 8]
    for ending in ("mp4", "mkv", "mov"):
        yield Case(f"uneven.{ending}", "video", _timed_writer(frames), numbers(seen, due))
    with_hole = [(t, numbered(n)) for n, t in enumerate((0.0, 0.5, 1.0, 4.2, 5.0))]
    yield Case("hole.mp4", "video", _timed_writer(with_hole), numbers([0, 2, 3, 4], [0, 1, 4.2, 5]))
    later = [(7.0 + n / 2, numbered(n)) for n in range(6)]
    yield Case("starts-at-seven.mkv", "video", _timed_writer(later), numbers([0, 2, 4]))
    one = [(0.0, numbered(77))]
    yield Case("one-frame.mp4", "video", _timed_writer(one), numbers([77]))
    yield Case("one-frame.mkv", "video", _timed_writer(one), numbers([77]))


def _timed_writer(frames: Sequence[tuple[float, Pixels]]) -> Write:
    return lambda path: write_timed(path, frames)


def _turned() -> Iterator[Case]:
    frames = [(n / 2, np.rot90(numbered(n), 1)) for n in range(6)]  # shown turned clockwise

    def write(path: Path) -> None:
        write_timed(path, frames)
        turn_clockwise(path)

    yield Case("turned.mp4", "video", write, numbers([0, 2, 4]))
    yield Case("turned.mov", "video", write, numbers([0, 2, 4]))


def _heard() -> Iterator[Case]:
    frames = [(n / 2, numbered(n)) for n in range(8)]
    for rate in (16_000, 44_100, 48_000):

        def write(path: Path, rate: int = rate) -> None:
            write_timed(path, frames, sound=tone(4.0, rate), sound_rate_hz=rate)

        yield Case(f"heard-{rate}.mp4", "video", write, _with_sound(4.0))

    def colourful(transfer: int) -> Write:
        return lambda path: write_timed(
            path, frames, codec="libx265", pixel_format="yuv420p10le", transfer=transfer
        )

    for name, transfer in (("pq", 16), ("hlg", 18)):
        yield Case(f"hdr-{name}.mp4", "video", colourful(transfer), _hdr)


def _hdr(read: ReadFile) -> None:
    numbers([0, 2, 4, 6], notes=1)(read)
    assert read.facts.is_hdr
    assert "HDR" in read.notes[0]


def _with_sound(seconds: float) -> Check:
    def check(read: ReadFile) -> None:
        numbers([0, 2, 4, 6])(read)
        (video,) = read.parts
        assert isinstance(video, Video)
        assert video.sound is not None
        assert abs(len(video.sound) / 16_000 - seconds) < 0.15
        assert read.facts.has_sound

    return check


def _long() -> Iterator[Case]:
    minute = steady(Made(fps=2), [n // 2 for n in range(120)])
    yield Case("a-minute.mp4", "video", minute, numbers(list(range(60))))
    longer = steady(Made(fps=2), [n // 2 for n in range(150)])

    def check(read: ReadFile) -> None:
        numbers(list(range(60)), notes=1)(read)
        assert abs(read.facts.seconds - 75.0) < 0.6
        assert "75 s" in read.notes[0]

    for ending in ("mp4", "mkv"):
        kind = "matroska" if ending == "mkv" else "mp4"
        write = (
            longer
            if kind == "mp4"
            else steady(Made(kind=kind, fps=2), [n // 2 for n in range(150)])
        )
        yield Case(f"seventy-five-seconds.{ending}", "video", write, check)
