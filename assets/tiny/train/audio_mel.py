"""Log-mel features of a recording, as transformers' Gemma4AudioFeatureExtractor computes them."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from assets.tiny.train import shape  # noqa: F401 - first: it mends what transformers imports

HOP, WINDOW, FFT = 160, 320, 512  # samples: a frame every 10 ms, 20 ms long
FLOOR = np.float32(1e-3)


def log_mel(pcm: NDArray[np.float32]) -> NDArray[np.float32]:
    """Valid frames [M, 128] of mono samples at 16 kHz; float32 throughout, which is 4 times faster.

    The extractor's own result differs by rounding only, most in digital silence (about 1e-4).
    """
    window, filters = _constants()
    count = -(-(len(pcm) - HOP) // HOP)
    padded = np.concatenate([np.zeros(HOP, np.float32), pcm])
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    magnitude = np.abs(np.fft.rfft(frames * window, n=FFT))
    features: NDArray[np.float32] = np.log(magnitude @ filters + FLOOR)
    return features


@cache
def _constants() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from transformers import Gemma4AudioFeatureExtractor

    extractor = Gemma4AudioFeatureExtractor()
    return extractor.window.astype(np.float32), extractor.mel_filters.astype(np.float32)
