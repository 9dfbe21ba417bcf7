"""config.json and generation_config.json with wrong, hostile or foreign entries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.unit.inference.checkpoint.bad.case import Bad, Base, edit_json, put

T = "text_config/"
V = "vision_config/"
A = "audio_config/"


def setting(path: str, value: object) -> Callable[[Path], object]:
    return lambda folder: edit_json(folder, "config.json", lambda raw: put(raw, path, value))


def wrong(path: str, value: object, base: Base = "dense", says: str = "") -> Bad:
    """The refusal names the field."""
    shown = f"{value!r:.50}"
    return Bad(f"{path} {shown}", says or path.rpartition("/")[2], setting(path, value), base)


def generation(name: str, value: object) -> Bad:
    def spoil(folder: Path) -> None:
        edit_json(folder, "generation_config.json", lambda raw: put(raw, name, value))

    return Bad(f"generation {name} {value!r}", name, spoil)


def processor(image: object, says: str) -> Bad:
    def spoil(folder: Path) -> None:
        text = json.dumps({"image_processor": image})
        (folder / "processor_config.json").write_text(text, encoding="utf-8")

    return Bad(f"processor with image_processor {image!r}", says, spoil)


def without(path: str, base: Base = "dense") -> Bad:
    return wrong(path, None, base)


def vision_heads_of_18(folder: Path) -> None:
    for name, value in (("hidden_size", 54), ("head_dim", 18)):
        setting(f"{V}{name}", value)(folder)


CASES = [
    wrong("auto_map", {"AutoModel": "modeling.Evil"}),
    wrong("model_file", "payload.py"),
    wrong("custom_pipelines", {}),
    wrong("trust_remote_code", True),
    wrong(f"{T}auto_map", {}),
    wrong("extra", [{"deep": {"model_file": "x"}}], says="model_file"),
    wrong("model_type", "gemma4_unified", says="encoder-free"),
    wrong("model_type", "gemma4_unified_text", says="encoder-free"),
    wrong("model_type", "gemma4_assistant", says="MTP assistant"),
    wrong("model_type", "diffusion_gemma", says="diffusion"),
    wrong("model_type", "gemma3", says="no Gemma 4 model but of type gemma3"),
    wrong("model_type", None, says="no Gemma 4 model"),
    wrong("model_type", 4, says="no Gemma 4 model"),
    wrong("model_type", ["gemma4"], says="no Gemma 4 model"),
    wrong("text_config", None),
    wrong("text_config", []),
    wrong("text_config", "gemma4_text"),
    wrong("vision_config", True),
    wrong("audio_config", 3),
    wrong("tie_word_embeddings", False),
    wrong(f"{T}model_type", "gemma4_unified_text"),
    wrong(f"{T}tie_word_embeddings", False),
    wrong(f"{T}attention_bias", True),
    wrong(f"{T}attention_bias", 0),
    wrong(f"{T}hidden_activation", "gelu"),
    wrong(f"{T}use_bidirectional_attention", "all"),
    without(f"{T}vocab_size"),
    without(f"{T}hidden_size"),
    without(f"{T}intermediate_size"),
    without(f"{T}num_hidden_layers"),
    without(f"{T}num_attention_heads"),
    without(f"{T}num_key_value_heads"),
    wrong(f"{T}vocab_size", 0),
    wrong(f"{T}vocab_size", -384),
    wrong(f"{T}vocab_size", 10**30),
    wrong(f"{T}vocab_size", "384"),
    wrong(f"{T}hidden_size", 64.0),
    wrong(f"{T}hidden_size", True),
    wrong(f"{T}hidden_size", 2**40),
    wrong(f"{T}intermediate_size", 0),
    wrong(f"{T}num_hidden_layers", 0),
    wrong(f"{T}num_hidden_layers", 10**9),
    wrong(f"{T}num_hidden_layers", 5, says="layer_types"),
    wrong(f"{T}num_attention_heads", 0),
    wrong(f"{T}num_key_value_heads", 3),
    wrong(f"{T}num_key_value_heads", 8),
    wrong(f"{T}num_global_key_value_heads", 3, says="num_key_value_heads"),
    wrong(f"{T}head_dim", 15),
    wrong(f"{T}head_dim", 0),
    wrong(f"{T}global_head_dim", -2),
    wrong(f"{T}global_head_dim", 4, says="head_dim"),
    wrong(f"{T}sliding_window", 0),
    wrong(f"{T}max_position_embeddings", 2**60),
    wrong(f"{T}rms_norm_eps", 0),
    wrong(f"{T}rms_norm_eps", "1e-6"),
    wrong(f"{T}final_logit_softcapping", -30.0),
    wrong(f"{T}final_logit_softcapping", 0),
    wrong(f"{T}final_logit_softcapping", 1e300),
    wrong(f"{T}layer_types", []),
    wrong(f"{T}layer_types", "full_attention"),
    wrong(f"{T}layer_types", ["full_attention"] * 3),
    wrong(f"{T}layer_types", ["full_attention", "sliding_attention"] * 2),
    wrong(f"{T}layer_types", ["linear_attention"] * 3 + ["full_attention"]),
    wrong(f"{T}layer_types", [1, 2, 3, 4]),
    wrong(f"{T}num_kv_shared_layers", 4),
    wrong(f"{T}num_kv_shared_layers", 3),  # leaves no full layer to share with
    wrong(f"{T}num_kv_shared_layers", -1),
    wrong(f"{T}hidden_size_per_layer_input", -1),
    wrong(f"{T}vocab_size_per_layer_input", 383, "e"),
    wrong(f"{T}per_layer_config", []),
    wrong(f"{T}per_layer_config", {"x": {}}),
    wrong(f"{T}per_layer_config", {"-1": {"head_dim": 32}}),
    wrong(f"{T}per_layer_config", {"4": {"head_dim": 32}}),
    wrong(f"{T}per_layer_config", {"1": {"head_dim": 32}, "01": {"head_dim": 16}}),
    wrong(f"{T}per_layer_config", {"1": {"sliding_window": 4}}),
    wrong(f"{T}per_layer_config", {"1": 32}),
    wrong(f"{T}per_layer_config", {"1": {"head_dim": 1}}, says="head_dim"),
    wrong(f"{T}per_layer_config", {"²": {"head_dim": 32}}),
    wrong(f"{T}rope_parameters", 1),
    wrong(f"{T}rope_parameters/full_attention/rope_type", "yarn"),
    wrong(f"{T}rope_parameters/full_attention/factor", 8.0),
    wrong(f"{T}rope_parameters/full_attention/rope_theta", 0),
    wrong(f"{T}rope_parameters/full_attention/partial_rotary_factor", 1.5),
    wrong(f"{T}rope_parameters/sliding_attention/rope_type", "linear"),
    wrong(f"{T}rope_parameters/sliding_attention/rope_theta", []),
    wrong(f"{T}enable_moe_block", "yes"),
    wrong(f"{T}num_experts", 0, "moe"),
    wrong(f"{T}num_experts", None, "moe"),
    wrong(f"{T}top_k_experts", 5, "moe"),
    wrong(f"{T}top_k_experts", 0, "moe"),
    wrong(f"{T}moe_intermediate_size", None, "moe"),
    wrong(f"{T}use_double_wide_mlp", 1, "e"),
    wrong(f"{T}attention_k_eq_v", "true"),
    wrong(f"{T}pad_token_id", 384),
    wrong(f"{T}bos_token_id", -1),
    wrong("eos_token_id", [1, 384]),
    wrong("eos_token_id", []),
    wrong("eos_token_id", "1"),
    wrong("eos_token_id", [True]),
    wrong("eos_token_id", list(range(65))),
    wrong("image_token_id", 384),
    wrong("image_token_id", -1),
    wrong("image_token_id", None),
    wrong("image_token_id", 258_880),
    wrong("boi_token_id", 6.0),
    wrong("eoi_token_id", 2**32 - 1),
    wrong("video_token_id", 999_999),
    wrong("audio_token_id", None, "e"),
    wrong("boa_token_id", "9", "e"),
    wrong("eoa_token_index", 10**9, "e"),
    wrong("eoa_token_id", 11, "e"),  # the other spelling says 10
    wrong("boi_token_id", 5, says="same id"),
    wrong("video_token_id", 2, says="same id"),
    wrong(f"{V}model_type", "siglip"),
    wrong(f"{V}hidden_activation", "relu"),
    wrong(f"{V}attention_bias", True),
    wrong(f"{V}num_key_value_heads", 1),
    wrong(f"{V}head_dim", 32),
    Bad("vision heads that do not split in four", "head_dim", vision_heads_of_18),
    wrong(f"{V}hidden_size", None),
    wrong(f"{V}num_hidden_layers", 10**6),
    wrong(f"{V}patch_size", 0),
    wrong(f"{V}pooling_kernel_size", -3),
    wrong(f"{V}position_embedding_size", 2**31),
    wrong(f"{V}rope_parameters/rope_type", "mrope"),
    wrong(f"{V}rope_parameters/rope_theta", -1),
    wrong(f"{V}standardize", "no"),
    wrong(f"{A}model_type", "whisper", "e"),
    wrong(f"{A}hidden_act", "gelu", "e"),
    wrong(f"{A}hidden_size", 33, "e"),
    wrong(f"{A}num_attention_heads", 5, "e", says="hidden_size"),
    wrong(f"{A}attention_context_right", 1, "e"),
    wrong(f"{A}attention_chunk_size", 24, "e"),
    wrong(f"{A}attention_context_left", 1, "e"),
    wrong(f"{A}subsampling_conv_channels", [64, 8], "e"),
    wrong(f"{A}subsampling_conv_channels", [128], "e"),
    wrong(f"{A}subsampling_conv_channels", [128, 0], "e"),
    wrong(f"{A}subsampling_conv_channels", 128, "e"),
    wrong(f"{A}conv_kernel_size", 0, "e"),
    wrong(f"{A}gradient_clipping", 1.0, "e"),
    wrong(f"{A}attention_logit_cap", 0, "e"),
    wrong(f"{A}residual_weight", 2, "e"),
    wrong(f"{A}output_proj_dims", "40", "e"),
    generation("eos_token_id", 384),
    generation("eos_token_id", [1, "12"]),
    generation("temperature", -1),
    generation("temperature", "hot"),
    generation("top_k", -1),
    generation("top_k", 1.5),
    generation("top_p", 1.1),
    generation("top_p", True),
    processor({"max_soft_tokens": 100}, "max_soft_tokens"),
    processor({"max_soft_tokens": True}, "max_soft_tokens"),
    processor("small", "image_processor"),
    wrong("model_type", "gemma4", "drafter", says="no MTP assistant"),
    wrong("backbone_hidden_size", 0, "drafter"),
    wrong("backbone_hidden_size", None, "drafter"),
    wrong("num_centroids", 17, "drafter"),
    wrong("num_centroids", 0, "drafter"),
    wrong("centroid_intermediate_top_k", 17, "drafter"),
    wrong("text_config", None, "drafter"),
    wrong(f"{T}hidden_size_per_layer_input", 16, "drafter", says="vocab_size_per_layer_input"),
    wrong(f"{T}use_double_wide_mlp", True, "drafter", says="MTP assistant"),
    wrong("vocab_size", 0, "text_only"),
    wrong("num_key_value_heads", None, "text_only"),
    wrong("model_type", "gemma4", "text_only", says="text_config"),
]
