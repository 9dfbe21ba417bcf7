"""`facet models quantize`: makes a smaller model of a folder, or says how large it would be."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from pathlib import Path

from app.cli.console import Console, Style
from app.cli.foreign import harmless_line
from app.cli.quantize_arguments import QuantizeOptions
from app.cli.sizes import shown_bytes
from app.core.bundled import named_model
from inference import (
    RECIPES,
    CheckpointError,
    ConversionProgress,
    FacetError,
    Recipe,
    convert,
    predict_all,
)

DONE, FAILED, INTERRUPTED = 0, 2, 130
EVERY = 0.01  # of the whole, between two lines of JSON
_LABELS = {
    "checking": "Checking the model",
    "writing": "Quantising",
    "verifying": "Checking what was written",
}


def quantize(options: QuantizeOptions, console: Console, *, debug: bool = False) -> int:
    """Quantises one model and returns the exit code.

    A failure is one sentence; `debug` adds its traceback. After Ctrl-C nothing is left.
    """
    try:
        source = _source(options.source)
        if options.target is None:
            return _sizes(source, options, console)
        return _quantize(source, options.target, options, console)
    except FacetError as error:
        console.line(harmless_line(str(error)), Style.RED)
        if debug:
            traceback.print_exception(error)
        return FAILED
    except KeyboardInterrupt:
        console.line("Stopped. What was written is deleted again.")
        return INTERRUPTED


def _source(named: Path) -> Path:
    folder = named_model(named)
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no model folder {named}.",
            "Name the folder that holds config.json, tokenizer.json and the .safetensors files.",
        )
    return folder


def _recipe(recipe: Recipe, options: QuantizeOptions) -> Recipe:
    return replace(
        recipe,
        group_size=options.group_size or recipe.group_size,
        table_bits=options.table_bits or recipe.table_bits,
    )


def _quantize(source: Path, target: Path, options: QuantizeOptions, console: Console) -> int:
    told = _Json(console) if options.json else _Status(console)
    convert(source, target, _recipe(RECIPES[options.recipe], options), told)
    console.clear_status()
    size = sum(file.stat().st_size for file in target.iterdir())
    if options.json:
        console.answer(_line(event="done", folder=str(target), bytes=size))
    else:
        console.line(f"Written and checked: {shown_bytes(size)}.", Style.BOLD)
        console.answer(harmless_line(str(target)) + "\n")
    return DONE


def _sizes(source: Path, options: QuantizeOptions, console: Console) -> int:
    recipes = [_recipe(recipe, options) for recipe in RECIPES.values()]
    console.status(_LABELS["checking"])
    predictions = predict_all(source, recipes)
    console.clear_status()
    for recipe, made in zip(recipes, predictions, strict=True):
        if options.json:
            bits = round(made.bits_per_weight, 3)
            entries = {"recipe": recipe.key, "bytes": made.size_bytes, "bits_per_weight": bits}
            console.answer(_line(**entries))
        else:
            share = made.size_bytes / max(1, made.source_bytes)
            size = f"{shown_bytes(made.size_bytes):>9}  {share:4.0%}"
            console.answer(f"{recipe.key:<10}{size}  {recipe.detail}\n")
    return DONE


class _Status:
    """Progress for a person."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, progress: ConversionProgress) -> None:
        total = progress.total_bytes
        fraction = progress.done_bytes / total if progress.stage == "writing" and total else None
        detail = f"{shown_bytes(progress.done_bytes)} of {shown_bytes(total)}" if fraction else ""
        self._console.status(_LABELS[progress.stage], detail, fraction)


class _Json:
    """Progress for a program: every stage, and every hundredth of the writing."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[str, float] = ("", 0.0)

    def __call__(self, progress: ConversionProgress) -> None:
        stage, done, total = progress.stage, progress.done_bytes, progress.total_bytes
        last_stage, last_done = self._last
        if stage != last_stage or done - last_done >= EVERY * total > 0:
            self._last = (stage, done)
            self._console.answer(_line(event=stage, done=done, total=total))


def _line(**entries: object) -> str:
    return json.dumps(entries) + "\n"
