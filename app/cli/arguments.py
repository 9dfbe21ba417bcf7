"""Arguments of `facet ask`, checked and frozen. Imports nothing heavy: help is instant."""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from app.cli.files import MediaFile, add_files

REPORT_SUFFIXES = (".html", ".md", ".pdf")

SOFT_TOKEN_BUDGETS = (70, 140, 280, 560, 1120)

ASK_EPILOG = """\
With --json-events, standard output holds one JSON object a line. Its key "event" says what it is:

  loading        what, fraction (0 to 1)
  prepared       receipt (items, prompt_tokens, dropped)
  reading_media  name, index, total, cached
  prefill        done, total, reused (tokens of the prompt)
  thought        text, tokens, closed
  token_text     text, tokens
  tool_call      call (name, arguments, call_id), problem
  revised        text, problem (takes the place of all token_text so far)
  notice         text
  finished       reason, statistics, receipt, constraint (null without a schema); reason is stop,
                 length, tool_calls, repetition, memory or cancelled
  failed         message, action, detail

Exit codes: 0 answered, 2 failed (one sentence says why), 3 answered against the schema or not
to its end, 130 stopped with Ctrl-C.
FACET_DEBUG=1 adds the traceback of a failure; NO_COLOR=1 switches colour off."""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What `facet ask` was asked to do. None stands for the engine's own default."""

    model: Path
    question: str
    media: tuple[MediaFile, ...] = ()
    system: str = ""
    schema: str | None = None  # a file or the shorthand, as given
    thinking: bool = False
    thinking_budget: int | None = None
    seed: int | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    image_tokens: int | None = None
    video_tokens: int | None = None
    drafter: Path | None = None
    load_anyway: bool = False
    first_seconds: float | None = None
    json_events: bool = False
    quiet: bool = False
    report: Path | None = None


class Parser(argparse.ArgumentParser):
    """Reports a wrong command line in one sentence instead of a usage dump."""

    def error(self, message: str) -> NoReturn:
        reason = message.removeprefix("argument ")
        sentence = reason[:1].upper() + reason[1:]
        print(f"{sentence}. `{self.prog} --help` lists the options.", file=sys.stderr)
        raise SystemExit(2)


def add_ask(commands: argparse._SubParsersAction[Parser]) -> Parser:
    """Adds the command `ask` to the parser of `facet`."""
    ask = commands.add_parser(
        "ask",
        usage='facet ask MODEL "QUESTION" [options]',
        description="Ask one question and stream the answer.",
        epilog=ASK_EPILOG,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    _add_question(ask)
    _add_answer(ask)
    _add_output(ask)
    return ask


def ask_options(ask: Parser, parsed: argparse.Namespace) -> AskOptions:
    """The frozen options; ends the program with a sentence if two of them contradict."""
    if parsed.thinking_budget is not None and parsed.thinking != "on":
        ask.error("--thinking-budget has no effect without --thinking on")
    return _frozen(parsed)


def _add_question(ask: argparse.ArgumentParser) -> None:
    what = ask.add_argument_group("what to send; files may be given several times")
    what.add_argument("model", type=Path, metavar="MODEL", help="folder of a checkpoint, or tiny")
    what.add_argument("question", metavar="QUESTION", help="the question; - reads standard input")
    add_files(what)
    how = ask.add_argument_group("how to send it")
    how.add_argument("--system", default="", metavar="TEXT", help="instructions that come first")
    how.add_argument(
        "--image-tokens", type=_budget, metavar="N", help="tokens for each picture: 70 to 1120"
    )
    how.add_argument(
        "--video-tokens", type=_budget, metavar="N", help="tokens for each frame: 70 to 1120"
    )
    how.add_argument(
        "--first-seconds",
        type=_positive_seconds,
        metavar="N",
        help="use only the first N seconds of clips and recordings",
    )


def _add_answer(ask: argparse.ArgumentParser) -> None:
    group = ask.add_argument_group("how to answer")
    group.add_argument(
        "--thinking", choices=("on", "off"), default="off", help="reason before answering (off)"
    )
    group.add_argument(
        "--thinking-budget", type=_count, metavar="N", help="end the reasoning after N tokens"
    )
    group.add_argument(
        "--schema",
        metavar="FILE|FIELDS",
        help='JSON after a JSON Schema, or after fields: "name, age int"; any is any JSON',
    )
    group.add_argument("--max-tokens", type=_count, metavar="N", help="longest answer, in tokens")
    group.add_argument(
        "--temperature", type=_temperature, metavar="T", help="0 always takes the likeliest token"
    )
    group.add_argument("--seed", type=_seed, metavar="N", help="makes the answer repeatable")
    group.add_argument(
        "--drafter", type=Path, metavar="FOLDER", help="assistant model that proposes tokens ahead"
    )
    group.add_argument(
        "--load-anyway", action="store_true", help="a model that does not fit into memory, too"
    )


def _add_output(ask: argparse.ArgumentParser) -> None:
    group = ask.add_argument_group("what to print")
    group.add_argument("--quiet", action="store_true", help="the answer only")
    group.add_argument("--json-events", action="store_true", help="one JSON object per event")
    group.add_argument(
        "--report",
        type=_report,
        metavar="FILE",
        help="also write question, answer and receipt to FILE.html, .md or .pdf",
    )
    group.add_argument("-h", "--help", action="help", help="this text")


def _frozen(parsed: argparse.Namespace) -> AskOptions:
    return AskOptions(
        model=parsed.model,
        question=parsed.question,
        media=tuple(parsed.media),
        system=parsed.system,
        schema=parsed.schema,
        thinking=parsed.thinking == "on",
        thinking_budget=parsed.thinking_budget,
        seed=parsed.seed,
        temperature=parsed.temperature,
        max_tokens=parsed.max_tokens,
        image_tokens=parsed.image_tokens,
        video_tokens=parsed.video_tokens,
        drafter=parsed.drafter,
        load_anyway=parsed.load_anyway,
        first_seconds=parsed.first_seconds,
        json_events=parsed.json_events,
        quiet=parsed.quiet,
        report=parsed.report,
    )


def _budget(argument: str) -> int:
    if argument not in map(str, SOFT_TOKEN_BUDGETS):
        known = ", ".join(map(str, SOFT_TOKEN_BUDGETS[:-1]))
        raise argparse.ArgumentTypeError(
            f"{argument!r} is not a budget of Gemma 4 (it knows {known} and 1120)"
        )
    return int(argument)


def _report(argument: str) -> Path:
    """Refused now rather than after the answer: a kind of file or a folder that cannot be."""
    path = Path(argument)
    if path.suffix.lower() not in REPORT_SUFFIXES:
        raise argparse.ArgumentTypeError(
            f"{argument!r} ends in none of {', '.join(REPORT_SUFFIXES)}, so its kind is unknown"
        )
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}")
    return path


def _count(argument: str) -> int:
    return _whole(argument, "a whole number above 0", lowest=1)


def _seed(argument: str) -> int:
    return _whole(argument, "a whole number from 0 up", lowest=0)


def _whole(argument: str, wanted: str, *, lowest: int) -> int:
    is_number = argument.isascii() and argument.isdecimal() and len(argument) <= 9
    if not is_number or int(argument) < lowest:
        raise argparse.ArgumentTypeError(f"{argument!r} is not {wanted} with at most nine digits")
    return int(argument)


def _temperature(argument: str) -> float:
    return _number(argument, "a temperature from 0 to 10", lowest=0.0, highest=10.0)


def _positive_seconds(argument: str) -> float:
    return _number(argument, "a time above 0 seconds", lowest=0.001, highest=86_400.0)


def _number(argument: str, wanted: str, *, lowest: float, highest: float) -> float:
    try:
        number = float(argument)
    except ValueError:
        number = math.nan
    if not lowest <= number <= highest:
        raise argparse.ArgumentTypeError(f"{argument!r} is not {wanted}")
    return number
