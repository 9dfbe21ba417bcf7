"""Fits stored tensors to the network: names, shapes, number types, packing, layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inference.checkpoint.expected import (
    TOKEN_ORDERING,
    Shapes,
    expected_tensors,
    is_convolution,
    is_optional,
    is_quantizable,
)
from inference.checkpoint.faults import Faults
from inference.checkpoint.header import TensorRef
from inference.checkpoint.layout import TensorSource, convolution_transform
from inference.checkpoint.names import Part, is_left_out, place_of
from inference.checkpoint.quantization import Quantization, QuantSpec
from inference.checkpoint.refusal import refusal, shown
from inference.checkpoint.shards import StoredWeights
from inference.models.gemma4.config import DrafterConfig, ModelConfig

_HALVES_AXIS = 1  # of [experts, gate rows then up rows, in]
_FLOATS = frozenset({"BF16", "F32"})

_Parts = Mapping[Part, TensorRef]


@dataclass(frozen=True, slots=True)
class Assembly:
    """The network's tensors, and what was found beside or instead of them."""

    tensors: Mapping[str, TensorSource]
    quantized: Mapping[str, QuantSpec]
    dropped: tuple[str, ...]  # stored names that the network never reads
    absent: tuple[str, ...]  # canonical names of optional tensors that are not stored


def assemble(
    stored: StoredWeights, config: ModelConfig | DrafterConfig, quantization: Quantization | None
) -> Assembly:
    """Find every tensor that the network of `config` needs among the stored ones.

    Float16 is refused everywhere, for scales too: activations would take on their type.
    Raises CheckpointError listing what is missing, unexpected, of another shape or of an
    unusable number type.
    """
    placed, dropped = _place(stored.tensors, config)
    expected = expected_tensors(config)
    quantized = _quantized_modules(placed, expected, quantization)
    wanted = _wanted(expected, quantized)
    faults = Faults()
    for name in placed.keys() - wanted.keys():
        faults.unexpected.extend(ref.name for ref in placed[name].values())
    tensors: dict[str, TensorSource] = {}
    absent: list[str] = []
    for name, shape in wanted.items():
        if name not in placed:
            (absent if is_optional(name) else faults.missing).append(name)
            continue
        source = tensors[name] = _source(name, shape, placed[name], stored.is_mlx)
        if len(source.parts[0].shape) != len(shape) or source.shape != shape:
            faults.add_misshapen(name, source.parts, shape)
        dtypes = {part.dtype for part in source.parts}
        if len(dtypes) > 1 or not dtypes <= _dtypes(name, quantized):
            faults.add_mistyped(name, dtypes)
    faults.raise_if_any()
    return Assembly(tensors, quantized, tuple(sorted(dropped)), tuple(absent))


def _place(
    tensors: Mapping[str, TensorRef], config: ModelConfig | DrafterConfig
) -> tuple[dict[str, _Parts], list[str]]:
    """The stored tensors by canonical name, and the stored names that are left out."""
    placed: dict[str, dict[Part, TensorRef]] = {}
    dropped: list[str] = []
    for name, ref in tensors.items():
        place = place_of(name, config)
        if is_left_out(place.name, config):
            dropped.append(name)
            continue
        parts = placed.setdefault(place.name, {})
        if place.part in parts or "whole" in parts or (place.part == "whole" and parts):
            raise refusal(f"The weights hold {shown(place.name)} twice under different names")
        parts[place.part] = ref
    return dict(placed), dropped


def _quantized_modules(
    placed: Mapping[str, _Parts], expected: Shapes, quantization: Quantization | None
) -> dict[str, QuantSpec]:
    """The modules that have scales; nothing else makes a module quantised."""
    modules: dict[str, QuantSpec] = {}
    for name in placed:
        module = name.removesuffix(".scales")
        shape = expected.get(f"{module}.weight")
        if module == name or shape is None or not is_quantizable(f"{module}.weight", shape):
            continue
        spec = quantization.spec_of(module) if quantization else None
        if spec is None:
            raise refusal(f"config.json does not say how {shown(module)} is quantised")
        if shape[-1] % spec.group_size:
            raise refusal(
                f"{shown(module)} has rows of {shape[-1]} elements, which do not divide into the "
                f"groups of {spec.group_size} that config.json states"
            )
        modules[module] = spec
    return modules


def _wanted(expected: Shapes, quantized: Mapping[str, QuantSpec]) -> Shapes:
    """The expected tensors with each quantised matrix replaced by its packed ones."""
    wanted = dict(expected)
    for module, spec in quantized.items():
        packed = spec.packed_shapes(expected[f"{module}.weight"])
        wanted |= {f"{module}.{suffix}": shape for suffix, shape in packed.items()}
    return wanted


def _source(name: str, shape: tuple[int, ...], parts: _Parts, is_mlx: bool) -> TensorSource:
    if "whole" not in parts:
        refs = tuple(parts[part] for part in ("gate", "up") if part in parts)
        if len(refs) != 2 or refs[0].shape != refs[1].shape:
            raise refusal(f"The two halves of {shown(name)} do not match")
        return TensorSource(refs, axis=_HALVES_AXIS)
    ref = parts["whole"]
    if not is_convolution(name):
        return TensorSource((ref,))
    return TensorSource((ref,), transform=convolution_transform(ref.shape, shape, is_mlx))


def _dtypes(name: str, quantized: Mapping[str, QuantSpec]) -> frozenset[str]:
    """The number types that the tensor may have."""
    if name == TOKEN_ORDERING:
        return frozenset({"I32", "I64"})
    module, _, suffix = name.rpartition(".")
    spec = quantized.get(module)
    if spec and suffix == "weight":
        return frozenset({"U32"})
    if spec and suffix == "scales" and not spec.has_biases:
        return frozenset({"U8"})
    return _FLOATS
