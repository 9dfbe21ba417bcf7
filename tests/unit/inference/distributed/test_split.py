"""What each rank holds: together exactly the whole, in whole heads and groups."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import CheckpointError
from inference.distributed.split import (
    Share,
    cuts,
    divide_heads,
    divide_width,
    local_config,
    portion,
    vocabulary,
)
from inference.models.gemma4.config import (
    LayerConfig,
    ModelConfig,
    MoeConfig,
    SpecialIds,
    TextConfig,
    VisionConfig,
)

IDS = SpecialIds(0, 1, 2, 3, 4, 5, None, None, None, None)
SLIDING = LayerConfig("sliding", 32, 16, 256, 21504, 1e4, 128)
FULL = LayerConfig("full", 32, 4, 512, 21504, 1e6, 64, keys_are_values=True)


class Group64:
    group_size = 64


def model(*layers: LayerConfig, moe: MoeConfig | None = None) -> ModelConfig:
    text = TextConfig(
        vocab=262144, hidden=5376, layers=layers, window=1024, max_positions=1, moe=moe
    )
    return ModelConfig(text, VisionConfig(1152, 4304, 27, 16, 72), None, IDS, (1,))


@given(st.integers(0, 500), st.integers(1, 9))
def test_portions_tile_the_whole(count: int, size: int) -> None:
    parts = [portion(count, rank, size) for rank in range(size)]
    assert parts[0][0] == 0
    assert parts[-1][1] == count
    assert all(a[1] == b[0] for a, b in pairwise(parts))
    lengths = [end - begin for begin, end in parts]
    assert max(lengths) - min(lengths) <= 1


@given(st.integers(1, 16), st.integers(1, 8), st.integers(1, 8))
def test_heads_keep_to_their_keys(kv_heads: int, group: int, size: int) -> None:
    layer = replace(SLIDING, heads=kv_heads * group, kv_heads=kv_heads)
    try:
        parts = [divide_heads(layer, Share(rank, size)) for rank in range(size)]
    except CheckpointError:
        assert size > kv_heads  # only where heads of one group are divided further
        return
    queries = [q for part in parts for q in range(part.first, part.end)]
    assert queries == list(range(layer.heads))
    for part in parts:
        # Grouped attention takes query head q to the KV head q // (queries / KV heads).
        assert part.count % part.kv_count == 0
        each = part.count // part.kv_count
        for place, query in enumerate(range(part.first, part.end)):
            assert part.kv_first + place // each == query // group


@pytest.mark.parametrize(
    ("layer", "size", "counts"),
    [
        (SLIDING, 2, [(16, 8), (16, 8)]),
        (FULL, 2, [(16, 2), (16, 2)]),
        (FULL, 4, [(8, 1)] * 4),
        (replace(FULL, heads=16, kv_heads=2), 4, [(4, 1)] * 4),  # 26B-A4B: keys held twice
        (replace(FULL, heads=8, kv_heads=1), 2, [(4, 1), (4, 1)]),  # E2B
        (FULL, 3, [(16, 2), (8, 1), (8, 1)]),
    ],
)
def test_heads_of_real_sizes(layer: LayerConfig, size: int, counts: list[tuple[int, int]]) -> None:
    parts = [divide_heads(layer, Share(rank, size)) for rank in range(size)]
    assert [(part.count, part.kv_count) for part in parts] == counts


def test_widths_are_cut_between_groups() -> None:
    # 26B-A4B's experts have 11 groups of 64.
    parts = [divide_width(704, 64, Share(rank, 2), "experts") for rank in (0, 1)]
    assert parts == [(0, 384), (384, 704)]


def test_a_model_without_enough_groups_is_refused_in_a_sentence() -> None:
    with pytest.raises(CheckpointError, match="cannot be divided among 2 computers"):
        divide_width(64, 64, Share(1, 2), "experts")
    with pytest.raises(CheckpointError, match="cannot be divided among 3 computers"):
        divide_heads(replace(SLIDING, heads=2, kv_heads=1), Share(2, 3))


@given(st.integers(1, 1000), st.integers(1, 8))
def test_vocabulary_rows_tile_and_only_the_last_have_fewer(vocab: int, size: int) -> None:
    parts = [vocabulary(vocab, Share(rank, size)) for rank in range(size)]
    rows = [row for begin, end in parts for row in range(begin, end)]
    assert rows == list(range(vocab))
    assert all(end - begin <= parts[0][1] for begin, end in parts)


def test_the_plan_names_every_divided_matrix() -> None:
    config = model(SLIDING, FULL, moe=MoeConfig(128, 8, 704))
    plan = cuts(config, {"language_model.layers.0.experts.down_proj": Group64()}, Share(1, 2))
    first = "language_model.layers.0"
    assert plan["language_model.embed_tokens"].spans == ((131072, 262144),)
    assert plan[f"{first}.self_attn.q_proj"].spans == ((4096, 8192),)
    assert plan[f"{first}.self_attn.k_proj"].spans == ((2048, 4096),)
    assert plan[f"{first}.self_attn.o_proj"].axis == -1
    assert plan[f"{first}.mlp.down_proj"].spans == ((10752, 21504),)
    # Gate rows and up rows of the same columns of the packed down matrix.
    assert plan[f"{first}.experts.gate_up_proj"].spans == ((384, 704), (1088, 1408))
    assert plan[f"{first}.experts.down_proj"].spans == ((384, 704),)


def test_the_local_network_is_narrower_and_only_rank_0_sees() -> None:
    config = model(SLIDING, FULL, moe=MoeConfig(128, 8, 704))
    first, second = (local_config(config, {}, Share(rank, 2)) for rank in (0, 1))
    assert first.vision is not None
    assert second.vision is None
    layer = second.text.layers[1]
    assert (layer.heads, layer.kv_heads, layer.ffn) == (16, 2, 10752)
    assert second.text.moe == MoeConfig(128, 8, 352)
    assert (second.text.hidden, second.text.vocab) == (5376, 262144)
