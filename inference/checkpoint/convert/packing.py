"""A stretch of rows packed: as `mx.quantize` does it, or on the grid that QAT trained for."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.checkpoint.convert.lattice import GROUP, find_lattice, pack_lattice
from inference.checkpoint.convert.rows import as_float32
from inference.checkpoint.quantization import QuantSpec

Stored = NDArray[np.uint16] | NDArray[np.float32]
Packed = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def to_bfloat16(rows: Stored) -> mx.array:
    """Rows as stored -> bfloat16."""
    if rows.dtype == np.float32:
        return mx.array(rows).astype(mx.bfloat16, stream=mx.cpu)
    return mx.array(rows).view(mx.bfloat16, stream=mx.cpu)


def bits_of(array: mx.array) -> NDArray[Any]:
    """The array's numbers for a file: bfloat16 as uint16, others as they are."""
    is_half = array.dtype == mx.bfloat16
    return np.array(array.view(mx.uint16, stream=mx.cpu) if is_half else array)


def pack(rows: Stored, spec: QuantSpec) -> Packed:
    """weight uint32, scales and biases as bfloat16 bits, each [n, ...], from rows [n, width].

    The CPU does it wherever it runs: a GPU may be busy with answers.
    """
    packed = mx.quantize(
        to_bfloat16(rows), group_size=spec.group_size, bits=spec.bits, stream=mx.cpu
    )
    mx.eval(packed)
    weight, scales, biases = (bits_of(array) for array in packed)
    return weight, scales, biases


def pack_on_lattice(rows: Stored, spec: QuantSpec) -> Packed:
    """As `pack` with 4 bits, with the grid of each group found again.

    A group that has none, which happens in no file made by QAT, is packed as `pack` does it.
    """
    count, width = rows.shape
    lattice = find_lattice(as_float32(rows).reshape(-1, GROUP))
    weight = pack_lattice(lattice.steps.reshape(count, width))
    scales = mx.array(lattice.scales.reshape(count, -1)).astype(mx.bfloat16, stream=mx.cpu)
    biases = mx.multiply(scales, mx.array(-8, mx.bfloat16), stream=mx.cpu)  # exact
    made = weight, bits_of(scales), bits_of(biases)
    if lattice.found.all():
        return made
    missing = ~lattice.found.reshape(count, -1)
    for array, other in zip(made, pack(rows, spec), strict=True):
        array.reshape(*missing.shape, -1)[missing] = other.reshape(*missing.shape, -1)[missing]
    return made
