"""Recordings that cannot be read, and some that can be in part."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from app.intake.read_file import ReadFile
from inference import Audio
from tests.corpus.case import Case, Write, cut, flipped, written
from tests.corpus.sounds import encoded

NO_SOUND = "holds no sound"


def cases() -> Iterator[Case]:
    """All of them."""
    noise = random.Random(6).randbytes(4000)
    for ending, write in _kinds().items():
        yield Case(f"half.{ending}", "audio", cut(write, 0.5), some_sound, "half")
        yield Case(f"stump.{ending}", "audio", cut(write, 0.002), refusal="stump")
        yield Case(f"flipped.{ending}", "audio", flipped(write, 30), some_sound, "flipped")
    yield Case("empty.wav", "audio", written(b""), refusal="is empty")
    for name, data in (
        ("noise.wav", noise),
        ("zeros.mp3", bytes(4000)),
        ("text.m4a", b"not a recording\n" * 9),
        ("riff.wav", b"RIFF\x00\x10\x00\x00WAVE" + noise),
        ("list.mp3", b"#EXTM3U\nfile:///etc/passwd\n"),
        ("box.m4a", b"\x00\x00\x00\x18ftypM4A " + noise),
        ("pages.ogg", b"OggS\x00" + noise),
        ("picture.flac", b"\x89PNG\r\n\x1a\n" + noise),
    ):
        yield Case(f"bad-{name}", "audio", written(data), refusal=name)
    yield from _false_claims()


def some_sound(read: ReadFile) -> None:
    """However much it is, it is sound as the engine takes it."""
    (sound,) = read.parts
    assert isinstance(sound, Audio)
    assert sound.samples.ndim == 1
    assert len(sound.samples)
    assert np.isfinite(sound.samples).all()


def _kinds() -> dict[str, Write]:
    rng = np.random.default_rng(7)
    loud = rng.standard_normal(8_000).astype(np.float32) / 8

    def plain(kind: str, width: str) -> Write:
        return lambda path: soundfile.write(path, loud, 16_000, width, format=kind)

    return {
        "wav": plain("WAV", "PCM_16"),
        "flac": plain("FLAC", "PCM_16"),
        "mp3": plain("MP3", "MPEG_LAYER_III"),
        "ogg": plain("OGG", "VORBIS"),
        "aiff": plain("AIFF", "PCM_16"),
        "m4a": encoded("aac", "ipod", "fltp", loud),
    }


def _false_claims() -> Iterator[Case]:
    yield Case("nothing.wav", "audio", written(wav(16_000, 1, b"")), refusal=NO_SOUND)
    some = np.ones(4_000, np.int16).tobytes()
    for rate in (0, 1, 3_999, 384_001, 2**31):
        yield Case(f"at-{rate}.wav", "audio", written(wav(rate, 1, some)), refusal=f"at-{rate}")
    for channels in (0, 65, 65_535):
        name = f"of-{channels}.wav"
        yield Case(name, "audio", written(wav(16_000, channels, some)), refusal=name)
    for name, value in (("no-number", np.nan), ("without-end", np.inf)):
        yield Case(f"{name}.wav", "audio", _all(value), refusal="not numbers")


def wav(rate_hz: int, channels: int, data: bytes) -> bytes:
    """A WAV of 16 bits that claims a rate and a number of channels."""
    step = channels * 2
    about = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * step % 2**32, step % 2**16, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(about)) + about
    body += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _all(value: float) -> Write:
    def write(path: Path) -> None:
        soundfile.write(path, np.full(1_000, value, np.float32), 16_000, "FLOAT")

    return write
