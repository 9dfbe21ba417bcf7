"""`facet ask`: reads the files, loads the model, sends one question, shows the events."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TextIO

from app.cli.arguments import AskOptions
from app.cli.output import Output
from app.cli.question import build_request
from app.core.bundled import named_model
from inference import CheckpointError, Engine, Event, FacetError, Failed, Finished, Job, Request

ANSWERED, FAILED, AGAINST_SCHEMA, INTERRUPTED = 0, 2, 3, 130
TICK_S = 0.05


def ask(
    options: AskOptions,
    engine: Engine,
    output: Output,
    stdin: TextIO,
    *,
    debug: bool = False,
    asked: Callable[[Request], None] = lambda _request: None,
) -> int:
    """Answers one question and returns the exit code. `asked` is told the request.

    An expected failure is shown as one sentence; `debug` adds its traceback. Ctrl-C ends the
    answer early and keeps it; before there is an answer it raises KeyboardInterrupt.
    """
    try:
        return _answer(options, engine, output, stdin, debug=debug, asked=asked)
    except FacetError as error:
        output.show(Failed(error.message, error.action))
        if debug:
            traceback.print_exception(error)
        return FAILED


def _answer(
    options: AskOptions,
    engine: Engine,
    output: Output,
    stdin: TextIO,
    *,
    debug: bool,
    asked: Callable[[Request], None],
) -> int:
    folder = named_model(options.model)
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no model folder {options.model}.",
            "Name the folder that holds config.json, tokenizer.json and the .safetensors files.",
        )
    request = build_request(options, stdin, output)
    events: SimpleQueue[Event] = SimpleQueue()
    loading = engine.load(
        folder,
        drafter=options.drafter,
        despite_memory=options.load_anyway,
        on_event=events.put,
    )
    if isinstance(_follow(loading, events, output, debug=debug), Failed):
        return FAILED
    asked(request)
    answering = engine.submit(request, events.put)
    match _follow(answering, events, output, debug=debug):
        case Finished("cancelled"):
            return INTERRUPTED
        case Finished(constraint=report) if report is not None and not report.is_valid:
            return AGAINST_SCHEMA
        case Finished():
            return ANSWERED
        case _:
            return FAILED


def _follow(job: Job, events: SimpleQueue[Event], output: Output, *, debug: bool) -> Event | None:
    """Shows the job's events until it ends and returns the last one.

    Raises KeyboardInterrupt if the person stopped a job that has nothing to keep.
    """
    last: Event | None = None
    with _cancelled_by_ctrl_c(job) as interrupted:
        while True:
            has_ended = job.done  # asked first: nothing is put after the end
            try:
                last = events.get(timeout=0 if has_ended else TICK_S)
                output.show(last)
            except Empty:
                if has_ended:
                    break
                output.tick()
    if interrupted and not isinstance(last, Finished):
        raise KeyboardInterrupt
    if debug and job.error is not None:
        traceback.print_exception(job.error)
    return last


@contextmanager
def _cancelled_by_ctrl_c(job: Job) -> Iterator[list[int]]:
    """Ctrl-C asks the job to stop, a second one gives up at once. Yields the signals caught."""
    caught: list[int] = []

    def cancel(signal_number: int, _frame: FrameType | None) -> None:
        caught.append(signal_number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        job.cancel()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield caught
    except BaseException:
        job.cancel()  # nobody listens any more
        raise
    finally:
        signal.signal(signal.SIGINT, before)
