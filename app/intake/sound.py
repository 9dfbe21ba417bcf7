"""Sound files to mono samples at 16 kHz, never cut without the caller's word."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import soxr  # type: ignore[import-untyped]

from app.intake.part import check_part, part_note, too_long
from app.intake.source import Source, open_source
from app.intake.streams import Samples, SoundStream, open_sound_file, open_track
from app.intake.wording import Notes, length, quoted
from inference import Audio, MediaError

RATE_HZ = 16_000
MAX_SECONDS = 30.0
# MP3 and AAC files end with up to a tenth of a second that the encoder filled up.
CODEC_PADDING_S = 0.1


def read_sound(
    path: Path,
    first_seconds: float | None = None,
    *,
    start_s: float = 0.0,
    max_seconds: float = MAX_SECONDS,
    max_bytes: int = 500_000_000,
) -> tuple[Audio, Notes]:
    """Read a recording from `start_s` on, mix it to mono, bring it to 16 kHz.

    One longer than `max_seconds` is refused unless `first_seconds` says how much of it to take.
    Raises MediaError.
    """
    check_part(path, first_seconds, max_seconds)
    if not (math.isfinite(start_s) and start_s >= 0):
        raise MediaError(f"A recording cannot start at {start_s} s.", "Start at 0 s or later.")
    source = open_source(path, max_bytes)
    wanted = max_seconds if first_seconds is None else first_seconds
    with open_sound(source, start_s) as stream:
        samples, surplus_s = _take(stream, start_s, wanted, path)
        whole_s = stream.length_s
    if not len(samples):
        where = f" at {length(start_s)} or later" if start_s else ""
        raise MediaError(f"{quoted(path)} holds no sound{where}.", "Choose another recording.")
    if surplus_s > CODEC_PADDING_S and first_seconds is None:
        raise too_long(path, whole_s, max_seconds, "hears")
    notes = (part_note(path, wanted, whole_s),) if surplus_s else ()
    return Audio(samples, name=path.name), notes


def read_track(
    source: Source, first_seconds: float, max_seconds: float = MAX_SECONDS
) -> tuple[Samples | None, Notes]:
    """The sound track of a clip, as far as the model hears; a bad one is left out with a note."""
    path, wanted = source.path, min(first_seconds, max_seconds)
    try:
        with open_track(source) as stream:
            samples, surplus_s = _take(stream, 0.0, wanted, path)
    except MediaError:
        return None, (f"The sound track of {quoted(path)} could not be read and was left out.",)
    if not len(samples):
        return None, ()
    if surplus_s > CODEC_PADDING_S and wanted < first_seconds:
        note = f"Of the sound track of {quoted(path)}, only the first {length(wanted)} were read."
        return samples, (note,)
    return samples, ()


def read_span(path: Path, start_s: float, end_s: float, max_bytes: int = 8_000_000_000) -> Samples:
    """The sound of a recording or clip from `start_s` to `end_s` or its end: float32 mono, 16 kHz.

    Empty where there is none. Raises MediaError.
    """
    with open_sound(open_source(path, max_bytes), start_s) as stream:
        return _take(stream, start_s, end_s - start_s, path)[0]


def measured_seconds(path: Path, max_bytes: int = 8_000_000_000) -> float:
    """How long a recording is: by its header, else by reading it. Raises MediaError."""
    with open_sound(open_source(path, max_bytes)) as stream:
        if stream.length_s:
            return stream.length_s
        return sum(len(block) for block in stream.blocks) / stream.rate_hz


def open_sound(source: Source, start_s: float = 0.0) -> AbstractContextManager[SoundStream]:
    """The sound of a recording or clip as a stream that begins at or before `start_s`.

    Raises MediaError.
    """
    # What has no container known to FFmpeg here is WAV, AIFF, CAF or FLAC, or nothing at all.
    if source.container in {None, "ogg"}:
        return open_sound_file(source, start_s)
    return open_track(source, start_s)


def _take(stream: SoundStream, start_s: float, seconds: float, path: Path) -> tuple[Samples, float]:
    """Up to `seconds` of sound from `start_s` on at 16 kHz, and how much more there is at least.

    Reading stops once the surplus is longer than an encoder's padding.
    """
    begin = round(start_s * stream.rate_hz)
    end = begin + round(seconds * stream.rate_hz)
    enough = end + math.ceil(CODEC_PADDING_S * stream.rate_hz) + 1
    parts: list[Samples] = []
    at = stream.begins_at
    for block in stream.blocks:
        part = block[max(0, begin - at) : max(0, end - at)]
        if len(part):
            parts.append(part)
        at += len(block)
        if at >= enough:
            break
    if not parts:
        return np.zeros(0, np.float32), 0.0
    samples = np.concatenate(parts)
    if not np.isfinite(samples).all():
        raise MediaError(f"{quoted(path)} holds values that are not numbers.", "Export it anew.")
    return _resample(samples, stream.rate_hz), max(0, at - end) / stream.rate_hz


def _resample(samples: Samples, rate_hz: int) -> Samples:
    if rate_hz == RATE_HZ:
        return samples
    # Quality and length are those of transformers 5.23 load_audio.
    resampled: Samples = soxr.resample(samples, rate_hz, RATE_HZ, quality="HQ")
    count = math.ceil(len(samples) * RATE_HZ / rate_hz)
    return np.pad(resampled, (0, max(0, count - len(resampled))))[:count]
