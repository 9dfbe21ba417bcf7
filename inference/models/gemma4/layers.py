"""The few layer types all three towers share: linear, embedding, norm, gated feed-forward.

Axes: L tokens, I inputs, O outputs, V vocabulary.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

import mlx.core as mx
import mlx.nn as nn

# The CPU back end multiplies packed weights one scalar at a time. From this many rows on it is
# an order of magnitude faster to unpack once and use BLAS. Metal has real kernels for both.
_CPU_UNPACK_ROWS = 16
_CPU_UNPACK_VALUES = 2 * 1024 * 1024
# Scales that are narrower than the activations are widened whole before a product; of the head
# that would be 50 MB for each token.
_CPU_PACKED_VALUES = 32 * 1024 * 1024


class Packing(Protocol):
    """How one module is packed; see `mx.quantize` for the meaning of each field."""

    @property
    def group_size(self) -> int: ...
    @property
    def bits(self) -> int: ...
    @property
    def mode(self) -> str: ...


def unpack(
    weight: mx.array,
    scales: mx.array,
    biases: mx.array | None,
    packing: Packing,
    dtype: mx.Dtype,
) -> mx.array:
    """Packed rows [..., words] in full precision [..., I].

    `mx.dequantize` calculates in the type of the scales, which would round to bfloat16.
    """
    return mx.dequantize(
        weight,
        _in_type(scales, dtype),
        None if biases is None else _in_type(biases, dtype),
        group_size=packing.group_size,
        bits=packing.bits,
        mode=packing.mode,
        dtype=dtype,
    )


def _in_type(x: mx.array, dtype: mx.Dtype) -> mx.array:
    """Floating values in `dtype`; the fp8 codes of some packings stay as they are."""
    return x.astype(dtype) if mx.issubdtype(x.dtype, mx.floating) else x


def rms_norm(x: mx.array, eps: float = 1e-6) -> mx.array:
    """x / sqrt(mean(x²) + eps) over the last axis, without a weight; float32 inside."""
    return mx.fast.rms_norm(x, None, eps)


@partial(mx.compile, shapeless=True)
def gelu_gate(gate: mx.array, up: mx.array) -> mx.array:
    """gelu_tanh(gate) · up in one kernel."""
    y: mx.array = nn.gelu_approx(gate) * up
    return y


class Layer(nn.Module):
    """A module whose parts are ordinary attributes as well as entries.

    `nn.Module` finds its parts through `__getattr__`; a decode step looks up more than a thousand
    of them, which is a tenth of the time it takes to build its graph.
    """

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        object.__setattr__(self, name, value)


class RMSNorm(Layer):
    """Root mean square norm whose weight multiplies directly (not 1 + w, as in Gemma 3)."""

    def __init__(self, weight: mx.array, eps: float) -> None:
        super().__init__()
        self.weight = weight
        self._eps = eps

    def __call__(self, x: mx.array) -> mx.array:
        return mx.fast.rms_norm(x, self.weight, self._eps)


class Linear(Layer):
    """y = x Wᵀ (+ bias) with weight [O, I], or [E, O, I] for `gathered`."""

    def __init__(self, weight: mx.array, bias: mx.array | None = None) -> None:
        super().__init__()
        self.weight = weight
        self.bias = bias

    def __call__(self, x: mx.array) -> mx.array:
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias

    def gathered(self, x: mx.array, experts: mx.array, is_sorted: bool) -> mx.array:
        """Row n of x [N, 1, I] times matrix experts[n] -> [N, 1, O]."""
        matrices = self.weight.swapaxes(-1, -2)
        return mx.gather_mm(x, matrices, rhs_indices=experts, sorted_indices=is_sorted)


class QuantizedLinear(Layer):
    """A linear layer whose weight is packed in groups along the input axis (`mx.quantize`)."""

    def __init__(
        self,
        weight: mx.array,
        scales: mx.array,
        biases: mx.array | None,
        bias: mx.array | None,
        packing: Packing,
    ) -> None:
        super().__init__()
        self.weight, self.scales = weight, scales
        self.biases, self.bias = biases, bias
        self._packing = packing
        self._group, self._bits, self._mode = packing.group_size, packing.bits, packing.mode
        inputs = scales.shape[-1] * packing.group_size
        self._unpack_size = _CPU_UNPACK_ROWS * inputs
        self._is_large = weight.ndim == 2 and weight.shape[0] * inputs > _CPU_PACKED_VALUES

    def __call__(self, x: mx.array) -> mx.array:
        if x.size >= self._unpack_size and mx.default_device() == mx.Device(mx.cpu):
            y = self._unpacked_product(x)
        elif self._is_large and x.dtype != self.scales.dtype:
            y = self._packed_product(x)
        else:
            # By position: the keywords of this call cost a decode step more than one matmul.
            y = mx.quantized_matmul(
                x, self.weight, self.scales, self.biases, True, self._group, self._bits, self._mode
            )
        return y if self.bias is None else y + self.bias

    def _unpacked_product(self, x: mx.array) -> mx.array:
        """x Wᵀ by stretches of rows, each computed at once: a lazy graph would hold them all."""
        rows = max(64, _CPU_UNPACK_VALUES // x.shape[-1])
        parts = []
        for begin in range(0, self.weight.shape[0], rows):
            parts.append(x @ self.rows(slice(begin, begin + rows), x.dtype).T)
            mx.eval(parts[-1])
        return mx.concatenate(parts, axis=-1)

    def _packed_product(self, x: mx.array) -> mx.array:
        """x Wᵀ by stretches of rows, so that only theirs of the scales are widened at a time."""
        rows = _CPU_PACKED_VALUES // x.shape[-1]
        parts = []
        for begin in range(0, self.weight.shape[0], rows):
            part = slice(begin, begin + rows)
            biases = None if self.biases is None else self.biases[part]
            parts.append(
                mx.quantized_matmul(
                    x, self.weight[part], self.scales[part], biases,
                    True, self._group, self._bits, self._mode,
                )
            )  # fmt: skip
            mx.eval(parts[-1])
        return mx.concatenate(parts, axis=-1)

    def gathered(self, x: mx.array, experts: mx.array, is_sorted: bool) -> mx.array:
        """Row n of x [N, 1, I] times matrix experts[n] -> [N, 1, O]."""
        return mx.gather_qmm(
            x,
            self.weight,
            self.scales,
            self.biases,
            rhs_indices=experts,
            transpose=True,
            sorted_indices=is_sorted,
            group_size=self._group,
            bits=self._bits,
            mode=self._mode,
        )

    def rows(self, ids: mx.array | slice, dtype: mx.Dtype) -> mx.array:
        """Unpacked rows of the weight."""
        chosen = None if self.biases is None else self.biases[ids]
        return unpack(self.weight[ids], self.scales[ids], chosen, self._packing, dtype)


class ClippedLinear(Layer):
    """y = clamp(W · clamp(x, in_min, in_max), out_min, out_max); a missing bound clips nothing.

    The bounds are calibrated constants of the published E2B and E4B towers, not safety nets.
    """

    def __init__(
        self,
        linear: Linear | QuantizedLinear,
        inputs: tuple[mx.array | None, mx.array | None],
        outputs: tuple[mx.array | None, mx.array | None],
    ) -> None:
        super().__init__()
        self.linear = linear
        self._inputs, self._outputs = inputs, outputs

    def __call__(self, x: mx.array) -> mx.array:
        return _clip(self.linear(_clip(x, self._inputs)), self._outputs)


def _clip(x: mx.array, bounds: tuple[mx.array | None, mx.array | None]) -> mx.array:
    low, high = bounds
    if low is None and high is None:
        return x
    return mx.clip(
        x,
        None if low is None else low.astype(x.dtype),
        None if high is None else high.astype(x.dtype),
    )


class Embedding(Layer):
    """A table [V, I] that is also the output head of the tied decoder."""

    def __init__(self, weight: mx.array) -> None:
        super().__init__()
        self.weight = weight

    @property
    def dtype(self) -> mx.Dtype:
        return self.weight.dtype

    def __call__(self, ids: mx.array) -> mx.array:
        return self.weight[ids]

    def as_head(self, x: mx.array) -> mx.array:
        return x @ self.weight.T


class QuantizedEmbedding(Layer):
    """A packed table; rows are unpacked as they are read."""

    def __init__(self, table: QuantizedLinear, dtype: mx.Dtype) -> None:
        super().__init__()
        self.table = table
        self._dtype = dtype

    @property
    def dtype(self) -> mx.Dtype:
        """Type of the unpacked rows."""
        return self._dtype

    def __call__(self, ids: mx.array) -> mx.array:
        return self.table.rows(ids, self.dtype)

    def as_head(self, x: mx.array) -> mx.array:
        return self.table(x)


class GatedMLP(Layer):
    """down(gelu_tanh(gate(x)) · up(x)); the layers may be plain, packed or clipped."""

    def __init__(
        self,
        gate: nn.Module,
        up: nn.Module,
        down: nn.Module,
    ) -> None:
        super().__init__()
        self.gate_proj, self.up_proj, self.down_proj = gate, up, down

    def __call__(self, x: mx.array) -> mx.array:
        y: mx.array = self.down_proj(gelu_gate(self.gate_proj(x), self.up_proj(x)))
        return y
