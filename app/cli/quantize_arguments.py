"""Arguments of `facet models quantize`, checked and frozen. Imports nothing heavy."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.arguments import Parser

# Those of inference.RECIPES, which would take MLX to ask for; a test compares them.
RECIPE_KEYS = ("8bit", "6bit", "5bit", "4bit", "3bit", "mixed-4-8", "mixed-4-6", "mixed-3-6")
USUAL_RECIPE = "4bit"

QUANTIZE_EPILOG = """\
SOURCE is a folder with an unquantised Gemma 4 model. TARGET is the new folder; it must not exist
and appears only when it is complete and was checked. SOURCE is not touched. It takes less than
1 GB of memory whatever the model's size.

Recipes: 8bit, 6bit, 5bit, 4bit, 3bit store the decoder with that many bits a weight. mixed-4-8,
mixed-4-6 and mixed-3-6 give the more sensitive parts the higher number. In each, the parts that
see and hear stay as they are, a router gets 8 bits, and so does the per-layer table of E2B and
E4B, which stays on the disk. Models trained for 4 bits (QAT) keep the grid they were trained for
with 4bit, 5bit, 6bit, mixed-4-8 and mixed-4-6.

With --json, standard output holds one JSON object a line: event (checking, writing, verifying)
with done and total in bytes, then done with folder and bytes; or, with --sizes, a recipe each.

Exit codes: 0 done, 2 failed (one sentence says why), 130 stopped with Ctrl-C; nothing is left."""


@dataclass(frozen=True, slots=True)
class QuantizeOptions:
    """What to quantise, how and where to; `target` is None when only sizes are asked for."""

    source: Path
    target: Path | None
    recipe: str = USUAL_RECIPE
    group_size: int | None = None
    table_bits: int | None = None
    json: bool = False


def add_quantize(commands: argparse._SubParsersAction[Parser]) -> Parser:
    """Adds the command `quantize` to the parser of `facet models`."""
    quantize = commands.add_parser(
        "quantize",
        usage="facet models quantize SOURCE TARGET [options]\n"
        "       facet models quantize SOURCE --sizes",
        description="Make a smaller model: store its weights with fewer bits.",
        epilog=QUANTIZE_EPILOG,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    quantize.add_argument("source", type=Path, metavar="SOURCE", help="folder of a checkpoint")
    quantize.add_argument("target", type=Path, nargs="?", metavar="TARGET", help="the new folder")
    quantize.add_argument(
        "--recipe",
        choices=RECIPE_KEYS,
        default=USUAL_RECIPE,
        metavar="RECIPE",
        help=f"one of those below ({USUAL_RECIPE})",
    )
    quantize.add_argument(
        "--group-size",
        type=int,
        choices=(32, 64, 128),
        metavar="N",
        help="weights that share a scale: 32, 64 (usual) or 128",
    )
    quantize.add_argument(
        "--table-bits",
        type=int,
        choices=(3, 4, 5, 6, 8),
        metavar="N",
        help="bits of the per-layer table: 3, 4, 5, 6 or 8 (usual)",
    )
    quantize.add_argument(
        "--sizes", action="store_true", help="only say how large each recipe would make it"
    )
    quantize.add_argument("--json", action="store_true", help="one JSON object per line")
    quantize.add_argument("-h", "--help", action="help", help="this text")
    return quantize


def quantize_options(quantize: Parser, parsed: argparse.Namespace) -> QuantizeOptions:
    """The frozen options; ends the program with a sentence where they contradict each other."""
    if parsed.target is None and not parsed.sizes:
        quantize.error("TARGET is missing: name the folder that the new model is to have")
    if parsed.target is not None and parsed.sizes:
        quantize.error("--sizes writes nothing, so it takes no TARGET")
    return QuantizeOptions(
        source=parsed.source,
        target=parsed.target,
        recipe=parsed.recipe,
        group_size=parsed.group_size,
        table_bits=parsed.table_bits,
        json=parsed.json,
    )
