"""The grid of quantisation-aware training: w = s · n with n from -8 to 7, 32 values to a scale s.

QAT checkpoints are published unpacked. Fitting a fresh grid to each group's extremes, as any
quantiser does, misses theirs by 6 to 7 % (RMS); finding s and n again loses only what rounding s
to bfloat16 loses. Axes: G groups, 32 values of a group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GROUP = 32
_LOW, _HIGH = -8, 7
# A value and the extreme that s is computed from were each rounded to 8 significant bits.
_TOLERANCE = 2.0**-7 * 1.02

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Groups on the grid. `steps` n int8 [G, 32], `scales` s float32 [G]; `found` bool [G]."""

    steps: NDArray[np.int8]
    scales: Floats
    found: NDArray[np.bool_]


def find_lattice(values: Floats) -> Lattice:
    """The grid of each group of `values` [G, 32]; groups without one have `found` False.

    s is the least-squares fit for the steps that were found.
    """
    count = len(values)
    steps = np.zeros(values.shape, np.int8)
    found = np.zeros(count, np.bool_)
    extremes = values[np.arange(count), np.abs(values).argmax(axis=1)]
    # Nearly always the extreme is the step -8: it is what s was made from.
    for extreme in range(_LOW, 0):
        open_groups = np.flatnonzero(~found)
        if not open_groups.size:
            break
        everything = open_groups.size == count
        chosen = values if everything else values[open_groups]
        tried, fits = _steps(chosen, extremes[open_groups] / np.float32(extreme))
        steps[open_groups[fits]] = tried[fits]
        found[open_groups[fits]] = True
    return Lattice(steps, _scales(values, steps), found)


def is_on_lattice(values: Floats) -> bool:
    """Whether all of `values` [G, 32] lie on grids, and enough of them to tell."""
    telling = np.count_nonzero(values, axis=1) > 2
    return bool(telling.any()) and bool(find_lattice(values).found.all())


def pack_lattice(steps: NDArray[np.int8]) -> NDArray[np.uint32]:
    """Steps [..., W] as MLX packs 4 bits: value i of a word in bits 4i to 4i + 3. [..., W / 8]."""
    codes = (steps - np.int8(_LOW)).astype(np.uint8)
    pairs = codes[..., 0::2] | (codes[..., 1::2] << np.uint8(4))
    return np.ascontiguousarray(pairs).view("<u4")


def _steps(values: Floats, scales: Floats) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The nearest steps [G, 32], and which groups they fit up to rounding."""
    safe = np.where(scales == 0, np.float32(1), scales)[:, None]
    with np.errstate(invalid="ignore", over="ignore"):  # weights may hold inf and nan
        steps = np.rint(values / safe)
        misses = np.abs(values - steps * safe)
        is_near = misses <= _TOLERANCE * np.abs(values)
        is_inside = (steps >= _LOW) & (steps <= _HIGH)
    return steps, (is_near & is_inside).all(axis=1)


def _scales(values: Floats, steps: NDArray[np.int8]) -> Floats:
    n = steps.astype(np.float32)
    square = np.einsum("gi,gi->g", n, n)
    with np.errstate(invalid="ignore", over="ignore"):
        products = np.einsum("gi,gi->g", values, n)
    scales: Floats = products / np.maximum(square, np.float32(1))
    return scales
