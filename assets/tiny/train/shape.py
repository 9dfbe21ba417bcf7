"""The shape of the demonstration model: every feature of Gemma 4 E2B, in eight million weights."""

from __future__ import annotations

from typing import Any

import torch

# torchvision's compiled operators do not register against a CPU torch. Nothing here calls them,
# but importing transformers' processors wants their schemas. (torchvision 0.28)
_library: Any = torch.library.Library  # untyped
_schemas = _library("torchvision", "FRAGMENT")
for _name in ("nms", "qnms"):
    _schemas.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from transformers import (  # noqa: E402
    Gemma4AudioConfig,
    Gemma4Config,
    Gemma4ForConditionalGeneration,
    Gemma4TextConfig,
    Gemma4VisionConfig,
)

VOCAB = 1600
BUDGET = 70  # soft tokens a picture, unless asked otherwise
VISION_WIDTH = 192
AUDIO_WIDTH = 128
AUDIO_OUT = 256

BASIC = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
# Attribute names under which transformers' Gemma 4 processor looks its special tokens up.
SPECIAL = {
    "image_token": "<|image|>",
    "boi_token": "<|image>",
    "eoi_token": "<image|>",
    "audio_token": "<|audio|>",
    "boa_token": "<|audio>",
    "eoa_token": "<audio|>",
    "sot_token": "<|turn>",
    "eot_token": "<turn|>",
    "soc_token": "<|channel>",
    "eoc_token": "<channel|>",
    "think_token": "<|think|>",
    "escape_token": '<|"|>',
    "str_token": "<|tool_response>",
    "etr_token": "<tool_response|>",
    "stc_token": "<|tool_call>",
    "etc_token": "<tool_call|>",
    "std_token": "<|tool>",
    "etd_token": "<tool|>",
}
CONTROL = (*BASIC, *SPECIAL.values(), "<|video|>")
IDS = {token: index for index, token in enumerate(CONTROL)}
STOPS = [IDS["<eos>"], IDS["<turn|>"], IDS["<|tool_response>"]]

_SLIDING, _FULL = "sliding_attention", "full_attention"


def config() -> Gemma4Config:
    """Configuration of the whole model; widths are multiples of 64, so that groups of 64 fit."""
    return Gemma4Config(
        text_config=_text(),
        vision_config=_vision(),
        audio_config=_audio(),
        image_token_id=IDS["<|image|>"],
        boi_token_id=IDS["<|image>"],
        eoi_token_id=IDS["<image|>"],
        audio_token_id=IDS["<|audio|>"],
        boa_token_id=IDS["<|audio>"],
        eoa_token_index=IDS["<audio|>"],
        video_token_id=IDS["<|video|>"],
        eos_token_id=[IDS["<eos>"], IDS["<turn|>"]],
        dtype="float32",
    )


def model() -> Gemma4ForConditionalGeneration:
    """The model in float32 with transformers' own initial weights; the stages set better ones."""
    built: Any = Gemma4ForConditionalGeneration(config())
    typed: Gemma4ForConditionalGeneration = built.float()
    return typed


def _text() -> Gemma4TextConfig:
    rope: dict[str, dict[str, Any]] = {
        _SLIDING: {"rope_type": "default", "rope_theta": 10_000.0},
        _FULL: {
            "rope_type": "proportional",
            "rope_theta": 1_000_000.0,
            "partial_rotary_factor": 0.25,
        },
    }
    return Gemma4TextConfig(
        vocab_size=VOCAB,
        hidden_size=192,
        intermediate_size=384,
        num_hidden_layers=6,
        layer_types=[_SLIDING, _FULL] * 3,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=64,
        global_head_dim=128,
        sliding_window=512,
        num_kv_shared_layers=2,
        use_double_wide_mlp=True,
        hidden_size_per_layer_input=32,
        vocab_size_per_layer_input=VOCAB,
        max_position_embeddings=8192,
        final_logit_softcapping=30.0,
        rope_parameters=rope,
        pad_token_id=IDS["<pad>"],
        eos_token_id=IDS["<eos>"],
        bos_token_id=IDS["<bos>"],
        dtype="float32",
    )


def _vision() -> Gemma4VisionConfig:
    return Gemma4VisionConfig(
        hidden_size=VISION_WIDTH,
        intermediate_size=2 * VISION_WIDTH,
        num_hidden_layers=4,
        num_attention_heads=VISION_WIDTH // 32,
        num_key_value_heads=VISION_WIDTH // 32,
        head_dim=32,
        global_head_dim=32,
        position_embedding_size=1024,
        use_clipped_linears=True,
        standardize=False,
        dtype="float32",
    )


def _audio() -> Gemma4AudioConfig:
    return Gemma4AudioConfig(
        hidden_size=AUDIO_WIDTH,
        num_hidden_layers=4,
        num_attention_heads=4,
        subsampling_conv_channels=[128, 32],
        output_proj_dims=AUDIO_OUT,
        dtype="float32",
    )
