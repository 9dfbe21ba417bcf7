"""The audio tower of E2B and E4B (a conformer) and its projector: mel frames to soft tokens.

Axes: T frames (a quarter of the mel frames after subsampling), H hidden, N heads, D head size,
B blocks of W frames.
One clip at a time, without padding, so every frame is valid.
"""

from __future__ import annotations

import math

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from inference.models.gemma4.config import AudioConfig
from inference.models.gemma4.layers import Layer, rms_norm
from inference.models.gemma4.weights import Weights


class ConvBlock(Layer):
    """3 × 3 convolution with stride 2 over time and frequency, channel norm, ReLU."""

    def __init__(self, weights: Weights, eps: float) -> None:
        super().__init__()
        self.conv = weights.array("conv.weight")
        self.norm = weights.array("norm.weight")
        self._eps = eps

    def __call__(self, x: mx.array) -> mx.array:
        """x [1, T, F, C] -> [1, ceil(T/2), ceil(F/2), C']."""
        y = mx.conv2d(x, self.conv, stride=2, padding=1)
        return mx.maximum(mx.fast.layer_norm(y, self.norm, None, self._eps), 0)


class FeedForward(Layer):
    """Half-step feed-forward: the residual adds only `residual_weight` of it."""

    def __init__(self, config: AudioConfig, weights: Weights) -> None:
        super().__init__()
        self.pre_layer_norm = weights.norm("pre_layer_norm")
        self.ffw_layer_1 = weights.clipped("ffw_layer_1")
        self.ffw_layer_2 = weights.clipped("ffw_layer_2")
        self.post_layer_norm = weights.norm("post_layer_norm")
        self._residual = config.residual_weight

    def __call__(self, x: mx.array) -> mx.array:
        y = self.ffw_layer_2(nn.silu(self.ffw_layer_1(self.pre_layer_norm(x))))
        return x + self.post_layer_norm(y) * self._residual


class LightConv(Layer):
    """Gated linear unit, causal depthwise convolution, norm, SiLU."""

    def __init__(self, config: AudioConfig, weights: Weights) -> None:
        super().__init__()
        self.pre_layer_norm = weights.norm("pre_layer_norm")
        self.linear_start = weights.clipped("linear_start")
        self.depthwise_conv1d = weights.array("depthwise_conv1d.weight")
        self.conv_norm = weights.norm("conv_norm")
        self.linear_end = weights.clipped("linear_end")
        self._kernel = config.kernel

    def __call__(self, x: mx.array) -> mx.array:
        value, gate = mx.split(self.linear_start(self.pre_layer_norm(x)), 2, axis=-1)
        y = mx.pad(value * mx.sigmoid(gate), [(0, 0), (self._kernel - 1, 0), (0, 0)])
        y = mx.conv1d(y, self.depthwise_conv1d, groups=y.shape[-1])
        return x + self.linear_end(nn.silu(self.conv_norm(y)))


class RelativeAttention(Layer):
    """Attention over the last `left_context` − 1 frames, itself included, with distance terms.

    The published left context of 13 means 12 keys (transformers 5.23, modeling_gemma4).
    """

    def __init__(self, config: AudioConfig, weights: Weights) -> None:
        super().__init__()
        self._heads, self._head_dim = config.heads, config.head_dim
        self._reach, self._cap = config.left_context - 1, config.logit_cap
        self.q_proj, self.k_proj = weights.clipped("q_proj"), weights.clipped("k_proj")
        self.v_proj, self.post = weights.clipped("v_proj"), weights.clipped("post")
        self.relative_k_proj = weights.linear("relative_k_proj")
        self.per_dim_scale = weights.array("per_dim_scale")

    def __call__(self, x: mx.array) -> mx.array:
        """x [1, T, H] -> [1, T, H]; scores and softmax in float32.

        Queries go in blocks of W = reach frames; each sees its own block and the one before.
        """
        frames, reach = x.shape[1], self._reach
        scale = self._head_dim**-0.5 / math.log(2) * nn.softplus(self.per_dim_scale)
        q = self._blocks(self.q_proj(x)) * scale.astype(mx.float32)
        k = _with_previous(self._blocks(self.k_proj(x)) * (math.log(1 + math.e) / math.log(2)))
        v = _with_previous(self._blocks(self.v_proj(x)))
        count = q.shape[1]
        distance = reach + np.arange(reach)[:, None] - np.arange(2 * reach)  # [W, 2W]
        near = mx.array(np.clip(distance, 0, reach - 1).astype(np.int32))
        by_distance = q @ self._distances(x.shape[-1], x.dtype).swapaxes(-1, -2)  # [N, B, W, W]
        index = mx.broadcast_to(near, (self._heads, count, *near.shape))
        logits = q @ k.swapaxes(-1, -2) + mx.take_along_axis(by_distance, index, axis=-1)
        logits = mx.tanh(logits / self._cap) * self._cap
        first = np.arange(count)[:, None, None] == 0
        seen = (distance >= 0) & (distance < reach) & ~(first & (np.arange(2 * reach) < reach))
        weights = mx.softmax(mx.where(mx.array(seen), logits, -1e9), axis=-1)
        y = (weights @ v).reshape(self._heads, -1, self._head_dim).swapaxes(0, 1)[:frames]
        return self.post(y.reshape(1, frames, -1).astype(x.dtype))

    def _blocks(self, x: mx.array) -> mx.array:
        """[1, T, H] -> float32 [N, B, W, D]; the last block is filled up with zeros."""
        short = -x.shape[1] % self._reach
        y = mx.pad(x[0], [(0, short), (0, 0)]).reshape(-1, self._reach, self._heads, self._head_dim)
        return y.transpose(2, 0, 1, 3).astype(mx.float32)

    def _distances(self, hidden: int, dtype: mx.Dtype) -> mx.array:
        """Projected sinusoids of the distances 0 … reach − 1, float32 [N, 1, W, D]."""
        half = hidden // 2
        rate = math.log(10000.0) / max(half - 1, 1)
        angles = np.arange(self._reach)[:, None] * np.exp(-rate * np.arange(half))
        signal = np.concatenate([np.sin(angles), np.cos(angles)], axis=-1).astype(np.float32)
        return self._blocks(self.relative_k_proj(mx.array(signal).astype(dtype))[None])


def _with_previous(blocks: mx.array) -> mx.array:
    """[N, B, W, D] -> [N, B, 2W, D]: each block behind the one before, zeros before the first."""
    before = mx.concatenate([mx.zeros_like(blocks[:, :1]), blocks[:, :-1]], axis=1)
    return mx.concatenate([before, blocks], axis=2)


class AudioLayer(Layer):
    def __init__(self, config: AudioConfig, weights: Weights) -> None:
        super().__init__()
        self.feed_forward1 = FeedForward(config, weights.scope("feed_forward1"))
        self.norm_pre_attn = weights.norm("norm_pre_attn")
        self.self_attn = RelativeAttention(config, weights.scope("self_attn"))
        self.norm_post_attn = weights.norm("norm_post_attn")
        self.lconv1d = LightConv(config, weights.scope("lconv1d"))
        self.feed_forward2 = FeedForward(config, weights.scope("feed_forward2"))
        self.norm_out = weights.norm("norm_out")

    def __call__(self, x: mx.array) -> mx.array:
        x = self.feed_forward1(x)
        x = x + self.norm_post_attn(self.self_attn(self.norm_pre_attn(x)))
        x = self.feed_forward2(self.lconv1d(x))
        out: mx.array = self.norm_out(x)
        return out


class AudioTower(Layer):
    """`weights` is the whole model's view: the tower and its projector are siblings in the file."""

    def __init__(self, config: AudioConfig, weights: Weights) -> None:
        super().__init__()
        self._eps = config.eps
        tower = weights.scope("audio_tower")
        conv = tower.scope("subsample_conv_projection")
        self.convs = [ConvBlock(conv.scope(f"layer{i}"), config.eps) for i in range(2)]
        self.input_proj_linear = conv.linear("input_proj_linear")
        self.layers = [AudioLayer(config, tower.scope(f"layers.{i}")) for i in range(config.layers)]
        self.output_proj = tower.linear("output_proj")
        self.projection = weights.scope("embed_audio").linear("embedding_projection")

    def __call__(self, mel: mx.array) -> mx.array:
        """Valid log-mel frames [M, 128] -> soft tokens [ceil(ceil(M/2)/2), decoder width]."""
        x = mel.astype(self.convs[0].conv.dtype)[None, :, :, None]
        for conv in self.convs:
            x = conv(x)
        # Channels last: the flattening is frequency-major, as the projection expects.
        x = self.input_proj_linear(x.reshape(1, x.shape[1], -1))
        for layer in self.layers:
            x = layer(x)
        out: mx.array = self.projection(rms_norm(self.output_proj(x), self._eps))[0]
        return out
