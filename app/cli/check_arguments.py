"""Arguments of `facet check`, checked and frozen. Imports nothing heavy."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.arguments import Parser

SENSE_NAMES = ("picture", "chart", "sound", "clip", "json", "json_thinking", "tool")

CHECK_EPILOG = """\
The tests: a random number in a picture, five bars of a chart, five spoken digits, the order of four
frames, JSON after a schema with thinking off and on, one tool call. What the model cannot do by its
kind (a size that does not hear) is absent and no failure. The window shows the same results.

With --json, standard output holds one JSON object a line, in order of the tests: sense, state
(passed, failed, absent, error), shown, read, note, seconds, date, runtime.

Exit codes: 0 every sense it has works, 1 a sense failed, 2 not run (one sentence says why),
130 stopped with Ctrl-C."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Which model to test, and what of it; `only` empty is everything."""

    model: Path
    only: tuple[str, ...] = ()
    seed: int | None = None
    json: bool = False


def add_check(commands: argparse._SubParsersAction[Parser]) -> Parser:
    """Adds the command `check` to the parser of `facet`."""
    check = commands.add_parser(
        "check",
        usage="facet check MODEL [options]",
        description="Test what a model really sees, hears and writes.",
        epilog=CHECK_EPILOG,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    check.add_argument("model", type=Path, metavar="MODEL", help="folder of a checkpoint, or tiny")
    check.add_argument(
        "--only",
        action="append",
        choices=SENSE_NAMES,
        default=[],
        metavar="TEST",
        help=f"{', '.join(SENSE_NAMES)}; may be given several times",
    )
    check.add_argument("--seed", type=_seed, metavar="N", help="the same tests every time")
    check.add_argument("--json", action="store_true", help="one JSON object per test")
    check.add_argument("-h", "--help", action="help", help="this text")
    return check


def check_options(parsed: argparse.Namespace) -> CheckOptions:
    """The frozen options."""
    return CheckOptions(parsed.model, tuple(parsed.only), parsed.seed, parsed.json)


def _seed(argument: str) -> int:
    if not (argument.isascii() and argument.isdecimal() and len(argument) <= 9):
        raise argparse.ArgumentTypeError(
            f"{argument!r} is not a whole number from 0 up with at most nine digits"
        )
    return int(argument)
