"""The layers in which the ranks meet: sums behind a divided matrix, a table divided by rows.

Axes: B = 1, L tokens, H hidden, V vocabulary, R the rows that one rank holds.
"""

from __future__ import annotations

import mlx.core as mx
import mlx.nn as nn

from inference.distributed.split import Share, vocabulary
from inference.models.gemma4.layers import Embedding, Layer, QuantizedEmbedding
from inference.models.gemma4.text import Decoder


class Summed(Layer):
    """The sum over all ranks of what `part` computes on each."""

    def __init__(self, part: nn.Module, group: mx.distributed.Group) -> None:
        super().__init__()
        self.part = part
        self._group = group

    def __call__(self, *inputs: mx.array) -> mx.array:
        return mx.distributed.all_sum(self.part(*inputs), group=self._group)


class DividedEmbedding(Layer):
    """A table [V, H] of which this rank holds R rows; lookups are summed, logits gathered."""

    def __init__(
        self,
        table: Embedding | QuantizedEmbedding,
        vocab: int,
        share: Share,
        group: mx.distributed.Group,
    ) -> None:
        super().__init__()
        self.table = table
        self._vocab = vocab
        self._first, self._end = vocabulary(vocab, share)
        self._rows = vocabulary(vocab, Share(0, share.size))[1]
        self._group = group

    @property
    def dtype(self) -> mx.Dtype:
        return self.table.dtype

    def __call__(self, ids: mx.array) -> mx.array:
        """ids [B, L] -> [B, L, H]: every id is in one rank's rows, the others add zeros."""
        mine = (ids >= self._first) & (ids < self._end)
        rows = self.table(mx.where(mine, ids - self._first, 0))
        part = mx.where(mine[..., None], rows, mx.zeros((), rows.dtype))
        return mx.distributed.all_sum(part, group=self._group)

    def as_head(self, x: mx.array) -> mx.array:
        """Hidden states [B, L, H] -> logits [B, L, V], the same on every rank."""
        part = self.table.as_head(x)
        missing = self._rows - part.shape[-1]
        if missing:
            part = mx.pad(part, [(0, 0), (0, 0), (0, missing)])
        gathered = mx.distributed.all_gather(part[None], group=self._group)
        return mx.moveaxis(gathered, 0, 2).reshape(*x.shape[:2], -1)[..., : self._vocab]


def divide(decoder: Decoder, vocab: int, share: Share, group: mx.distributed.Group) -> None:
    """Make a decoder, built from one rank's weights, compute together with the other ranks."""
    for layer in decoder.layers:
        _replace(layer.self_attn, "o_proj", Summed(layer.self_attn.o_proj, group))
        _replace(layer.mlp, "down_proj", Summed(layer.mlp.down_proj, group))
        if "experts" in layer:
            _replace(layer, "experts", Summed(layer.experts, group))
    table = DividedEmbedding(decoder.embed_tokens, vocab, share, group)
    _replace(decoder, "embed_tokens", table)


def _replace(module: nn.Module, name: str, part: nn.Module) -> None:
    setattr(module, name, part)
