"""config.json and generation_config.json, checked and turned into the network's dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.checkpoint.fields import Fields
from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal, shown
from inference.checkpoint.text_config import MAX_WIDTH, read_text
from inference.checkpoint.token_ids import read_end_ids, read_special_ids
from inference.checkpoint.tower_config import read_audio, read_vision
from inference.errors import CheckpointError
from inference.media.plan import DEFAULT_IMAGE_BUDGET, IMAGE_BUDGETS
from inference.models.gemma4.config import DrafterConfig, ModelConfig

_CONFIG = "config.json"
_DRAFTER = "gemma4_assistant"
_NEIGHBOURS = {
    "gemma4_unified": "the encoder-free 12B Gemma 4",
    "gemma4_unified_text": "the encoder-free 12B Gemma 4",
    "gemma4_unified_assistant": "an assistant of the encoder-free 12B Gemma 4",
    _DRAFTER: "an MTP assistant, which only speeds up another model",
}
_PUBLISHED_SIZES = {
    (1536, 35): "E2B",
    (2560, 42): "E4B",
    (2816, 30): "26B-A4B",
    (5376, 60): "31B",
}


@dataclass(frozen=True, slots=True)
class GenerationDefaults:
    """What generation_config.json recommends; None where it says nothing.

    `image_tokens` is the soft-token budget of a picture that processor_config.json names.
    """

    stop_ids: tuple[int, ...] = ()
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    image_tokens: int = DEFAULT_IMAGE_BUDGET


def read_config(raw: Mapping[str, Any]) -> ModelConfig:
    """The model that a config.json of type gemma4 or gemma4_text describes.

    `name` is the published size with these dimensions, or empty. `stop_ids` are the end tokens of
    this file alone. Ids a model without the tower does not have are None, or -1 where the network
    wants a number. Raises CheckpointError naming the field that is wrong.
    """
    fields = Fields(raw, _CONFIG)
    kind = fields.get("model_type")
    if kind not in ("gemma4", "gemma4_text"):
        raise _wrong_kind(kind)
    section = fields.section("text_config") if kind == "gemma4" else fields
    if section is None:
        raise fields.error("text_config", "an object")
    fields.choice("tie_word_embeddings", [True], True)
    text = read_text(section)
    towers = fields if kind == "gemma4" else Fields({}, _CONFIG)
    vision_fields, audio_fields = towers.section("vision_config"), towers.section("audio_config")
    vision = read_vision(vision_fields) if vision_fields else None
    audio = read_audio(audio_fields) if audio_fields else None
    ends = read_end_ids(fields, text.vocab) or read_end_ids(section, text.vocab) or (1,)
    return ModelConfig(
        text=text,
        vision=vision,
        audio=audio,
        ids=read_special_ids(
            fields, section, text.vocab, has_vision=vision is not None, has_audio=audio is not None
        ),
        stop_ids=ends,
        name=_PUBLISHED_SIZES.get((text.hidden, len(text.layers)), ""),
    )


def read_drafter_config(raw: Mapping[str, Any]) -> DrafterConfig:
    """The MTP assistant that a config.json of type gemma4_assistant describes.

    Every layer's `kv_donor` is -1: keys and values are those of the target model's last layer of
    the same kind. Raises CheckpointError naming the field that is wrong.
    """
    fields = Fields(raw, _CONFIG)
    if fields.get("model_type") != _DRAFTER:
        kind = shown(fields.get("model_type"))
        raise refusal(f"This is no MTP assistant of Gemma 4 but of type {kind}", CHOOSE_ANOTHER)
    section = fields.section("text_config")
    if section is None:
        raise fields.error("text_config", "an object")
    fields.choice("tie_word_embeddings", [True], True)
    text = read_text(section, reads_target=True)
    backbone = fields.integer("backbone_hidden_size", 1, MAX_WIDTH)
    if not fields.flag("use_ordered_embeddings", False):
        return DrafterConfig(text=text, backbone=backbone)
    centroids = fields.integer("num_centroids", 1, text.vocab, 2048)
    if text.vocab % centroids:
        raise fields.error("num_centroids", f"a divisor of the vocabulary of {text.vocab}")
    top_k = fields.integer("centroid_intermediate_top_k", 1, centroids, min(32, centroids))
    return DrafterConfig(text=text, backbone=backbone, centroids=centroids, centroid_top_k=top_k)


def read_generation(raw: Mapping[str, Any], vocab: int) -> GenerationDefaults:
    """The sampling defaults in a generation_config.json. Raises CheckpointError."""
    fields = Fields(raw, "generation_config.json")
    return GenerationDefaults(
        stop_ids=read_end_ids(fields, vocab),
        temperature=_optional_number(fields, "temperature", 0.0, 10.0),
        top_k=fields.integer("top_k", 0, vocab) if fields.has("top_k") else None,
        top_p=_optional_number(fields, "top_p", 0.0, 1.0),
    )


def read_image_budget(raw: Mapping[str, Any]) -> int:
    """The budget for a picture in a processor_config.json, or the model card's.

    Raises CheckpointError for a budget that the model was not made for.
    """
    section = Fields(raw, "processor_config.json").section("image_processor")
    if section is None:
        return DEFAULT_IMAGE_BUDGET
    return section.choice("max_soft_tokens", IMAGE_BUDGETS, DEFAULT_IMAGE_BUDGET)


def _wrong_kind(kind: Any) -> CheckpointError:
    if isinstance(kind, str) and kind in _NEIGHBOURS:
        return refusal(f"This is {_NEIGHBOURS[kind]}, which Facet does not run", CHOOSE_ANOTHER)
    if isinstance(kind, str) and "diffusion" in kind:
        return refusal("This is a diffusion model, which Facet does not run", CHOOSE_ANOTHER)
    return refusal(f"This is no Gemma 4 model but of type {shown(kind)}", CHOOSE_ANOTHER)


def _optional_number(fields: Fields, name: str, low: float, high: float) -> float | None:
    return fields.number(name, low, high) if fields.has(name) else None
