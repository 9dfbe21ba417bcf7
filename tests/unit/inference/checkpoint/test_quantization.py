"""Quantised folders of every mode MLX has open and dequantise to what was packed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from inference.checkpoint import QuantSpec, load_weights, open_folder
from tests.fakes.folder_settings import Family, model_config
from tests.fakes.folders import FolderDraft, Style, quantize, random_weights, stored_as

AFFINE = [QuantSpec(group, bits) for group in (32, 64, 128) for bits in (2, 3, 4, 5, 6, 8)]
OTHERS = [QuantSpec(32, 4, "mxfp4"), QuantSpec(32, 8, "mxfp8"), QuantSpec(16, 4, "nvfp4")]
EMBEDDING = "language_model.embed_tokens"
LINEAR = "language_model.layers.0.self_attn.q_proj"
GATE_UP = "language_model.layers.1.experts.gate_up_proj"
DOWN = "language_model.layers.1.experts.down_proj"
ROUTER = "language_model.layers.1.router.proj"
IN_COMMUNITY = "language_model.model.layers.1"


def settings(spec: QuantSpec, **overrides: Any) -> dict[str, Any]:
    return {"group_size": spec.group_size, "bits": spec.bits, "mode": spec.mode, **overrides}


def quantised(
    modules: dict[str, QuantSpec],
    stated: dict[str, Any],
    style: Style = "published",
    family: Family = "moe",
    key: str = "quantization",
) -> FolderDraft:
    config = model_config(family)
    config["text_config"]["hidden_size"] = 128  # so that groups of 128 divide it
    weights = random_weights(config)
    quantize(weights, modules)
    metadata = {"format": "mlx" if style == "community" else "pt"}
    return FolderDraft(config | {key: stated}, stored_as(style, weights), metadata=metadata)


def dequantised(arrays: dict[str, mx.array], module: str, spec: QuantSpec) -> mx.array:
    return mx.dequantize(
        arrays[f"{module}.weight"],
        arrays[f"{module}.scales"],
        arrays.get(f"{module}.biases"),
        group_size=spec.group_size,
        bits=spec.bits,
        mode=spec.mode,
        dtype=mx.float32,
    )


@pytest.mark.parametrize(
    "spec", [*AFFINE, *OTHERS], ids=lambda s: f"{s.mode}-{s.group_size}-{s.bits}"
)
@pytest.mark.parametrize("style", ["published", "community"])
def test_every_mode_round_trips(tmp_path: Path, spec: QuantSpec, style: Style) -> None:
    modules = {EMBEDDING: spec, LINEAR: spec, GATE_UP: spec}
    made = quantised(modules, settings(spec), style)
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.quantized == modules
    loaded, packed = load_weights(folder), random_weights(made.config)
    plain = dict(packed)
    quantize(packed, modules)
    assert loaded.keys() == packed.keys()
    for module in modules:
        result = dequantised(loaded, module, spec)
        assert mx.array_equal(result, dequantised(packed, module, spec))
        spread = mx.abs(result - plain[f"{module}.weight"]).mean()
        assert float(np.array(spread)) < 0.4  # of a unit normal distribution, at two bits


def test_bfloat16_scales(tmp_path: Path) -> None:
    spec = QuantSpec(64, 4)
    made = quantised({LINEAR: spec}, settings(spec))
    for suffix in ("scales", "biases"):
        name = f"model.{LINEAR}.{suffix}"
        made.weights[name] = made.weights[name].astype(mx.bfloat16)
    assert open_folder(made.write(tmp_path / "model")).quantized == {LINEAR: spec}


def test_the_older_key_works_alone(tmp_path: Path) -> None:
    spec = QuantSpec(64, 4)
    made = quantised({LINEAR: spec}, settings(spec), key="quantization_config")
    assert open_folder(made.write(tmp_path / "model")).quantized == {LINEAR: spec}


def test_settings_left_out_are_those_of_the_mode(tmp_path: Path) -> None:
    made = quantised({LINEAR: QuantSpec(32, 8, "mxfp8")}, {"mode": "mxfp8"})
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.quantized == {LINEAR: QuantSpec(32, 8, "mxfp8")}


@pytest.mark.parametrize(
    "path",
    [
        ROUTER,
        f"model.{ROUTER}",
        f"{IN_COMMUNITY}.router.proj",
        "model.layers.1.router.proj",
    ],
)
def test_overrides_in_any_naming_style(tmp_path: Path, path: str) -> None:
    usual, own = QuantSpec(32, 4, "mxfp4"), QuantSpec(64, 8)
    modules = {LINEAR: usual, ROUTER: own}
    # An override without a mode is affine, whatever the folder's usual mode.
    made = quantised(modules, settings(usual, **{path: {"group_size": 64, "bits": 8}}))
    assert open_folder(made.write(tmp_path / "model")).quantized == modules


def test_split_experts_with_overrides_for_each_half(tmp_path: Path) -> None:
    usual, own = QuantSpec(64, 4), QuantSpec(32, 8)
    overrides = {
        f"{IN_COMMUNITY}.experts.switch_glu.{name}_proj": {"group_size": 32, "bits": 8}
        for name in ("gate", "up", "down")
    }
    modules = {GATE_UP: own, DOWN: own, LINEAR: usual}
    made = quantised(modules, settings(usual, **overrides), "community")
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.quantized == modules
    assert len(folder.tensors[f"{GATE_UP}.scales"].parts) == 2
    assert len(folder.tensors[f"{DOWN}.scales"].parts) == 1


def test_modules_marked_true_or_false(tmp_path: Path) -> None:
    spec = QuantSpec(64, 4)
    made = quantised({LINEAR: spec}, settings(spec, **{LINEAR: True, ROUTER: False}))
    assert open_folder(made.write(tmp_path / "model")).quantized == {LINEAR: spec}


def test_settings_without_any_packed_tensor_are_harmless(tmp_path: Path) -> None:
    made = quantised({}, settings(QuantSpec(64, 4)))
    assert not open_folder(made.write(tmp_path / "model")).quantized


def test_packed_text_only_folder(tmp_path: Path) -> None:
    spec = QuantSpec(32, 4)
    config = model_config("dense")["text_config"]
    weights = random_weights(config)
    quantize(weights, {EMBEDDING: spec})
    made = FolderDraft(config, stored_as("text_only", weights))
    made = replace(made, config=config | {"quantization": settings(spec)})
    assert open_folder(made.write(tmp_path / "model")).quantized == {EMBEDDING: spec}
