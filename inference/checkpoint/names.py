"""From the names in published files to canonical names, and which of them to leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from inference.models.gemma4.config import DrafterConfig, ModelConfig

Part = Literal["whole", "gate", "up"]

# Published prefix -> canonical prefix; the first that fits counts. transformers writes `model.`
# in front of everything, mlx-vlm `language_model.model.` for the decoder only, and text-only
# files of either kind have the decoder right below `model.`.
_PREFIXES = (
    ("model.language_model.", "language_model."),
    ("language_model.model.", "language_model."),
    ("language_model.lm_head.", "lm_head."),
    ("model.vision_tower.", "vision_tower."),
    ("model.audio_tower.", "audio_tower."),
    ("model.embed_vision.", "embed_vision."),
    ("model.embed_audio.", "embed_audio."),
    ("model.layers.", "language_model.layers."),
    ("model.embed_tokens", "language_model.embed_tokens"),
    ("model.per_layer_", "language_model.per_layer_"),
    ("model.norm.", "language_model.norm."),
)
_BARE_EXPERTS = re.compile(r"\.experts\.(gate_up|down)_proj$")
_SWITCH_EXPERTS = re.compile(r"\.experts\.switch_glu\.(gate|up|down)_proj\.")
_SWITCH_PARTS: dict[str, tuple[str, Part]] = {
    "gate": ("gate_up_proj", "gate"),
    "up": ("gate_up_proj", "up"),
    "down": ("down_proj", "whole"),
}
_KEYS_AND_VALUES = re.compile(
    r"(?:language_model\.)?layers\.(\d{1,4})\.self_attn\.(?:[kv]_proj|k_norm)\."
)
_BUFFERS = re.compile(r"\.rotary_emb\.|\.pooler\.scale$|inv_freq$|\.embed_scale$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stored tensor belongs: canonical name, and which half of it if stored split."""

    name: str
    part: Part = "whole"


def place_of(name: str, config: ModelConfig | DrafterConfig) -> Place:
    """The place of the tensor stored as `name`; unknown names keep their own."""
    if isinstance(config, DrafterConfig):
        return Place(name.removeprefix("model."))
    for published, canonical in _PREFIXES:
        if name.startswith(published):
            name = canonical + name.removeprefix(published)
            break
    if _BARE_EXPERTS.search(name):
        return Place(f"{name}.weight")
    if split := _SWITCH_EXPERTS.search(name):
        matrix, part = _SWITCH_PARTS[split[1]]
        return Place(f"{name[: split.start()]}.experts.{matrix}.{name[split.end() :]}", part)
    return Place(name)


def is_left_out(name: str, config: ModelConfig | DrafterConfig) -> bool:
    """Whether the network never reads the tensor with this canonical name.

    These are the tied output head, buffers that are computed, and keys and values of layers that
    use another layer's (early E2B and E4B files still hold them).
    """
    if name.startswith("lm_head.") or _BUFFERS.search(name):
        return True
    found = _KEYS_AND_VALUES.match(name)
    layers = config.text.layers
    return (
        found is not None
        and int(found[1]) < len(layers)
        and layers[int(found[1])].kv_donor is not None
    )
