"""A slim float32 forward of the text model, on the parameters of the Hugging Face model.

It gives the same logits with less work. The last layers share the keys and values of earlier ones,
so that nobody reads what they make of a prompt: they run only where an answer is learned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

EPS = 1e-6
LONG = 1500  # tokens from which on scores are not written out


@dataclass(frozen=True)
class Batch:
    """Right-padded conversations, B of at most T tokens, and where something is learned.

    `ids` [B, T] has the pad id at soft tokens; `places` [N] are flat positions b * T + t of soft
    tokens and `soft` maps a sense to (rows of `places`, features [n, D]). `rows` [B, M] are
    positions t whose next token is learned, padded with 0; `targets` [B, M] are those tokens,
    padded with -100.
    """

    ids: Tensor
    places: Tensor
    soft: dict[str, tuple[Tensor, Tensor]]
    rows: Tensor
    targets: Tensor


class Decoder(nn.Module):
    """The text model with both projections; `whole` is the Hugging Face model it borrows from."""

    def __init__(self, whole: Any) -> None:
        super().__init__()
        inner = whole.model
        self.text = inner.language_model
        self.embed_vision = inner.embed_vision
        self.embed_audio = inner.embed_audio
        config = whole.config.text_config
        self.config = config
        self.kinds = list(config.layer_types)
        self.first_shared = config.num_hidden_layers - config.num_kv_shared_layers
        self.donors = {kind: i for i, kind in enumerate(self.kinds[: self.first_shared])}
        self.head_dims = [layer.self_attn.head_dim for layer in self.text.layers]
        self.heads = config.num_attention_heads
        self.tables: dict[tuple[str, int], tuple[Tensor, Tensor]] = {}

    def forward(self, batch: Batch) -> Tensor:
        """Logits [B, M, vocabulary] at `batch.rows`."""
        count, length = batch.ids.shape
        hidden = self._embed(batch)
        extra = self._per_layer(batch.ids, hidden)
        positions = torch.arange(length).expand(count, length)
        kept: dict[str, tuple[Tensor, Tensor]] = {}
        for index, layer in enumerate(self.text.layers):
            if index == self.first_shared:
                hidden = _pick(hidden, batch.rows)
                extra = _pick(extra, batch.rows)
                positions = batch.rows
            hidden = self._layer(index, layer, hidden, extra[:, :, index], positions, kept)
        hidden = _norm(hidden, self.text.norm.weight)
        logits = hidden @ self.text.embed_tokens.weight.T
        cap = self.config.final_logit_softcapping
        return torch.tanh(logits / cap) * cap

    def project(self, sense: str, features: Tensor) -> Tensor:
        """Tower outputs [n, D] to decoder rows [n, H]."""
        module = self.embed_vision if sense == "vision" else self.embed_audio
        return functional.linear(_norm(features, None), module.embedding_projection.weight)

    def _embed(self, batch: Batch) -> Tensor:
        width = self.config.hidden_size
        hidden = functional.embedding(batch.ids, self.text.embed_tokens.weight) * math.sqrt(width)
        if len(batch.places) == 0:
            return hidden
        order = [rows for rows, _ in batch.soft.values()]
        projected = [self.project(sense, given) for sense, (_, given) in batch.soft.items()]
        flat = hidden.flatten(0, 1).index_copy(
            0, batch.places[torch.cat(order)], torch.cat(projected)
        )
        return flat.view_as(hidden)

    def _per_layer(self, ids: Tensor, hidden: Tensor) -> Tensor:
        """Per-layer embeddings [B, T, layers, D]."""
        size = self.config.hidden_size_per_layer_input
        shape = (*ids.shape, self.config.num_hidden_layers, size)
        table = functional.embedding(ids, self.text.embed_tokens_per_layer.weight) * math.sqrt(size)
        context = functional.linear(hidden, self.text.per_layer_model_projection.weight)
        context = (context * self.config.hidden_size**-0.5).view(shape)
        context = _norm(context, self.text.per_layer_projection_norm.weight)
        return (table.view(shape) + context) * 2**-0.5

    def _layer(
        self,
        index: int,
        layer: Any,
        hidden: Tensor,
        extra: Tensor,
        positions: Tensor,
        kept: dict[str, tuple[Tensor, Tensor]],
    ) -> Tensor:
        normed = _norm(hidden, layer.input_layernorm.weight)
        mixed = self._attend(index, layer.self_attn, normed, positions, kept)
        hidden = hidden + _norm(mixed, layer.post_attention_layernorm.weight)
        normed = _norm(hidden, layer.pre_feedforward_layernorm.weight)
        gate = functional.gelu(
            functional.linear(normed, layer.mlp.gate_proj.weight), approximate="tanh"
        )
        up = functional.linear(normed, layer.mlp.up_proj.weight)
        made = functional.linear(gate * up, layer.mlp.down_proj.weight)
        hidden = hidden + _norm(made, layer.post_feedforward_layernorm.weight)
        gate = functional.gelu(
            functional.linear(hidden, layer.per_layer_input_gate.weight), approximate="tanh"
        )
        made = functional.linear(gate * extra, layer.per_layer_projection.weight)
        return hidden + _norm(made, layer.post_per_layer_input_norm.weight)

    def _attend(
        self,
        index: int,
        attention: Any,
        normed: Tensor,
        positions: Tensor,
        kept: dict[str, tuple[Tensor, Tensor]],
    ) -> Tensor:
        kind, size = self.kinds[index], self.head_dims[index]
        count, length, _ = normed.shape
        query = functional.linear(normed, attention.q_proj.weight).view(
            count, length, self.heads, size
        )
        cos, sin = self._rope(kind, size, positions)
        query = _rotate(_norm(query, attention.q_norm.weight), cos[:, :, None], sin[:, :, None])
        if index < self.first_shared:
            key = _norm(functional.linear(normed, attention.k_proj.weight), attention.k_norm.weight)
            value = _norm(functional.linear(normed, attention.v_proj.weight), None)
            keys = _rotate(key, cos, sin), value
            if self.donors[kind] == index:
                kept[kind] = keys
        else:
            keys = kept[kind]
        window = self.config.sliding_window if kind == "sliding_attention" else None
        mixed = _attention(query, *keys, positions, window)
        return functional.linear(mixed, attention.o_proj.weight)

    def _rope(self, kind: str, size: int, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and sines [B, T, size / 2]."""
        if (kind, size) not in self.tables:
            rope = self.config.rope_parameters[kind]
            turning = int(rope.get("partial_rotary_factor", 1.0) * size / 2)
            exponents = torch.arange(size // 2) * (2 / size)
            speeds = torch.where(
                torch.arange(size // 2) < turning, rope["rope_theta"] ** -exponents, 0.0
            )
            limit = self.config.max_position_embeddings
            angles = torch.arange(limit)[:, None] * speeds[None]
            self.tables[kind, size] = angles.cos(), angles.sin()
        cos, sin = self.tables[kind, size]
        return cos[positions], sin[positions]


def loss_of(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy over the learned tokens."""
    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


def _norm(x: Tensor, weight: Tensor | None) -> Tensor:
    return functional.rms_norm(x, x.shape[-1:], weight, EPS)


def _pick(x: Tensor, rows: Tensor) -> Tensor:
    """x [B, T, ...] at `rows` [B, M]."""
    return x[torch.arange(len(rows))[:, None], rows]


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    left, right = x.chunk(2, dim=-1)
    return torch.cat((left * cos - right * sin, right * cos + left * sin), dim=-1)


def _attention(
    query: Tensor, key: Tensor, value: Tensor, positions: Tensor, window: int | None
) -> Tensor:
    """query [B, M, heads, d] at `positions` [B, M] over one key head [B, T, d]: [B, M, heads d]."""
    count, length, heads, size = query.shape
    places = torch.arange(key.shape[1])
    open_ = places <= positions[:, :, None]
    if window is not None and key.shape[1] > window:
        open_ = open_ & (places > positions[:, :, None] - window)
    if key.shape[1] > LONG:
        mixed = functional.scaled_dot_product_attention(
            query.transpose(1, 2),
            key[:, None].expand(-1, heads, -1, -1),
            value[:, None].expand(-1, heads, -1, -1),
            attn_mask=open_[:, None],
            scale=1.0,
        )
        return mixed.transpose(1, 2).flatten(2)
    scores = (query.reshape(count, length * heads, size) @ key.mT).view(count, length, heads, -1)
    scores = scores.masked_fill(~open_[:, :, None], -1e30)
    weights = scores.softmax(-1).view(count, length * heads, -1)
    return (weights @ value).view(count, length, heads * size)
