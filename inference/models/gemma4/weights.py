"""A scoped view of a flat name -> array mapping, from which the layers take their weights.

Layers are built from arrays that already exist (lazily), so building a network allocates nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import mlx.core as mx

from inference.models.gemma4.layers import (
    ClippedLinear,
    Embedding,
    Linear,
    Packing,
    QuantizedEmbedding,
    QuantizedLinear,
    RMSNorm,
)


class Weights:
    """The arrays below `prefix`; every accessor takes a name relative to it.

    Names and shapes were checked against the configuration before this object is made, so a
    missing name is a programming error (KeyError), not bad input.
    """

    def __init__(
        self,
        arrays: Mapping[str, mx.array],
        quantized: Mapping[str, Packing],
        prefix: str = "",
        eps: float = 1e-6,
        dtype: mx.Dtype = mx.float32,
    ) -> None:
        self._arrays = arrays
        self._quantized = quantized
        self._prefix = prefix
        self._eps = eps
        self._dtype = dtype  # of rows unpacked from a quantised table

    def scope(self, name: str) -> Weights:
        prefix = f"{self._prefix}{name}."
        return Weights(self._arrays, self._quantized, prefix, self._eps, self._dtype)

    def array(self, name: str) -> mx.array:
        return self._arrays[self._prefix + name]

    def optional(self, name: str) -> mx.array | None:
        return self._arrays.get(self._prefix + name)

    def norm(self, name: str) -> RMSNorm:
        return RMSNorm(self.array(f"{name}.weight"), self._eps)

    def linear(self, name: str) -> Linear | QuantizedLinear:
        packing = self._quantized.get(self._prefix + name)
        if packing is not None:
            return self._packed(name, packing)
        return Linear(self.array(f"{name}.weight"), self.optional(f"{name}.bias"))

    def _packed(self, name: str, packing: Packing) -> QuantizedLinear:
        return QuantizedLinear(
            self.array(f"{name}.weight"),
            self.array(f"{name}.scales"),
            self.optional(f"{name}.biases"),
            self.optional(f"{name}.bias"),
            packing,
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
        packing = self._quantized.get(self._prefix + name)
        if packing is not None:
            return QuantizedEmbedding(self._packed(name, packing), self._dtype)
        return Embedding(self.array(f"{name}.weight"))
