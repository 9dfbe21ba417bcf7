"""Video files to frames at one a second, each with its true time, and the clip's own sound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from app.intake.frames import (
    FFMPEG_ONLY,
    ClipFacts,
    Frame,
    Pixels,
    clip_facts,
    ffmpeg_frames,
    opencv_frames,
)
from app.intake.part import check_part, part_note, too_long
from app.intake.sound import read_track
from app.intake.source import Source, open_source
from app.intake.wording import Notes, length, quoted
from inference import MediaError, Video

# Cameras run on for a moment after the second they were told to stop at.
OVERRUN_S = 0.5
# A last frame may stay on for long; pictures that end earlier than this deserve a word.
EARLY_END_S = 2.0
# As many as the largest soft-token budget shows to the model: 1120 x 48 x 48.
MAX_FRAME_PIXELS = 2_580_480


@dataclass(slots=True)
class _Sampled:
    """Frames taken so far; `end_s` is the time of the last frame seen, taken or not."""

    frames: list[Pixels] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    end_s: float = 0.0


def read_clip(
    path: Path,
    first_seconds: float | None = None,
    *,
    fps: float = 1.0,
    max_frames: int = 60,
    max_bytes: int = 8_000_000_000,
    max_source_pixels: int = 8192 * 8192,
    max_frame_pixels: int = MAX_FRAME_PIXELS,
) -> tuple[Video, Notes]:
    """Read one frame per 1/`fps` seconds: the first that begins at or after each such moment.

    A clip longer than `max_frames` / `fps` seconds is refused unless `first_seconds` says how much
    of it to take. Frames larger than `max_frame_pixels` are reduced. Raises MediaError.
    """
    max_seconds = max_frames / fps
    check_part(path, first_seconds, max_seconds)
    source = open_source(path, max_bytes)
    facts = clip_facts(source)
    if facts.width * facts.height > max_source_pixels:
        raise MediaError(
            f"{quoted(path)} is too large: its pictures are {facts.width} x {facts.height}.",
            "Export it smaller.",
        )
    end_s = max_seconds if first_seconds is None else first_seconds
    if first_seconds is None and (facts.length_s or 0.0) > max_seconds + OVERRUN_S:
        raise too_long(path, facts.length_s, max_seconds, "sees")
    sampled = _sample(_frames(source, facts, max_frame_pixels), fps, end_s, max_frame_pixels)
    if not sampled.frames:
        raise MediaError(
            f"{quoted(path)} shows no picture that can be decoded.", "Save it as MP4 with H.264."
        )
    if first_seconds is None and sampled.end_s >= max_seconds + OVERRUN_S:
        raise too_long(path, facts.length_s, max_seconds, "sees")
    notes = tuple(_notes(path, facts, sampled, end_s, max_frame_pixels))
    sound, more = read_track(source, end_s) if facts.has_sound else (None, ())
    return Video(
        tuple(sampled.frames), tuple(sampled.times_s), path.name, sound=sound
    ), notes + more


def _frames(source: Source, facts: ClipFacts, max_pixels: int) -> Iterator[Frame]:
    is_large = facts.width * facts.height > max_pixels  # FFmpeg reduces while it decodes
    if facts.is_hdr or is_large or facts.codec in FFMPEG_ONLY:
        return ffmpeg_frames(source, max_pixels)
    frames = opencv_frames(source)
    first = next(frames, None)
    return ffmpeg_frames(source) if first is None else chain([first], frames)


def _sample(frames: Iterator[Frame], fps: float, end_s: float, max_pixels: int) -> _Sampled:
    """Go by times, not by frame numbers: a frame rate may vary, and headers misstate it."""
    sampled = _Sampled()
    due = 0  # the first multiple of 1/fps that no frame was taken for yet
    for time_s, pixels in frames:
        now_s = round(time_s, 6)  # 2.9999999996 s is what is left of 3 s after a time base
        if not now_s >= sampled.end_s:  # running backwards, or not a number
            continue
        sampled.end_s = now_s
        if now_s >= end_s + OVERRUN_S:
            break
        beat = round(now_s * fps, 6)
        if now_s < end_s and beat >= due:
            sampled.frames.append(_reduced(pixels(), max_pixels))
            sampled.times_s.append(now_s)
            due = math.floor(beat) + 1
    return sampled


def _reduced(pixels: Pixels, max_pixels: int) -> Pixels:
    height, width, _ = pixels.shape
    if height * width <= max_pixels:
        return pixels
    scale = math.sqrt(max_pixels / (height * width))
    size = max(1, int(width * scale)), max(1, int(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _notes(
    path: Path, facts: ClipFacts, sampled: _Sampled, end_s: float, max_pixels: int
) -> Iterator[str]:
    if sampled.end_s >= end_s:
        yield part_note(path, end_s, facts.length_s)
    elif facts.length_s is not None and facts.length_s - sampled.end_s > EARLY_END_S:
        yield (
            f"{quoted(path)} lasts {length(facts.length_s)}, "
            f"but its pictures end at {length(sampled.end_s)}."
        )
    if facts.width * facts.height > max_pixels:
        height, width, _ = sampled.frames[0].shape
        yield f"The frames of {quoted(path)} were reduced to {width} x {height} pixels."
    if facts.is_hdr:
        yield hdr_note(path)


def hdr_note(path: Path) -> str:
    """What becomes of the colours of a video for displays of high range."""
    return f"{quoted(path)} is an HDR video; its colours look paler than on a display."
