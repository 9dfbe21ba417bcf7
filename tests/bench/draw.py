"""Random tensor contents, made piece by piece from 16 or 32 random bits a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from statistics import NormalDist
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PIECE_NUMBERS = 1 << 22
TABLE_SIZE = 1 << 16


@dataclass(frozen=True, slots=True)
class Normal:
    """Zero-mean normal numbers, stored as bfloat16."""

    std: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Evenly spread numbers, stored as bfloat16."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Words:
    """Packed quantised integers: every bit random, stored as uint32."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """Group offsets that centre w = scale * q + offset on zero, for the scales of `scales_name`.

    Exactly centred (up to bfloat16 rounding): weights with a common mean would drive the hidden
    states of every token into one direction.
    """

    scales_name: str
    scales: Uniform
    bits: int


Draw = Normal | Uniform | Words | Offsets


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One tensor of a checkpoint: what it is called, its shape, and how its numbers are drawn."""

    name: str
    shape: tuple[int, ...]
    draw: Draw

    @property
    def dtype(self) -> Literal["U32", "BF16"]:
        return "U32" if isinstance(self.draw, Words) else "BF16"

    @property
    def size_bytes(self) -> int:
        return prod(self.shape) * (4 if self.dtype == "U32" else 2)


def pieces(spec: TensorSpec, seed: int) -> Iterator[NDArray[np.uint16] | NDArray[np.uint32]]:
    """The tensor's numbers in order, at most PIECE_NUMBERS at a time: uint32 words or bf16 bits.

    They depend on the seed and on the tensor's name only, never on other tensors.
    """
    draw = spec.draw
    source = draw.scales_name if isinstance(draw, Offsets) else spec.name
    bits = np.random.SFC64(np.random.SeedSequence([seed, crc32(source.encode())]))
    random = np.random.Generator(bits)
    left = prod(spec.shape)
    while left > 0:
        count = min(left, PIECE_NUMBERS)
        left -= count
        if isinstance(draw, Words):
            yield random.integers(0, 1 << 32, count, dtype=np.uint32)
            continue
        index = random.integers(0, TABLE_SIZE, count, dtype=np.uint16)
        if isinstance(draw, Offsets):
            yield _offset_table(draw)[index]
        else:
            yield quantile_table(draw)[index]


def to_bfloat16_bits(values: NDArray[np.float64]) -> NDArray[np.uint16]:
    """bfloat16 bit patterns of finite numbers, rounded to nearest, ties to even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    rounded = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (rounded >> np.uint32(16)).astype(np.uint16)


@lru_cache(maxsize=64)
def quantile_table(distribution: Normal | Uniform) -> NDArray[np.uint16]:
    """The distribution's quantiles at the middles of 65,536 equal steps, as bfloat16 bits.

    Indexing it with a random 16-bit number draws from the distribution by inversion.
    """
    if isinstance(distribution, Normal):
        return to_bfloat16_bits(_standard_normal_quantiles() * distribution.std)
    steps = (np.arange(TABLE_SIZE) + 0.5) / TABLE_SIZE
    return to_bfloat16_bits(distribution.low + (distribution.high - distribution.low) * steps)


@lru_cache(maxsize=1)
def _standard_normal_quantiles() -> NDArray[np.float64]:
    inverse = NormalDist().inv_cdf
    return np.array([inverse((i + 0.5) / TABLE_SIZE) for i in range(TABLE_SIZE)])


@lru_cache(maxsize=64)
def _offset_table(offsets: Offsets) -> NDArray[np.uint16]:
    scales = (quantile_table(offsets.scales).astype(np.uint32) << np.uint32(16)).view(np.float32)
    return to_bfloat16_bits(scales.astype(np.float64) * -((1 << offsets.bits) - 1) / 2)
