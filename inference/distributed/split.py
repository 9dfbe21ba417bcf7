"""Which part of a decoder each rank holds: plain arithmetic over the configuration.

Heads are divided with their keys and values, which are held twice where a layer has fewer KV
heads than there are ranks; feed-forward and experts by their inner width; the vocabulary by rows.
A packed matrix is cut between its groups only. Norms, router, per-layer inputs are everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from inference.errors import CheckpointError
from inference.models.gemma4.config import LayerConfig, ModelConfig, TextConfig

PREFIX = "language_model"
_CHOOSE = "Use two, or another size or quantization of the model."


@dataclass(frozen=True, slots=True)
class Share:
    """Rank `rank` of `size`."""

    rank: int
    size: int


class Grouped(Protocol):
    """A packed module: so many elements of a row share a scale."""

    @property
    def group_size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cut:
    """What to keep of a matrix: the elements of `spans` along `axis`, one stretch after the other.

    Negative axes count from the end; numbers are elements, however they are packed.
    """

    axis: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of one rank in one layer: query heads first … end − 1 and their KV heads."""

    first: int
    end: int
    kv_first: int
    kv_end: int

    @property
    def count(self) -> int:
        return self.end - self.first

    @property
    def kv_count(self) -> int:
        return self.kv_end - self.kv_first


def portion(count: int, rank: int, size: int) -> tuple[int, int]:
    """Begin and end of the rank's part of `count` things; earlier ranks get one more."""
    each, more = divmod(count, size)
    begin = rank * each + min(rank, more)
    return begin, begin + each + (rank < more)


def divide_heads(layer: LayerConfig, share: Share) -> Heads:
    """Whole groups of query heads with their KV head, or parts of one group where ranks are many.

    Raises CheckpointError when a rank would get no head.
    """
    group = layer.heads // layer.kv_heads
    if layer.kv_heads >= share.size:
        first, end = portion(layer.kv_heads, share.rank, share.size)
        return Heads(first * group, end * group, first, end)
    for kv in range(layer.kv_heads):
        low, high = portion(share.size, kv, layer.kv_heads)
        if low <= share.rank < high:
            begin, end = portion(group, share.rank - low, high - low)
            if begin == end:
                break
            return Heads(kv * group + begin, kv * group + end, kv, kv + 1)
    raise _indivisible(share, f"{layer.heads} heads")


def divide_width(width: int, unit: int, share: Share, what: str) -> tuple[int, int]:
    """The rank's stretch of a feed-forward's inner width, in whole units (groups)."""
    begin, end = portion(width // unit, share.rank, share.size)
    if begin == end or width % unit:
        raise _indivisible(share, f"{what} of {width} in groups of {unit}")
    return begin * unit, end * unit


def vocabulary(vocab: int, share: Share) -> tuple[int, int]:
    """The rank's rows of the embedding. Every rank has as many, the last ones perhaps fewer."""
    rows = -(-vocab // share.size)
    return min(share.rank * rows, vocab), min((share.rank + 1) * rows, vocab)


def local_config(config: ModelConfig, packed: Mapping[str, Grouped], share: Share) -> ModelConfig:
    """The network of one rank: fewer heads, narrower feed-forward; only rank 0 has senses."""
    text = config.text
    layers = tuple(_local_layer(text, i, packed, share) for i in range(len(text.layers)))
    moe = text.moe
    if moe is not None:
        begin, end = _expert_width(text, 0, packed, share)
        moe = replace(moe, ffn=end - begin)
    local = replace(config, text=replace(text, layers=layers, moe=moe))
    return local if share.rank == 0 else replace(local, vision=None, audio=None)


def cuts(config: ModelConfig, packed: Mapping[str, Grouped], share: Share) -> dict[str, Cut]:
    """Canonical module path -> what this rank keeps of its matrix; all other modules are whole.

    Raises CheckpointError when the model cannot be divided among so many.
    """
    text = config.text
    found = {f"{PREFIX}.embed_tokens": Cut(0, (vocabulary(text.vocab, share),))}
    for i, layer in enumerate(text.layers):
        heads, (low, high) = divide_heads(layer, share), _ffn_width(text, i, packed, share)
        size, base = layer.head_dim, f"{PREFIX}.layers.{i}"
        queries = (heads.first * size, heads.end * size)
        keys = Cut(0, ((heads.kv_first * size, heads.kv_end * size),))
        _check_groups(f"{base}.self_attn.o_proj", queries, packed, share)
        found |= {
            f"{base}.self_attn.q_proj": Cut(0, (queries,)),
            f"{base}.self_attn.o_proj": Cut(-1, (queries,)),
            f"{base}.mlp.gate_proj": Cut(0, ((low, high),)),
            f"{base}.mlp.up_proj": Cut(0, ((low, high),)),
            f"{base}.mlp.down_proj": Cut(-1, ((low, high),)),
        }
        if layer.kv_donor is None:
            found |= {f"{base}.self_attn.{name}": keys for name in ("k_proj", "v_proj")}
        if text.moe is not None:
            low, high = _expert_width(text, i, packed, share)
            up = text.moe.ffn
            found[f"{base}.experts.gate_up_proj"] = Cut(-2, ((low, high), (up + low, up + high)))
            found[f"{base}.experts.down_proj"] = Cut(-1, ((low, high),))
    return found


def _local_layer(
    text: TextConfig, index: int, packed: Mapping[str, Grouped], share: Share
) -> LayerConfig:
    layer = text.layers[index]
    heads = divide_heads(layer, share)
    begin, end = _ffn_width(text, index, packed, share)
    return replace(layer, heads=heads.count, kv_heads=heads.kv_count, ffn=end - begin)


def _ffn_width(
    text: TextConfig, index: int, packed: Mapping[str, Grouped], share: Share
) -> tuple[int, int]:
    unit = _unit(f"{PREFIX}.layers.{index}.mlp.down_proj", packed)
    return divide_width(text.layers[index].ffn, unit, share, "a feed-forward")


def _expert_width(
    text: TextConfig, index: int, packed: Mapping[str, Grouped], share: Share
) -> tuple[int, int]:
    assert text.moe is not None
    unit = _unit(f"{PREFIX}.layers.{index}.experts.down_proj", packed)
    return divide_width(text.moe.ffn, unit, share, "experts")


def _unit(module: str, packed: Mapping[str, Grouped]) -> int:
    return packed[module].group_size if module in packed else 1


def _check_groups(
    module: str, span: tuple[int, int], packed: Mapping[str, Grouped], share: Share
) -> None:
    unit = _unit(module, packed)
    if span[0] % unit or span[1] % unit:
        raise _indivisible(share, f"heads in groups of {unit}")


def _indivisible(share: Share, what: str) -> CheckpointError:
    return CheckpointError(
        f"This model cannot be divided among {share.size} computers: it has {what}.", _CHOOSE
    )
