"""Before quantising: what each recipe would make of a model, and where the new one could lie."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.core.paths import data_dir
from inference import RECIPES, Prediction, Recipe, predict_all

_SNAPSHOT = re.compile(r"models--.+?--(.+)")
_PRECISION = re.compile(r"[-_](bf16|bfloat16|fp16|f32|fp32)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RecipeChoice:
    """A recipe and what it would make of the model at hand."""

    recipe: Recipe
    prediction: Prediction
    free_bytes: int  # where the new folder would be

    @property
    def is_roomy(self) -> bool:
        """Whether the disk has room for it."""
        return self.prediction.needed_bytes <= self.free_bytes


def recipe_choices(source: Path, place: Path) -> tuple[RecipeChoice, ...]:
    """Every recipe with its size for `source`, written below the folder `place`.

    Takes a second or two: not for the window's thread. Raises CheckpointError when the model
    cannot be quantised (it is already, or is damaged).
    """
    free_bytes = _free_bytes(place)
    recipes = tuple(RECIPES.values())
    predictions = predict_all(source, recipes)
    return tuple(
        RecipeChoice(recipe, prediction, free_bytes)
        for recipe, prediction in zip(recipes, predictions, strict=True)
    )


def suggested_target(source: Path, recipe: Recipe, place: Path | None = None) -> Path:
    """A folder in `place` that does not exist yet, named after model and recipe.

    Without a place it lies beside the source, or, for a model in the Hugging Face cache, among
    Facet's own models.
    """
    snapshot = _SNAPSHOT.fullmatch(source.parent.parent.name)
    is_cached = source.parent.name == "snapshots" and snapshot is not None
    if place is None:
        place = data_dir() / "models" if is_cached else source.parent
    name = snapshot[1] if is_cached and snapshot else source.name
    name = f"{_PRECISION.sub('', name)}-{recipe.key}"
    target, number = place / name, 2
    while os.path.lexists(target):
        target, number = place / f"{name}-{number}", number + 1
    return target


def _free_bytes(place: Path) -> int:
    for folder in (place, *place.parents):
        with suppress(OSError):
            return shutil.disk_usage(folder).free
    return 0
