"""What each recipe would make of a model, and names for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.recipe_choices import recipe_choices, suggested_target
from inference import RECIPES, CheckpointError
from tests.fakes.folders import draft

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_every_recipe_with_its_size(tmp_path: Path) -> None:
    source = draft("e").write(tmp_path / "small")
    choices = recipe_choices(source, tmp_path / "not" / "yet")
    assert [choice.recipe for choice in choices] == list(RECIPES.values())
    assert all(choice.is_roomy for choice in choices)
    assert not replace(choices[0], free_bytes=1000).is_roomy
    with pytest.raises(CheckpointError):
        recipe_choices(tmp_path, tmp_path)


def test_names_for_the_new_folder(tmp_path: Path) -> None:
    recipe = RECIPES["mixed-4-6"]
    plain = tmp_path / "gemma-4-E2B-it-bf16"
    assert suggested_target(plain, recipe) == tmp_path / "gemma-4-E2B-it-mixed-4-6"
    (tmp_path / "gemma-4-E2B-it-mixed-4-6").mkdir()
    assert suggested_target(plain, recipe).name == "gemma-4-E2B-it-mixed-4-6-2"
    cached = tmp_path / "models--google--gemma-4-E2B-it" / "snapshots" / COMMIT
    assert suggested_target(cached, recipe, tmp_path / "mine") == (
        tmp_path / "mine" / "gemma-4-E2B-it-mixed-4-6"
    )
    assert suggested_target(cached, recipe).parent.name == "models"
