"""From a checked folder to a network: data types, quantised modules, the per-layer table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import mlx.core as mx

from inference.checkpoint import DrafterFolder, Folder, TensorSource, load_weights
from inference.errors import CheckpointError
from inference.models.gemma4.config import DrafterConfig, ModelConfig
from inference.models.gemma4.drafter import Drafter
from inference.models.gemma4.network import Gemma4
from inference.models.gemma4.ple import MappedArray, MappedTable, PerLayerTable, ResidentTable
from inference.models.gemma4.weights import Weights

DTypeName = Literal["bfloat16", "float32"]

_PLE = "language_model.embed_tokens_per_layer"
_PLE_ON_DISK_FROM = 64 * 1024 * 1024  # a smaller table is not worth a read per token


def build_network(folder: Folder, dtype: DTypeName | None, ple: str) -> Gemma4:
    """The network of a folder on lazy arrays. `ple` is "auto", "disk" or "memory"."""
    target = _dtype(dtype)
    on_disk = _ple_on_disk(folder, ple)
    arrays = {
        name: _cast(array, target)
        for name, array in load_weights(folder).items()
        if not (on_disk and name.startswith(f"{_PLE}."))
    }
    own = arrays["language_model.norm.weight"].dtype
    weights = Weights(arrays, folder.quantized, eps=folder.config.text.eps, dtype=own)
    table: PerLayerTable | None = None
    if on_disk:
        table = _mapped_table(folder, own)
    elif folder.config.text.ple_dim:
        table = ResidentTable(weights.embedding(_PLE))
    return Gemma4(folder.config, weights, table)


def build_drafter(folder: DrafterFolder, target: ModelConfig, dtype: DTypeName | None) -> Drafter:
    """The draft network. Raises CheckpointError if it was made for another model."""
    _check_match(folder.config, target)
    cast = _dtype(dtype)
    arrays = {name: _cast(array, cast) for name, array in load_weights(folder).items()}
    own = arrays["norm.weight"].dtype
    weights = Weights(arrays, folder.quantized, eps=folder.config.text.eps, dtype=own)
    return Drafter(folder.config, weights)


def _check_match(drafter: DrafterConfig, target: ModelConfig) -> None:
    text = target.text
    own = {layer.kind: (layer.kv_heads, layer.head_dim) for layer in text.layers}
    fits = (
        drafter.backbone == text.hidden
        and drafter.text.vocab == text.vocab
        and all(own[x.kind] == (x.kv_heads, x.head_dim) for x in drafter.text.layers)
    )
    if not fits:
        raise CheckpointError(
            "This draft model was made for another size of Gemma 4.",
            "Choose the assistant with the same size in its name, or go on without one.",
        )


def _dtype(name: DTypeName | None) -> mx.Dtype | None:
    return None if name is None else {"bfloat16": mx.bfloat16, "float32": mx.float32}[name]


def _cast(array: mx.array, dtype: mx.Dtype | None) -> mx.array:
    """Convert floating arrays; packed words, fp8 scales and indices stay as they are."""
    if dtype is None or not mx.issubdtype(array.dtype, mx.floating):
        return array
    return array.astype(dtype)


def _ple_on_disk(folder: Folder, place: str) -> bool:
    source = folder.tensors.get(f"{_PLE}.weight")
    if source is None or place == "memory" or not _is_plain(folder.tensors):
        return False
    return place == "disk" or source.parts[0].size_bytes >= _PLE_ON_DISK_FROM


def _is_plain(tensors: Mapping[str, TensorSource]) -> bool:
    sources = [
        tensors[f"{_PLE}.{x}"] for x in ("weight", "scales", "biases") if f"{_PLE}.{x}" in tensors
    ]
    return all(len(s.parts) == 1 and s.transform == "none" for s in sources)


def _mapped_table(folder: Folder, dtype: mx.Dtype) -> MappedTable:
    def mapped(suffix: str) -> MappedArray | None:
        source = folder.tensors.get(f"{_PLE}.{suffix}")
        if source is None:
            return None
        ref = source.parts[0]
        return MappedArray(ref.file, ref.offset, (ref.shape[0], ref.shape[1]), ref.dtype)

    weight = mapped("weight")
    assert weight is not None
    packing = folder.quantized.get(_PLE)
    return MappedTable(weight, mapped("scales"), mapped("biases"), packing, dtype=dtype)
