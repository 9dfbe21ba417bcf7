"""The pictures of a part of a clip at one a second, by FFmpeg: it finds its way to the middle of a
long file, reduces pictures while it decodes, and goes on after a damaged one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.intake.film_frame import FilmFrame
from app.intake.frames import damaged, moving_pictures, upright
from app.intake.source import Source
from app.intake.streams import open_container

MOST_BAD_PACKETS = 50
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
    origin = _origin(container, stream, source)
    if start_s > BEFORE_S:
        container.seek(round((origin + start_s - BEFORE_S) * av.time_base))
    due = 0
    for frame in _decoded(container, stream, source):
        if frame.time is None:
            continue
        now = round(frame.time - origin, 6)
        if now >= end_s:
            return
        at = math.floor(round(now - start_s, 6))
        if now < start_s or at < due or now - start_s - at >= LATE_S:
            continue
        due = at + 1
        if at not in left_out:
            yield FilmFrame(at, now, upright(frame, max_px=max_px, max_pixels=max_pixels))


def _origin(container: InputContainer, stream: VideoStream, source: Source) -> float:
    """The time of the first picture: files may begin at any."""
    first = next((f.time for f in _decoded(container, stream, source) if f.time is not None), 0.0)
    container.seek(0)
    return float(first)


def _decoded(
    container: InputContainer, stream: VideoStream, source: Source
) -> Iterator[VideoFrame]:
    """Every picture that can be decoded; gives up after many packets that cannot."""
    bad, good = 0, 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError as error:
            bad += 1
            if bad > MOST_BAD_PACKETS and not good:
                raise damaged(source) from error
            continue
        for frame in frames:
            good += 1
            yield frame
