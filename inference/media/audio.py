"""Sound to log-mel features, as transformers 5.23 Gemma4AudioFeatureExtractor computes them."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from inference.api import Samples
from inference.media.limits import SAMPLE_RATE, check_samples

WINDOW = 320  # samples in an analysis frame, 20 ms
HOP = 160  # samples from one frame to the next, 10 ms
FFT = 512
MEL_BANDS = 128
MEL_FLOOR = 1e-3


def mel_frame_count(n_samples: int) -> int:
    """Valid analysis frames of `n_samples`: one per 10 ms after the first 160 samples."""
    return max(0, -(-(n_samples - HOP) // HOP))


def soft_token_count(n_samples: int) -> int:
    """Soft tokens of `n_samples`: the audio tower halves the valid frames twice, rounding up."""
    return -(-mel_frame_count(n_samples) // 4)


def log_mel(samples: Samples) -> NDArray[np.float32]:
    """Log-mel features float32 [valid frames, 128] of mono float32 [N] at 16 kHz.

    Gemma 4: 160 zeros go first, frame i covers samples 160 i to 160 i + 319 of the result under a
    periodic Hann window, and the natural log is taken of (mel-weighted magnitude + 0.001).
    The reference pads on and returns further frames marked invalid, all zeros. They are left out
    here: the tower zeroes and masks them, which is what the convolutions' own padding does.

    Raises MediaError for samples outside the limits.
    """
    frame_count = mel_frame_count(check_samples(samples))
    padded = np.concatenate([np.zeros(HOP, np.float32), samples])
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:frame_count]
    # float32 up to the magnitude, float64 from the mel weights on: in silence the reference's own
    # rounding shows through the log, so its precisions are part of the result.
    magnitude = np.abs(np.fft.rfft(frames * _hann_window(), n=FFT))
    return np.log(magnitude @ mel_filterbank() + MEL_FLOOR).astype(np.float32)


@cache
def mel_filterbank() -> NDArray[np.float64]:
    """Triangular mel weights float64 [257, 128], read-only: HTK scale, 0 to 8 kHz, peak 1.

    Band 0 is all zero: it falls between the first two of the 257 linear frequencies.
    """
    mel_top = 2595.0 * np.log10(1.0 + SAMPLE_RATE / 2 / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(0.0, mel_top, MEL_BANDS + 2) / 2595.0) - 1.0)
    bins = np.linspace(0.0, SAMPLE_RATE / 2, FFT // 2 + 1)[:, None]
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (bins - lower) / (centre - lower)
    falling = (upper - bins) / (upper - centre)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights.flags.writeable = False
    return weights


@cache
def _hann_window() -> NDArray[np.float32]:
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
    return window.astype(np.float32)
