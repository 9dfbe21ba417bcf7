"""Which bits each matrix of the published sizes gets."""

from __future__ import annotations

import pytest

from inference.checkpoint import QuantSpec, expected_tensors, read_config
from inference.checkpoint.convert import RECIPES, USUAL_RECIPE
from inference.checkpoint.convert.choice import lattice_spec, spec_of
from inference.checkpoint.convert.recipe import BITS, GROUP_SIZES
from inference.models.gemma4.config import ModelConfig
from tests.bench.configs import model_config
from tests.bench.sizes import SIZES

SMALL = ("layer_scalar", "per_layer_input_gate", "scale")


def config_of(size: str) -> ModelConfig:
    return read_config(model_config(SIZES[size], None))


def specs(size: str, recipe: str) -> dict[str, QuantSpec | None]:
    config = config_of(size)
    modules = {name.removesuffix(".weight"): s for name, s in expected_tensors(config).items()}
    return {m: spec_of(m, s, RECIPES[recipe], config.text) for m, s in modules.items()}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("recipe", RECIPES)
def test_towers_norms_and_gates_stay(size: str, recipe: str) -> None:
    for module, spec in specs(size, recipe).items():
        is_outside = not module.startswith("language_model.")
        is_small = "norm" in module or module.endswith(SMALL)
        if is_outside or is_small:
            assert spec is None, module
        else:
            assert spec is not None, module
            assert spec.group_size == 64


@pytest.mark.parametrize("recipe", RECIPES)
def test_router_and_per_layer_table_have_eight_bits(recipe: str) -> None:
    moe, e = specs("26b-a4b", recipe), specs("e2b", recipe)
    assert moe["language_model.layers.7.router.proj"] == QuantSpec(64, 8)
    assert e["language_model.embed_tokens_per_layer"] == QuantSpec(64, 8)


@pytest.mark.parametrize("bits", BITS)
def test_plain_recipes_have_one_width_in_the_decoder(bits: int) -> None:
    for module, spec in specs("e2b", f"{bits}bit").items():
        if spec is not None and "embed_tokens_per_layer" not in module:
            assert spec.bits == bits


def test_mixed_recipes_favour_the_sensitive_parts() -> None:
    made = specs("e2b", "mixed-4-6")
    better = {module for module, spec in made.items() if spec and spec.bits == 6}
    assert "language_model.embed_tokens" in better
    layers = {int(module.split(".")[2]) for module in better if ".layers." in module}
    assert {0, 1, 2, 3, 31, 32, 33, 34} <= layers
    assert len(layers) == 17
    parts = {module.rpartition(".")[2] for module in better if ".layers." in module}
    assert parts == {"v_proj", "o_proj", "down_proj"}


def test_where_keys_are_values_they_count_as_values() -> None:
    made = specs("26b-a4b", "mixed-4-6")
    full, sliding = "language_model.layers.29.self_attn", "language_model.layers.28.self_attn"
    assert made[f"{full}.k_proj"] == QuantSpec(64, 6)
    assert made[f"{sliding}.k_proj"] == QuantSpec(64, 4)
    assert made[f"{sliding}.v_proj"] == QuantSpec(64, 6)
    assert made["language_model.layers.29.experts.down_proj"] == QuantSpec(64, 6)


@pytest.mark.parametrize(
    ("width", "group", "wanted"), [(96, 64, 32), (128, 128, 128), (64, 128, 32), (48, 64, None)]
)
def test_groups_suit_the_width(width: int, group: int, wanted: int | None) -> None:
    from dataclasses import replace

    recipe = replace(RECIPES["4bit"], group_size=group)
    text = config_of("e2b").text
    spec = spec_of("language_model.layers.0.mlp.up_proj", (8, width), recipe, text)
    assert (spec and spec.group_size) == wanted


def test_grids_are_looked_for_only_where_they_gain() -> None:
    four, eight = RECIPES["4bit"], RECIPES["8bit"]
    module = "language_model.layers.0.mlp.up_proj"
    assert lattice_spec(module, QuantSpec(64, 4), four) == QuantSpec(32, 4)
    assert lattice_spec(module, QuantSpec(64, 8), eight) is None
    assert lattice_spec("language_model.layers.0.router.proj", QuantSpec(64, 8), four) is None
    assert lattice_spec(module, QuantSpec(64, 3), RECIPES["mixed-3-6"]) is None


def test_recipes_are_known_by_their_keys() -> None:
    assert USUAL_RECIPE in RECIPES
    assert all(key == recipe.key for key, recipe in RECIPES.items())
    assert {recipe.bits for recipe in RECIPES.values()} == set(BITS)
    assert {recipe.group_size for recipe in RECIPES.values()} <= set(GROUP_SIZES)
