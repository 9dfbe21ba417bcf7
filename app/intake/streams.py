"""Sound as a stream of mono blocks, decoded by libsndfile or by FFmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from app.intake.source import Source
from app.intake.wording import quoted
from inference import MediaError

Samples = NDArray[np.float32]

BLOCK_FRAMES = 65_536
SEEKABLE = {"mov", "matroska"}  # others guess where a time is by their size
LONG_WAY_S, BEFORE_S = 5.0, 1.0  # decoders need a moment before the first sample that counts
MIN_RATE_HZ, MAX_RATE_HZ = 4_000, 384_000
MAX_CHANNELS = 64


@dataclass(frozen=True, slots=True)
class SoundStream:
    """Mono float32 blocks at `rate_hz`, each the mean of all channels.

    The first block begins `begins_at` samples after the beginning of the sound. `length_s` is what
    the header says, None if it says nothing; only the blocks tell the truth.
    """

    rate_hz: int
    length_s: float | None
    blocks: Iterator[Samples]
    begins_at: int = 0


@contextmanager
def open_sound_file(source: Source, start_s: float = 0.0) -> Iterator[SoundStream]:
    """Decode WAV, AIFF, CAF, FLAC or Ogg from `start_s` on.

    Raises MediaError, also while blocks are read.
    """
    try:
        # By descriptor, because soundfile would take a name ending in .raw for headerless samples.
        with (
            source.path.open("rb") as file,
            soundfile.SoundFile(file.fileno(), closefd=False) as sound,
        ):
            _check_shape(source, sound.samplerate, sound.channels)
            begin = min(round(start_s * sound.samplerate), sound.frames)
            if begin:
                sound.seek(begin)
            length_s = sound.frames / sound.samplerate
            yield SoundStream(sound.samplerate, length_s, _read(sound), begin)
    except soundfile.SoundFileError as error:
        raise MediaError(
            f"{quoted(source.path)} is not a recording that Facet can read, or it is damaged.",
            "Save it as WAV, FLAC, MP3 or M4A.",
        ) from error


@contextmanager
def open_track(source: Source, start_s: float = 0.0) -> Iterator[SoundStream]:
    """Decode the first sound track of any other container.

    Where the container keeps exact times, begins shortly before `start_s`. Raises MediaError, also
    while blocks are read.
    """
    try:
        with open_container(source) as container:
            # A codec that FFmpeg does not know has no context.
            tracks = [s for s in container.streams.audio if s.codec_context is not None]
            if not tracks:
                raise MediaError(
                    f"{quoted(source.path)} has no sound that Facet can read.",
                    "Choose another file.",
                )
            track = tracks[0]
            _check_shape(source, track.rate, track.channels)
            # Bare AAC has no header: FFmpeg guesses a length from the first few packets.
            is_told = container.duration and source.container != "aac"
            seconds = (container.duration or 0) / av.time_base if is_told else None
            begin, frames = 0, container.decode(track)
            if start_s > LONG_WAY_S and source.container in SEEKABLE:
                begin, frames = _sought(container, track, start_s)
            yield SoundStream(track.rate, seconds, _decoded(frames, source, track), begin)
    except av.FFmpegError as error:
        raise MediaError(
            f"The sound of {quoted(source.path)} is damaged or of a kind that Facet cannot read.",
            "Save it anew as WAV, FLAC, MP3 or M4A.",
        ) from error


def open_container(source: Source) -> InputContainer:
    """Open a film or sound container with FFmpeg, as the kind its first bytes say and no other.

    Raises av.FFmpegError.
    """
    return av.open(
        str(source.path),
        mode="r",
        format=source.container,
        options={"protocol_whitelist": "file"},
        metadata_errors="replace",  # titles in old encodings are no reason to refuse a file
    )


def _read(sound: soundfile.SoundFile) -> Iterator[Samples]:
    # Not sound.blocks(): where a file ends before its header says so, that repeats old blocks.
    while len(block := sound.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
        yield block.mean(axis=1)


def _sought(
    container: InputContainer, track: AudioStream, start_s: float
) -> tuple[int, Iterator[AudioFrame]]:
    """Frames from shortly before `start_s` on, and how many samples lie before the first."""
    first = next(container.decode(track), None)
    if first is None or first.time is None:
        return 0, iter(())
    container.seek(round((first.time + start_s - BEFORE_S) * av.time_base))
    frames = container.decode(track)
    found = next(frames, None)
    if found is None or found.time is None:
        return 0, iter(())
    return max(0, round((found.time - first.time) * track.rate)), chain([found], frames)


def _decoded(frames: Iterator[AudioFrame], source: Source, track: AudioStream) -> Iterator[Samples]:
    # Same rate and channels, only the sample type changes: nothing is delayed inside.
    to_float = av.AudioResampler(format="fltp")
    for frame in frames:
        try:
            parts = to_float.resample(frame)
        except ValueError as error:
            raise _changing(source) from error
        if frame.sample_rate != track.rate:
            raise _changing(source)
        for part in parts:
            yield part.to_ndarray().mean(axis=0)


def _changing(source: Source) -> MediaError:
    return MediaError(
        f"The sound of {quoted(source.path)} changes its rate or channels midway.",
        "Save it anew as WAV.",
    )


def _check_shape(source: Source, rate_hz: int, channels: int) -> None:
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ or not 1 <= channels <= MAX_CHANNELS:
        raise MediaError(
            f"{quoted(source.path)} says it has {channels} channels at {rate_hz} Hz; Facet reads "
            f"up to {MAX_CHANNELS} channels at {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz.",
            "Save it anew as WAV at 16,000 Hz.",
        )
