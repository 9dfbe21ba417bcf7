"""The new weight files: how tensors are spread over them, their headers, and their writing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inference.checkpoint.convert.plan import NewTensor, Task

SHARD_BYTES = 5 << 30
INDEX = "model.safetensors.index.json"
# What other programs expect of files that MLX can read without transposing anything.
_METADATA = {"format": "mlx"}
_ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class Shard:
    """One weight file: its header's bytes, and where in the file each tensor begins."""

    name: str
    header: bytes
    offsets: Mapping[str, int]
    tasks: tuple[Task, ...]
    size_bytes: int


def make_shards(tasks: Sequence[Task], shard_bytes: int = SHARD_BYTES) -> tuple[Shard, ...]:
    """The tasks in files of at most `shard_bytes`, or of one task that is larger alone."""
    groups: list[list[Task]] = []
    filled = shard_bytes
    for task in tasks:
        if filled + task.size_bytes > shard_bytes:
            groups.append([])
            filled = 0
        groups[-1].append(task)
        filled += task.size_bytes
    count = len(groups)
    return tuple(_shard(_name(i, count), group) for i, group in enumerate(groups, start=1))


def index_of(shards: Iterable[Shard]) -> bytes:
    """model.safetensors.index.json for the shards."""
    table = {name: shard.name for shard in shards for name in shard.offsets}
    total = sum(task.size_bytes for shard in shards for task in shard.tasks)
    content = {"metadata": {"total_size": total}, "weight_map": dict(sorted(table.items()))}
    return json.dumps(content, indent=2).encode()


def _name(number: int, count: int) -> str:
    return "model.safetensors" if count == 1 else f"model-{number:05}-of-{count:05}.safetensors"


def _shard(name: str, tasks: Sequence[Task]) -> Shard:
    """Wider numbers come first, so that every tensor begins at a multiple of its numbers' size."""
    outputs = [output for task in tasks for output in task.outputs]
    outputs.sort(key=lambda output: output.dtype != "U32")
    entries: dict[str, object] = {"__metadata__": _METADATA}
    begins: dict[str, int] = {}
    end = 0
    for output in outputs:
        begins[output.name], end = end, end + output.size_bytes
        entries[output.name] = _entry(output, begins[output.name])
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    header = len(text).to_bytes(8, "little") + text
    offsets = {output: len(header) + begin for output, begin in begins.items()}
    return Shard(name, header, offsets, tuple(tasks), len(header) + end)


def _entry(output: NewTensor, begin: int) -> dict[str, object]:
    span = [begin, begin + output.size_bytes]
    return {"dtype": output.dtype, "shape": list(output.shape), "data_offsets": span}
