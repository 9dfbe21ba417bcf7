"""Attention of the decoder: grouped queries, shared keys and values, windows, image blocks.

Axes: B = 1, H query heads, G key-value heads, L query tokens, S keys, D head size.
"""

from __future__ import annotations

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.models.cache import KV, Cache
from inference.models.gemma4.config import LayerConfig, TextConfig
from inference.models.gemma4.layers import Layer, rms_norm
from inference.models.gemma4.rope import Rope
from inference.models.gemma4.weights import Weights

# Scores are materialised for head sizes 256 and 512 on every back end; queries are therefore
# taken in tiles whose scores stay below this many float32 values (64 Mi = 256 MiB).
_SCORE_BUDGET = 64 * 1024 * 1024


class Span:
    """The stretch of positions offset … end − 1 that one forward pass computes.

    `blocks` numbers the image or frame each position belongs to, −1 for none; it is given only
    for the sizes whose sliding layers look both ways inside an image, and a block must lie in
    the span as a whole.
    """

    def __init__(
        self,
        offset: int,
        length: int,
        blocks: NDArray[np.int32] | None = None,
        extra_keys: int = 0,
    ) -> None:
        self.offset = offset
        self.end = offset + length
        self.extra_keys = extra_keys  # a single query sees that many keys beyond the window
        has_blocks = blocks is not None and bool((blocks >= 0).any())
        self._blocks = blocks if has_blocks else None
        self._masks: dict[tuple[int, int, int, int], mx.array] = {}

    def last_key(self, end: int) -> int:
        """One past the last key that the queries before `end` may see."""
        if self._blocks is None or end >= self.end:
            return end
        block = self._blocks[end - 1 - self.offset]
        if block < 0:
            return end
        return self.offset + int(np.flatnonzero(self._blocks == block)[-1]) + 1

    def window_mask(self, first: int, end: int, start: int, stop: int, window: int) -> mx.array:
        """True where query first … end−1 sees key start … stop−1; the same for every layer."""
        key = (first, end, start, stop)
        if key not in self._masks:
            q = np.arange(first, end)[:, None]
            k = np.arange(start, stop)[None]
            seen = k <= q
            if self._blocks is not None:
                block = np.full(stop - min(start, self.offset), -1, np.int32)
                block[len(block) - (stop - self.offset) :] = self._blocks[: stop - self.offset]
                kb = block[-(stop - start) :]
                qb = self._blocks[first - self.offset : end - self.offset]
                seen |= (qb[:, None] == kb[None]) & (qb[:, None] >= 0)
            self._masks[key] = mx.array(seen & (k > q - window))
        return self._masks[key]


def attend_window(q: mx.array, kv: KV, span: Span, window: int) -> mx.array:
    """Queries [B, H, L, D] of the last L positions of the span, over a sliding window."""
    rows = q.shape[2]
    if rows == 1:
        low = max(kv.start, span.end - window - span.extra_keys) - kv.start
        if low == 0:
            return _sdpa(q, kv.keys, kv.values, None)
        return _sdpa(q, kv.keys[:, :, low:], kv.values[:, :, low:], None)
    tile = max(64, window // 2)
    first = span.end - rows
    parts = []
    for a in range(first, span.end, tile):
        b = min(a + tile, span.end)
        low, high = max(kv.start, a - window + 1), span.last_key(b)
        parts.append(
            _sdpa(
                q[:, :, a - first : b - first],
                kv.keys[:, :, low - kv.start : high - kv.start],
                kv.values[:, :, low - kv.start : high - kv.start],
                span.window_mask(a, b, low, high, window),
            )
        )
    return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=2)


def attend_full(q: mx.array, kv: KV, span: Span) -> mx.array:
    """Causal attention of the last L positions of the span over all earlier ones."""
    _, heads, rows, _ = q.shape
    if rows == 1:
        return _sdpa(q, kv.keys, kv.values, None)
    tile = max(32, _SCORE_BUDGET // (heads * kv.keys.shape[2]))
    first = span.end - rows
    parts = []
    for a in range(0, rows, tile):
        b = min(a + tile, rows)
        stop = first + b - kv.start
        parts.append(_sdpa(q[:, :, a:b], kv.keys[:, :, :stop], kv.values[:, :, :stop], "causal"))
    return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=2)


def _sdpa(q: mx.array, k: mx.array, v: mx.array, mask: mx.array | str | None) -> mx.array:
    # Scale 1: the learned norms of queries and keys carry it.
    return mx.fast.scaled_dot_product_attention(q, k, v, scale=1.0, mask=mask)


class Attention(Layer):
    """One layer's attention. A layer with a donor has no keys and values of its own."""

    def __init__(self, config: TextConfig, layer: LayerConfig, weights: Weights) -> None:
        super().__init__()
        self._layer = layer
        self._window = config.window if layer.kind == "sliding" else None
        self._eps = config.eps
        self._rope = Rope(layer)
        self.q_proj = weights.linear("q_proj")
        self.o_proj = weights.linear("o_proj")
        self.q_norm = weights.norm("q_norm")
        if layer.kv_donor is None:
            self.k_proj = weights.linear("k_proj")
            self.k_norm = weights.norm("k_norm")
            if not layer.keys_are_values:
                self.v_proj = weights.linear("v_proj")

    def keys_values(self, x: mx.array, cache: Cache, span: Span) -> KV:
        """Keys (normed, rotated) and values (normed without weight) of all tokens of x."""
        raw = self._heads(self.k_proj(x), self._layer.kv_heads)
        values = (
            raw
            if self._layer.keys_are_values
            else self._heads(self.v_proj(x), self._layer.kv_heads)
        )
        keys = self._rope(self.k_norm(raw).swapaxes(1, 2), span.offset)
        return cache.update(keys, rms_norm(values, self._eps).swapaxes(1, 2))

    def __call__(self, x: mx.array, kv: KV, span: Span) -> mx.array:
        """x [B, L, hidden]: the last L positions of the span."""
        batch, rows, _ = x.shape
        q = self.q_norm(self._heads(self.q_proj(x), self._layer.heads)).swapaxes(1, 2)
        q = self._rope(q, span.end - rows)
        if self._window is None:
            y = attend_full(q, kv, span)
        else:
            y = attend_window(q, kv, span, self._window)
        out: mx.array = self.o_proj(y.swapaxes(1, 2).reshape(batch, rows, -1))
        return out

    def _heads(self, x: mx.array, heads: int) -> mx.array:
        batch, rows, _ = x.shape
        return x.reshape(batch, rows, heads, self._layer.head_dim)
