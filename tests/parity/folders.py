"""Variants of the reference checkpoints, written to a temporary folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import mlx.core as mx

from tests.parity.reference import DATA

SMALL = ("generation_config.json", "processor_config.json", "tokenizer.json", "config.json")


def copy(family: str, to: Path) -> dict[str, mx.array]:
    """Copy everything but the weights to `to`; return the weights."""
    to.mkdir()
    for name in SMALL:
        shutil.copy(DATA / family / name, to / name)
    weights = mx.load(str(DATA / family / "model.safetensors"))
    assert isinstance(weights, dict)
    return weights


def write(to: Path, weights: dict[str, mx.array], metadata: dict[str, str] | None = None) -> None:
    mx.save_safetensors(str(to / "model.safetensors"), weights, metadata or {"format": "pt"})


def edit_config(folder: Path, **fields: Any) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config.update(fields)
    path.write_text(json.dumps(config))


def as_mlx_layout(weights: dict[str, mx.array]) -> dict[str, mx.array]:
    """Names and axes as MLX conversions have them: other prefixes, channels last, split experts."""
    out: dict[str, mx.array] = {}
    for name, array in weights.items():
        short = name.removeprefix("model.")
        if short.startswith("language_model."):
            short = short.replace("language_model.", "language_model.model.", 1)
        if short.endswith("conv.weight"):
            array = array.transpose(0, 2, 3, 1)
        elif "depthwise_conv1d" in short:
            array = array.transpose(0, 2, 1)
        if short.endswith("experts.gate_up_proj"):
            stem = short.removesuffix("gate_up_proj") + "switch_glu."
            out[f"{stem}gate_proj.weight"], out[f"{stem}up_proj.weight"] = mx.split(
                array, 2, axis=1
            )
        elif short.endswith("experts.down_proj"):
            out[short.removesuffix("down_proj") + "switch_glu.down_proj.weight"] = array
        else:
            out[short] = array
    return {name: mx.contiguous(array) for name, array in out.items()}


def quantised(
    weights: dict[str, mx.array], bits: int, group_size: int, mode: str
) -> tuple[dict[str, mx.array], dict[str, mx.array]]:
    """Decoder matrices packed, and the same weights unpacked again: what the packed ones mean."""
    packed: dict[str, mx.array] = {}
    meant: dict[str, mx.array] = {}
    for name, array in weights.items():
        matrix = array.ndim >= 2 and name.startswith("language_model") and "router" not in name
        # mlx 0.32 cannot unpack a single row of 144 nvfp4 values; real widths are multiples of 32.
        fits = array.size > 1 and array.shape[-1] % max(group_size, 32) == 0
        if not matrix or not name.endswith(".weight") or not fits:
            packed[name] = meant[name] = array
            continue
        stem = name.removesuffix(".weight")
        parts = mx.quantize(array.astype(mx.float32), group_size, bits, mode=mode)
        packed[name], packed[f"{stem}.scales"] = parts[0], parts[1]
        biases = parts[2] if len(parts) > 2 else None
        if biases is not None:
            packed[f"{stem}.biases"] = biases
        meant[name] = mx.dequantize(
            parts[0], parts[1], biases, group_size, bits, mode=mode, dtype=mx.float32
        )
    return packed, meant
