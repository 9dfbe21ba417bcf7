"""The three tiny families, shaped after E2B/E4B, 26B-A4B and 31B, and two of their MTP assistants.

Every dimension that the real sizes keep apart is kept apart here: window below sequence length,
head dims and KV heads by layer kind, KV donors that are not neighbours, ids unlike the real ones.
"""

from __future__ import annotations

from typing import Any, Literal

from transformers import (
    Gemma4AssistantConfig,
    Gemma4AudioConfig,
    Gemma4Config,
    Gemma4TextConfig,
    Gemma4VisionConfig,
)

from tests.reference.vocabulary import IDS, VOCAB_SIZE

Family = Literal["e", "moe", "dense"]
FAMILIES: tuple[Family, ...] = ("e", "moe", "dense")
ASSISTED: tuple[Family, ...] = ("e", "dense")
# Chosen so that no greedy id and no expert wins by a hair (see checks).
SEEDS: dict[str, int] = {"e": 15, "moe": 20, "dense": 17, "e-assistant": 21, "dense-assistant": 23}

_SLIDING, _FULL = "sliding_attention", "full_attention"
_TEXT: dict[str, Any] = {
    "vocab_size": VOCAB_SIZE,
    "hidden_size": 64,
    "head_dim": 16,
    "global_head_dim": 32,
    "max_position_embeddings": 4096,
    "final_logit_softcapping": 30.0,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": 2,
    "rope_parameters": {
        _SLIDING: {"rope_type": "default", "rope_theta": 10_000.0},
        _FULL: {
            "rope_type": "proportional",
            "rope_theta": 1_000_000.0,
            "partial_rotary_factor": 0.25,
        },
    },
    "dtype": "bfloat16",
}
_ATTENTION: dict[Family, dict[str, Any]] = {
    "e": {
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "sliding_window": 8,
    },
    "moe": {
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_global_key_value_heads": 1,
        "sliding_window": 16,
        "attention_k_eq_v": True,
    },
    "dense": {
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "num_global_key_value_heads": 2,
        "sliding_window": 16,
        "attention_k_eq_v": True,
    },
}
_BODY: dict[Family, dict[str, Any]] = {
    "e": {
        "layer_types": [_SLIDING, _SLIDING, _FULL] * 3,
        "intermediate_size": 96,
        "use_double_wide_mlp": True,
        "num_kv_shared_layers": 4,
        "hidden_size_per_layer_input": 16,
        "vocab_size_per_layer_input": VOCAB_SIZE,
    },
    "moe": {
        "layer_types": [_SLIDING, _SLIDING, _FULL] * 2,
        "intermediate_size": 48,
        "use_bidirectional_attention": "vision",
        "enable_moe_block": True,
        "num_experts": 8,
        "top_k_experts": 2,
        "moe_intermediate_size": 24,
    },
    "dense": {
        "layer_types": [_SLIDING, _SLIDING, _FULL] * 2,
        "intermediate_size": 128,
        "use_bidirectional_attention": "vision",
    },
}
_VISION: dict[str, Any] = {
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "num_key_value_heads": 3,
    "head_dim": 16,
    "global_head_dim": 16,
    "position_embedding_size": 512,
    "dtype": "bfloat16",
}
_STOP: dict[str, Any] = {"eos_token_id": [IDS["<eos>"], IDS["<turn|>"]]}


def model_config(family: Family) -> Gemma4Config:
    """Configuration of a tiny model of `family`."""
    is_e = family == "e"
    body = _BODY[family]
    no_ple = {"hidden_size_per_layer_input": 0, "vocab_size_per_layer_input": VOCAB_SIZE}
    text = Gemma4TextConfig(
        num_hidden_layers=len(body["layer_types"]), **_TEXT, **_ATTENTION[family], **(no_ple | body)
    )
    vision = Gemma4VisionConfig(use_clipped_linears=is_e, standardize=not is_e, **_VISION)
    audio = Gemma4AudioConfig(
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        subsampling_conv_channels=[128, 8],
        output_proj_dims=40,
        dtype="bfloat16",
    )
    return Gemma4Config(
        text_config=text,
        vision_config=vision,
        audio_config=audio if is_e else None,
        image_token_id=IDS["<|image|>"],
        boi_token_id=IDS["<|image>"],
        eoi_token_id=IDS["<image|>"],
        audio_token_id=IDS["<|audio|>"],
        boa_token_id=IDS["<|audio>"],
        eoa_token_index=IDS["<audio|>"],
        video_token_id=IDS["<|video|>"],
        **_STOP,
        dtype="bfloat16",
    )


def assistant_config(family: Family) -> Gemma4AssistantConfig:
    """Configuration of the tiny MTP assistant of `family`."""
    attention = _ATTENTION[family] | {"num_attention_heads": 2 if family == "e" else 8}
    text = Gemma4TextConfig(
        num_hidden_layers=4,
        num_kv_shared_layers=4,
        layer_types=[_SLIDING] * 3 + [_FULL],
        intermediate_size=64,
        hidden_size_per_layer_input=0,
        vocab_size_per_layer_input=0,
        **(_TEXT | {"hidden_size": 32, "final_logit_softcapping": None}),
        **attention,
    )
    return Gemma4AssistantConfig(
        text_config=text,
        backbone_hidden_size=64,
        use_ordered_embeddings=family == "e",
        num_centroids=16,
        centroid_intermediate_top_k=4,
        dtype="bfloat16",
    )


def published_style(config: dict[str, Any]) -> dict[str, Any]:
    """Rewrite what transformers 5.23 saves into the flat form of the published checkpoints."""
    flat = {key: value for key, value in config.items() if key != "transformers_version"}
    text = dict(flat["text_config"])
    text["global_head_dim"], text["num_global_key_value_heads"] = _global_sizes(text)
    flat["text_config"] = text
    if flat.get("vision_config"):
        rope = flat["vision_config"]["rope_parameters"] | {"rope_type": "default"}
        flat["vision_config"] = flat["vision_config"] | {
            "rope_parameters": rope,
            "default_output_length": 280,
        }
        flat["vision_soft_tokens_per_image"] = 280
        flat["eoa_token_id"] = flat["eoa_token_index"]
    return flat


def _global_sizes(text: dict[str, Any]) -> tuple[int, int | None]:
    """Take the full layers' head dim and KV heads out of `per_layer_config`."""
    overrides = next(iter(text.pop("per_layer_config").values()))
    return overrides["head_dim"], overrides.get("num_key_value_heads")
