"""KL divergence of made-up guesses."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.kl import divergence, line


def log_softmax(logits: np.ndarray) -> np.ndarray:
    return (logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))).astype(np.float32)


def test_the_same_guesses_are_no_distance_apart() -> None:
    guesses = [log_softmax(np.random.default_rng(i).normal(size=(3, 7))) for i in range(2)]
    found = divergence(guesses, iter(guesses))
    assert (found.mean, found.worst, found.same_first, found.tokens) == (0, 0, 1, 6)


def test_known_distance_and_direction() -> None:
    p, q = np.array([[0.5, 0.25, 0.25], [1 / 3] * 3]), np.array([[0.25, 0.5, 0.25], [1 / 3] * 3])
    found = divergence([np.log(p)], iter([np.log(q)]))
    assert found.worst == pytest.approx(0.25 * np.log(2))
    assert found.mean == pytest.approx(0.125 * np.log(2))
    assert found.same_first == 0.5
    assert line("4bit", found).startswith("| 4bit | 0.0866 | ")


def test_passages_that_do_not_pair_up_are_a_fault() -> None:
    with pytest.raises(ValueError, match="shorter"):
        divergence([np.zeros((1, 2))] * 2, iter([np.zeros((1, 2))]))
