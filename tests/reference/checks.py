"""Refuses references a correct implementation could miss by rounding alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from transformers import Gemma4ForConditionalGeneration
from transformers.models.gemma4.modeling_gemma4 import Gemma4TextRouter

from tests.reference.archive import Arrays
from tests.reference.cases import Batch
from tests.reference.vocabulary import MEDIA_IDS

_CACHE_TOLERANCE = 1e-5
_MIN_GREEDY_GAP = 5e-3  # logits; fifty times the tolerance of the tests
_MIN_ROUTER_GAP = 2e-5  # probability
_STD_RANGE = (0.8, 1.3)


def check_spread(arrays: Arrays) -> None:
    """Logits of every case spread like a trained model's, and nothing is NaN or infinite."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} is not finite")
        if name.endswith("/logits") and not _STD_RANGE[0] < array.std() < _STD_RANGE[1]:
            raise ValueError(f"{name} has a standard deviation of {array.std():.3f}")


def check_gaps(arrays: Arrays) -> None:
    """No greedy or drafted id wins by a hair."""
    for name, array in arrays.items():
        if name.endswith(("greedy_logits", "draft_logits")):
            ranked = np.sort(np.delete(array, MEDIA_IDS, axis=-1))
            gap = (ranked[:, -1] - ranked[:, -2]).min()
            if gap < _MIN_GREEDY_GAP:
                raise ValueError(f"{name}: first and second choice are {gap:.1e} apart")


def check_cache(
    model: Gemma4ForConditionalGeneration, batch: Batch, found: Mapping[str, np.ndarray]
) -> None:
    """The greedy logits, made with a cache, equal one run over all ids without."""
    chosen = torch.from_numpy(found["greedy_ids"]).long()[None, :-1]
    whole = dict(batch)
    whole["input_ids"] = torch.cat([batch["input_ids"], chosen], dim=1)
    whole["mm_token_type_ids"] = torch.cat(
        [batch["mm_token_type_ids"], torch.zeros_like(chosen)], dim=1
    )
    steps = len(found["greedy_ids"])
    logits = model(**whole, use_cache=False).logits[0, -steps:].numpy()
    error = np.abs(logits - found["greedy_logits"]).max()
    if error > _CACHE_TOLERANCE:
        raise ValueError(f"cached and uncached logits differ by {error:.1e}")


class RouterGap:
    """Remembers the closest call between an expert that was chosen and one that was not."""

    def __init__(self, model: nn.Module) -> None:
        self.smallest = float("inf")
        for module in model.modules():
            if isinstance(module, Gemma4TextRouter):
                module.register_forward_hook(self._hook)

    def _hook(
        self, _module: Gemma4TextRouter, _args: object, output: tuple[Tensor, Tensor, Tensor]
    ) -> None:
        k = output[2].shape[-1]
        ranked = output[0].sort(dim=-1, descending=True).values
        self.smallest = min(self.smallest, (ranked[:, k - 1] - ranked[:, k]).min().item())

    def check(self) -> None:
        if self.smallest < _MIN_ROUTER_GAP:
            raise ValueError(f"two experts are {self.smallest:.1e} apart")
