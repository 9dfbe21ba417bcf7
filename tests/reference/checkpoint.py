"""Writes a randomised model as a checkpoint folder in the published form and loads it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from transformers import (
    Gemma4AssistantForCausalLM,
    Gemma4AudioFeatureExtractor,
    Gemma4ForConditionalGeneration,
    Gemma4ImageProcessor,
    Gemma4Processor,
    Gemma4VideoProcessor,
    GenerationConfig,
    PreTrainedModel,
)

from tests.reference.configs import (
    SEEDS,
    Family,
    assistant_config,
    model_config,
    published_style,
)
from tests.reference.randomise import randomise
from tests.reference.vocabulary import IDS, tokenizer

BUDGET = 70  # soft tokens per image and per video frame


def write_model(family: Family, folder: Path) -> None:
    """Write the target checkpoint of `family`, its tokenizer and processor into `folder`."""
    model = Gemma4ForConditionalGeneration(model_config(family))
    folder.mkdir(parents=True, exist_ok=True)
    _write_weights(model, SEEDS[family], folder)
    saved = json.loads(model.config.to_json_string())
    saved["architectures"] = [type(model).__name__]
    _write_json(folder / "config.per_layer.json", saved)
    _write_json(folder / "config.json", published_style(saved))
    processor().save_pretrained(folder)
    generation: Any = GenerationConfig  # untyped
    generation(
        bos_token_id=IDS["<bos>"],
        pad_token_id=IDS["<pad>"],
        eos_token_id=[IDS["<eos>"], IDS["<turn|>"], IDS["<|tool_response>"]],
        do_sample=True,
        temperature=1.0,
        top_k=64,
        top_p=0.95,
    ).save_pretrained(folder)


def write_assistant(family: Family, folder: Path) -> None:
    """Write the MTP assistant checkpoint of `family` into `folder`."""
    model = Gemma4AssistantForCausalLM(assistant_config(family))
    folder.mkdir(parents=True, exist_ok=True)
    _write_weights(model, SEEDS[f"{family}-assistant"], folder)
    saved = json.loads(model.config.to_json_string())
    saved["architectures"] = [type(model).__name__]
    _write_json(folder / "config.json", published_style(saved))


def load_model(folder: Path) -> Gemma4ForConditionalGeneration:
    model: Gemma4ForConditionalGeneration = _load(Gemma4ForConditionalGeneration, folder)
    return model


def load_assistant(folder: Path) -> Gemma4AssistantForCausalLM:
    model: Gemma4AssistantForCausalLM = _load(Gemma4AssistantForCausalLM, folder)
    return model


def processor() -> Gemma4Processor:
    """Processor with a small image budget, no chat template."""
    return Gemma4Processor(
        image_processor=Gemma4ImageProcessor(
            do_normalize=False, max_soft_tokens=BUDGET, pooling_kernel_size=3
        ),
        feature_extractor=Gemma4AudioFeatureExtractor(),
        video_processor=Gemma4VideoProcessor(),
        tokenizer=tokenizer(),
        image_seq_length=BUDGET,
    )


def _write_weights(model: PreTrainedModel, seed: int, folder: Path) -> None:
    randomise(model, seed)
    tensors = {
        name: tensor if tensor.dtype == torch.int64 else tensor.to(torch.bfloat16)
        for name, tensor in model.state_dict().items()
        if name != "lm_head.weight"
    }
    packed = save(
        {name: tensor.contiguous() for name, tensor in tensors.items()}, metadata={"format": "pt"}
    )
    (folder / "model.safetensors").write_bytes(packed)


def _load(model_class: Any, folder: Path) -> Any:
    """Load in float32 with eager attention; raise if any key is missing or left over."""
    model, report = model_class.from_pretrained(
        folder,
        dtype=torch.float32,
        attn_implementation="eager",
        output_loading_info=True,
    )
    wrong = {kind: keys for kind, keys in report.items() if keys}
    if wrong:
        raise ValueError(f"{folder.name} does not load cleanly: {wrong}")
    return model.eval()


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
