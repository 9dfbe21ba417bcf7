"""The same prompts, picture and sound for every party, from fixed seeds.

Nothing but the standard library is imported before a function that needs more is called, so that
a runner's import time is that of the library it measures.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIRST_PLAIN_ID = 600  # below are control tokens, runs and single bytes
LAST_PLAIN_ID = 255_000  # above are media tokens
PICTURE_SIZE = (1080, 1920)
SAMPLE_RATE = 16_000


def plain_ids(folder: Path, count: int, seed: int = 0) -> list[int]:
    """Token ids of ordinary words, drawn evenly from the folder's vocabulary."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    end = min(config["text_config"]["vocab_size"] - 8, LAST_PLAIN_ID)
    source = random.Random(seed)
    return [source.randrange(FIRST_PLAIN_ID, end) for _ in range(count)]


def picture() -> NDArray[np.uint8]:
    """Noise over a slope, uint8 RGB [1080, 1920, 3]: 264 soft tokens at a budget of 280."""
    import numpy as np

    height, width = PICTURE_SIZE
    slope = np.linspace(0, 127, width)[None, :, None]
    noise = np.random.default_rng(0).integers(0, 128, (height, width, 3))
    return (slope + noise).astype(np.uint8)


def sound(seconds: float) -> NDArray[np.float32]:
    """A tone in noise, float32 mono at 16 kHz: 25 soft tokens a second."""
    import numpy as np

    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    noise = np.random.default_rng(0).standard_normal(len(times))
    return (0.3 * np.sin(2 * np.pi * 440 * times) + 0.05 * noise).astype(np.float32)
