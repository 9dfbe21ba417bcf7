"""The list of expected tensors equals what transformers builds for every published size."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from inference.checkpoint import expected_tensors, read_config, read_drafter_config
from inference.checkpoint.expected import is_quantizable
from inference.checkpoint.names import place_of

SHAPES = Path(__file__).parents[3] / "parity" / "data" / "shapes"
SIZES = ("e2b", "e4b", "26b-a4b", "31b")


def in_mlx_layout(name: str, shape: list[int]) -> tuple[int, ...]:
    if name.endswith(".depthwise_conv1d.weight"):
        channels, one, kernel = shape
        return (channels, kernel, one)
    if name.endswith(".conv.weight"):
        out, into, height, width = shape
        return (out, height, width, into)
    return tuple(shape)


@pytest.mark.parametrize("size", [*SIZES, *(f"{size}-assistant" for size in SIZES)])
def test_equals_transformers(size: str) -> None:
    raw = json.loads((SHAPES / f"{size}.config.json").read_text())
    read = read_drafter_config if size.endswith("-assistant") else read_config
    config = read(raw)
    with gzip.open(SHAPES / f"{size}.json.gz") as file:
        stored = json.load(file)
    wanted = {place_of(n, config).name: in_mlx_layout(n, shape) for n, shape in stored.items()}
    assert len(wanted) == len(stored) > 40
    assert expected_tensors(config) == wanted


def test_canonical_names_keep_their_place() -> None:
    config = read_config(json.loads((SHAPES / "26b-a4b.config.json").read_text()))
    for name in expected_tensors(config):
        place = place_of(name, config)
        assert (place.name, place.part) == (name, "whole")


def test_what_may_be_quantised() -> None:
    config = read_config(json.loads((SHAPES / "e2b.config.json").read_text()))
    shapes = expected_tensors(config)
    packed = {name for name, shape in shapes.items() if is_quantizable(name, shape)}
    assert "language_model.embed_tokens.weight" in packed
    assert "vision_tower.encoder.layers.0.mlp.down_proj.linear.weight" in packed
    assert not any("conv.weight" in name or "norm" in name for name in packed)
    assert "vision_tower.patch_embedder.position_embedding_table" not in packed
