"""Rotary position embeddings of the decoder (half-split pairs, float32 angles).

Sliding layers rotate the whole head with base 10,000. Full layers use the "proportional" form:
of the head_dim / 2 pairs only the first quarter of a quarter turns, with exponents over the full
head size; the rest stands still (transformers 5.23, modeling_rope_utils).
"""

from __future__ import annotations

import math

import mlx.core as mx

from inference.models.gemma4.config import LayerConfig


def rope_periods(layer: LayerConfig) -> list[float]:
    """Reciprocal frequencies, head_dim // 2 of them; infinity marks a pair that never turns."""
    half = layer.head_dim // 2
    return [
        layer.rope_theta ** (2 * i / layer.head_dim) if i < layer.rotated else math.inf
        for i in range(half)
    ]


class Rope:
    """Rotates [B, H, L, D] by the absolute positions offset … offset + L − 1."""

    def __init__(self, layer: LayerConfig) -> None:
        self._head_dim = layer.head_dim
        whole = layer.rotated == layer.head_dim // 2
        self._base = layer.rope_theta if whole else None
        self._periods = None if whole else mx.array(rope_periods(layer), dtype=mx.float32)

    def __call__(self, x: mx.array, offset: int) -> mx.array:
        return mx.fast.rope(
            x,
            self._head_dim,
            traditional=False,
            base=self._base,
            scale=1.0,
            offset=offset,
            freqs=self._periods,
        )
