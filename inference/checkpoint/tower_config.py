"""The vision and audio towers' parts of config.json."""

from __future__ import annotations

from inference.checkpoint.fields import Fields
from inference.checkpoint.text_config import MAX_WIDTH, read_eps
from inference.models.gemma4.config import AudioConfig, VisionConfig

_MELS = 128


def read_vision(fields: Fields) -> VisionConfig:
    """The vision tower. Raises CheckpointError naming the field that is wrong."""
    fields.choice("model_type", ["gemma4_vision"], "gemma4_vision")
    fields.choice("hidden_activation", ["gelu_pytorch_tanh"], "gelu_pytorch_tanh")
    fields.choice("attention_bias", [False], False)
    heads = fields.integer("num_attention_heads", 1, 1024)
    fields.choice("num_key_value_heads", [heads], heads)
    hidden = fields.integer("hidden_size", 1, MAX_WIDTH)
    head_dim = fields.integer("head_dim", 4, 4096, hidden // heads)
    if heads * head_dim != hidden or head_dim % 4:  # two axes, each of rotating pairs
        raise fields.error("head_dim", f"a multiple of 4 that splits {hidden} into {heads} heads")
    rope = fields.section("rope_parameters") or Fields({}, fields.where)
    rope.choice("rope_type", ["default", "axial"], "axial")
    return VisionConfig(
        hidden=hidden,
        ffn=fields.integer("intermediate_size", 1, MAX_WIDTH),
        layers=fields.integer("num_hidden_layers", 1, 512),
        heads=heads,
        head_dim=head_dim,
        patch=fields.integer("patch_size", 1, 64, 16),
        pool=fields.integer("pooling_kernel_size", 1, 16, 3),
        positions=fields.integer("position_embedding_size", 1, MAX_WIDTH, 10_240),
        rope_theta=rope.number("rope_theta", 1.0, 1e9, 100.0),
        eps=read_eps(fields),
        clipped=fields.flag("use_clipped_linears", False),
        standardize=fields.flag("standardize", False),
    )


def read_audio(fields: Fields) -> AudioConfig:
    """The audio tower. Raises CheckpointError naming the field that is wrong.

    The attention is a plain band only for the published chunking (a chunk as long as the left
    context less one, nothing to the right), so that is required.
    """
    fields.choice("model_type", ["gemma4_audio"], "gemma4_audio")
    fields.choice("hidden_act", ["silu"], "silu")
    fields.choice("attention_context_right", [0], 0)
    left_context = fields.integer("attention_context_left", 2, 1024, 13)
    fields.choice("attention_chunk_size", [left_context - 1], 12)
    fields.number("gradient_clipping", 1e9, 1e38, 1e10)  # larger than any activation: no effect
    fields.number("attention_invalid_logits_value", -1e38, -1e6, -1e9)
    heads = fields.integer("num_attention_heads", 1, 1024)
    hidden = fields.integer("hidden_size", 2, MAX_WIDTH)
    if hidden % heads or hidden % 2:
        raise fields.error("hidden_size", f"even and a multiple of {heads} attention heads")
    return AudioConfig(
        hidden=hidden,
        layers=fields.integer("num_hidden_layers", 1, 512),
        heads=heads,
        channels=_channels(fields),
        kernel=fields.integer("conv_kernel_size", 1, 64, 5),
        left_context=left_context,
        output=fields.integer("output_proj_dims", 1, MAX_WIDTH, 1536),
        residual_weight=fields.number("residual_weight", 0.0, 1.0, 0.5),
        logit_cap=fields.number("attention_logit_cap", 1e-3, 1e6, 50.0),
        eps=read_eps(fields),
        clipped=fields.flag("use_clipped_linears", True),
        mels=_MELS,
    )


def _channels(fields: Fields) -> tuple[int, int]:
    """Channels of the two convolutions; the first must equal the number of mel bins."""
    name = "subsampling_conv_channels"
    value = fields.get(name)
    if value is None:
        return (_MELS, 32)
    is_pair = isinstance(value, list) and len(value) == 2 and all(type(c) is int for c in value)
    if not is_pair or value[0] != _MELS or not 1 <= value[1] <= 4096:
        raise fields.error(name, f"two whole numbers, the first of them {_MELS}")
    return (value[0], value[1])
