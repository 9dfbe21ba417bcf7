"""The weight files of a folder as one table of checked tensors, single file or sharded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.checkpoint.disk import Stamp
from inference.checkpoint.header import MAX_TENSORS, Header, TensorRef, read_header
from inference.checkpoint.json_file import read_json
from inference.checkpoint.refusal import listed, refusal, shown
from inference.checkpoint.survey import FolderFiles

INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"
_SHARD_NAME = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")
_MAX_SHARDS = 200


@dataclass(frozen=True, slots=True)
class StoredWeights:
    """All tensors by their name in the files. `is_mlx`: a file says that MLX wrote it."""

    tensors: Mapping[str, TensorRef]
    stamps: Mapping[Path, Stamp]
    is_mlx: bool


def read_weights(folder: FolderFiles) -> StoredWeights:
    """Read the header of every weight file that belongs to the model; no weight byte is read.

    Raises CheckpointError when a file is missing or damaged or disagrees with the index.
    """
    if INDEX in folder.files:
        table = _weight_map(read_json(folder.files[INDEX]))
        headers = {name: read_header(folder.require(name)) for name in sorted(set(table.values()))}
        _check_index(table, headers)
    elif _SINGLE in folder.files:
        headers = {_SINGLE: read_header(folder.files[_SINGLE])}
    elif any(name.endswith(".safetensors") for name in folder.files):
        raise refusal(f"The folder has neither {_SINGLE} nor {INDEX}")
    else:
        raise refusal(f"The folder {shown(folder.root.name)} holds no weights")
    return _merged(headers.values())


def _weight_map(raw: Mapping[str, Any]) -> dict[str, str]:
    table = raw.get("weight_map")
    if not isinstance(table, dict) or not table:
        raise refusal(f"{INDEX} has no table of tensors")
    for shard in table.values():
        if not isinstance(shard, str) or not _SHARD_NAME.fullmatch(shard):
            raise refusal(f"{INDEX} names {shown(shard)}, which is no usual weight file")
    if len(set(table.values())) > _MAX_SHARDS:
        raise refusal(f"{INDEX} names more than {_MAX_SHARDS} weight files")
    return table


def _check_index(table: Mapping[str, str], headers: Mapping[str, Header]) -> None:
    """Every tensor lies in exactly the file that the index names for it."""
    stored = {name: shard for shard, header in headers.items() for name in header.tensors}
    astray = [name for name, shard in table.items() if name not in headers[shard].tensors]
    if astray:
        raise refusal(f"{INDEX} promises tensors that are not there: {listed(astray)}")
    unlisted = stored.keys() - table.keys()
    if unlisted:
        raise refusal(f"{INDEX} leaves out tensors that are stored: {listed(unlisted)}")


def _merged(headers: Iterable[Header]) -> StoredWeights:
    tensors: dict[str, TensorRef] = {}
    stamps: dict[Path, Stamp] = {}
    is_mlx = False
    for header in headers:
        twice = tensors.keys() & header.tensors.keys()
        if twice:
            raise refusal(f"Two weight files hold the same tensor: {listed(twice)}")
        tensors |= header.tensors
        stamps[header.file] = header.stamp
        is_mlx = is_mlx or header.metadata.get("format") == "mlx"
    if len(tensors) > MAX_TENSORS:
        raise refusal(f"The weight files list more than {MAX_TENSORS} tensors")
    return StoredWeights(tensors, stamps, is_mlx)
