"""`facet ask` with an engine that follows a script."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.arguments import AskOptions
from app.cli.ask import ask
from inference import (
    CheckpointError,
    Event,
    Failed,
    Finished,
    GenerationError,
    Loading,
    Statistics,
    Text,
    TokenText,
)
from tests.fakes.engine import EMPTY_RECEIPT, FakeEngine

ANSWER = (TokenText("Blue."), Finished("stop", Statistics(), EMPTY_RECEIPT))


class FakeOutput:
    """Remembers events, and the thread that showed them; may interrupt as a person would."""

    def __init__(self, interrupt_at: type[Event] | None = None) -> None:
        self.events: list[Event] = []
        self.threads: set[threading.Thread] = set()
        self._interrupt_at = interrupt_at

    def phase(self, label: str) -> None:
        pass

    def tick(self) -> None:
        pass

    def show(self, event: Event) -> None:
        self.events.append(event)
        self.threads.add(threading.current_thread())
        if self._interrupt_at is not None and isinstance(event, self._interrupt_at):
            self._interrupt_at = None
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def options(tmp_path: Path) -> AskOptions:
    return AskOptions(tmp_path, "Why?")


@pytest.fixture(autouse=True)
def same_signal_handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


def run(options: AskOptions, engine: FakeEngine, output: FakeOutput, *, debug: bool = False) -> int:
    with engine:
        return ask(options, engine, output, io.StringIO(), debug=debug)


def test_an_answer(options: AskOptions) -> None:
    engine, output = FakeEngine(ANSWER), FakeOutput()
    assert run(options, engine, output) == 0
    assert engine.loaded == [(options.model, None)]
    (request,) = engine.requests
    assert request.messages[0].parts == (Text("Why?"),)
    assert isinstance(output.events[0], Loading)
    assert output.events[-2:] == list(ANSWER)


def test_events_are_shown_on_the_callers_thread(options: AskOptions) -> None:
    output = FakeOutput()
    run(options, FakeEngine(ANSWER), output)
    assert output.threads == {threading.current_thread()}


def test_a_drafter_is_loaded_with_the_model(tmp_path: Path) -> None:
    engine = FakeEngine(ANSWER)
    run(AskOptions(tmp_path, "Why?", drafter=tmp_path / "small"), engine, FakeOutput())
    assert engine.loaded == [(tmp_path, tmp_path / "small")]
    assert engine.requests[0].use_drafter


def test_a_missing_model_folder_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    engine, output = FakeEngine(), FakeOutput()
    assert run(AskOptions(tmp_path / "gone", "Why?"), engine, output) == 2
    (failed,) = output.events
    assert isinstance(failed, Failed)
    assert "gone" in failed.message
    assert failed.action
    assert engine.loaded == []


def test_a_model_that_cannot_be_loaded_is_asked_nothing(options: AskOptions) -> None:
    engine = FakeEngine(ANSWER, load_error=CheckpointError("No model.", "Choose another."))
    output = FakeOutput()
    assert run(options, engine, output) == 2
    assert output.events.count(Failed("No model.", "Choose another.")) == 1
    assert engine.requests == []


def test_a_failed_answer_is_told_once(options: AskOptions) -> None:
    engine = FakeEngine((TokenText("Bl"),), answer_error=GenerationError("It broke.", "Again."))
    output = FakeOutput()
    assert run(options, engine, output) == 2
    assert output.events[-2:] == [TokenText("Bl"), Failed("It broke.", "Again.")]


@pytest.mark.parametrize("debug", [False, True])
def test_a_traceback_is_printed_only_when_asked_for(
    options: AskOptions, debug: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = FakeEngine(answer_error=GenerationError("It broke."))
    run(options, engine, FakeOutput(), debug=debug)
    assert ("GenerationError" in capsys.readouterr().err) is debug


def test_ctrl_c_ends_the_answer_and_keeps_it(options: AskOptions) -> None:
    engine = FakeEngine((TokenText("Bl"),), hold_answer=True)
    output = FakeOutput(interrupt_at=TokenText)
    assert run(options, engine, output) == 130
    assert TokenText("Bl") in output.events
    assert isinstance(output.events[-1], Finished)


def test_ctrl_c_while_loading_asks_nothing(options: AskOptions) -> None:
    engine = FakeEngine(ANSWER, hold_load=True)
    with pytest.raises(KeyboardInterrupt):
        run(options, engine, FakeOutput(interrupt_at=Loading))
    assert engine.requests == []


def test_a_listener_that_fails_ends_the_job(options: AskOptions) -> None:
    class BrokenPipe(FakeOutput):
        def show(self, event: Event) -> None:
            if isinstance(event, TokenText):
                raise BrokenPipeError
            super().show(event)

    engine = FakeEngine((TokenText("Bl"),), hold_answer=True)
    with engine, pytest.raises(BrokenPipeError):
        ask(options, engine, BrokenPipe(), io.StringIO())
    assert engine.jobs[-1].is_cancelled


@pytest.mark.parametrize("insists", [True, False])
def test_a_model_without_room_is_loaded_only_by_one_who_insists(
    tmp_path: Path, insists: bool
) -> None:
    engine, output = FakeEngine(ANSWER), FakeOutput()
    options = AskOptions(tmp_path, "Hello", load_anyway=insists)
    assert run(options, engine, output) == 0
    assert engine.despite_memory is insists
