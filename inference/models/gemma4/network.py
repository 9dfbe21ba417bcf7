"""One Gemma 4 network: the decoder with the towers its file has, and how media enter it.

Axes: B = 1, L tokens, H decoder width, S soft tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.models.cache import KV, Cache
from inference.models.gemma4.attention import Span
from inference.models.gemma4.audio import AudioTower
from inference.models.gemma4.config import LayerKind, ModelConfig
from inference.models.gemma4.layers import Layer
from inference.models.gemma4.ple import PerLayerTable
from inference.models.gemma4.text import Decoder
from inference.models.gemma4.vision import VisionTower
from inference.models.gemma4.weights import Weights


class Gemma4(Layer):
    """Built from ready arrays; nothing is evaluated before the first forward pass needs it."""

    def __init__(
        self, config: ModelConfig, weights: Weights, ple_table: PerLayerTable | None
    ) -> None:
        super().__init__()
        self._config = config
        self.language_model = Decoder(config.text, weights.scope("language_model"), ple_table)
        if config.vision is not None:
            self.vision = VisionTower(config.vision, weights)
        if config.audio is not None:
            self.audio = AudioTower(config.audio, weights)

    def embed(
        self, ids: NDArray[np.int32], types: NDArray[np.int8], features: mx.array | None
    ) -> tuple[mx.array, list[mx.array] | None]:
        """Embeddings [1, L, H] with media written in, and the per-layer inputs.

        ids and types are [L]; type 0 is text, others are placeholders, whose rows come from
        features [S, H] in order. Features are not scaled, and the per-layer table sees the pad
        id in their place (transformers 5.23, modeling_gemma4).
        """
        plain = mx.array(np.where(types > 0, self._config.ids.pad, ids))[None]
        h = self.language_model.embed(plain)
        slots = np.flatnonzero(types > 0)
        if slots.size:
            if features is None or features.shape[0] != slots.size:
                raise ValueError(f"{slots.size} placeholders for another number of soft tokens")
            h[0, mx.array(slots)] = features.astype(h.dtype)
        return h, self.language_model.per_layer_inputs(plain, h)

    def forward(
        self,
        ids: NDArray[np.int32],
        types: NDArray[np.int8],
        features: mx.array | None,
        caches: Sequence[Cache],
        rows: int,
    ) -> mx.array | None:
        """Run L new tokens after those in the caches.

        Returns the normed hidden states [1, rows, H] of the last `rows` tokens, or None for
        rows = 0. Image blocks must lie in these tokens as a whole.
        """
        blocks: NDArray[np.int32] | None = None
        if self._config.text.bidirectional_vision and len(ids) > 1:
            blocks = image_blocks(types)
        span = Span(caches[0].offset, len(ids), blocks)
        h, ple = self.embed(ids, types, features)
        return self.language_model(h, ple, caches, span, rows)

    def step(self, token: mx.array, caches: Sequence[Cache]) -> mx.array:
        """Hidden state [1, 1, H] after one more text token [1, 1], which may still be lazy."""
        decoder = self.language_model
        h = decoder.embed(token)
        out = decoder(h, decoder.per_layer_inputs(token, h), caches, Span(caches[0].offset, 1), 1)
        assert out is not None
        return out

    def logits(self, hidden: mx.array) -> mx.array:
        """Hidden states [1, L, H] -> logits [1, L, V] in float32."""
        return self.language_model.logits(hidden)

    def shared_kv(self, caches: Sequence[Cache]) -> dict[LayerKind, KV]:
        """The keys and values a drafter reads: of the last layer of each kind that makes any."""
        layers = self._config.text.layers[: len(caches)]
        return {layer.kind: cache.view() for layer, cache in zip(layers, caches, strict=True)}


def image_blocks(types: NDArray[np.int8]) -> NDArray[np.int32]:
    """Number the runs of image (1) and frame (2) placeholders; −1 elsewhere. Shape [L]."""
    vision = (types == 1) | (types == 2)
    starts = vision & ~np.concatenate([[False], vision[:-1]])
    return np.where(vision, np.cumsum(starts) - 1, -1).astype(np.int32)
