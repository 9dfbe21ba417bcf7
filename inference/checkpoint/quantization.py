"""MLX quantisation as config.json states it, and the shapes of packed tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from inference.checkpoint.fields import Fields
from inference.checkpoint.names import place_of
from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal, shown
from inference.models.gemma4.config import DrafterConfig, ModelConfig

Mode = Literal["affine", "mxfp4", "mxfp8", "nvfp4"]

_WORD_BITS = 32
# What mx.quantize takes: group sizes and bits.
_ALLOWED: Mapping[Mode, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "affine": ((32, 64, 128), (2, 3, 4, 5, 6, 8)),
    "mxfp4": ((32,), (4,)),
    "mxfp8": ((32,), (8,)),
    "nvfp4": ((16,), (4,)),
}
_SETTINGS = frozenset({"group_size", "bits", "mode"})


@dataclass(frozen=True, slots=True)
class QuantSpec:
    """How one matrix is packed: `group_size` elements of a row share a scale."""

    group_size: int
    bits: int
    mode: Mode = "affine"

    @property
    def has_biases(self) -> bool:
        return self.mode == "affine"

    def packed_shapes(self, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        """Shapes of weight, scales and (affine) biases of a matrix [..., in].

        `in` must be a multiple of the group size.
        """
        *lead, width = shape
        grouped = (*lead, width // self.group_size)
        shapes = {"weight": (*lead, width * self.bits // _WORD_BITS), "scales": grouped}
        return shapes | ({"biases": grouped} if self.has_biases else {})


@dataclass(frozen=True, slots=True)
class Quantization:
    """The folder's usual packing and the modules that differ; None: stored plainly."""

    usual: QuantSpec
    overrides: Mapping[str, QuantSpec | None]

    def spec_of(self, module: str) -> QuantSpec | None:
        """The packing of the module with this canonical path."""
        return self.overrides.get(module, self.usual)


def read_quantization(
    raw: Mapping[str, Any], config: ModelConfig | DrafterConfig
) -> Quantization | None:
    """The quantisation that the top level of a config.json states, None if it states none.

    Keys of overrides are module paths in any of the accepted naming styles. Raises
    CheckpointError for methods and settings that MLX does not have.
    """
    top = Fields(raw, "config.json")
    fields = top.section("quantization") or top.section("quantization_config")
    if fields is None:
        return None
    if fields.has("quant_method"):
        method = shown(fields.get("quant_method"))
        raise refusal(f"The weights are quantised by {method}, which is not MLX", CHOOSE_ANOTHER)
    overrides: dict[str, QuantSpec | None] = {}
    for path in fields.names():
        if path in _SETTINGS:
            continue
        module = place_of(f"{path}.weight", config).name.removesuffix(".weight")
        spec = _override(fields, path)
        if overrides.setdefault(module, spec) != spec:
            raise refusal(f"config.json quantises {shown(module)} in two ways", CHOOSE_ANOTHER)
    return Quantization(_spec(fields), overrides)


def _override(fields: Fields, path: str) -> QuantSpec | None:
    """A module's own settings; what it leaves out is MLX's default, not the folder's."""
    value = fields.get(path)
    if value is True:
        return _spec(fields)
    if value is False:
        return None
    own = fields.section(path)
    if own is None:
        raise fields.error(path, "true, false or an object")
    return _spec(own)


def _spec(fields: Fields) -> QuantSpec:
    mode = fields.choice("mode", tuple(_ALLOWED), "affine")
    group_sizes, bits = _ALLOWED[mode]
    return QuantSpec(
        fields.choice("group_size", group_sizes, 64 if mode == "affine" else group_sizes[0]),
        fields.choice("bits", bits, 4 if mode == "affine" else bits[0]),
        mode,
    )
