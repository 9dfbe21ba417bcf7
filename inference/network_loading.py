"""From a checked folder to a network: data types, quantised modules, the per-layer table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import mlx.core as mx

from inference.checkpoint import DrafterFolder, Folder, TensorSource, WeightFolder, load_weights
from inference.distributed.join import Ranks
from inference.distributed.lead import Lead, LeadNetwork
from inference.distributed.loading import load_share
from inference.distributed.modules import divide
from inference.distributed.split import local_config
from inference.errors import CheckpointError
from inference.models.gemma4.audio import AudioTower
from inference.models.gemma4.config import DrafterConfig, ModelConfig
from inference.models.gemma4.drafter import Drafter
from inference.models.gemma4.network import Gemma4
from inference.models.gemma4.ple import MappedArray, MappedTable, PerLayerTable, ResidentTable
from inference.models.gemma4.vision import VisionTower
from inference.models.gemma4.weights import Weights

DTypeName = Literal["bfloat16", "float32"]

_PLE = "language_model.embed_tokens_per_layer"
_TOWERS = ("vision_tower.", "embed_vision.", "audio_tower.", "embed_audio.")
_PLE_ON_DISK_FROM = 64 * 1024 * 1024  # a smaller table is not worth a read per token


def build_network(folder: Folder, dtype: DTypeName | None, ple: str) -> Gemma4:
    """The network of a folder on lazy arrays. `ple` is "auto", "disk" or "memory"."""
    target = _dtype(dtype)
    arrays = _cast_all(folder, target)
    weights, table = _placed(folder, arrays, ple)
    return Gemma4(folder.config, weights, table)


def build_lead(
    folder: Folder,
    dtype: DTypeName | None,
    ple: str,
    lead: Lead,
    on_part: Callable[[float], None] = lambda _fraction: None,
) -> Gemma4:
    """Rank 0's share of the network; the divided matrices are in memory on return."""
    weights, table, config = _share(folder, dtype, ple, lead.ranks, on_part)
    return LeadNetwork(config, weights, table, lead)


def build_follower(folder: Folder, dtype: DTypeName | None, ple: str, ranks: Ranks) -> Gemma4:
    """Another rank's share of the network: the decoder without senses."""
    weights, table, config = _share(folder, dtype, ple, ranks, lambda _fraction: None)
    network = Gemma4(config, weights, table)
    divide(network.language_model, config.text.vocab, ranks.share, ranks.group)
    return network


def _share(
    folder: Folder,
    dtype: DTypeName | None,
    ple: str,
    ranks: Ranks,
    on_part: Callable[[float], None],
) -> tuple[Weights, PerLayerTable | None, ModelConfig]:
    target, share = _dtype(dtype), ranks.share
    config = local_config(folder.config, folder.quantized, share)
    arrays = load_share(folder, share, _caster(folder, target), on_part)
    return *_placed(folder, arrays, ple), config


def _placed(
    folder: Folder, arrays: dict[str, mx.array], ple: str
) -> tuple[Weights, PerLayerTable | None]:
    """The weights without the per-layer table where that stays on the disk, and the table."""
    on_disk = _ple_on_disk(folder, ple)
    own = arrays["language_model.norm.weight"].dtype
    kept = {n: a for n, a in arrays.items() if not (on_disk and n.startswith(f"{_PLE}."))}
    weights = Weights(kept, folder.quantized, eps=folder.config.text.eps, dtype=own)
    if on_disk:
        return weights, _mapped_table(folder, own)
    table = ResidentTable(weights.embedding(_PLE)) if folder.config.text.ple_dim else None
    return weights, table


def renew_towers(network: Gemma4, folder: Folder, dtype: DTypeName | None) -> None:
    """Put unread towers in the places of those that were used, whose memory is then free.

    Raises CheckpointError, and changes nothing, when a file is not the one that was checked.
    """
    cast = _caster(folder, _dtype(dtype))
    arrays = {
        name: cast(name, array)
        for prefix in _TOWERS
        for name, array in load_weights(folder, prefix).items()
    }
    own = network.language_model.embed_tokens.dtype
    weights = Weights(arrays, folder.quantized, eps=folder.config.text.eps, dtype=own)
    if folder.config.vision is not None and "vision" in network:
        network.vision = VisionTower(folder.config.vision, weights)
    if folder.config.audio is not None and "audio" in network:
        network.audio = AudioTower(folder.config.audio, weights)


def build_drafter(folder: DrafterFolder, target: ModelConfig, dtype: DTypeName | None) -> Drafter:
    """The draft network. Raises CheckpointError if it was made for another model."""
    _check_match(folder.config, target)
    cast = _dtype(dtype)
    arrays = _cast_all(folder, cast)
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


def _cast_all(folder: WeightFolder, dtype: mx.Dtype | None) -> dict[str, mx.array]:
    """Every array of the folder, lazy, in the network's type."""
    cast = _caster(folder, dtype)
    return {name: cast(name, array) for name, array in load_weights(folder).items()}


def _caster(folder: WeightFolder, dtype: mx.Dtype | None) -> Callable[[str, mx.array], mx.array]:
    """Converts floating arrays; packed words, indices, scales and biases stay as they are.

    Wider scales would change no product and take a ninth of a 4-bit model's memory.
    """
    packed = {f"{module}.{part}" for module in folder.quantized for part in ("scales", "biases")}

    def cast(name: str, array: mx.array) -> mx.array:
        if dtype is None or name in packed or not mx.issubdtype(array.dtype, mx.floating):
            return array
        return array.astype(dtype)

    return cast


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
