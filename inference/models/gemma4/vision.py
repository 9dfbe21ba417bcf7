"""The vision tower and its projector: patches of one or several equal grids to soft tokens.

Axes: B pictures of the same grid, P patches, H hidden, N heads, D head size, S soft tokens.
"""

from __future__ import annotations

import mlx.core as mx

from inference.models.gemma4.config import VisionConfig
from inference.models.gemma4.layers import GatedMLP, Layer, rms_norm
from inference.models.gemma4.weights import Weights

# Queries are tiled so that one layer's score matrix stays below this many float32 values.
_SCORE_BUDGET = 32 * 1024 * 1024


def axial_rope(positions: mx.array, head_dim: int, theta: float) -> tuple[mx.array, mx.array]:
    """Cosines and sines [P, D] for patch positions [P, 2] = (x, y).

    The first half of a head turns by x, the second by y; inside a half, entry i pairs with entry
    i + D/4 and turns by position · theta^(−2i / (D/2)).
    """
    quarter = head_dim // 4
    frequencies = theta ** (-mx.arange(quarter, dtype=mx.float32) / quarter)
    angles = positions.astype(mx.float32)[:, :, None] * frequencies  # [P, 2, D/4]
    angles = mx.concatenate([angles, angles], axis=-1).reshape(positions.shape[0], head_dim)
    return mx.cos(angles), mx.sin(angles)


def rotate(x: mx.array, cos: mx.array, sin: mx.array) -> mx.array:
    """Apply `axial_rope` to x [B, N, P, D]."""
    batch, heads, patches, size = x.shape
    halves = x.reshape(batch, heads, patches, 2, 2, size // 4)
    turned = mx.concatenate([-halves[..., 1:, :], halves[..., :1, :]], axis=-2)
    return (x * cos + turned.reshape(x.shape) * sin).astype(x.dtype)


class VisionAttention(Layer):
    def __init__(self, config: VisionConfig, weights: Weights) -> None:
        super().__init__()
        self._heads, self._head_dim, self._eps = config.heads, config.head_dim, config.eps
        self.q_proj, self.k_proj = weights.clipped("q_proj"), weights.clipped("k_proj")
        self.v_proj, self.o_proj = weights.clipped("v_proj"), weights.clipped("o_proj")
        self.q_norm, self.k_norm = weights.norm("q_norm"), weights.norm("k_norm")

    def __call__(self, x: mx.array, cos: mx.array, sin: mx.array) -> mx.array:
        batch, patches, _ = x.shape
        q = rotate(self.q_norm(self._split(self.q_proj(x))).swapaxes(1, 2), cos, sin)
        k = rotate(self.k_norm(self._split(self.k_proj(x))).swapaxes(1, 2), cos, sin)
        v = rms_norm(self._split(self.v_proj(x)), self._eps).swapaxes(1, 2)
        tile = max(64, _SCORE_BUDGET // (batch * self._heads * patches))
        parts = [
            mx.fast.scaled_dot_product_attention(q[:, :, a : a + tile], k, v, scale=1.0)
            for a in range(0, patches, tile)
        ]
        y = parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=2)
        out: mx.array = self.o_proj(y.swapaxes(1, 2).reshape(batch, patches, -1))
        return out

    def _split(self, x: mx.array) -> mx.array:
        return x.reshape(*x.shape[:2], self._heads, self._head_dim)


class VisionLayer(Layer):
    def __init__(self, config: VisionConfig, weights: Weights) -> None:
        super().__init__()
        self.self_attn = VisionAttention(config, weights.scope("self_attn"))
        mlp = weights.scope("mlp")
        self.mlp = GatedMLP(
            mlp.clipped("gate_proj"), mlp.clipped("up_proj"), mlp.clipped("down_proj")
        )
        self.input_layernorm = weights.norm("input_layernorm")
        self.post_attention_layernorm = weights.norm("post_attention_layernorm")
        self.pre_feedforward_layernorm = weights.norm("pre_feedforward_layernorm")
        self.post_feedforward_layernorm = weights.norm("post_feedforward_layernorm")

    def __call__(self, h: mx.array, cos: mx.array, sin: mx.array) -> mx.array:
        y = self.self_attn(self.input_layernorm(h), cos, sin)
        h = h + self.post_attention_layernorm(y)
        y = self.mlp(self.pre_feedforward_layernorm(h))
        out: mx.array = h + self.post_feedforward_layernorm(y)
        return out


class VisionTower(Layer):
    """16 × 16 patches to one soft token for each 3 × 3 of them, projected to the decoder's width.

    `weights` is the whole model's view: the tower and its projector are siblings in the file.
    """

    def __init__(self, config: VisionConfig, weights: Weights) -> None:
        super().__init__()
        self._config = config
        tower = weights.scope("vision_tower")
        embedder = tower.scope("patch_embedder")
        self.input_proj = embedder.linear("input_proj")
        self.position_table = embedder.array("position_embedding_table")
        encoder = tower.scope("encoder")
        self.layers = [
            VisionLayer(config, encoder.scope(f"layers.{i}")) for i in range(config.layers)
        ]
        if config.standardize:
            self.std_bias, self.std_scale = tower.array("std_bias"), tower.array("std_scale")
        self.projection = weights.scope("embed_vision").linear("embedding_projection")

    def __call__(self, patches: mx.array, positions: mx.array, grid: tuple[int, int]) -> mx.array:
        """patches [B, P, 768] in [0, 1], positions [P, 2] = (x, y), grid = (rows, columns).

        Returns soft tokens [B, S, decoder width], S = P / 9, in raster order.
        """
        y = rms_norm(self.pooled(patches, positions, grid), self._config.eps)
        out: mx.array = self.projection(y)
        return out

    def pooled(self, patches: mx.array, positions: mx.array, grid: tuple[int, int]) -> mx.array:
        """The tower's output [B, S, H] before the projector's norm."""
        table = self.position_table
        dtype = self.input_proj.weight.dtype
        h = self.input_proj((2 * (patches - 0.5)).astype(dtype))
        h = h + (table[0][positions[:, 0]] + table[1][positions[:, 1]]).astype(dtype)
        cos, sin = axial_rope(positions, self._config.head_dim, self._config.rope_theta)
        for layer in self.layers:
            h = layer(h, cos, sin)
        return self._pool(h, grid)

    def _pool(self, h: mx.array, grid: tuple[int, int]) -> mx.array:
        batch, _, size = h.shape
        pool, (rows, columns) = self._config.pool, grid
        blocks = h.astype(mx.float32).reshape(
            batch, rows // pool, pool, columns // pool, pool, size
        )
        y: mx.array = blocks.mean(axis=(2, 4)).reshape(batch, -1, size) * size**0.5
        if self._config.standardize:
            # The biases of the large sizes exceed what float16 can hold; float32 is safe.
            y = (y - self.std_bias.astype(mx.float32)) * self.std_scale.astype(mx.float32)
        return y.astype(h.dtype)
