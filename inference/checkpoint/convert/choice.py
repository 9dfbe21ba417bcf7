"""Which matrix gets which bits: a recipe applied to one tensor of a model."""

from __future__ import annotations

import re

from inference.checkpoint.convert.recipe import ROUTER_BITS, Recipe
from inference.checkpoint.expected import is_quantizable
from inference.checkpoint.quantization import QuantSpec
from inference.models.gemma4.config import TextConfig

DECODER = "language_model."
TOKEN_TABLE = f"{DECODER}embed_tokens"
LAYER_TABLE = f"{DECODER}embed_tokens_per_layer"
# Tiny, and what it lets through scales a whole layer's share of the per-layer table.
_KEPT = ".per_layer_input_gate"
_ROUTER = ".router.proj"
_LAYER = re.compile(r"language_model\.layers\.(\d+)\.(.+)")
_SENSITIVE = ("self_attn.v_proj", "self_attn.o_proj", "mlp.down_proj", "experts.down_proj")
_LATTICE = QuantSpec(32, 4)  # blocks of QAT: 32 values share a scale


def spec_of(
    module: str, shape: tuple[int, ...], recipe: Recipe, text: TextConfig
) -> QuantSpec | None:
    """How `recipe` packs the matrix `module` of `shape` [..., in]; None: it stays as it is.

    Towers, their projections, norms, scalars and the gates of the per-layer table stay.
    """
    is_matrix = is_quantizable(f"{module}.weight", shape) and module.startswith(DECODER)
    if not is_matrix or module.endswith(_KEPT):
        return None
    group = next((g for g in (recipe.group_size, 32) if shape[-1] % g == 0), None)
    return None if group is None else QuantSpec(group, _bits(module, recipe, text))


def lattice_spec(module: str, spec: QuantSpec, recipe: Recipe) -> QuantSpec | None:
    """How the matrix is packed if it lies on the grid of QAT; None where that is not looked for.

    Fewer bits than the grid has would lose it. The router is never trained on one.
    """
    is_wanted = recipe.finds_lattice and spec.bits >= _LATTICE.bits
    return _LATTICE if is_wanted and not module.endswith(_ROUTER) else None


def _bits(module: str, recipe: Recipe, text: TextConfig) -> int:
    if module == LAYER_TABLE:
        return recipe.table_bits
    if module == TOKEN_TABLE:
        return recipe.better_bits
    if module.endswith(_ROUTER):
        return ROUTER_BITS
    found = _LAYER.fullmatch(module)
    if found is None or not recipe.is_mixed:
        return recipe.bits
    number, part = int(found[1]), found[2]
    is_value = part in _SENSITIVE or (
        part == "self_attn.k_proj" and text.layers[number].keys_are_values
    )
    is_better = is_value and _is_sensitive(number, len(text.layers))
    return recipe.better_bits if is_better else recipe.bits


def _is_sensitive(layer: int, layers: int) -> bool:
    """The first and last eighth of the layers, and every third between (as in llama.cpp's Q4_K_M
    and mlx-lm's mixed recipes)."""
    edge = max(1, layers // 8)
    return layer < edge or layer >= layers - edge or (layer - edge) % 3 == 2
