"""What a person looks at: facts about a file, its frames, its sound wave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.intake.facts import Facts
from app.intake.frames import Pixels, clip_facts
from app.intake.picture import read_picture
from app.intake.selected import MAX_CLIP_BYTES
from app.intake.sound import measured_seconds, read_span
from app.intake.source import open_source
from app.intake.streams import Samples

PEAKS_PER_S = 50
LONGEST_SOUND_S = 3_600.0


def facts_of(path: Path, kind: str) -> Facts:
    """Facts by the header where that tells, else by reading through. Raises MediaError."""
    if kind == "video":
        facts = clip_facts(open_source(path, MAX_CLIP_BYTES))
        return Facts(
            facts.length_s or 0.0,
            has_sound=facts.has_sound,
            is_hdr=facts.is_hdr,
            codec=facts.codec,
        )
    if kind == "audio":
        return Facts(measured_seconds(path), has_sound=True)
    return Facts()


def picture(path: Path, max_px: int) -> Pixels:
    """The whole picture upright, its longer side at most `max_px`. Raises MediaError."""
    pixels = read_picture(path)[0].pixels
    height, width, _ = pixels.shape
    share = max_px / max(height, width)
    if share >= 1:
        return pixels
    import cv2

    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def wave(path: Path) -> tuple[NDArray[np.float32], float]:
    """Lowest and highest sample of each 20 ms, float32 [n, 2], and the length in seconds."""
    sound = read_span(path, 0.0, LONGEST_SOUND_S)
    return peaks(sound), len(sound) / 16_000


def peaks(sound: Samples) -> NDArray[np.float32]:
    """Lowest and highest sample of each 20 ms of 16 kHz sound, float32 [n, 2]."""
    step = 16_000 // PEAKS_PER_S
    whole = np.pad(sound, (0, -len(sound) % step)).reshape(-1, step)
    return np.stack([whole.min(1), whole.max(1)], 1).astype(np.float32)
