"""Quantised folders whose statement and stored shapes do not agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.unit.inference.checkpoint.bad.case import Bad, edit_json, put
from tests.unit.inference.checkpoint.bad.names import (
    rebuilt,
    shaped,
    typed,
    with_tensor,
    without,
)

MODULE = "model.language_model.layers.0.mlp.gate_proj"  # packed, 96 rows of 64, groups of 32


def stated(path: str, value: object) -> Callable[[Path], object]:
    return lambda folder: edit_json(folder, "config.json", lambda raw: put(raw, path, value))


def packed(name: str, says: str, spoil: Callable[[Path], object]) -> Bad:
    return Bad(name, says, spoil, "packed")


CASES = [
    packed("no statement", "does not say how", stated("quantization", None)),
    packed("statement is a list", "quantization", stated("quantization", [4])),
    packed("another quantiser", "awq", stated("quantization", {"quant_method": "awq"})),
    packed("bits of another width", "of another shape", stated("quantization/bits", 8)),
    packed("bits 7", "bits", stated("quantization/bits", 7)),
    packed("bits 0", "bits", stated("quantization/bits", 0)),
    packed("bits a text", "bits", stated("quantization/bits", "4")),
    packed("bits true", "bits", stated("quantization/bits", True)),
    packed("groups of another size", "of another shape", stated("quantization/group_size", 64)),
    packed("groups that do not divide", "do not divide", stated("quantization/group_size", 128)),
    packed("groups of 0", "group_size", stated("quantization/group_size", 0)),
    packed("groups of 16", "group_size", stated("quantization/group_size", 16)),
    packed("unknown mode", "mode", stated("quantization/mode", "gptq")),
    packed("mode with other bits", "bits", stated("quantization", {"mode": "mxfp8", "bits": 4})),
    packed(
        "mode with other groups",
        "group_size",
        stated("quantization", {"mode": "nvfp4", "group_size": 32}),
    ),
    packed(
        "floating mode, affine tensors", "unexpected", stated("quantization", {"mode": "mxfp4"})
    ),
    packed("override says not packed", "does not say how", stated(f"quantization/{MODULE}", False)),
    packed(
        "override of another width",
        "of another shape",
        stated(f"quantization/{MODULE}", {"group_size": 32, "bits": 8}),
    ),
    packed("override a number", "gate_proj", stated(f"quantization/{MODULE}", 4)),
    packed("override with odd bits", "bits", stated(f"quantization/{MODULE}", {"bits": 9})),
    packed(
        "override given twice",
        "in two ways",
        lambda folder: [
            stated(f"quantization/{MODULE}", {"group_size": 32, "bits": 4})(folder),
            stated(f"quantization/{MODULE.removeprefix('model.')}", {"bits": 8})(folder),
        ],
    ),
    packed("scales missing", "of another shape", without(f"{MODULE}.scales")),
    packed("biases missing", "biases", without(f"{MODULE}.biases")),
    packed("weight missing", "gate_proj.weight", without(f"{MODULE}.weight")),
    packed("scales too short", "scales", shaped(f"{MODULE}.scales", 96, 1)),
    packed("biases too long", "biases", shaped(f"{MODULE}.biases", 96, 3)),
    packed("weight one word short", "96x7 instead of 96x8", shaped(f"{MODULE}.weight", 96, 7)),
    packed("weight not packed", "of an unusable number type", typed("F32", f"{MODULE}.weight")),
    packed("scales as bytes", "U8", typed("U8", f"{MODULE}.scales")),
    packed("scales as float16", "float16", typed("F16", f"{MODULE}.scales")),
    packed("scales as integers", "I32", typed("I32", f"{MODULE}.scales")),
    packed("scales of a norm", "unexpected", with_tensor("model.language_model.norm.scales", 2)),
    packed("scales of nothing", "unexpected", with_tensor("model.language_model.ghost.scales", 2)),
    packed("a global scale", "global_scale", with_tensor(f"{MODULE}.global_scale", 1)),
    packed(
        "packed weight of rank 1",
        "of another shape",
        rebuilt(lambda header: header[f"{MODULE}.weight"].__setitem__("shape", [96 * 8])),
    ),
]
