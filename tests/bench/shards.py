"""A safetensors writer that never holds a tensor: headers from the specs, numbers as drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.bench.draw import TensorSpec, pieces

SHARD_BYTES = 5 << 30


def write_shards(
    folder: Path,
    specs: Sequence[TensorSpec],
    *,
    seed: int,
    layout: str,
    shard_bytes: int = SHARD_BYTES,
) -> int:
    """Writes the tensors and `model.safetensors.index.json`; returns the bytes of tensor data.

    `layout` is the `format` entry of each file's metadata: "mlx" or "pt". A shard is closed before
    it would grow beyond `shard_bytes`, but holds at least one tensor.
    """
    shards = _split(specs, shard_bytes)
    weight_map: dict[str, str] = {}
    for number, shard in enumerate(shards, start=1):
        name = (
            "model.safetensors"
            if len(shards) == 1
            else f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        )
        _write_shard(folder / name, shard, seed, layout)
        weight_map |= {spec.name: name for spec in shard}
    total = sum(spec.size_bytes for spec in specs)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))
    return total


def _split(specs: Sequence[TensorSpec], shard_bytes: int) -> list[list[TensorSpec]]:
    shards: list[list[TensorSpec]] = []
    filled = shard_bytes
    for spec in specs:
        if filled + spec.size_bytes > shard_bytes:
            shards.append([])
            filled = 0
        shards[-1].append(spec)
        filled += spec.size_bytes
    return shards


def _write_shard(path: Path, specs: Sequence[TensorSpec], seed: int, layout: str) -> None:
    header: dict[str, object] = {"__metadata__": {"format": layout}}
    end = 0
    for spec in specs:
        start, end = end, end + spec.size_bytes
        header[spec.name] = {
            "dtype": spec.dtype,
            "shape": list(spec.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for spec in specs:
            for piece in pieces(spec, seed):
                file.write(piece.data)
