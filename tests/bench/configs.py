"""The JSON files of a model folder, in the form the published checkpoints have."""

from __future__ import annotations

from tests.bench.sizes import Audio, Size, Vision
from tests.bench.tensors import ROUTER_BITS, ROUTER_GROUP, Quantisation
from tests.bench.vocabulary import special_ids

STOP_TOKENS = ("<eos>", "<turn|>", "<|tool_response>")


def model_config(size: Size, quantisation: Quantisation | None) -> dict[str, object]:
    """config.json, with a `quantization` block in the packed layout."""
    ids = special_ids(size.vocab)
    config: dict[str, object] = {
        "architectures": ["Gemma4ForConditionalGeneration"],
        "model_type": "gemma4",
        "dtype": "bfloat16",
        "tie_word_embeddings": True,
        "initializer_range": 0.02,
        "vocab_size": size.vocab,
        "pad_token_id": ids["<pad>"],
        "eos_token_id": [ids["<eos>"], ids["<turn|>"]],
        "image_token_id": ids["<|image|>"],
        "boi_token_id": ids["<|image>"],
        "eoi_token_id": ids["<image|>"],
        "video_token_id": ids["<|video|>"],
        "audio_token_id": ids["<|audio|>"],
        "boa_token_id": ids["<|audio>"],
        "eoa_token_id": ids["<audio|>"],
        "eoa_token_index": ids["<audio|>"],
        "vision_soft_tokens_per_image": 280,
        "text_config": _text_config(size),
        "vision_config": _vision_config(size.vision),
        "audio_config": _audio_config(size.audio) if size.audio else None,
    }
    if quantisation:
        config["quantization"] = _quantization_block(size, quantisation)
    return config


def generation_config(size: Size) -> dict[str, object]:
    """generation_config.json: the model card's sampling."""
    ids = special_ids(size.vocab)
    return {
        "bos_token_id": ids["<bos>"],
        "pad_token_id": ids["<pad>"],
        "eos_token_id": [ids[token] for token in STOP_TOKENS],
        "do_sample": True,
        "temperature": 1.0,
        "top_k": 64,
        "top_p": 0.95,
    }


def processor_config(size: Size) -> dict[str, object]:
    """processor_config.json; sizes without an audio tower have no feature extractor."""
    picture = {
        "do_convert_rgb": True,
        "do_resize": True,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": False,
        "resample": 3,
        "patch_size": 16,
        "pooling_kernel_size": 3,
    }
    video = {"max_soft_tokens": 70, "num_frames": 32, "do_sample_frames": True}
    config: dict[str, object] = {
        "processor_class": "Gemma4Processor",
        "image_seq_length": 280,
        "image_processor": picture
        | {"image_processor_type": "Gemma4ImageProcessor", "max_soft_tokens": 280},
        "video_processor": picture | {"video_processor_type": "Gemma4VideoProcessor"} | video,
    }
    if size.audio:
        config |= {"audio_seq_length": 750, "audio_ms_per_token": 40}
        config["feature_extractor"] = {
            "feature_extractor_type": "Gemma4AudioFeatureExtractor",
            "feature_size": 128,
            "sampling_rate": 16000,
            "frame_length": 320,
            "hop_length": 160,
            "fft_length": 512,
            "fft_overdrive": False,
            "mel_floor": 0.001,
            "min_frequency": 0.0,
            "max_frequency": 8000.0,
            "preemphasis": 0.0,
            "dither": 0.0,
            "input_scale_factor": 1.0,
            "padding_side": "right",
        }
    return config


def _text_config(size: Size) -> dict[str, object]:
    experts = size.experts
    return {
        "model_type": "gemma4_text",
        "dtype": "bfloat16",
        "vocab_size": size.vocab,
        "hidden_size": size.hidden,
        "intermediate_size": size.ffn,
        "num_hidden_layers": size.layers,
        "num_attention_heads": size.heads,
        "num_key_value_heads": size.kv_sliding,
        "num_global_key_value_heads": size.kv_full,
        "head_dim": size.head_dim,
        "global_head_dim": size.full_head_dim,
        "layer_types": [
            "full_attention" if size.is_full(i) else "sliding_attention" for i in range(size.layers)
        ],
        "sliding_window": size.window,
        "max_position_embeddings": size.max_positions,
        "num_kv_shared_layers": size.shared,
        "use_double_wide_mlp": size.double_wide,
        "hidden_size_per_layer_input": size.ple,
        "vocab_size_per_layer_input": size.vocab,
        "attention_k_eq_v": size.keys_are_values,
        "use_bidirectional_attention": "vision" if size.keys_are_values else None,
        "enable_moe_block": experts is not None,
        "num_experts": experts.count if experts else None,
        "top_k_experts": experts.top_k if experts else None,
        "moe_intermediate_size": experts.ffn if experts else None,
        "rope_parameters": {
            "full_attention": {
                "rope_type": "proportional",
                "rope_theta": 1000000.0,
                "partial_rotary_factor": 0.25,
            },
            "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
        },
        "hidden_activation": "gelu_pytorch_tanh",
        "rms_norm_eps": 1e-06,
        "final_logit_softcapping": 30.0,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "use_cache": True,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
    }


def _vision_config(vision: Vision) -> dict[str, object]:
    return {
        "model_type": "gemma4_vision",
        "dtype": "bfloat16",
        "hidden_size": vision.hidden,
        "intermediate_size": vision.ffn,
        "num_hidden_layers": vision.layers,
        "num_attention_heads": vision.heads,
        "num_key_value_heads": vision.heads,
        "head_dim": vision.head_dim,
        "global_head_dim": vision.head_dim,
        "hidden_activation": "gelu_pytorch_tanh",
        "rms_norm_eps": 1e-06,
        "rope_parameters": {"rope_type": "default", "rope_theta": 100.0},
        "max_position_embeddings": 131072,
        "patch_size": 16,
        "pooling_kernel_size": 3,
        "position_embedding_size": vision.positions,
        "default_output_length": 280,
        "use_clipped_linears": vision.clipped,
        "standardize": vision.standardize,
        "attention_bias": False,
        "attention_dropout": 0.0,
    }


def _audio_config(audio: Audio) -> dict[str, object]:
    return {
        "model_type": "gemma4_audio",
        "dtype": "bfloat16",
        "hidden_size": audio.hidden,
        "num_hidden_layers": audio.layers,
        "num_attention_heads": audio.heads,
        "hidden_act": "silu",
        "subsampling_conv_channels": list(audio.channels),
        "conv_kernel_size": 5,
        "residual_weight": 0.5,
        "attention_chunk_size": 12,
        "attention_context_left": 13,
        "attention_context_right": 0,
        "attention_logit_cap": 50.0,
        "attention_invalid_logits_value": -1000000000.0,
        "output_proj_dims": audio.output,
        "gradient_clipping": 10000000000.0,
        "rms_norm_eps": 1e-06,
        "use_clipped_linears": True,
    }


def _quantization_block(size: Size, quantisation: Quantisation) -> dict[str, object]:
    block: dict[str, object] = {
        "group_size": quantisation.group_size,
        "bits": quantisation.bits,
        "mode": "affine",
    }
    if size.experts:
        router = {"group_size": ROUTER_GROUP, "bits": ROUTER_BITS}
        for layer in range(size.layers):
            block[f"language_model.model.layers.{layer}.router.proj"] = router
    return block
