"""What the engine takes as a picture, a clip and a recording; everything else is refused here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import MediaError

MAX_PIXELS = 200_000_000
MAX_FRAMES = 60
TIMES_END_S = 6000.0  # a timestamp has two digits of minutes: 99:59 is the last one
SAMPLE_RATE = 16_000
MAX_SECONDS = 30
MAX_SAMPLES = MAX_SECONDS * SAMPLE_RATE
MIN_SAMPLES = 161  # Gemma 4: 160 samples or fewer hold no whole analysis frame
MAX_AMPLITUDE = 4.0  # full scale is 1; decoders and resamplers overshoot it a little


def check_size(height: int, width: int) -> None:
    """Refuse a picture size in pixels that is empty or larger than MAX_PIXELS.

    Raises MediaError.
    """
    if height < 1 or width < 1:
        raise MediaError(
            f"The picture has no pixels: its size is {width} x {height}.", "Choose another picture."
        )
    if height * width > MAX_PIXELS:
        raise MediaError(
            f"The picture has {height * width / 1e6:.0f} megapixels; "
            f"the limit is {MAX_PIXELS // 1_000_000}.",
            "Make it smaller first.",
        )


def check_pixels(pixels: NDArray[Any]) -> tuple[int, int]:
    """Height and width of a picture, after checking that it is uint8 RGB [H, W, 3].

    Raises MediaError.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        kind = getattr(pixels, "dtype", type(pixels).__name__)
        raise MediaError(
            f"A picture must be 8-bit numbers, not {kind}.", "Convert it to 8-bit RGB."
        )
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise MediaError(
            f"A picture must be height x width x 3 colours, not {_shape(pixels)}.",
            "Convert it to RGB.",
        )
    height, width, _ = pixels.shape
    check_size(height, width)
    return height, width


def check_times(times_s: Sequence[float], frames: int) -> None:
    """Refuse a clip without frames, with more than MAX_FRAMES, or with impossible times.

    `times_s` holds one time in seconds per frame. Raises MediaError.
    """
    if not 1 <= frames <= MAX_FRAMES:
        raise MediaError(
            f"The clip has {frames} frames; the model takes at least 1 and at most {MAX_FRAMES} "
            "frames.",
            "Choose a part of the clip.",
        )
    if len(times_s) != frames:
        raise MediaError(f"The clip has {frames} frames but {len(times_s)} times; each needs one.")
    if not all(math.isfinite(t) and t >= 0 for t in times_s):
        raise MediaError("A frame of the clip has no usable time: times start at 0 s.")
    if any(later < earlier for earlier, later in pairwise(times_s)):
        raise MediaError("The frames of the clip are out of order: a time runs backwards.")
    if times_s[-1] >= TIMES_END_S:
        raise MediaError(
            f"A frame stands at {times_s[-1]:.0f} s; times must be below {TIMES_END_S:.0f} s "
            "(100 minutes).",
            "Choose an earlier part of the clip, or count its times from the part's start.",
        )


def check_sample_count(samples: int) -> None:
    """Refuse a recording length in samples at 16 kHz that is empty, too short or too long.

    Raises MediaError.
    """
    if samples < 1:
        raise MediaError("The recording is empty: it holds no sound.", "Choose another recording.")
    if samples < MIN_SAMPLES:
        raise MediaError(
            f"The recording has {samples} samples; the model needs at least {MIN_SAMPLES} "
            "(a hundredth of a second).",
            "Choose a longer recording.",
        )
    if samples > MAX_SAMPLES:
        raise MediaError(
            f"The recording lasts {samples / SAMPLE_RATE:.2f} s; the model hears at most "
            f"{MAX_SECONDS} s ({MAX_SAMPLES} samples at 16 kHz).",
            "Choose a part of it.",
        )


def check_samples(samples: NDArray[Any]) -> int:
    """Number of samples, after checking that they are float32 mono [N] of a usable range.

    Raises MediaError.
    """
    if not isinstance(samples, np.ndarray) or samples.dtype != np.float32:
        kind = getattr(samples, "dtype", type(samples).__name__)
        raise MediaError(f"A recording must be float32 numbers from -1 to 1, not {kind}.")
    if samples.ndim != 1:
        raise MediaError(
            f"A recording must be one row of samples (mono), not {_shape(samples)}.",
            "Mix its channels into one.",
        )
    check_sample_count(len(samples))
    peak = float(np.abs(samples).max())  # NaN and infinity survive max()
    if not math.isfinite(peak):
        raise MediaError("The recording holds values that are not numbers.", "Export it anew.")
    if peak > MAX_AMPLITUDE:
        raise MediaError(
            f"The recording reaches {peak:.0f} where full scale is 1; "
            "its values are probably 16-bit integers.",
            "Divide them by 32768.",
        )
    return len(samples)


def _shape(array: NDArray[Any]) -> str:
    return " x ".join(str(n) for n in array.shape[:8]) or "a single number"
