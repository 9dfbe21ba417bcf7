"""Sound as a stream of mono blocks, decoded by libsndfile or, for what that cannot read, FFmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
import soundfile
from av.container import InputContainer

from app.intake.source import Source
from app.intake.wording import quoted
from inference.api import Samples
from inference.errors import MediaError

BLOCK_FRAMES = 65_536
MIN_RATE_HZ, MAX_RATE_HZ = 4_000, 384_000
MAX_CHANNELS = 64


@dataclass(frozen=True, slots=True)
class SoundStream:
    """Mono float32 blocks at `rate_hz`, each the mean of all channels.

    `length_s` is what the header says, None if it says nothing; only the blocks tell the truth.
    """

    rate_hz: int
    length_s: float | None
    blocks: Iterator[Samples]


@contextmanager
def open_sound_file(source: Source) -> Iterator[SoundStream]:
    """Decode WAV, AIFF, CAF, FLAC, Ogg or MP3. Raises MediaError, also while blocks are read."""
    try:
        # By descriptor, because soundfile would take a name ending in .raw for headerless samples.
        with (
            source.path.open("rb") as file,
            soundfile.SoundFile(file.fileno(), closefd=False) as sound,
        ):
            _check_shape(source, sound.samplerate, sound.channels)
            blocks = sound.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True)
            mono = (block.mean(axis=1) for block in blocks)
            yield SoundStream(sound.samplerate, sound.frames / sound.samplerate, mono)
    except soundfile.SoundFileError as error:
        raise MediaError(
            f"{quoted(source.path)} is not a recording that Facet can read, or it is damaged.",
            "Save it as WAV, FLAC, MP3 or M4A.",
        ) from error


@contextmanager
def open_track(source: Source) -> Iterator[SoundStream]:
    """Decode the first sound track of a film container. Raises MediaError, also while read."""
    try:
        with open_container(source) as container:
            if not container.streams.audio:
                raise MediaError(f"{quoted(source.path)} has no sound.", "Choose another file.")
            track = container.streams.audio[0]
            _check_shape(source, track.rate, track.channels)
            seconds = container.duration / av.time_base if container.duration else None
            yield SoundStream(track.rate, seconds, _decoded(container))
    except av.FFmpegError as error:
        raise MediaError(
            f"The sound of {quoted(source.path)} is damaged or of a kind that Facet cannot read.",
            "Save it anew as WAV, FLAC, MP3 or M4A.",
        ) from error


def open_container(source: Source) -> InputContainer:
    """Open a film or sound container with FFmpeg, as the kind its first bytes say and no other.

    Raises av.FFmpegError.
    """
    options = {"protocol_whitelist": "file"}
    return av.open(str(source.path), mode="r", format=source.container, options=options)


def _decoded(container: InputContainer) -> Iterator[Samples]:
    # Same rate and channels, only the sample type changes: nothing is delayed inside.
    to_float = av.AudioResampler(format="fltp")
    for frame in container.decode(audio=0):
        for part in to_float.resample(frame):
            yield part.to_ndarray().mean(axis=0)


def _check_shape(source: Source, rate_hz: int, channels: int) -> None:
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ or not 1 <= channels <= MAX_CHANNELS:
        raise MediaError(
            f"{quoted(source.path)} says it has {channels} channels at {rate_hz} Hz; Facet reads "
            f"up to {MAX_CHANNELS} channels at {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz.",
            "Save it anew as WAV at 16,000 Hz.",
        )
