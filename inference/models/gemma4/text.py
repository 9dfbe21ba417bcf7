"""The decoder of all four sizes: embeddings, layers, head.

Axes: B = 1, L tokens, H hidden, N layers, D per-layer embedding size, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence

import mlx.core as mx

from inference.models.cache import KV, Cache, KVCache, SlidingKVCache
from inference.models.gemma4.attention import Attention, Span
from inference.models.gemma4.config import TextConfig
from inference.models.gemma4.layers import GatedMLP, Layer, gelu_gate
from inference.models.gemma4.moe import Experts, Router
from inference.models.gemma4.ple import PerLayerTable
from inference.models.gemma4.weights import Weights


class DecoderLayer(Layer):
    """Attention, feed-forward (with experts beside it in the MoE size), per-layer embedding."""

    def __init__(self, config: TextConfig, index: int, weights: Weights) -> None:
        super().__init__()
        layer = config.layers[index]
        self._eps = config.eps
        self.self_attn = Attention(config, layer, weights.scope("self_attn"))
        mlp = weights.scope("mlp")
        self.mlp = GatedMLP(mlp.linear("gate_proj"), mlp.linear("up_proj"), mlp.linear("down_proj"))
        self.input_layernorm = weights.norm("input_layernorm")
        self.post_attention_layernorm = weights.norm("post_attention_layernorm")
        self.pre_feedforward_layernorm = weights.norm("pre_feedforward_layernorm")
        self.post_feedforward_layernorm = weights.norm("post_feedforward_layernorm")
        scalar = weights.optional("layer_scalar")
        if scalar is not None:
            self.layer_scalar = scalar.astype(self.input_layernorm.weight.dtype)
        if config.moe is not None:
            self.router = Router(config.moe, config.hidden, config.eps, weights.scope("router"))
            self.experts = Experts(weights.scope("experts"))
            self.pre_feedforward_layernorm_2 = weights.norm("pre_feedforward_layernorm_2")
            self.post_feedforward_layernorm_1 = weights.norm("post_feedforward_layernorm_1")
            self.post_feedforward_layernorm_2 = weights.norm("post_feedforward_layernorm_2")
        if config.ple_dim:
            self.per_layer_input_gate = weights.linear("per_layer_input_gate")
            self.per_layer_projection = weights.linear("per_layer_projection")
            self.post_per_layer_input_norm = weights.norm("post_per_layer_input_norm")

    def __call__(
        self, h: mx.array, x: mx.array, kv: KV, span: Span, ple: mx.array | None
    ) -> mx.array:
        """h [B, L, H], x = input_layernorm(h) and ple [B, L, D]: last L positions of the span."""
        h = h + self.post_attention_layernorm(self.self_attn(x, kv, span))
        y = self.mlp(self.pre_feedforward_layernorm(h))
        if "router" in self:
            y = self.post_feedforward_layernorm_1(y) + self._experts(h)
        h = h + self.post_feedforward_layernorm(y)
        if ple is not None:
            y = self.per_layer_projection(gelu_gate(self.per_layer_input_gate(h), ple))
            h = h + self.post_per_layer_input_norm(y)
        return h * self.layer_scalar if "layer_scalar" in self else h

    def _experts(self, h: mx.array) -> mx.array:
        flat = h.reshape(-1, h.shape[-1])
        chosen, weights = self.router(flat)
        y = self.experts(self.pre_feedforward_layernorm_2(flat), chosen, weights)
        out: mx.array = self.post_feedforward_layernorm_2(y.reshape(h.shape))
        return out


def embedding_scale(hidden: int, dtype: mx.Dtype) -> float:
    """√hidden, rounded to the type of the weights as the reference does it."""
    root: float = mx.array(hidden**0.5, dtype=dtype).astype(mx.float32).item()  # type: ignore[assignment]
    return root if dtype == mx.bfloat16 else hidden**0.5


class Decoder(Layer):
    """Token ids (or ready embeddings) in, hidden states and logits out."""

    def __init__(
        self, config: TextConfig, weights: Weights, ple_table: PerLayerTable | None
    ) -> None:
        super().__init__()
        self._config = config
        self.embed_tokens = weights.embedding("embed_tokens")
        self.layers = [
            DecoderLayer(config, i, weights.scope(f"layers.{i}")) for i in range(len(config.layers))
        ]
        self.norm = weights.norm("norm")
        self._scale = embedding_scale(config.hidden, self.embed_tokens.dtype)
        self._ple_table = ple_table
        if config.ple_dim:
            self.per_layer_model_projection = weights.linear("per_layer_model_projection")
            self.per_layer_projection_norm = weights.norm("per_layer_projection_norm")

    @property
    def last_producer(self) -> int:
        """Index of the last layer that writes keys and values; later ones serve logits only."""
        return self._config.first_shared - 1

    def make_caches(self) -> list[Cache]:
        """One cache for each layer that makes its own keys and values."""
        return [
            SlidingKVCache(self._config.window) if layer.kind == "sliding" else KVCache()
            for layer in self._config.layers[: self._config.first_shared]
        ]

    def embed(self, ids: mx.array) -> mx.array:
        """Scaled embeddings of ids [B, L] -> [B, L, H]."""
        return self.embed_tokens(ids) * self._scale

    def per_layer_inputs(self, plain_ids: mx.array, h: mx.array) -> list[mx.array] | None:
        """N per-layer embeddings [B, L, D] from ids (media replaced by pad) and embeddings."""
        if self._ple_table is None:
            return None
        size = self._config.ple_dim
        shape = (*h.shape[:2], len(self._config.layers), size)
        tokens = self._ple_table(plain_ids).astype(h.dtype).reshape(shape) * size**0.5
        context = self.per_layer_model_projection(h) * self._config.hidden**-0.5
        context = self.per_layer_projection_norm(context.reshape(shape))
        inputs = ((tokens + context) * 2**-0.5).reshape(*h.shape[:2], -1)
        return list(mx.split(inputs, len(self._config.layers), axis=-1))

    def __call__(
        self,
        h: mx.array,
        ple: Sequence[mx.array] | None,
        caches: Sequence[Cache],
        span: Span,
        rows: int,
    ) -> mx.array | None:
        """Run the span and return the normed hidden states of its last `rows` positions.

        h is [B, L, H], ple N times [B, L, D]. With rows = 0 only the caches are filled: the layers
        after the last one that writes keys and values are not touched at all.
        """
        kvs: dict[int, KV] = {}
        for i, layer in enumerate(self.layers):
            donor = self._config.layers[i].kv_donor
            x = layer.input_layernorm(h)
            if donor is None:
                kvs[i] = layer.self_attn.keys_values(x, caches[i], span)
            if i == self.last_producer:
                if rows == 0:
                    return None
                h, x = h[:, -rows:], x[:, -rows:]
            p = None if ple is None else ple[i]
            if p is not None and p.shape[1] != h.shape[1]:
                p = p[:, -h.shape[1] :]
            h = layer(h, x, kvs[i if donor is None else donor], span, p)
        out: mx.array = self.norm(h)
        return out

    def logits(self, hidden: mx.array) -> mx.array:
        """Normed hidden states [B, L, H] -> soft-capped logits [B, L, V] in float32."""
        y = self.embed_tokens.as_head(hidden).astype(mx.float32)
        cap = self._config.softcap
        return y if cap is None else mx.tanh(y / cap) * cap
