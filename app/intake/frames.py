"""The pictures of a clip one after the other, each with its true time, by OpenCV or by FFmpeg."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.intake.source import Source
from app.intake.streams import open_container
from app.intake.wording import quoted
from inference import MediaError

Pixels = NDArray[np.uint8]
Frame = tuple[float, Callable[[], Pixels]]  # time in seconds; the pixels, if they are wanted

HDR_TRANSFERS = {16, 18}  # PQ and HLG in the numbering of ITU-T H.273
# AV1: OpenCV's build opens such clips and then delivers no frame.
FFMPEG_ONLY = {"av1", "libdav1d", "libaom-av1"}


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What the header of a clip says; lengths in headers may be missing or wrong."""

    width: int
    height: int
    length_s: float | None
    codec: str
    is_hdr: bool
    has_sound: bool
    fps: float = 0.0  # on average, 0 if unknown


def clip_facts(source: Source) -> ClipFacts:
    """Read the header. Raises MediaError if the file is no clip or has no moving picture."""
    if source.container is None:
        raise _no_clip(source)
    try:
        with open_container(source) as container:
            pictures = moving_pictures(container.streams.video, source)
            codec = pictures.codec_context
            ticks, base = pictures.duration, pictures.time_base
            if ticks is not None and base is not None:
                seconds: float | None = float(ticks * base)
            else:
                seconds = _whole_length(container, pictures, source)
            return ClipFacts(
                codec.width,
                codec.height,
                seconds,
                codec.name,
                codec.color_trc in HDR_TRANSFERS,
                bool(container.streams.audio),
                float(pictures.average_rate or 0),
            )
    except av.FFmpegError as error:
        raise _no_clip(source) from error


def _whole_length(container: InputContainer, pictures: VideoStream, source: Source) -> float | None:
    if not container.duration:  # as browsers leave it: the packets tell, without being decoded
        times = [float(p.pts * p.time_base) for p in container.demux(pictures) if p.pts is not None]
        return max(times) - min(times) if times else None
    # Matroska says when the last picture ends, wherever the first begins.
    before = container.start_time or 0 if source.container == "matroska" else 0
    return (container.duration - max(0, before)) / av.time_base


def opencv_frames(source: Source) -> Iterator[Frame]:
    """All frames, turned as the file says; OpenCV ends without a word where it cannot go on."""
    capture = cv2.VideoCapture(str(source.path), cv2.CAP_FFMPEG)
    try:
        while capture.grab():
            yield capture.get(cv2.CAP_PROP_POS_MSEC) / 1000, partial(_retrieved, capture, source)
    finally:
        capture.release()


def ffmpeg_frames(source: Source, max_pixels: int | None = None) -> Iterator[Frame]:
    """All frames, turned as the file says and reduced to an area of `max_pixels`.

    Raises MediaError at the first damaged one.
    """
    try:
        with open_container(source) as container:
            pictures = moving_pictures(container.streams.video, source)
            pictures.thread_type = "AUTO"
            start: float | None = None
            for frame in container.decode(pictures):
                if frame.time is not None:
                    start = frame.time if start is None else start
                    yield frame.time - start, partial(upright, frame, max_pixels=max_pixels)
    except av.FFmpegError as error:
        raise damaged(source) from error


def is_only_heard(source: Source) -> bool:
    """Whether a container for films holds sound and nothing to see. A bad file is no such."""
    if source.container is None:
        return False
    try:
        with open_container(source) as container:
            return bool(container.streams.audio) and not _moving(container.streams.video)
    except av.FFmpegError:
        return False


def moving_pictures(streams: tuple[VideoStream, ...], source: Source) -> VideoStream:
    """The stream to be shown; covers of recordings are none. Raises MediaError."""
    moving = _moving(streams)
    if not moving:
        raise MediaError(
            f"{quoted(source.path)} has no moving picture that Facet can read.",
            "Choose a video file.",
        )
    return moving[0]


def _moving(streams: tuple[VideoStream, ...]) -> list[VideoStream]:
    # A codec that FFmpeg does not know has no context.
    known = [s for s in streams if s.codec_context is not None]
    return [s for s in known if not s.disposition & Disposition.attached_pic]


def _retrieved(capture: cv2.VideoCapture, source: Source) -> Pixels:
    found, pixels = capture.retrieve()
    if not found:
        raise damaged(source)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def upright(
    frame: VideoFrame, *, max_px: int | None = None, max_pixels: int | None = None
) -> Pixels:
    """RGB [H, W, 3], turned, the longer side at most `max_px` and the area at most `max_pixels`.

    Reduced by FFmpeg itself: the full picture of an 8K clip is never an array.
    """
    turned = round(frame.rotation / 90)  # known only to the frame as it was decoded
    share = 1.0
    if max_px is not None:
        share = min(share, max_px / max(frame.width, frame.height))
    if max_pixels is not None:
        share = min(share, math.sqrt(max_pixels / (frame.width * frame.height)))
    if share < 1.0:
        width, height = (max(1, int(side * share)) for side in (frame.width, frame.height))
        frame = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
    pixels = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(pixels, turned), dtype=np.uint8)


def _no_clip(source: Source) -> MediaError:
    return MediaError(
        f"{quoted(source.path)} is not a video that Facet can read, or it is damaged.",
        "Save it as MP4 with H.264.",
    )


def damaged(source: Source) -> MediaError:
    """The error for pictures that cannot be decoded."""
    return MediaError(
        f"{quoted(source.path)} is damaged: some of its pictures cannot be decoded.",
        "Export the video anew, as MP4 with H.264.",
    )
