"""One picture a second from clips of every structure: the same as when everything is decoded."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream

from app.intake.film import film
from app.intake.needed import needed
from app.intake.source import open_source
from tests.unit.app.intake.films import number_in, numbered

FPS = 10
STRUCTURES = [  # codec, options
    ("libx264", {"g": "10", "bf": "0"}),
    ("libx264", {"g": "10", "bf": "3"}),
    ("libx264", {"g": "7", "bf": "2"}),
    ("libx264", {"g": "25", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}),
    ("libx264", {"g": "1000", "bf": "2"}),
    ("libx265", {"x265-params": "keyint=15:open-gop=1:bframes=3:log-level=none"}),
    ("mpeg4", {"g": "12", "bf": "2"}),
    ("mjpeg", {}),
]


def write(path: Path, codec: str, options: dict[str, str], seconds: int, begins_s: int = 0) -> Path:
    """Ten frames a second that show their number, from `begins_s` on."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS)
        assert isinstance(stream, VideoStream)
        first = numbered(0)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.options = options
        for number in range(seconds * FPS):
            frame = av.VideoFrame.from_ndarray(numbered(number % 256), format="rgb24")
            frame.pts, frame.time_base = number + begins_s * FPS, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("codec", "options"), STRUCTURES)
@pytest.mark.parametrize("start", [0.0, 0.3, 3.0, 4.7])
@pytest.mark.parametrize("begins", [0, 5])
def test_each_second_has_its_own_picture(
    tmp_path: Path, codec: str, options: dict[str, str], start: float, begins: int
) -> None:
    path = write(tmp_path / "a.mkv", codec, options, 9, begins)
    shown = [(f.time_s, number_in(f.pixels)) for f in film(open_source(path, 10**8), start, 9.0)]
    firsts = [round(start + n, 6) for n in range(math.ceil(9.0 - start))]
    assert [time for time, _ in shown] == pytest.approx(firsts, abs=0.001)
    assert [number for _, number in shown] == [round(time * FPS) for time in firsts]


@pytest.mark.parametrize(
    ("options", "most"), [({"g": "10", "bf": "0"}, 45), ({"g": "20", "bf": "2"}, 80)]
)
def test_what_nobody_needs_is_not_decoded(
    tmp_path: Path, options: dict[str, str], most: int
) -> None:
    source = open_source(write(tmp_path / "a.mkv", "libx264", options, 9), 10**8)
    with av.open(str(source.path)) as container:
        shown: list[float] = []  # the wanted one of each second
        decoded = 0
        pictures = needed(container, container.streams.video[0], source, lambda: float(len(shown)))
        for frame in pictures:
            decoded += 1
            if frame.time is not None and frame.time >= len(shown):
                shown.append(frame.time)
    assert shown == [float(second) for second in range(9)]
    assert decoded <= most  # of 90; a decoder of several threads is a few ahead
