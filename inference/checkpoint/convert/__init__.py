"""Making a smaller model of a checked one: recipes, prediction, streaming conversion."""

from inference.checkpoint.convert.conversion import convert, predict, predict_all, predicted_bytes
from inference.checkpoint.convert.recipe import RECIPES, USUAL_RECIPE, Recipe
from inference.checkpoint.convert.target import discard_unfinished, find_unfinished
from inference.checkpoint.convert.values import (
    ConversionCancelled,
    ConversionProgress,
    ConversionStage,
    Prediction,
    Unfinished,
)

__all__ = [
    "RECIPES",
    "USUAL_RECIPE",
    "ConversionCancelled",
    "ConversionProgress",
    "ConversionStage",
    "Prediction",
    "Recipe",
    "Unfinished",
    "convert",
    "discard_unfinished",
    "find_unfinished",
    "predict",
    "predict_all",
    "predicted_bytes",
]
