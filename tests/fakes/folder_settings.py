"""The JSON files of tiny model folders, in the published flat style."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

Family = Literal["e", "moe", "dense"]
Json = dict[str, Any]

_ROPES: Json = {
    "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
    "full_attention": {
        "rope_type": "proportional",
        "rope_theta": 1_000_000.0,
        "partial_rotary_factor": 0.25,
    },
}
_TEXT: Json = {
    "model_type": "gemma4_text",
    "vocab_size": 384,
    "vocab_size_per_layer_input": 384,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "global_head_dim": 32,
    "num_global_key_value_heads": None,
    "sliding_window": 8,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-6,
    "hidden_activation": "gelu_pytorch_tanh",
    "attention_bias": False,
    "attention_k_eq_v": False,
    "tie_word_embeddings": True,
    "final_logit_softcapping": 30.0,
    "use_bidirectional_attention": None,
    "hidden_size_per_layer_input": 0,
    "num_kv_shared_layers": 0,
    "use_double_wide_mlp": False,
    "enable_moe_block": False,
    "num_experts": None,
    "top_k_experts": None,
    "moe_intermediate_size": None,
    "layer_types": ["sliding_attention", "full_attention"] * 2,
    "rope_parameters": _ROPES,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": 2,
}
_VISION: Json = {
    "model_type": "gemma4_vision",
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 1,
    "num_attention_heads": 3,
    "num_key_value_heads": 3,
    "head_dim": 16,
    "patch_size": 16,
    "pooling_kernel_size": 3,
    "position_embedding_size": 32,
    "rms_norm_eps": 1e-6,
    "hidden_activation": "gelu_pytorch_tanh",
    "attention_bias": False,
    "use_clipped_linears": False,
    "standardize": True,
    "rope_parameters": {"rope_type": "default", "rope_theta": 100.0},
}
_AUDIO: Json = {
    "model_type": "gemma4_audio",
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "hidden_act": "silu",
    "subsampling_conv_channels": [128, 8],
    "conv_kernel_size": 5,
    "attention_chunk_size": 12,
    "attention_context_left": 13,
    "attention_context_right": 0,
    "attention_logit_cap": 50.0,
    "attention_invalid_logits_value": -1e9,
    "gradient_clipping": 1e10,
    "residual_weight": 0.5,
    "output_proj_dims": 40,
    "rms_norm_eps": 1e-6,
    "use_clipped_linears": True,
}
_OF_FAMILY: dict[Family, Json] = {
    "e": {
        "num_key_value_heads": 1,
        "num_kv_shared_layers": 2,
        "hidden_size_per_layer_input": 16,
        "use_double_wide_mlp": True,
    },
    "moe": {
        "num_global_key_value_heads": 1,
        "attention_k_eq_v": True,
        "use_bidirectional_attention": "vision",
        "enable_moe_block": True,
        "num_experts": 4,
        "top_k_experts": 2,
        "moe_intermediate_size": 32,
    },
    "dense": {
        "num_global_key_value_heads": 1,
        "attention_k_eq_v": True,
        "use_bidirectional_attention": "vision",
    },
}


def model_config(family: Family = "dense") -> Json:
    """config.json of a tiny model, in the published flat style. The ids fit `build_backend`."""
    is_e = family == "e"
    return {
        "architectures": ["Gemma4ForConditionalGeneration"],
        "model_type": "gemma4",
        "tie_word_embeddings": True,
        "eos_token_id": [1, 11],
        "image_token_id": 5,
        "boi_token_id": 6,
        "eoi_token_id": 7,
        "audio_token_id": 8,
        "boa_token_id": 9,
        "eoa_token_index": 10,
        "video_token_id": 23,
        "text_config": deepcopy(_TEXT | _OF_FAMILY[family]),
        "vision_config": deepcopy(_VISION | {"use_clipped_linears": is_e, "standardize": not is_e}),
        "audio_config": deepcopy(_AUDIO) if is_e else None,
    }


def drafter_config(*, centroids: int = 16) -> Json:
    """config.json of a tiny MTP assistant; 0 centroids: a dense head."""
    own = {"hidden_size": 32, "num_kv_shared_layers": 4, "final_logit_softcapping": None}
    return {
        "architectures": ["Gemma4AssistantForCausalLM"],
        "model_type": "gemma4_assistant",
        "tie_word_embeddings": True,
        "backbone_hidden_size": 64,
        "use_ordered_embeddings": bool(centroids),
        "num_centroids": centroids or 2048,
        "centroid_intermediate_top_k": 4,
        "text_config": deepcopy(_TEXT | own | {"vocab_size_per_layer_input": 0}),
    }


def generation_config() -> Json:
    return {"eos_token_id": [1, 12, 17], "temperature": 1.0, "top_k": 64, "top_p": 0.95}
