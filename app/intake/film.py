"""The pictures of a part of a clip at one a second, by FFmpeg: it finds its way to the middle of a
long file, decodes no more than it must, reduces pictures while it does, and goes on after a damaged
one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from app.intake.film_frame import FilmFrame
from app.intake.frames import damaged, moving_pictures, upright
from app.intake.needed import needed
from app.intake.source import Source
from app.intake.streams import open_container

BEFORE_S = 0.5  # how far before the wanted second to begin: key frames are found by rounded times
LATE_S = 1.0  # a picture that begins later than this belongs to another second


def film(
    source: Source,
    start_s: float,
    end_s: float,
    *,
    max_px: int | None = None,
    max_pixels: int | None = None,
    left_out: frozenset[int] = frozenset(),
) -> Iterator[FilmFrame]:
    """For each second of [start_s, end_s) the first picture that begins in it.

    A second without a picture of its own is skipped, and so are those in `left_out`. `max_px`
    limits the longer side, `max_pixels` the area. Raises MediaError when nothing can be decoded.
    """
    try:
        with open_container(source) as container:
            stream = moving_pictures(container.streams.video, source)
            stream.thread_type = "AUTO"
            yield from _chosen(
                container, stream, source, start_s, end_s, left_out, (max_px, max_pixels)
            )
    except av.FFmpegError as error:
        raise damaged(source) from error


def _chosen(
    container: InputContainer,
    stream: VideoStream,
    source: Source,
    start_s: float,
    end_s: float,
    left_out: frozenset[int],
    limits: tuple[int | None, int | None],
) -> Iterator[FilmFrame]:
    max_px, max_pixels = limits
    origin: float | None = None  # the time of the first picture: files may begin at any
    if start_s > BEFORE_S:
        first = (f.time for f in needed(container, stream, source, lambda: None))
        origin = next((time for time in first if time is not None), 0.0)
        container.seek(round((origin + start_s - BEFORE_S) * av.time_base))
    due = 0

    def wanted() -> float | None:
        return None if origin is None else origin + start_s + due

    for frame in needed(container, stream, source, wanted):
        if frame.time is None:
            continue
        origin = frame.time if origin is None else origin
        now = round(frame.time - origin, 6)
        if now >= end_s:
            return
        at = math.floor(round(now - start_s, 6))
        if now < start_s or at < due or now - start_s - at >= LATE_S:
            continue
        due = at + 1
        if at not in left_out:
            yield FilmFrame(at, now, upright(frame, max_px=max_px, max_pixels=max_pixels))
