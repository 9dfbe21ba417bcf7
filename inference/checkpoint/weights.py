"""Lazy MLX arrays of a checked folder, under canonical names and in MLX layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import mlx.core as mx
import numpy as np

from inference.checkpoint.disk import Stamp, stamp_of
from inference.checkpoint.expected import TOKEN_ORDERING
from inference.checkpoint.folder import WeightFolder
from inference.checkpoint.header import TensorRef
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.refusal import refusal, shown
from inference.errors import CheckpointError

_DTYPES = {
    "BF16": mx.bfloat16,
    "F32": mx.float32,
    "U32": mx.uint32,
    "U8": mx.uint8,
    "I32": mx.int32,
    "I64": mx.int64,
}


def load_weights(folder: WeightFolder, prefix: str = "") -> dict[str, mx.array]:
    """Canonical name -> array for every tensor of `folder` whose name starts with `prefix`.

    Only files that hold such a tensor are opened. Arrays are lazy, except that a drafter's token
    ordering is read and must be a permutation of the vocabulary (MLX gathers by it unchecked).
    Raises CheckpointError when a file is no longer the one that was checked.
    """
    sources = {name: s for name, s in folder.tensors.items() if name.startswith(prefix)}
    parts = [part for source in sources.values() for part in source.parts]
    stored = {
        file: _load_file(file, folder.stamps[file], [p for p in parts if p.file == file])
        for file in sorted({part.file for part in parts})
    }
    arrays = {name: _built(source, stored) for name, source in sources.items()}
    if TOKEN_ORDERING in arrays:
        _check_permutation(arrays[TOKEN_ORDERING])
    return arrays


def _load_file(file: Path, stamp: Stamp, parts: Iterable[TensorRef]) -> Mapping[str, mx.array]:
    """The file's arrays. It must be unchanged before and after MLX opened it."""
    _check_unchanged(file, stamp)
    try:
        loaded = mx.load(str(file), format="safetensors")
    except (RuntimeError, ValueError) as error:
        raise refusal(f"The weight file {shown(file.name)} cannot be read") from error
    _check_unchanged(file, stamp)
    assert isinstance(loaded, dict)  # the format decides what mx.load returns
    for part in parts:
        array = loaded.get(part.name)
        if array is None or array.shape != part.shape or array.dtype != _DTYPES[part.dtype]:
            raise _changed(file)
    return loaded


def _check_unchanged(file: Path, stamp: Stamp) -> None:
    try:
        now = stamp_of(file.stat(follow_symlinks=False))
    except OSError as error:
        raise refusal(f"The weight file {shown(file.name)} is gone") from error
    if now != stamp:
        raise _changed(file)


def _changed(file: Path) -> CheckpointError:
    return refusal(
        f"The weight file {shown(file.name)} was changed after it had been checked",
        "Open the model again.",
    )


def _built(source: TensorSource, stored: Mapping[Path, Mapping[str, mx.array]]) -> mx.array:
    arrays = [stored[part.file][part.name] for part in source.parts]
    array = arrays[0] if len(arrays) == 1 else mx.concatenate(arrays, axis=source.axis)
    return array if source.axes is None else mx.transpose(array, source.axes)


def _check_permutation(ordering: mx.array) -> None:
    ids = np.sort(np.array(ordering))
    if not np.array_equal(ids, np.arange(ids.size)):
        raise refusal("The assistant's token ordering does not list every token once")
