"""Samplers: filters, determinism, distribution, ranges; and the repetition guard."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import GenerationError, Sampling
from inference.generate.sampling import (
    RepetitionGuard,
    make_sampler,
    penalise,
    token_value,
)

LOGITS = mx.array(np.log(np.array([0.5, 0.25, 0.15, 0.07, 0.03], np.float32)))


def drawn(sampling: Sampling, count: int = 400) -> np.ndarray:
    sampler = make_sampler(sampling, 5)
    tokens = mx.stack([sampler(LOGITS, i) for i in range(count)])
    return np.bincount(np.asarray(tokens), minlength=5) / count


def test_greedy_takes_the_largest() -> None:
    assert drawn(Sampling(temperature=0), 3).tolist() == [1, 0, 0, 0, 0]


def test_unfiltered_draws_follow_the_distribution() -> None:
    found = drawn(Sampling(top_k=0, top_p=1, seed=3), 4000)
    assert np.abs(found - np.exp(np.asarray(LOGITS))).max() < 0.03


@pytest.mark.parametrize(
    ("sampling", "allowed"),
    [
        (Sampling(top_k=2, top_p=1, seed=1), {0, 1}),
        (Sampling(top_k=0, top_p=0.7, seed=1), {0, 1}),
        (Sampling(top_k=0, top_p=0.76, seed=1), {0, 1, 2}),
        (Sampling(top_k=0, top_p=1, min_p=0.2, seed=1), {0, 1, 2}),
        (Sampling(top_k=0, top_p=1e-6, seed=1), {0}),
        (Sampling(temperature=0.01, seed=1), {0}),
    ],
)
def test_filters_keep_exactly_what_they_should(sampling: Sampling, allowed: set[int]) -> None:
    assert set(np.flatnonzero(drawn(sampling)).tolist()) == allowed


def test_temperature_flattens() -> None:
    cold, hot = (drawn(Sampling(temperature=t, seed=5), 1500)[0] for t in (0.5, 4.0))
    assert cold > 0.6 > 0.4 > hot


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    forward, backward = (make_sampler(Sampling(seed=11), 5) for _ in range(2))
    a = [token_value(forward(LOGITS, i)) for i in range(30)]
    b = [token_value(backward(LOGITS, i)) for i in reversed(range(30))]
    other = make_sampler(Sampling(seed=12), 5)
    assert a == b[::-1]
    assert a != [token_value(other(LOGITS, i)) for i in range(30)]


def test_suppressed_ids_never_appear() -> None:
    for sampling in (Sampling(temperature=0), Sampling(seed=1)):
        sampler = make_sampler(sampling, 5, suppress=(0, 1, 99))
        assert {token_value(sampler(LOGITS, i)) for i in range(60)} <= {2, 3, 4}


def test_penalty_lowers_what_was_said() -> None:
    logits = mx.array([2.0, -2.0, 1.0])
    assert penalise(logits, [0, 1, 0], 2.0).tolist() == [1.0, -4.0, 1.0]
    assert penalise(logits, [0], 1.0) is logits


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"top_k": -1},
        {"top_p": 0.0},
        {"top_p": 1.1},
        {"min_p": 1.0},
        {"repetition_penalty": 0.0},
        {"seed": -1},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(GenerationError, match="must be"):
        make_sampler(Sampling(**wrong), 5)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 999), min_size=1, max_size=60), st.integers(0, 200))
def test_the_guard_notices_every_loop(block: list[int], before: int) -> None:
    guard = RepetitionGuard()
    assert not any(guard.push(1000 + i) for i in range(before))
    pushes = [guard.push(token) for token in block * (2 + 700 // len(block))]
    assert any(pushes)


def test_the_guard_leaves_a_table_alone() -> None:
    """Rows that differ in one cell are no loop."""
    guard = RepetitionGuard()
    assert not any(guard.push(t) for row in range(100) for t in (1, 2, 3, 4, 5, 100 + row, 6))
