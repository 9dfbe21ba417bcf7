"""config.json of a quantised model: the source's, and how each module is packed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inference.checkpoint.convert.plan import Task
from inference.checkpoint.convert.recipe import Recipe
from inference.checkpoint.quantization import QuantSpec

_NUMBER_TYPES = ("dtype", "torch_dtype")


def new_config(raw: Mapping[str, Any], recipe: Recipe, tasks: Sequence[Task]) -> bytes:
    """config.json for the tasks of `recipe`, from the source's.

    The packing is written under both names by which programs look for it. Modules that differ
    from the usual packing are named by their path in the files.
    """
    usual = QuantSpec(recipe.group_size, recipe.bits)
    packing: dict[str, Any] = _settings(usual) | {"mode": "affine"}
    for task in tasks:
        if task.spec is not None and task.spec != usual:
            packing[task.outputs[0].name.removesuffix(".weight")] = _settings(task.spec)
    config = _as_bfloat16(raw)
    config |= {"quantization": packing, "quantization_config": packing}
    return json.dumps(config, indent=2, ensure_ascii=False).encode() + b"\n"


def _settings(spec: QuantSpec) -> dict[str, Any]:
    return {"group_size": spec.group_size, "bits": spec.bits}


def _as_bfloat16(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the number type that everything unpacked is stored in."""
    config: dict[str, Any] = {}
    for key, value in raw.items():
        if isinstance(value, dict):
            config[key] = _as_bfloat16(value)
        else:
            is_type = key in _NUMBER_TYPES and isinstance(value, str)
            config[key] = "bfloat16" if is_type else value
    return config
