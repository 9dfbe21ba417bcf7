"""Recordings in the rhythm of speech, made without a voice."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def speech(seconds: float) -> NDArray[np.float32]:
    """Noise in syllables and phrases with pauses between them, float32 mono at 16 kHz."""
    rng = np.random.default_rng(7)
    time = np.arange(round(seconds * RATE)) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 2.3 * time) + 0.3, 0, 1) ** 2
    phrases = np.clip(3 * np.sin(2 * np.pi * time / 5.2) + 2.2, 0, 1)
    swell = 0.55 + 0.35 * np.sin(2 * np.pi * time / 3.1)
    made = syllables * phrases * swell * rng.standard_normal(len(time)) / 6
    return made.astype(np.float32)


def write_wav(path: Path, samples: NDArray[np.float32]) -> Path:
    """Samples as a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
