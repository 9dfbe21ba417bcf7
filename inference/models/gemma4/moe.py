"""The mixture of experts of the 26B-A4B size: 128 experts, 8 a token, beside the dense MLP.

Axes: T tokens, K chosen experts, E experts, H hidden, F expert feed-forward width.
"""

from __future__ import annotations

import mlx.core as mx

from inference.models.gemma4.config import MoeConfig
from inference.models.gemma4.layers import Layer, gelu_gate, rms_norm
from inference.models.gemma4.weights import Weights

# From this many (token, expert) pairs on, sorting them by expert pays: each expert's matrix is
# then read once for all of its tokens.
_SORT_PAIRS = 64


class Router(Layer):
    """Chooses experts and their weights from the residual stream (not from its normed copy)."""

    def __init__(self, config: MoeConfig, hidden: int, eps: float, weights: Weights) -> None:
        super().__init__()
        self.scale = weights.array("scale")
        self.per_expert_scale = weights.array("per_expert_scale")
        self.proj = weights.linear("proj")
        self._top_k = config.top_k
        self._root = hidden**-0.5
        self._eps = eps

    def __call__(self, h: mx.array) -> tuple[mx.array, mx.array]:
        """h [T, H] -> expert indices [T, K] and weights [T, K] in float32."""
        x = rms_norm(h, self._eps) * (self.scale * self._root).astype(h.dtype)
        p = mx.softmax(self.proj(x).astype(mx.float32), axis=-1)
        chosen = mx.argpartition(-p, kth=self._top_k - 1, axis=-1)[..., : self._top_k]
        w = mx.take_along_axis(p, chosen, axis=-1)
        w = w / w.sum(axis=-1, keepdims=True)
        return chosen, w * self.per_expert_scale[chosen].astype(mx.float32)


class Experts(Layer):
    """Σ over the chosen experts of weight · down(gelu(gate x) · up x)."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.gate_up_proj = weights.linear("gate_up_proj")
        self.down_proj = weights.linear("down_proj")

    def __call__(self, x: mx.array, chosen: mx.array, weights: mx.array) -> mx.array:
        """x [T, H], chosen [T, K], weights [T, K] -> [T, H]."""
        count, k = chosen.shape
        flat = chosen.reshape(-1)
        order = None
        if flat.size >= _SORT_PAIRS:
            order = mx.argsort(flat)
            flat = flat[order]
            rows = x[order // k]
        else:
            rows = mx.repeat(x, k, axis=0)
        is_sorted = order is not None
        both = self.gate_up_proj.gathered(rows[:, None], flat, is_sorted)
        gate, up = mx.split(both, 2, axis=-1)
        y = self.down_proj.gathered(gelu_gate(gate, up), flat, is_sorted)[:, 0]
        if order is not None:
            y = y[mx.argsort(order)]
        y = y.reshape(count, k, -1)
        return (y * weights[..., None].astype(y.dtype)).sum(axis=1)
