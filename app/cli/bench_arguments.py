"""Arguments of `facet bench`, checked and frozen. Imports nothing heavy."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.arguments import Parser

TASK_NAMES = ("text", "picture", "clip", "sound")
MOST_RUNS, MOST_TOKENS = 50, 4096

BENCH_EPILOG = """\
The tasks: about 500 tokens of text, one picture at 280 tokens, a clip of 60 frames at 70 tokens
each, 30 s of sound. Each is run three times, in rounds; median and range are shown. What the model
cannot do by its kind is left out. The speed in text is shown in the window too.

With --csv, one line for each run: date, model, machine, task, run, prompt_tokens,
generated_tokens, media_s, first_token_s, prefill_tokens_per_s, decode_tokens_per_s, total_s,
peak_memory_bytes.

Exit codes: 0 measured, 2 not measured (one sentence says why), 130 stopped with Ctrl-C; what was
measured until then is shown and written."""


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """Which model to measure, and how; `only` empty is everything."""

    model: Path
    only: tuple[str, ...] = ()
    runs: int = 3
    answer_tokens: int = 64
    csv: Path | None = None
    as_baseline: bool = False


def add_bench(commands: argparse._SubParsersAction[Parser]) -> Parser:
    """Adds the command `bench` to the parser of `facet`."""
    bench = commands.add_parser(
        "bench",
        usage="facet bench MODEL [options]",
        description="Measure how fast a model is on this computer.",
        epilog=BENCH_EPILOG,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    bench.add_argument("model", type=Path, metavar="MODEL", help="folder of a checkpoint, or tiny")
    bench.add_argument(
        "--only",
        action="append",
        choices=TASK_NAMES,
        default=[],
        metavar="TASK",
        help=f"{', '.join(TASK_NAMES)}; may be given several times",
    )
    bench.add_argument(
        "--runs", type=partial(_count, MOST_RUNS), default=3, metavar="N", help="of each task (3)"
    )
    bench.add_argument(
        "--answer-tokens",
        type=partial(_count, MOST_TOKENS),
        default=64,
        metavar="N",
        help="longest answer (64)",
    )
    bench.add_argument("--csv", type=Path, metavar="FILE", help="also write every run to FILE")
    bench.add_argument(
        "--baseline", action="store_true", help="compare later benchmarks with this one"
    )
    bench.add_argument("-h", "--help", action="help", help="this text")
    return bench


def bench_options(parsed: argparse.Namespace) -> BenchOptions:
    """The frozen options."""
    return BenchOptions(
        parsed.model,
        tuple(parsed.only),
        parsed.runs,
        parsed.answer_tokens,
        parsed.csv,
        parsed.baseline,
    )


def _count(most: int, argument: str) -> int:
    if not (argument.isascii() and argument.isdecimal() and 1 <= int(argument) <= most):
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number from 1 to {most}")
    return int(argument)
