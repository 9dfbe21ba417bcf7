"""One rank's weights: the divided matrices by range, everything else as it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import mlx.core as mx

from inference.checkpoint import Folder, QuantSpec, load_weights
from inference.checkpoint.ranges import read_spans
from inference.distributed.split import PREFIX, Cut, Share, cuts

_SENSES = ("vision_tower.", "embed_vision.", "audio_tower.", "embed_audio.")
_WORD_BITS = 32


def load_share(
    folder: Folder,
    share: Share,
    cast: Callable[[str, mx.array], mx.array],
    on_part: Callable[[float], None] = lambda _fraction: None,
) -> dict[str, mx.array]:
    """Canonical name -> array of what the rank holds.

    The divided matrices are in memory on return, each read and cast before the next, so that the
    peak is this rank's share and one matrix; `on_part` hears the fraction done. The rest is lazy.
    Only rank 0 gets the towers. Raises CheckpointError.
    """
    plan = cuts(folder.config, folder.quantized, share)
    names = [name for name in folder.tensors if name.rpartition(".")[0] in plan]
    arrays = {
        name: array
        for name, array in load_weights(folder, "" if share.rank == 0 else PREFIX).items()
        if name.rpartition(".")[0] not in plan
    }
    whole = {name: cast(name, array) for name, array in arrays.items()}
    for number, name in enumerate(names, start=1):
        module, _, suffix = name.rpartition(".")
        array = _read(folder, name, stored_cut(plan[module], suffix, folder.quantized.get(module)))
        whole[name] = cast(name, array)
        mx.eval(whole[name])
        del array
        on_part(number / len(names))
    mx.clear_cache()
    return whole


def stored_cut(cut: Cut, suffix: str, packing: QuantSpec | None) -> Cut:
    """The cut in stored elements: along a packed row these are words, or scales of groups."""
    if packing is None or cut.axis != -1:
        return cut
    size = packing.group_size

    def scaled(elements: int) -> int:
        if suffix == "weight":
            return elements * packing.bits // _WORD_BITS
        return elements // size

    return Cut(cut.axis, tuple((scaled(begin), scaled(end)) for begin, end in cut.spans))


def fingerprint(folder: Folder) -> str:
    """The same on every computer that has the same model: digest of its table of tensors."""
    digest = hashlib.sha256(repr(folder.config).encode())
    for name, source in sorted(folder.tensors.items()):
        parts = [(p.file.name, p.dtype, p.shape, p.offset, p.size_bytes) for p in source.parts]
        digest.update(repr((name, parts, folder.quantized.get(name))).encode())
    return digest.hexdigest()


def share_bytes(folder: Folder, share: Share) -> int:
    """Bytes of weights that the rank will hold, as they are stored."""
    plan: Mapping[str, Cut] = cuts(folder.config, folder.quantized, share)
    total = 0
    for name, source in folder.tensors.items():
        if share.rank and name.startswith(_SENSES):
            continue
        size = sum(part.size_bytes for part in source.parts)
        module, _, suffix = name.rpartition(".")
        if module in plan:
            cut = stored_cut(plan[module], suffix, folder.quantized.get(module))
            kept = sum(end - begin for begin, end in cut.spans)
            size = size * kept // source.shape[cut.axis]
        total += size
    return total


def _read(folder: Folder, name: str, cut: Cut) -> mx.array:
    source = folder.tensors[name]
    stamps = [folder.stamps[part.file] for part in source.parts]
    return read_spans(source, stamps, cut.axis, cut.spans)
