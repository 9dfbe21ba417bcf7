"""What a model folder says about itself, read from its small files: enough to list it.

Nothing is trusted or used here; the engine checks the folder when it is loaded.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_CONFIG = 4_000_000  # bytes
_PUBLISHED = re.compile(r"gemma[-_ ]?4[-_ ](E?\d+B(?:[-_ ]A\d+B)?)", re.IGNORECASE)
_TYPES = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}
_MEDIA_BUDGETS = (70, 140, 280, 560, 1120)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A folder as it describes itself. `problem` says why it cannot be a model."""

    name: str
    bits: str = ""
    sees: bool = True
    hears: bool = True
    size_bytes: int = 0
    context_tokens: int = 0
    image_tokens: int = 280
    problem: str = ""


def read_facts(folder: Path) -> ModelFacts:
    """Never raises: what cannot be told is left out, what is wrong is the `problem`."""
    name = _name(folder)
    config = _mapping(folder / "config.json")
    if config is None:
        return ModelFacts(name, problem="The folder has no config.json that can be read.")
    if not str(config.get("model_type", "")).startswith("gemma4"):
        return ModelFacts(name, problem="The folder holds no Gemma 4 model.")
    text = config.get("text_config")
    positions = text.get("max_position_embeddings") if isinstance(text, dict) else None
    return ModelFacts(
        name,
        _bits(config),
        sees=isinstance(config.get("vision_config"), dict),
        hears=isinstance(config.get("audio_config"), dict),
        size_bytes=_size(folder),
        context_tokens=positions if isinstance(positions, int) else 0,
        image_tokens=_image_tokens(folder),
    )


def _name(folder: Path) -> str:
    published = _PUBLISHED.search(folder.name)
    if published is None:
        return folder.name
    return f"Gemma 4 {published[1].upper().replace('_', '-').replace(' ', '-')}"


def _bits(config: dict[str, Any]) -> str:
    for key in ("quantization", "quantization_config"):
        packed = config.get(key)
        if isinstance(packed, dict) and isinstance(packed.get("bits"), int):
            return f"{packed['bits']}-bit"
    stored = config.get("dtype") or config.get("torch_dtype")
    return _TYPES.get(stored, "") if isinstance(stored, str) else ""


def _image_tokens(folder: Path) -> int:
    processor = _mapping(folder / "processor_config.json") or {}
    image = processor.get("image_processor")
    budget = image.get("max_soft_tokens") if isinstance(image, dict) else None
    return budget if budget in _MEDIA_BUDGETS else 280


def _size(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    except OSError:
        return 0


def _mapping(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > LONGEST_CONFIG:
            return None
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
