"""Drawn tensors: deterministic, in range, the same whatever the piece size."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.bench.draw import (
    PIECE_NUMBERS,
    Draw,
    Normal,
    Offsets,
    TensorSpec,
    Uniform,
    Words,
    pieces,
)
from tests.bench.draw import to_bfloat16_bits as bits_of


def numbers(spec: TensorSpec, seed: int = 0) -> NDArray[np.float32]:
    bits = np.concatenate(list(pieces(spec, seed)))
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=50))
def test_rounds_to_bfloat16_as_mlx_does(values: list[float]) -> None:
    single = np.array(values, np.float32)
    expected = np.array(mx.array(single).astype(mx.bfloat16).view(mx.uint16))
    assert np.array_equal(bits_of(single.astype(np.float64)), expected)


def test_normal_has_the_asked_spread() -> None:
    drawn = numbers(TensorSpec("a", (400, 500), Normal(0.02)))
    assert drawn.mean() == pytest.approx(0, abs=2e-4)
    assert drawn.std() == pytest.approx(0.02, rel=0.02)


def test_uniform_fills_its_range_and_stays_inside() -> None:
    drawn = numbers(TensorSpec("a", (100_000,), Uniform(0.5, 1.5)))
    assert 0.5 <= drawn.min() < 0.51
    assert 1.49 < drawn.max() <= 1.5
    assert drawn.mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("bits", [4, 8])
def test_a_packed_matrix_is_centred(bits: int) -> None:
    scales = Uniform(0.01, 0.02)

    def drawn(suffix: str, columns: int, draw: Draw) -> mx.array:
        spec = TensorSpec(f"m.{suffix}", (64, columns), draw)
        return mx.array(np.concatenate(list(pieces(spec, 0))).reshape(spec.shape))

    matrix = np.array(
        mx.dequantize(
            drawn("weight", 256 * bits // 32, Words()),
            drawn("scales", 4, scales).view(mx.bfloat16),
            drawn("biases", 4, Offsets("m.scales", scales, bits)).view(mx.bfloat16),
            group_size=64,
            bits=bits,
            dtype=mx.float32,
        )
    )
    assert abs(matrix.mean()) < 0.02 * matrix.std()
    assert abs(matrix.max() + matrix.min()) < 0.02 * matrix.max()


def test_numbers_depend_on_name_and_seed_alone() -> None:
    one = TensorSpec("one", (1000,), Normal(1.0))
    other = TensorSpec("other", (1000,), Normal(1.0))
    assert np.array_equal(numbers(one), numbers(one))
    assert not np.array_equal(numbers(one), numbers(other))
    assert not np.array_equal(numbers(one), numbers(one, seed=1))


def test_no_piece_is_longer_than_allowed() -> None:
    spec = TensorSpec("a", (PIECE_NUMBERS + 5,), Words())
    assert [len(piece) for piece in pieces(spec, 0)] == [PIECE_NUMBERS, 5]
