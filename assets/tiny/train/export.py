"""Writes the checkpoint folder in the layout of the published checkpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from assets.tiny.train import store, tokenizer
from assets.tiny.train.shape import BUDGET, IDS, STOPS, model

from transformers import (  # isort: skip  (after shape, which mends an import)
    Gemma4AudioFeatureExtractor,
    Gemma4ForConditionalGeneration,
    Gemma4ImageProcessor,
    Gemma4Processor,
    Gemma4VideoProcessor,
    GenerationConfig,
)

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
# What each stage saved, and what its names of weights lack; later stages win.
STAGES = {
    "vision.pt": "model.vision_tower.",
    "audio.pt": "",
    "decoder.pt": "model.",
}
POSITIONS = 512  # rows of the vision tower's position table that are shipped; training saw 66
_TABLE = "model.vision_tower.patch_embedder.position_embedding_table"


def assemble(work: Path) -> Gemma4ForConditionalGeneration:
    """The whole model with the newest weights of each stage, in float32."""
    whole = model()
    for stage, prefix in STAGES.items():
        saved: Any = store.load(work / stage)
        if saved is None:
            continue
        state = {_full_name(prefix + name): value for name, value in saved["state"].items()}
        _, unexpected = whole.load_state_dict(state, strict=False)
        if unexpected:
            raise ValueError(f"{stage} has weights the model lacks: {unexpected[:3]}")
    return whole.eval()


def export(work: Path, folder: Path) -> None:
    """Write weights in bfloat16, configuration, tokenizer, processor and template to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = assemble(work)
    tensors = {
        name: tensor.to(torch.bfloat16).contiguous()
        for name, tensor in whole.state_dict().items()
        if name != "lm_head.weight"
    }
    tensors[_TABLE] = tensors[_TABLE][:, :POSITIONS].contiguous()
    (folder / "model.safetensors").write_bytes(save(tensors, metadata={"format": "pt"}))
    saved = json.loads(whole.config.to_json_string())
    saved["architectures"] = [type(whole).__name__]
    _write_json(folder / "config.json", published_style(saved))
    processor(work).save_pretrained(folder)
    (folder / "chat_template.jinja").write_text(TEMPLATE.read_text(encoding="utf-8"), "utf-8")
    generation: Any = GenerationConfig  # untyped
    generation(
        bos_token_id=IDS["<bos>"],
        pad_token_id=IDS["<pad>"],
        eos_token_id=STOPS,
        do_sample=True,
        temperature=1.0,
        top_k=64,
        top_p=0.95,
    ).save_pretrained(folder)


def processor(work: Path) -> Gemma4Processor:
    """Processor with the small picture budget."""
    trained = json.loads((work / "vocabulary.json").read_text(encoding="utf-8"))
    return Gemma4Processor(
        image_processor=Gemma4ImageProcessor(
            do_normalize=False, max_soft_tokens=BUDGET, pooling_kernel_size=3
        ),
        feature_extractor=Gemma4AudioFeatureExtractor(),
        video_processor=Gemma4VideoProcessor(),
        tokenizer=tokenizer.build(trained),
        image_seq_length=BUDGET,
    )


def published_style(config: dict[str, Any]) -> dict[str, Any]:
    """What transformers 5.23 saves, in the flat form of the published checkpoints, in bfloat16."""
    flat = {key: value for key, value in config.items() if key != "transformers_version"}
    text = dict(flat["text_config"])
    overrides = next(iter(text.pop("per_layer_config").values()))
    text["global_head_dim"] = overrides["head_dim"]
    text["num_global_key_value_heads"] = overrides.get("num_key_value_heads")
    vision = flat["vision_config"] | {
        "rope_parameters": flat["vision_config"]["rope_parameters"] | {"rope_type": "default"},
        "default_output_length": BUDGET,
        "position_embedding_size": POSITIONS,
    }
    flat |= {
        "text_config": text | {"dtype": "bfloat16"},
        "vision_config": vision | {"dtype": "bfloat16"},
        "audio_config": flat["audio_config"] | {"dtype": "bfloat16"},
        "vision_soft_tokens_per_image": BUDGET,
        "eoa_token_id": flat["eoa_token_index"],
        "dtype": "bfloat16",
    }
    return flat


def _full_name(name: str) -> str:
    """The decoder stage calls the language model "text"."""
    return name.replace("model.text.", "model.language_model.", 1)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
