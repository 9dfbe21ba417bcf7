"""Long recordings are cut at silences, into pieces that the model can hear."""

from __future__ import annotations

import itertools
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.core.speech.splitting import LONGEST_S, PEAKS_PER_S, split

Wave = NDArray[np.float32]


def wave(*stretches: tuple[float, float]) -> Wave:
    """A wave of stretches: seconds and loudness, with the restlessness of speech."""
    rng = np.random.default_rng(3)
    parts = [
        level * rng.uniform(0.5, 1.0, round(seconds * PEAKS_PER_S)) for seconds, level in stretches
    ]
    size = np.concatenate(parts)
    return np.stack([-size, size], 1).astype(np.float32)


def talk(seconds: float, every: float, pause: float = 0.5) -> Wave:
    """Speech with a pause after `every` seconds."""
    count = int(seconds / every) + 1
    stretches = [each for _ in range(count) for each in ((every - pause, 0.4), (pause, 0.003))]
    return wave(*stretches)[: round(seconds * PEAKS_PER_S)]


def test_a_short_recording_is_one_piece() -> None:
    pieces = split(talk(30.0, 4.0), 30.0)
    assert [(p.start_s, p.end_s, p.state) for p in pieces] == [(0.0, 30.0, "waiting")]


def test_cuts_lie_in_pauses_and_share_no_words() -> None:
    every, pause = 7.0, 0.5
    pieces = split(talk(95.0, every, pause), 95.0)
    assert len(pieces) == 4
    for before, after in itertools.pairwise(pieces):
        assert not after.shares_words
        middle = (before.end_s + after.start_s) / 2
        assert (middle % every) >= every - pause - 0.05
        assert 0 < before.end_s - after.start_s <= pause + 0.05


def test_the_longer_pause_is_taken_though_it_comes_earlier() -> None:
    made = wave((18, 0.4), (1.5, 0.002), (7, 0.4), (0.25, 0.002), (13, 0.4))
    first, second = split(made, len(made) / PEAKS_PER_S)
    assert 18 < first.end_s <= 19.5
    assert 18 <= second.start_s < 19.5


def test_without_a_pause_a_second_of_speech_is_heard_twice() -> None:
    made = wave((100, 0.4))
    pieces = split(made, 100.0)
    for before, after in itertools.pairwise(pieces):
        assert after.shares_words
        assert before.end_s - after.start_s == pytest.approx(1.0)


def test_noise_is_no_speech() -> None:
    """Pauses are found beside a loud fan, too."""
    made = np.concatenate([talk(95.0, 6.0, 0.6)])
    noise = np.random.default_rng(1).uniform(0.03, 0.05, len(made)).astype(np.float32)
    loud = np.stack([np.minimum(made[:, 0], -noise), np.maximum(made[:, 1], noise)], 1)
    assert not any(piece.shares_words for piece in split(loud, 95.0))


def test_what_holds_nothing_is_silent() -> None:
    made = wave((25, 0.4), (40, 0.0001), (25, 0.4))
    states = [piece.state for piece in split(made, 90.0)]
    assert "silent" in states
    assert states[0] == states[-1] == "waiting"


def test_the_last_piece_is_no_scrap() -> None:
    pieces = split(talk(31.0, 4.0), 31.0)
    assert pieces[-1].end_s - pieces[-1].start_s > 5.0


@given(
    seconds=st.floats(0.1, 400),
    pauses=st.lists(st.tuples(st.floats(0.2, 40), st.floats(0.05, 3)), max_size=30),
    longest=st.floats(8, 30),
)
def test_pieces_cover_everything_in_order(
    seconds: float, pauses: list[tuple[float, float]], longest: float
) -> None:
    stretches = [each for speech, pause in pauses for each in ((speech, 0.3), (pause, 0.001))]
    made = wave(*stretches, (1, 0.3))[: int(seconds * PEAKS_PER_S)]
    pieces = split(made, seconds, longest)
    assert pieces[0].start_s == 0.0
    assert pieces[-1].end_s == seconds
    for piece in pieces:
        assert 0 < piece.end_s - piece.start_s <= longest + 1e-6
    for before, after in itertools.pairwise(pieces):
        assert before.start_s < after.start_s <= before.end_s < after.end_s
        assert before.end_s - after.start_s <= 1.0 + 1e-6


def test_every_piece_can_be_heard() -> None:
    assert all(p.end_s - p.start_s <= LONGEST_S for p in split(talk(600.0, 3.1), 600.0))


def test_an_hour_is_cut_at_once() -> None:
    made = talk(3600.0, 5.0)
    begun = perf_counter()
    assert len(split(made, 3600.0)) > 100
    assert perf_counter() - begun < 2.0
