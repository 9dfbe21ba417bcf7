"""Configurations of the published sizes and of their assistants, with the tensors each one has."""

from __future__ import annotations

import json
from typing import Any

import torch
from transformers import (
    Gemma4AssistantConfig,
    Gemma4AssistantForCausalLM,
    Gemma4AudioConfig,
    Gemma4Config,
    Gemma4ForConditionalGeneration,
    Gemma4TextConfig,
    Gemma4VisionConfig,
)

from tests.reference.configs import published_style

SIZES = ("e2b", "e4b", "26b-a4b", "31b")

_SLIDING, _FULL = "sliding_attention", "full_attention"
_TEXT: dict[str, dict[str, Any]] = {
    "e2b": {
        "hidden_size": 1536,
        "intermediate_size": 6144,
        "layer_types": ([_SLIDING] * 4 + [_FULL]) * 7,
        "num_attention_heads": 8,
        "num_key_value_heads": 1,
        "num_kv_shared_layers": 20,
        "use_double_wide_mlp": True,
    },
    "e4b": {
        "hidden_size": 2560,
        "intermediate_size": 10_240,
        "layer_types": ([_SLIDING] * 5 + [_FULL]) * 7,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "num_kv_shared_layers": 18,
    },
    "26b-a4b": {
        "hidden_size": 2816,
        "intermediate_size": 2112,
        "layer_types": ([_SLIDING] * 5 + [_FULL]) * 5,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "num_global_key_value_heads": 2,
        "enable_moe_block": True,
        "num_experts": 128,
        "top_k_experts": 8,
        "moe_intermediate_size": 704,
    },
    "31b": {
        "hidden_size": 5376,
        "intermediate_size": 21_504,
        "layer_types": ([_SLIDING] * 5 + [_FULL]) * 10,
        "num_attention_heads": 32,
        "num_key_value_heads": 16,
        "num_global_key_value_heads": 4,
    },
}
_STOP: dict[str, Any] = {"eos_token_id": [1, 106]}
# hidden size, FFN and heads of the assistants
_ASSISTANTS = {
    "e2b": (256, 2048, 4),
    "e4b": (256, 2048, 4),
    "26b-a4b": (1024, 8192, 16),
    "31b": (1024, 8192, 32),
}
_VISION_SMALL: dict[str, Any] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 16,
    "num_attention_heads": 12,
    "num_key_value_heads": 12,
    "head_dim": 64,
    "global_head_dim": 64,
    "use_clipped_linears": True,
}
_VISION_LARGE: dict[str, Any] = {
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_hidden_layers": 27,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "head_dim": 72,
    "global_head_dim": 72,
    "standardize": True,
}


def model_of_size(size: str) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Published-style config.json of `size`, and shape by tensor name of its checkpoint."""
    is_e = size.startswith("e")
    vision = Gemma4VisionConfig(dtype="bfloat16", **(_VISION_SMALL if is_e else _VISION_LARGE))
    config = Gemma4Config(
        text_config=_text_config(size),
        vision_config=vision,
        audio_config=Gemma4AudioConfig(dtype="bfloat16") if is_e else None,
        **_STOP,
        dtype="bfloat16",
        architectures=["Gemma4ForConditionalGeneration"],
    )
    return _described(config, Gemma4ForConditionalGeneration)


def assistant_of_size(size: str) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The same for the MTP assistant of `size`."""
    hidden, ffn, heads = _ASSISTANTS[size]
    shape = {
        "hidden_size": hidden,
        "intermediate_size": ffn,
        "num_attention_heads": heads,
        "layer_types": [_SLIDING] * 3 + [_FULL],
        "num_kv_shared_layers": 4,
        "hidden_size_per_layer_input": 0,
        "vocab_size_per_layer_input": 0,
        "final_logit_softcapping": None,
        "use_bidirectional_attention": None,
        "use_double_wide_mlp": False,
        "enable_moe_block": False,
        "num_experts": None,
        "top_k_experts": None,
        "moe_intermediate_size": None,
    }
    config = Gemma4AssistantConfig(
        text_config=_text_config(size, **shape),
        backbone_hidden_size=_TEXT[size]["hidden_size"],
        use_ordered_embeddings=size.startswith("e"),
        dtype="bfloat16",
        architectures=["Gemma4AssistantForCausalLM"],
    )
    return _described(config, Gemma4AssistantForCausalLM)


def _text_config(size: str, **changes: Any) -> Gemma4TextConfig:
    is_e = size.startswith("e")
    fields = _TEXT[size] | {
        "sliding_window": 512 if is_e else 1024,
        "max_position_embeddings": 131_072 if is_e else 262_144,
        "hidden_size_per_layer_input": 256 if is_e else 0,
        "attention_k_eq_v": not is_e,
        "use_bidirectional_attention": None if is_e else "vision",
        "final_logit_softcapping": 30.0,
        "dtype": "bfloat16",
    }
    fields |= changes
    return Gemma4TextConfig(num_hidden_layers=len(fields["layer_types"]), **fields)


def _described(config: Any, model_class: Any) -> tuple[dict[str, Any], dict[str, list[int]]]:
    with torch.device("meta"):
        tensors = model_class(config).state_dict()
    shapes = {
        name: list(tensor.shape) for name, tensor in tensors.items() if name != "lm_head.weight"
    }
    return published_style(json.loads(config.to_json_string())), shapes
