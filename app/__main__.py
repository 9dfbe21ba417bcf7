"""The `facet` command: opens the window, asks one question or runs the demonstration."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.arguments import AskOptions
from app.cli.bench_arguments import BenchOptions
from app.cli.check_arguments import CheckOptions
from app.cli.commands import (
    SHORT_HELP,
    Command,
    DemoOptions,
    SmokeOptions,
    WindowOptions,
    parse_arguments,
)
from app.cli.models_arguments import ModelsOptions
from app.core.quantizing_child import WORD as QUANTIZE_WORD
from app.intake import CHILD_WORD

if TYPE_CHECKING:
    from app.cli.output import Output
    from inference import Lead

GRAMMAR_WORD = "constraint-child"  # what the engine starts the bundled program with
RANK_VARIABLE = "MLX_RANK"  # set by mlx.launch: several computers share one model
FAILED, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `facet`; `arguments` default to the process's own."""
    if arguments is None and sys.argv[1:2] == [CHILD_WORD]:
        from app.intake.child import main as read_files

        return read_files(sys.argv[2:])
    if arguments is None and sys.argv[1:2] == [QUANTIZE_WORD]:
        from app.core.quantizing_child import main as quantize_model

        return quantize_model(sys.argv[2:])
    if arguments is None and sys.argv[1:2] == [GRAMMAR_WORD]:
        from inference import follow_grammars

        return follow_grammars(sys.argv[2:])
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    if options is None:
        print(SHORT_HELP)
        return 0
    debug = bool(os.environ.get("FACET_DEBUG"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 still gets the answer
    try:
        return _run(options, debug=debug)
    except KeyboardInterrupt:
        print("\nStopped before there was an answer.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the pipe is gone: say nothing, and keep Python from flushing into it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        if debug:
            traceback.print_exc()
        print(_fault(error), file=sys.stderr)
        return FAILED


def _run(command: Command, *, debug: bool) -> int:
    if RANK_VARIABLE in os.environ:
        return _run_with_others(command, debug=debug)
    return _run_command(command, None, debug=debug)


def _run_with_others(command: Command, *, debug: bool) -> int:
    try:
        from app.cli.ranks import end, meet
    except (ImportError, OSError, RuntimeError) as error:
        return _no_engine(error, debug=debug)
    met = meet(os.environ, sys.stderr)
    if isinstance(met, int):
        return met
    return end(_run_command(command, met, debug=debug), met)


def _run_command(command: Command, lead: Lead | None, *, debug: bool) -> int:
    if isinstance(command, AskOptions):
        return _ask(command, lead, debug=debug)
    if isinstance(command, CheckOptions):
        return _check(command, debug=debug)
    if isinstance(command, ModelsOptions):
        return _models(command, debug=debug)
    if isinstance(command, BenchOptions):
        return _bench(command, lead, debug=debug)
    return _open(command, lead, debug=debug)


def _open(
    command: WindowOptions | DemoOptions | SmokeOptions, lead: Lead | None, *, debug: bool
) -> int:
    # Imported here so that a question on the command line does not wait for Qt.
    try:
        from app.demo import run_demo
        from app.main import run_window
    except (ImportError, OSError, RuntimeError) as error:
        if debug:
            traceback.print_exc()
        print(f"Facet cannot open its window on this machine: {error}.", file=sys.stderr)
        print("Run `make setup` again; `facet ask` works without a window.", file=sys.stderr)
        return FAILED
    if isinstance(command, SmokeOptions):
        from app.smoke import run_smoke

        return run_smoke()
    if isinstance(command, DemoOptions):
        return run_demo(command.folder)
    return run_window(command.files, lead)


def _ask(options: AskOptions, lead: Lead | None, *, debug: bool) -> int:
    # Imported here so that help and wrong arguments do not wait for MLX.
    try:
        from app.cli.ask import ask
        from app.cli.console import Console
        from app.cli.jsonlines import JsonLines
        from app.cli.transcript import Transcript
        from inference import Engine
    except (ImportError, OSError, RuntimeError) as error:
        return _no_engine(error, debug=debug)

    output: Output
    if options.json_events:
        output = JsonLines(sys.stdout)
    else:
        console = Console(sys.stdout, sys.stderr, os.environ)
        is_held = options.schema is not None
        output = Transcript(console, quiet=options.quiet, is_held=is_held)
    if options.report is None:
        with Engine(lead=lead) as engine:
            return ask(options, engine, output, sys.stdin, debug=debug)
    return _ask_and_report(options, output, lead, debug=debug)


def _no_engine(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(f"Facet cannot start its engine on this machine: {error}.", file=sys.stderr)
    print("Run `make setup` again; on a Mac it needs Apple Silicon.", file=sys.stderr)
    return FAILED


def _check(options: CheckOptions, *, debug: bool) -> int:
    try:
        from app.cli.check import check
        from app.cli.console import Console
        from app.core import paths
        from app.core.proof.book import FILE_NAME, ProofBook
        from inference import Engine
    except (ImportError, OSError, RuntimeError) as error:
        return _no_engine(error, debug=debug)
    console = Console(sys.stdout, sys.stderr, os.environ)
    book = ProofBook(paths.data_dir() / FILE_NAME)
    if book.problem:
        console.line(book.problem)
    with Engine() as engine:
        return check(options, engine, console, book, debug=debug)


def _models(options: ModelsOptions, *, debug: bool) -> int:
    try:
        from app.cli.console import Console
        from app.cli.models import Surroundings, models
        from inference import Downloads, KeychainTokens, find_token, this_machine
    except (ImportError, OSError, RuntimeError) as error:
        return _no_engine(error, debug=debug)
    console = Console(sys.stdout, sys.stderr, os.environ)

    def downloads() -> Downloads:
        return Downloads(token=find_token(KeychainTokens()))

    return models(options, Surroundings(console, sys.stdin, this_machine, downloads), debug=debug)


def _bench(options: BenchOptions, lead: Lead | None, *, debug: bool) -> int:
    try:
        from app.cli.bench import bench
        from app.cli.console import Console
        from app.core import paths
        from app.core.benchmark.book import FILE_NAME, SpeedBook
        from inference import Engine
    except (ImportError, OSError, RuntimeError) as error:
        return _no_engine(error, debug=debug)
    console = Console(sys.stdout, sys.stderr, os.environ)
    # What several computers do together is not the speed of this one.
    book = SpeedBook(paths.data_dir() / FILE_NAME) if lead is None else None
    if book is not None and book.problem:
        console.line(book.problem)
    with Engine(lead=lead) as engine:
        return bench(options, engine, console, book, debug=debug)


def _ask_and_report(options: AskOptions, output: Output, lead: Lead | None, *, debug: bool) -> int:
    from app.cli.ask import ask
    from app.cli.report import Recorder, with_seed
    from inference import Engine

    options = with_seed(options)
    recorder = Recorder(output, options)
    with Engine(lead=lead) as engine:
        code = ask(options, engine, recorder, sys.stdin, debug=debug, asked=recorder.asked)
    return code if recorder.write() else FAILED


def _fault(error: Exception) -> str:
    """A sentence for a failure that nobody expected."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"Facet met a fault of its own ({type(error).__name__}{place}) and stopped. "
        "Run it again with FACET_DEBUG=1 and report what it prints."
    )


if __name__ == "__main__":
    sys.exit(main())
