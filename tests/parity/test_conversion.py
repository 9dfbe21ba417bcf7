"""A folder that Facet quantised answers as the same network with MLX's own packing, unpacked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import pytest

from inference import RECIPES, convert, load
from inference.checkpoint import Folder, load_weights, open_folder
from tests.fakes.folders import stored_as
from tests.parity import folders
from tests.parity.reference import DATA, FAMILIES, LOGITS, Case, largest
from tests.parity.test_checkpoints import CASES, logits_of


def write_meant(source: Path, made: Folder, to: Path, family: str) -> None:
    """The source with each matrix packed by `mx.quantize` and unpacked again, in float32."""
    folders.copy(family, to)
    weights = {}
    for name, array in load_weights(open_folder(source)).items():
        half = array.astype(mx.bfloat16)
        spec = made.quantized.get(name.removesuffix(".weight"))
        if spec is not None:
            settings = {"group_size": spec.group_size, "bits": spec.bits}
            words, scales, biases = mx.quantize(half, **settings)
            full = [part.astype(mx.float32) for part in (scales, biases)]
            half = mx.dequantize(words, *full, **settings)
        weights[name] = half.astype(mx.float32)
    folders.write(to, stored_as("community", weights), {"format": "mlx"})


@pytest.mark.parametrize("key", ["8bit", "4bit", "3bit", "mixed-4-6"])
@pytest.mark.parametrize("family", FAMILIES)
def test_logits_are_those_of_mlx_packing(family: str, key: str, tmp_path: Path) -> None:
    source = DATA / family
    recipe = replace(RECIPES[key], group_size=32, finds_lattice=False)
    made = open_folder(convert(source, tmp_path / "made", recipe))
    write_meant(source, made, tmp_path / "meant", family)
    assert largest(logits_of(made.path, family), logits_of(tmp_path / "meant", family)) < LOGITS


def test_it_generates_as_any_model(tmp_path: Path) -> None:
    """In the type of its files, with the per-layer table on the disk."""
    target = convert(DATA / "e", tmp_path / "made", RECIPES["8bit"])
    model = load(target, ple="disk")
    tokens = list(model.run(Case("e", CASES["e"]).prompt(), max_tokens=5).tokens())
    assert len(tokens) == 5 or tokens[-1] in model.stop_ids
