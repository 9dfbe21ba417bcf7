"""How an answer ends, and what is forced into it, on a scripted run."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from inference import (
    Event,
    Finished,
    Notice,
    Prompt,
    Receipt,
    Thought,
    TokenText,
    ToolCallEvent,
)
from inference.generate.answer import Answer
from inference.generate.cancel import Cancelled
from inference.generate.run import RunCounts
from inference.prompt.parse import StreamParser
from inference.prompt.tokenizer import Tokenizer
from tests.fakes.tokenizer import VOCAB_SIZE, write_tokenizer


class ScriptedRun:
    """Yields the script; an id sent back is yielded in place of nothing, as a real run does."""

    def __init__(self, script: list[int], cancelled: bool = False) -> None:
        self.prompt = Prompt.from_token_ids([2, 300])
        self.counts = RunCounts()
        self.forced: list[int] = []
        self._script, self._cancelled = script, cancelled

    def tokens(self) -> Generator[int, int | None, None]:
        for token_id in self._script:
            forced = yield token_id
            while forced is not None:
                self.forced.append(forced)
                forced = yield forced
        if self._cancelled:
            raise Cancelled


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path: Path = write_tokenizer(tmp_path_factory.mktemp("tokenizer"))
    return Tokenizer.from_file(path, VOCAB_SIZE)


def played(
    tokenizer: Tokenizer, run: ScriptedRun, thinking_budget: int | None = None, guard: bool = True
) -> list[Event]:
    events: list[Event] = []
    Answer(
        run=run,  # type: ignore[arg-type]
        parser=StreamParser(tokenizer.control, tokenizer.stream),
        control=tokenizer.control,
        stop_ids=tokenizer.control.stops,
        receipt=Receipt((), 2),
        on_event=events.append,
        thinking_budget=thinking_budget,
        repetition_guard=guard,
    ).play()
    return events


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text)


def test_a_stop_token_ends_the_answer_and_is_not_shown(tokenizer: Tokenizer) -> None:
    close = tokenizer.control.turn_close
    events = played(tokenizer, ScriptedRun([*ids(tokenizer, "Hi!"), close, *ids(tokenizer, "x")]))
    assert "".join(e.text for e in events if isinstance(e, TokenText)) == "Hi!"
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "stop"
    assert events[-1].statistics.generated_tokens == len(ids(tokenizer, "Hi!")) + 1


def test_the_end_of_the_script_is_the_length_limit(tokenizer: Tokenizer) -> None:
    last = played(tokenizer, ScriptedRun(ids(tokenizer, "Hi")))[-1]
    assert isinstance(last, Finished)
    assert last.reason == "length"


def test_a_cancelled_run_keeps_what_was_said(tokenizer: Tokenizer) -> None:
    events = played(tokenizer, ScriptedRun(ids(tokenizer, "Hi"), cancelled=True))
    assert "".join(e.text for e in events if isinstance(e, TokenText)) == "Hi"
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "cancelled"


def test_a_call_is_the_reason_when_the_model_waits_for_its_result(tokenizer: Tokenizer) -> None:
    c = tokenizer.control
    body = ids(tokenizer, "call:now{}")
    events = played(tokenizer, ScriptedRun([c.call_open, *body, c.call_close, c.response_open]))
    assert [e.call.name for e in events if isinstance(e, ToolCallEvent)] == ["now"]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "tool_calls"


@pytest.mark.parametrize("guard", [True, False])
def test_a_loop_is_ended_and_said(tokenizer: Tokenizer, guard: bool) -> None:
    events = played(tokenizer, ScriptedRun(ids(tokenizer, "ab") * 400), guard=guard)
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == ("repetition" if guard else "length")
    assert any(isinstance(e, Notice) for e in events) == guard


def test_the_thinking_budget_closes_every_later_thought_and_says_so_once(
    tokenizer: Tokenizer,
) -> None:
    c = tokenizer.control
    thought = [c.channel_open, *ids(tokenizer, "thought\nabcdefgh")]
    run = ScriptedRun([*thought, c.channel_open, *ids(tokenizer, "thought\nxyz"), c.turn_close])
    events = played(tokenizer, run, thinking_budget=12)
    assert run.forced == [c.channel_close, c.channel_close]
    assert sum(e.closed for e in events if isinstance(e, Thought)) == 2
    assert len([e for e in events if isinstance(e, Notice)]) == 1


def test_without_a_budget_nothing_is_forced(tokenizer: Tokenizer) -> None:
    c = tokenizer.control
    run = ScriptedRun([c.channel_open, *ids(tokenizer, "thought\nabcdefgh"), c.channel_close])
    played(tokenizer, run)
    assert run.forced == []
