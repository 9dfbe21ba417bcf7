"""The MTP assistant: a four-layer decoder that guesses the next tokens from the target's state.

It has no cache of its own: its layers attend to the keys and values of the target's last
sliding and last full layer that make any. Axes: B = 1, V vocabulary, C centroids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import mlx.core as mx

from inference.models.cache import KV
from inference.models.gemma4.attention import Span
from inference.models.gemma4.config import DrafterConfig, LayerKind
from inference.models.gemma4.layers import Layer
from inference.models.gemma4.text import DecoderLayer
from inference.models.gemma4.weights import Weights

# The reference lets one query of a sliding layer see window + 1 cached keys; a span that ends
# behind the query would give window − 1.
_EXTRA_KEYS = 2


class Drafter(Layer):
    def __init__(self, config: DrafterConfig, weights: Weights) -> None:
        super().__init__()
        self._config = config
        # Every layer borrows, whatever the file says about donors.
        text = replace(
            config.text, layers=tuple(replace(layer, kv_donor=0) for layer in config.text.layers)
        )
        self.embed_tokens = weights.embedding("embed_tokens")
        self.layers = [
            DecoderLayer(text, i, weights.scope(f"layers.{i}")) for i in range(len(text.layers))
        ]
        self.norm = weights.norm("norm")
        self.pre_projection = weights.linear("pre_projection")
        self.post_projection = weights.linear("post_projection")
        if config.centroids:
            masked = weights.scope("masked_embedding")
            self.centroids = masked.linear("centroids")
            self.token_ordering = masked.array("token_ordering")

    def __call__(
        self, embedding: mx.array, hidden: mx.array, shared: Mapping[LayerKind, KV], position: int
    ) -> tuple[mx.array, mx.array]:
        """One draft step.

        embedding [1, 1, backbone]: the target's scaled embedding of the last token; hidden
        [1, 1, backbone]: the target's normed state before it, or this function's second result;
        shared: the target's keys and values per layer kind; position: that of the first token
        not yet in the target's cache, the same for every step of a round.
        Returns logits [1, 1, V] in float32 (no soft cap) and the next `hidden`.
        """
        h = self.pre_projection(mx.concatenate([embedding, hidden], axis=-1))
        span = Span(position, 1, extra_keys=_EXTRA_KEYS)
        for layer, config in zip(self.layers, self._config.text.layers, strict=True):
            h = layer(h, layer.input_layernorm(h), shared[config.kind], span, None)
        y = self.norm(h)
        return self._logits(y), self.post_projection(y)

    def _logits(self, y: mx.array) -> mx.array:
        if not self._config.centroids:
            return self.embed_tokens.as_head(y).astype(mx.float32)
        k = self._config.centroid_top_k
        scores = self.centroids(y)[0, 0]
        clusters = mx.argpartition(-scores, kth=k - 1)[:k]
        ids = self.token_ordering.reshape(self._config.centroids, -1)[clusters].reshape(-1)
        chosen = (self.embed_tokens(ids) @ y[0, 0]).astype(mx.float32)
        # Ids outside the chosen clusters rank below every chosen one, as in the reference.
        logits = mx.full((self._config.text.vocab,), chosen.min() - 1, dtype=mx.float32)
        logits[ids] = chosen
        return logits[None, None]
