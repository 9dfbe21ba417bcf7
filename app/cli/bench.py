"""`facet bench`: loads a model, runs the benchmark and keeps its speed."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol, cast

from app.cli.bench_arguments import BenchOptions
from app.cli.console import Console, Style
from app.cli.foreign import harmless_line
from app.core.asking import Senses
from app.core.benchmark.book import SpeedBook
from app.core.benchmark.run import Benchmark, run, to_csv
from app.core.benchmark.said import lines
from app.core.benchmark.tasks import BenchmarkRun
from app.core.benchmark.values import TASKS, TITLES, BenchmarkResult, TaskName
from app.core.bundled import named_model
from app.core.files import write_atomically
from app.core.model_digest import model_digest
from app.core.replies import Reply, ReplyBuilder
from inference import (
    CheckpointError,
    EngineStatus,
    Event,
    FacetError,
    Failed,
    Loading,
    Request,
    this_machine,
)

MEASURED, FAILED, INTERRUPTED = 0, 2, 130
TICK_S = 0.05
OnEvent = Callable[[Event], None]


class BenchJob(Protocol):
    """What is needed of a job."""

    @property
    def done(self) -> bool: ...
    def cancel(self) -> None: ...


class BenchEngine(Protocol):
    """What is needed of the engine."""

    def load(self, folder: Path, *, on_event: OnEvent | None = None) -> BenchJob: ...
    def submit(self, request: Request, on_event: OnEvent) -> BenchJob: ...
    def status(self) -> EngineStatus: ...


def bench(
    options: BenchOptions,
    engine: BenchEngine,
    console: Console,
    book: SpeedBook | None,
    *,
    debug: bool = False,
) -> int:
    """Measures one model and returns the exit code; the result is kept in `book`, if there is one.

    A failure to run is one sentence. After Ctrl-C what was measured is shown and kept.
    """
    try:
        return _bench(options, engine, console, book)
    except FacetError as error:
        console.line(harmless_line(f"{error.message} {error.action}".strip()), Style.RED)
        if debug:
            traceback.print_exception(error)
        return FAILED


def _bench(
    options: BenchOptions, engine: BenchEngine, console: Console, book: SpeedBook | None
) -> int:
    folder = named_model(options.model)
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no model folder {options.model}.",
            "Name the folder that holds config.json, tokenizer.json and the .safetensors files.",
        )
    _load(engine, folder, console)
    status = engine.status()
    senses = Senses(status.sees, status.hears)
    wanted = cast(tuple[TaskName, ...], options.only) or TASKS
    benchmark = Benchmark(senses, wanted, options.runs, options.answer_tokens)
    is_whole = True
    try:
        for each in run(benchmark, lambda request: _reply(engine, request, console)):
            _show_progress(benchmark, each, console)
    except KeyboardInterrupt:
        is_whole = False
    console.clear_status()
    result = benchmark.result(status.model, this_machine().name)
    digest = model_digest(folder)
    baseline = book.baseline(digest) if book is not None else None
    for line in lines(result, baseline):
        console.answer(harmless_line(line) + "\n")
    _keep(options, result, digest, book if is_whole else None, console)
    if not is_whole:
        console.line("Stopped; the runs until then are shown and not kept.", Style.YELLOW)
        return INTERRUPTED
    return MEASURED if any(task.runs for task in result.tasks) else FAILED


def _load(engine: BenchEngine, folder: Path, console: Console) -> None:
    events: SimpleQueue[Event] = SimpleQueue()
    job = engine.load(folder, on_event=events.put)
    while True:
        has_ended = job.done  # asked first: nothing is put after the end
        try:
            event = events.get(timeout=0 if has_ended else TICK_S)
        except Empty:
            if has_ended:
                return
            console.tick()
            continue
        match event:
            case Loading(what, fraction):
                console.status(f"Loading {harmless_line(what)}", f"{fraction:.0%}", fraction)
            case Failed():
                raise CheckpointError(event.message, event.action)


def _reply(engine: BenchEngine, request: Request, console: Console) -> Reply:
    """The whole reply to one request. Who is interrupted stops the request."""
    events: SimpleQueue[Event] = SimpleQueue()
    builder = ReplyBuilder()
    job = engine.submit(request, events.put)
    try:
        while True:
            reply = builder.take(_next(events, console))
            if reply is not None:
                return reply
    finally:
        job.cancel()


def _next(events: SimpleQueue[Event], console: Console) -> Event:
    while True:
        with suppress(Empty):
            return events.get(timeout=TICK_S)
        console.tick()


def _show_progress(benchmark: Benchmark, each: BenchmarkRun | None, console: Console) -> None:
    if each is None:
        console.status("Warming up")
        return
    share = benchmark.done / max(1, benchmark.total)
    console.status(f"Measuring: {TITLES[each.task]}", f"run {each.number}", share)


def _keep(
    options: BenchOptions,
    result: BenchmarkResult,
    digest: str,
    book: SpeedBook | None,
    console: Console,
) -> None:
    try:
        if options.csv is not None:
            write_atomically(options.csv, to_csv(result).encode())
        if book is not None:
            book.put(digest, result, as_baseline=options.as_baseline)
    except OSError as error:
        console.line(f"The speeds were not written: {error.strerror}.", Style.YELLOW)
