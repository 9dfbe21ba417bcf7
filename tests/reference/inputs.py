"""Pictures, video frames, sound and token ids that the cases feed, made from seeds.

Pictures are mosaics with a gradient: every patch differs, yet the arrays compress well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]

RATE_HZ = 16_000
# Height and width of each picture; "strip" makes the resize rule fall back to one row of cells.
PICTURES = {"wide": (60, 200), "tall": (90, 70), "square": (40, 40), "strip": (3, 450)}
FRAMES, FRAME_SIZE = 5, (48, 80)
# First sample and sample count of each clip within `sound()`.
CLIPS = {"short": (0, 8_000), "clip": (20_000, 21_920), "long": (0, 64_000)}


def picture(name: str) -> Pixels:
    """RGB picture [H, W, 3]."""
    height, width = PICTURES[name]
    return mosaic(height, width, cell=9 if name != "strip" else 10, seed=len(name) + height)


def frames() -> Pixels:
    """Video of FRAMES pictures [F, H, W, 3]: a bright square crosses a still background."""
    background = mosaic(*FRAME_SIZE, cell=12, seed=7)
    video = np.stack([background] * FRAMES)
    for i in range(FRAMES):
        video[i, 6 * i : 6 * i + 18, 13 * i : 13 * i + 18] = (250, 240 - 40 * i, 30 * i)
    return video


def sound() -> Samples:
    """Four seconds at 16 kHz in [-1, 1]: a tone, a chirp and noise, rounded to 16 bits."""
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    wave = 0.3 * np.sin(2 * np.pi * 440 * t)
    wave += 0.3 * np.sin(2 * np.pi * (200 * t + 800 * t**2)) * (np.sin(2 * np.pi * 1.5 * t) > 0)
    wave += 0.05 * np.random.default_rng(5).standard_normal(t.size)
    return (np.round(wave * 32_767) / 32_768).astype(np.float32)


def clip(name: str) -> Samples:
    start, count = CLIPS[name]
    return sound()[start : start + count]


def text_ids() -> NDArray[np.int64]:
    """Forty ids, <bos> first: longer than every tiny sliding window."""
    ids = np.random.default_rng(1).integers(290, 380, size=40)
    ids[0] = 2
    return ids.astype(np.int64)


def mosaic(height: int, width: int, cell: int, seed: int) -> Pixels:
    rng = np.random.default_rng(seed)
    rows, columns = -(-height // cell), -(-width // cell)
    cells = rng.integers(0, 226, size=(rows, columns, 3))
    pixels = cells.repeat(cell, axis=0).repeat(cell, axis=1)[:height, :width]
    ramp = np.arange(height)[:, None] * 30 // height
    return np.asarray(pixels + ramp[..., None], dtype=np.uint8)
