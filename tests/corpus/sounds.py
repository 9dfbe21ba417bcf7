"""Recordings that can be read: every format, width, rate and number of channels."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.stream import AudioStream

from app.intake.read_file import ReadFile
from app.intake.streams import Samples
from inference import Audio
from tests.corpus.case import Case, Check, Write
from tests.unit.app.intake.films import loudest_hz, tone

RATE_HZ = 16_000
TONE_HZ, SECONDS, AMPLITUDE = 440.0, 0.5, 0.5

WAV_WIDTHS = (
    *("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    *("ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "GSM610"),
)
RATES_HZ = (4_000, 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000)
OTHERS = (  # format, width, ending
    ("AIFF", "PCM_16", "aiff"),
    ("AIFF", "PCM_24", "aif"),
    ("AU", "PCM_16", "au"),
    ("CAF", "PCM_16", "caf"),
    ("CAF", "ALAC_16", "alac.caf"),
    ("FLAC", "PCM_16", "flac"),
    ("FLAC", "PCM_24", "24.flac"),
    ("MP3", "MPEG_LAYER_III", "mp3"),
    ("OGG", "VORBIS", "ogg"),
    ("OGG", "OPUS", "opus"),
    ("RF64", "PCM_16", "rf64.wav"),
    ("W64", "PCM_16", "w64"),
    ("WAVEX", "PCM_24", "x.wav"),
)
CONTAINERS = (  # codec, format of FFmpeg, ending, sample format
    ("aac", "ipod", "m4a", "fltp"),
    ("alac", "ipod", "alac.m4a", "s16p"),
    ("aac", "mov", "mov", "fltp"),
    ("aac", "adts", "aac", "fltp"),
    ("aac", "matroska", "mka", "fltp"),
    ("ac3", "ac3", "ac3", "fltp"),
    ("ac3", "matroska", "ac3.mka", "fltp"),
    ("libopus", "webm", "weba", "flt"),
    ("libmp3lame", "mp3", "lame.mp3", "fltp"),
    ("mp2", "mpegts", "ts", "s16"),
    ("wmav2", "asf", "wma", "fltp"),
    ("flac", "matroska", "flac.mka", "s16"),
    ("pcm_s16le", "avi", "sound.avi", "s16"),
    ("libmp3lame", "flv", "flv", "fltp"),
)


def cases() -> Iterator[Case]:
    """All of them."""
    for width in WAV_WIDTHS:
        write = _written("WAV", width, 16_000)
        yield Case(f"width-{width.lower()}.wav", "audio", write, hums(0.06, padding_s=0.01))
    for rate in RATES_HZ:
        yield Case(f"rate-{rate}.wav", "audio", _written("WAV", "PCM_16", rate), hums())
        if rate in (8_000, 44_100):
            yield Case(f"rate-{rate}.flac", "audio", _written("FLAC", "PCM_16", rate), hums())
    for channels in (2, 3, 6, 8, 16):
        write = _written("WAV", "PCM_16", 44_100, channels)
        yield Case(f"channels-{channels}.wav", "audio", write, hums())
    for kind, width, ending in OTHERS:
        write = _written(kind, width, 48_000 if width == "OPUS" else 44_100)
        yield Case(f"tone.{ending}", "audio", write, hums(0.06, padding_s=0.15))
    for codec, kind, ending, sample in CONTAINERS:
        write = encoded(codec, kind, sample)
        yield Case(f"track.{ending}", "audio", write, hums(0.1, padding_s=0.15))
    yield from _special()


def hums(within: float = 0.02, padding_s: float = 0.0) -> Check:
    """Checks rate, length, pitch and loudness; codecs may add or lose up to `padding_s`."""

    def check(read: ReadFile) -> None:
        (sound,) = read.parts
        assert isinstance(sound, Audio)
        samples = sound.samples
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert abs(len(samples) / RATE_HZ - SECONDS) <= padding_s + 0.02
        middle = samples[RATE_HZ // 10 : RATE_HZ * 2 // 5]
        assert abs(loudest_hz(middle) - TONE_HZ) < 8
        assert abs(float(np.sqrt(np.mean(middle**2))) * np.sqrt(2) - AMPLITUDE) < within
        assert abs(read.facts.seconds - SECONDS) <= padding_s + 0.02
        assert (read.thumbnail, read.notes) == (b"", ())

    return check


def _written(kind: str, width: str, rate_hz: int, channels: int = 1) -> Write:
    sound = tone(SECONDS, rate_hz, TONE_HZ)
    every = np.repeat(sound[:, None], channels, axis=1)

    def write(path: Path) -> None:
        soundfile.write(path, every, rate_hz, width, format=kind)

    return write


def encoded(codec: str, kind: str, sample: str, sound: Samples | None = None) -> Write:
    """Writes a track with FFmpeg at 48 kHz, mono."""
    made = tone(SECONDS, 48_000, TONE_HZ) if sound is None else sound

    def write(path: Path) -> None:
        with av.open(str(path), "w", format=kind) as container:
            track = container.add_stream(codec, rate=48_000, layout="mono")
            assert isinstance(track, AudioStream)
            track.format = sample
            track.bit_rate = 64_000
            frame = av.AudioFrame.from_ndarray(made[None], format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
            convert = av.AudioResampler(sample, "mono", 48_000, track.frame_size or 1024)
            for piece in (*convert.resample(frame), *convert.resample(None)):
                container.mux(track.encode(piece))
            container.mux(track.encode(None))

    return write


def _special() -> Iterator[Case]:
    sound = tone(SECONDS, 16_000, TONE_HZ)

    def opposed(path: Path) -> None:  # what one side takes away the mean does not bring back
        soundfile.write(path, np.stack([sound, np.zeros_like(sound)], 1) * [2, 0], 16_000, "FLOAT")

    def endless(path: Path) -> None:  # as recorders leave it that were switched off
        soundfile.write(path, sound, 16_000, "PCM_16")
        data = bytearray(path.read_bytes())
        data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
        path.write_bytes(data)

    def noted(path: Path) -> None:  # with a chunk that nobody knows before the sound
        soundfile.write(path, sound, 16_000, "PCM_16")
        data = path.read_bytes()
        path.write_bytes(data[:12] + b"junk\x10\x00\x00\x00" + bytes(16) + data[12:])

    yield Case("one-side.wav", "audio", opposed, hums())
    yield Case("endless.wav", "audio", endless, hums())
    yield Case("junk-first.wav", "audio", noted, hums())
    yield Case("really-flac.mp3", "audio", _written("FLAC", "PCM_16", 16_000), hums())
    yield Case("Aufnahme “neu” №5.wav", "audio", _written("WAV", "PCM_16", 16_000), hums())
    yield Case("without-any-ending", "audio", _written("WAV", "PCM_16", 48_000), hums())
