"""Runs transformers on one case and keeps what is worth comparing, in float32 without a cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import Gemma4ForConditionalGeneration

from tests.reference.archive import Arrays
from tests.reference.cases import Batch, Case
from tests.reference.vocabulary import MEDIA_IDS

GREEDY_STEPS = 24
VISION_PATCHES, VISION_STRIDE = 540, 27  # of the first picture, whose layer outputs are kept
_Log = dict[str, list[Tensor]]


def observe(
    model: Gemma4ForConditionalGeneration, case: Case, batch: Batch
) -> dict[str, np.ndarray]:
    """Ids, type ids, logits and whatever else the flags of `case` ask for."""
    with _recording(model) as log:
        logits = model(**batch, use_cache=False).logits[0]
    positions = _kept(len(logits), case.stride)
    found = {
        "ids": batch["input_ids"][0],
        "type_ids": batch["mm_token_type_ids"][0],
        "positions": positions,
        "logits": logits[positions],
    }
    if case.towers:
        found |= _towers(log)
    if case.layers:
        found |= _layers(log)
    if case.greedy:
        found |= {f"greedy_{key}": value for key, value in greedy(model, batch).items()}
    return {name: as_array(value) for name, value in found.items()}


def greedy(model: Gemma4ForConditionalGeneration, batch: Batch) -> dict[str, Tensor]:
    """Continue by argmax with a KV cache, never a media token, past every stop token.

    Returns `ids` [GREEDY_STEPS] and the `logits` [GREEDY_STEPS, V] each was chosen from.
    """
    step = model(**batch, use_cache=True, logits_to_keep=1)
    chosen, logits = [], []
    for _ in range(GREEDY_STEPS):
        logits.append(step.logits[0, -1])
        chosen.append(choose(logits[-1]))
        step = model(
            input_ids=chosen[-1][None, None], past_key_values=step.past_key_values, use_cache=True
        )
    return {"ids": torch.stack(chosen), "logits": torch.stack(logits)}


def choose(logits: Tensor) -> Tensor:
    """Most likely id among those that are no media token."""
    allowed = logits.clone()
    allowed[list(MEDIA_IDS)] = -torch.inf
    best: Tensor = torch.argmax(allowed)
    return best


def as_array(value: Tensor) -> np.ndarray:
    """Numpy array of `value`, integers as int32."""
    array = value.numpy()
    return array.astype(np.int32) if array.dtype.kind == "i" else array


def _kept(length: int, stride: int) -> Tensor:
    """Every n-th position, and the last."""
    kept: Tensor = torch.unique(torch.tensor([*range(0, length, stride), length - 1]))
    return kept


@contextmanager
def _recording(model: Gemma4ForConditionalGeneration) -> Iterator[_Log]:
    """Log the outputs of named modules, batch axis dropped, while the context is open."""
    log: _Log = {}

    def keep(name: str, tensor: Tensor) -> None:
        log.setdefault(name, []).append(tensor.detach().clone())

    def output_of(name: str, module: nn.Module) -> Any:
        def hook(_module: nn.Module, _args: Any, output: Any) -> None:
            keep(name, getattr(output, "last_hidden_state", output))
            if name == "audio_pooled":
                keep("audio_valid", output.attention_mask)

        return module.register_forward_hook(hook)

    def layer_inputs(_module: nn.Module, args: tuple[Tensor, ...]) -> None:
        if "hidden" not in log:
            keep("hidden", args[0])
        if args[1] is not None:
            keep("ple", args[1])

    core = model.model
    watched = {"normed": [core.language_model.norm], "hidden": core.language_model.layers}
    if core.vision_tower is not None:
        vision = core.vision_tower
        watched["vision_layers"] = [vision.patch_embedder, *vision.encoder.layers]
        watched |= {"vision_pooled": [vision], "vision_soft": [core.embed_vision]}
    if core.audio_tower is not None:
        watched["audio_layers"] = core.audio_tower.layers
        watched |= {"audio_pooled": [core.audio_tower], "audio_soft": [core.embed_audio]}
    handles = [output_of(name, module) for name, modules in watched.items() for module in modules]
    handles += [
        layer.register_forward_pre_hook(layer_inputs) for layer in core.language_model.layers
    ]
    try:
        yield log
    finally:
        for handle in handles:
            handle.remove()


def _towers(log: _Log) -> dict[str, Tensor]:
    """Soft tokens before and after the projector; pictures precede frames, invalid ones dropped."""
    found = {
        name: torch.cat([t.flatten(0, -2) for t in tensors])
        for name, tensors in log.items()
        if name.endswith(("_pooled", "_soft"))
    }
    if "audio_valid" in log:
        valid = log["audio_valid"][0][0]
        found |= {name: found[name][valid] for name in ("audio_pooled", "audio_soft")}
    return found


def _layers(log: _Log) -> dict[str, Tensor]:
    """Outputs of the layers, of a tower if the case has media, else of the decoder."""
    if "vision_layers" in log:
        first = torch.stack([t[0] for t in log["vision_layers"]])
        return {"vision_layers": first[:, :VISION_PATCHES:VISION_STRIDE]}
    if "audio_layers" in log:
        return {"audio_layers": torch.stack([t[0] for t in log["audio_layers"]])}
    found = {
        "hidden": torch.stack([t[0] for t in log["hidden"]]),
        "normed": log["normed"][0][0],
    }
    if "ple" in log:
        found["ple"] = torch.stack([t[0] for t in log["ple"]], dim=1)
    return found


def prefixed(case: str, arrays: Arrays) -> dict[str, np.ndarray]:
    return {f"{case}/{name}": array for name, array in arrays.items()}
