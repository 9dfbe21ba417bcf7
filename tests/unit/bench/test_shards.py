"""Safetensors shards written piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import mlx.core as mx
import numpy as np
from safetensors import safe_open

from tests.bench.draw import Normal, TensorSpec, Words, pieces
from tests.bench.shards import write_shards

SPECS = [
    TensorSpec("a.weight", (8, 4), Words()),
    TensorSpec("a.scales", (8, 2), Normal(1.0)),
    TensorSpec("b", (), Normal(1.0)),
    TensorSpec("c", (5, 3, 2), Normal(1.0)),
]


def test_one_file_reads_back_as_drawn(tmp_path: Path) -> None:
    total = write_shards(tmp_path, SPECS, seed=3, layout="mlx")
    arrays = mx.load(str(tmp_path / "model.safetensors"))
    assert isinstance(arrays, dict)
    assert set(arrays) == {spec.name for spec in SPECS}
    for spec in SPECS:
        array = arrays[spec.name]
        assert array.shape == spec.shape
        assert array.dtype == (mx.uint32 if spec.dtype == "U32" else mx.bfloat16)
        raw = array if spec.dtype == "U32" else array.view(mx.uint16)
        assert np.array_equal(np.array(raw).ravel(), np.concatenate(list(pieces(spec, 3))))
    assert total == sum(array.nbytes for array in arrays.values())


def test_safetensors_accepts_the_file_and_sees_its_layout(tmp_path: Path) -> None:
    write_shards(tmp_path, SPECS, seed=0, layout="pt")
    with safe_open(tmp_path / "model.safetensors", framework="np") as file:
        assert file.metadata() == {"format": "pt"}
        assert file.get_slice("c").get_shape() == [5, 3, 2]


def test_shards_stay_below_their_size_and_the_index_finds_every_tensor(tmp_path: Path) -> None:
    write_shards(tmp_path, SPECS, seed=0, layout="mlx", shard_bytes=160)
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert index["weight_map"].keys() == {spec.name for spec in SPECS}
    files = sorted(tmp_path.glob("*.safetensors"))
    assert [f.name for f in files] == [
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
    ]
    for name, file in index["weight_map"].items():
        arrays = mx.load(str(tmp_path / file))
        assert name in arrays
