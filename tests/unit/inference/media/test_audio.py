"""Log-mel features against published check values and a slow, literal computation."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.api import Samples
from inference.errors import MediaError
from inference.media.audio import log_mel, mel_filterbank, mel_frame_count, soft_token_count


def _tone(seconds: float = 1.0) -> Samples:
    t = np.arange(int(16_000 * seconds)) / 16_000
    return (0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)


def _noise(samples: int) -> Samples:
    return (np.random.default_rng(5).standard_normal(samples) * 0.1).astype(np.float32)


def test_published_values_of_a_tone() -> None:
    features = log_mel(_tone())

    assert features.shape == (99, 128)
    assert features.dtype == np.float32
    assert features[50].argmax() == 24
    assert features[50].max() == pytest.approx(3.5272703, abs=1e-6)
    assert features[50].mean() == pytest.approx(-5.084959, abs=1e-5)
    start = [-6.9077554, 0.8085559, -0.37633556, 0.6201588]
    np.testing.assert_allclose(features[0, :4], start, atol=1e-5)


def test_published_sums_of_the_filterbank() -> None:
    bank = mel_filterbank()

    assert bank.shape == (257, 128)
    sums = bank.sum(axis=0)
    expected = {0: 0.0, 1: 0.76600767, 2: 0.23399233, 64: 1.48848362, 127: 5.31022689}
    for band, total in expected.items():
        assert sums[band] == pytest.approx(total, abs=1e-8)
    assert bank.sum() == pytest.approx(252.78513714, abs=1e-8)
    assert bank.max() <= 1.0


def test_filterbank_is_shared_and_cannot_be_written() -> None:
    assert mel_filterbank() is mel_filterbank()
    with pytest.raises(ValueError, match="read-only"):
        mel_filterbank()[0, 0] = 1.0


def _literal_log_mel(samples: Samples) -> NDArray[np.float64]:
    """The definition, frame by frame in float64 with a plain Fourier sum."""
    frames = mel_frame_count(len(samples))
    line = np.concatenate([np.zeros(160), samples.astype(np.float64)])
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(320) / 320)
    angles = 2 * np.pi * np.outer(np.arange(257), np.arange(320)) / 512
    waves = np.cos(angles) - 1j * np.sin(angles)
    rows = [np.abs(waves @ (line[i * 160 : i * 160 + 320] * window)) for i in range(frames)]
    return np.log(np.array(rows) @ mel_filterbank() + 0.001)


@pytest.mark.parametrize("samples", [161, 320, 321, 479, 480, 481, 1000, 5120])
def test_features_follow_the_definition(samples: int) -> None:
    noise = _noise(samples)

    np.testing.assert_allclose(log_mel(noise), _literal_log_mel(noise), atol=5e-4)


def test_silence_is_the_logarithm_of_the_floor() -> None:
    np.testing.assert_allclose(log_mel(np.zeros(800, np.float32)), math.log(0.001), rtol=1e-6)


def test_a_frame_hears_its_own_samples_only() -> None:
    quiet = np.zeros(1600, np.float32)
    click = quiet.copy()
    click[640] = 1.0  # sample 800 after the leading zeros: in frames 4 (at 160 of 320) and 5 (at 0)

    changed = np.abs(log_mel(click) - log_mel(quiet)).max(axis=1) > 1e-6

    assert changed.nonzero()[0].tolist() == [4]  # the window is 0 at its first sample


@given(st.integers(161, 480_000))
def test_counts_follow_the_definition(samples: int) -> None:
    padded = samples + -samples % 128
    total = (padded + 160 - 321) // 160 + 1
    last = (160 + samples - 320 - 1) // 160  # largest i with 160 i + 320 < 160 + samples

    assert mel_frame_count(samples) == last + 1 <= total
    assert soft_token_count(samples) == math.ceil(math.ceil((last + 1) / 2) / 2)


@pytest.mark.parametrize(
    ("samples", "tokens"), [(0, 0), (160, 0), (161, 1), (800, 1), (801, 2), (480_000, 750)]
)
def test_soft_tokens(samples: int, tokens: int) -> None:
    assert soft_token_count(samples) == tokens


def test_views_are_taken_as_they_sound() -> None:
    backwards = _noise(2000)[::-1]

    np.testing.assert_array_equal(log_mel(backwards), log_mel(backwards.copy()))


def test_unusable_samples_are_refused() -> None:
    with pytest.raises(MediaError, match="not float64"):
        log_mel(np.zeros(1000))  # type: ignore[arg-type]


def test_thirty_seconds_are_quick() -> None:
    noise = _noise(480_000)
    log_mel(noise[:1000])  # fills the caches

    durations = []
    for _ in range(5):
        start = time.perf_counter()
        features = log_mel(noise)
        durations.append(time.perf_counter() - start)

    assert features.shape == (2999, 128)
    assert min(durations) < 0.25  # 20 ms on an ordinary core; room for a busy one
