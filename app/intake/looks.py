"""What a person looks at: facts about a file, its frames, its sound wave."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.intake.facts import Facts
from app.intake.frames import Pixels, clip_facts
from app.intake.picture import read_picture
from app.intake.selected import MAX_CLIP_BYTES
from app.intake.sound import measured_seconds, open_sound
from app.intake.source import open_source
from app.intake.streams import Samples

PEAKS_PER_S = 50
Peaks = NDArray[np.float32]


def facts_of(path: Path, kind: str) -> Facts:
    """Facts by the header where that tells, else by reading through. Raises MediaError."""
    if kind == "video":
        facts = clip_facts(open_source(path, MAX_CLIP_BYTES))
        return Facts(
            facts.length_s or 0.0,
            has_sound=facts.has_sound,
            is_hdr=facts.is_hdr,
            codec=facts.codec,
            fps=facts.fps,
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


def wave(path: Path) -> tuple[Peaks, float]:
    """Lowest and highest sample of each 20 ms, float32 [n, 2], and the length in seconds.

    Never held as a whole, so hours of sound are no matter of memory. Raises MediaError.
    """
    with open_sound(open_source(path, MAX_CLIP_BYTES)) as stream:
        made, heard = peaks(stream.blocks, stream.rate_hz)
        return made, heard / stream.rate_hz


def peaks(blocks: Iterable[Samples], rate_hz: int) -> tuple[Peaks, int]:
    """Lowest and highest sample of each 20 ms, float32 [n, 2], and how many samples there were."""
    made: list[Peaks] = []
    rest = np.zeros(0, np.float32)
    step, base, heard = 0, 0, 0  # the step that `rest` begins, and the place of its first sample
    for block in blocks:
        heard += len(block)
        rest = np.concatenate([rest, np.nan_to_num(block)])
        last = ((heard + 1) * PEAKS_PER_S - 1) // rate_hz  # the last step that begins by now
        if last == step:
            continue
        # A step need not be a whole number of samples, so places are counted from the beginning.
        bounds = np.arange(step, last + 1) * rate_hz // PEAKS_PER_S - base
        whole, starts = rest[: bounds[-1]], bounds[:-1]
        both = np.minimum.reduceat(whole, starts), np.maximum.reduceat(whole, starts)
        made.append(np.stack(both, 1))
        rest, base, step = rest[bounds[-1] :], base + int(bounds[-1]), last
    if len(rest):
        made.append(np.array([[rest.min(), rest.max()]], np.float32))
    return (np.concatenate(made) if made else np.zeros((0, 2), np.float32)), heard
