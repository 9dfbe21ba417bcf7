"""A scoped view of a flat name -> array mapping, from which the layers take their weights.

Layers are built from arrays that already exist (lazily), so building a network allocates nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import mlx.core as mx

from inference.models.gemma4.layers import (
    ClippedLinear,
    Embedding,
    Linear,
    QuantizedEmbedding,
    QuantizedLinear,
    RMSNorm,
)


class Quantization(Protocol):
    """How one module is packed; see `mx.quantize` for the meaning of each field."""

    @property
    def group_size(self) -> int: ...
    @property
    def bits(self) -> int: ...
    @property
    def mode(self) -> str: ...


class Weights:
    """The arrays below `prefix`; every accessor takes a name relative to it.

    Names and shapes were checked against the configuration before this object is made, so a
    missing name is a programming error (KeyError), not bad input.
    """

    def __init__(
        self,
        arrays: Mapping[str, mx.array],
        quantized: Mapping[str, Quantization],
        prefix: str = "",
        eps: float = 1e-6,
    ) -> None:
        self._arrays = arrays
        self._quantized = quantized
        self._prefix = prefix
        self._eps = eps

    def scope(self, name: str) -> Weights:
        return Weights(self._arrays, self._quantized, f"{self._prefix}{name}.", self._eps)

    def array(self, name: str) -> mx.array:
        return self._arrays[self._prefix + name]

    def optional(self, name: str) -> mx.array | None:
        return self._arrays.get(self._prefix + name)

    def norm(self, name: str) -> RMSNorm:
        return RMSNorm(self.array(f"{name}.weight"), self._eps)

    def linear(self, name: str) -> Linear | QuantizedLinear:
        packed = self._quantized.get(self._prefix + name)
        weight, bias = self.array(f"{name}.weight"), self.optional(f"{name}.bias")
        if packed is None:
            return Linear(weight, bias)
        return QuantizedLinear(
            weight,
            self.array(f"{name}.scales"),
            self.optional(f"{name}.biases"),
            bias,
            packed.group_size,
            packed.bits,
            packed.mode,
        )

    def clipped(self, name: str) -> ClippedLinear:
        """A tower's linear layer; the bounds are absent in the large sizes."""
        scope = self.scope(name)
        return ClippedLinear(
            scope.linear("linear"),
            (scope.optional("input_min"), scope.optional("input_max")),
            (scope.optional("output_min"), scope.optional("output_max")),
        )

    def embedding(self, name: str) -> Embedding | QuantizedEmbedding:
        packed = self._quantized.get(self._prefix + name)
        weight = self.array(f"{name}.weight")
        if packed is None:
            return Embedding(weight)
        return QuantizedEmbedding(
            weight,
            self.array(f"{name}.scales"),
            self.optional(f"{name}.biases"),
            packed.group_size,
            packed.bits,
            packed.mode,
        )
