"""`facet check`: loads a model, runs the proof of senses and says what passed."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol, cast

from app.cli.check_arguments import CheckOptions
from app.cli.console import Console, Style
from app.cli.foreign import harmless_line
from app.core.asking import Senses
from app.core.bundled import named_model
from app.core.codec import to_json
from app.core.model_digest import model_digest
from app.core.proof.book import ProofBook
from app.core.proof.run import run
from app.core.proof.tasks import make_tasks
from app.core.proof.values import SENSES, TITLES, ProofResult, Sense, cut, tally
from inference import (
    CheckpointError,
    EngineStatus,
    Event,
    FacetError,
    Failed,
    Finished,
    Loading,
    Request,
)

WORKS, SENSE_FAILED, FAILED = 0, 1, 2
TICK_S = 0.05
OnEvent = Callable[[Event], None]


class CheckJob(Protocol):
    """A job of the engine."""

    def cancel(self) -> None: ...


class CheckEngine(Protocol):
    """What is needed of the engine."""

    def load(self, folder: Path, *, on_event: OnEvent | None = None) -> CheckJob: ...
    def submit(self, request: Request, on_event: OnEvent) -> CheckJob: ...
    def status(self) -> EngineStatus: ...


def check(
    options: CheckOptions,
    engine: CheckEngine,
    console: Console,
    book: ProofBook,
    *,
    debug: bool = False,
) -> int:
    """Tests one model and returns the exit code; results are kept in `book` as they come.

    A failure to run is one sentence. Ctrl-C raises KeyboardInterrupt; results so far are kept.
    """
    try:
        return _check(options, engine, console, book)
    except FacetError as error:
        console.line(harmless_line(f"{error.message} {error.action}".strip()), Style.RED)
        if debug:
            traceback.print_exception(error)
        return FAILED


def _check(options: CheckOptions, engine: CheckEngine, console: Console, book: ProofBook) -> int:
    folder = named_model(options.model)
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no model folder {options.model}.",
            "Name the folder that holds config.json, tokenizer.json and the .safetensors files.",
        )
    _load(engine, folder, console)
    status = engine.status()
    wanted = cast(tuple[Sense, ...], options.only) or SENSES
    tasks = make_tasks(Senses(status.sees, status.hears), wanted, options.seed)
    digest = model_digest(folder)
    results: list[ProofResult] = []
    for task in tasks:
        console.status(f"Testing: {TITLES[task.sense]}")
        for result in run(lambda request: _events(engine, request, console), [task]):
            results.append(result)
            _show(result, console, as_json=options.json)
            _keep(book, digest, status.model, result, console)
    console.clear_status()
    return _end(results, console, as_json=options.json)


def _load(engine: CheckEngine, folder: Path, console: Console) -> None:
    events: SimpleQueue[Event] = SimpleQueue()
    engine.load(folder, on_event=events.put)
    while True:
        match event := _next(events, console):
            case Loading(what, fraction):
                console.status(f"Loading {harmless_line(what)}", f"{fraction:.0%}", fraction)
                if fraction >= 1:
                    return
            case Failed():
                raise CheckpointError(event.message, event.action)


def _next(events: SimpleQueue[Event], console: Console) -> Event:
    while True:
        with suppress(Empty):
            return events.get(timeout=TICK_S)
        console.tick()


def _events(engine: CheckEngine, request: Request, console: Console) -> Iterator[Event]:
    """The events of one request. Who stops listening stops the request."""
    events: SimpleQueue[Event] = SimpleQueue()
    job = engine.submit(request, events.put)
    try:
        while True:
            event = _next(events, console)
            yield event
            if isinstance(event, Finished | Failed):
                return
    finally:
        job.cancel()


def _show(result: ProofResult, console: Console, *, as_json: bool) -> None:
    if as_json:
        console.answer(json.dumps(to_json(result), allow_nan=False) + "\n")
        return
    console.clear_status()
    if result.state in ("passed", "failed"):
        said = f"shown {result.shown}, read {cut(result.read) or 'nothing'}"
        said += f" ({result.note})" if result.note else ""
    else:
        said = result.note
    took = f"  {result.seconds:.1f} s" if result.seconds else ""
    console.answer(
        harmless_line(f"{result.state:<6}  {TITLES[result.sense]:<26} {said}{took}") + "\n"
    )


def _keep(book: ProofBook, digest: str, model: str, result: ProofResult, console: Console) -> None:
    try:
        book.put(digest, model, result)
    except OSError as error:
        console.line(f"The result was not kept: {error.strerror}.", Style.YELLOW)


def _end(results: list[ProofResult], console: Console, *, as_json: bool) -> int:
    passed, present = tally(results)
    if not as_json:
        console.line(f"{passed} of {present} tests passed.", Style.BOLD)
    if any(each.state == "failed" for each in results):
        return SENSE_FAILED
    return FAILED if any(each.state == "error" for each in results) else WORKS
