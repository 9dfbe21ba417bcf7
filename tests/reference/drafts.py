"""Drafts of an MTP assistant: what it is fed by its target and what it answers, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import Gemma4AssistantForCausalLM, Gemma4ForConditionalGeneration

from tests.reference.cases import Batch
from tests.reference.observe import as_array, choose

DRAFT_STEPS = 4


def drafts(
    target: Gemma4ForConditionalGeneration, assistant: Gemma4AssistantForCausalLM, batch: Batch
) -> dict[str, np.ndarray]:
    """One round of DRAFT_STEPS drafts after the prompt in `batch`, as transformers drafts.

    The query stands at the bonus token's position in every step: the number of cached tokens.
    """
    seen = target(**batch, use_cache=False, output_hidden_states=True, return_shared_kv_states=True)
    shared = {kind: seen.shared_kv_states[kind] for kind in ("sliding_attention", "full_attention")}
    hidden, token = seen.hidden_states[-1][:, -1:], choose(seen.logits[0, -1])
    position = torch.tensor([[batch["input_ids"].shape[1]]])
    found: dict[str, list[Tensor]] = {"draft_ids": [], "draft_logits": [], "draft_hidden": []}
    first = {"hidden": hidden[0, 0], "bonus": token, "sliding_visible": _visible(assistant, shared)}
    for _ in range(DRAFT_STEPS):
        embedding = target.get_input_embeddings()(token[None, None])
        step = assistant(
            inputs_embeds=torch.cat([embedding, hidden], dim=-1),
            position_ids=position,
            shared_kv_states=shared,
        )
        hidden, token = step.last_hidden_state, choose(step.logits[0, 0])
        for name, value in (
            ("ids", token),
            ("logits", step.logits[0, 0]),
            ("hidden", hidden[0, 0]),
        ):
            found[f"draft_{name}"].append(value)
    arrays = first | {name: torch.stack(values) for name, values in found.items()}
    for kind, (keys, values) in shared.items():
        arrays |= {f"keys_{kind.split('_')[0]}": keys[0], f"values_{kind.split('_')[0]}": values[0]}
    arrays |= {"ids": batch["input_ids"][0]}
    return {name: as_array(value) for name, value in arrays.items()}


def _visible(assistant: Any, shared: dict[str, tuple[Tensor, Tensor]]) -> Tensor:
    """Which of the target's keys [L] the drafter's sliding layers see."""
    width = assistant.config.get_text_config().hidden_size
    masks = assistant.create_attention_masks(torch.zeros(1, 1, width), None, shared)
    return torch.eq(masks["sliding_attention"][0, 0, 0], 0)
