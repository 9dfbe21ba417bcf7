"""Packed matrices whose scales are narrower than the activations: same products, less memory."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import pytest
from mlx.utils import tree_flatten

from inference import load
from inference.checkpoint.quantization import QuantSpec
from inference.models.gemma4.layers import QuantizedLinear
from tests.bench.make_checkpoint import write_checkpoint
from tests.bench.sizes import find_size
from tests.bench.tensors import Quantisation

ROWS, INPUTS = 262_144, 192  # more values than are multiplied at a time


def matrix(rows: int, inputs: int) -> tuple[mx.array, mx.array, mx.array]:
    """Words, scales and biases of a packed random matrix, the latter two in bfloat16."""
    values = mx.random.normal((rows, inputs), key=mx.random.key(1))
    words, scales, biases = mx.quantize(values, 64, 4)
    narrow = (words, scales.astype(mx.bfloat16), biases.astype(mx.bfloat16))
    mx.eval(narrow)
    return narrow


@pytest.mark.parametrize("tokens", [1, 3])
def test_a_large_matrix_is_multiplied_piece_by_piece(tokens: int) -> None:
    words, scales, biases = matrix(ROWS, INPUTS)
    layer = QuantizedLinear(words, scales, biases, None, QuantSpec(64, 4))
    x = mx.random.normal((1, tokens, INPUTS), key=mx.random.key(2))
    expected = mx.quantized_matmul(
        x,
        words,
        scales.astype(mx.float32),
        biases.astype(mx.float32),
        group_size=64,
        bits=4,
    )
    mx.eval(expected)
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    found = layer(x)
    mx.eval(found)
    assert mx.array_equal(found, expected)
    own = 2 * found.nbytes  # the pieces and the whole
    assert mx.get_peak_memory() - before < own + 2 * scales.nbytes


def test_rows_are_unpacked_in_the_type_asked_for() -> None:
    words, scales, biases = matrix(64, 128)
    layer = QuantizedLinear(words, scales, biases, None, QuantSpec(64, 4))
    expected = mx.dequantize(
        words, scales.astype(mx.float32), biases.astype(mx.float32), group_size=64, bits=4
    )
    assert mx.array_equal(layer.rows(slice(0, 64), mx.float32), expected)


def test_scales_keep_their_width_under_wider_activations(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, find_size("tiny-e2b"), Quantisation(4, 64))
    model = load(tmp_path, "float32")
    leaves: list[tuple[str, mx.array]] = tree_flatten(  # type: ignore[assignment]
        model.network.language_model.parameters()  # type: ignore[no-untyped-call]
    )
    types = {name.rpartition(".")[2]: array.dtype for name, array in leaves if "mlp" in name}
    assert types["scales"] == types["biases"] == mx.bfloat16
    assert model.network.language_model.norm.weight.dtype == mx.float32
