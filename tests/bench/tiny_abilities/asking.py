"""Asks our engine, greedily, and gathers what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference import (
    Engine,
    Event,
    Failed,
    Message,
    Request,
    Sampling,
    Text,
    Thought,
    TokenText,
    Tool,
    ToolCall,
    ToolCallEvent,
)

MAX_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """One turn of the model. `failure` is the engine's sentence if there is no answer."""

    text: str = ""
    thought: str = ""
    calls: tuple[ToolCall, ...] = ()
    failure: str = ""

    def message(self) -> Message:
        """The turn as part of a conversation that goes on."""
        text = (Text(self.text),) if self.text else ()
        return Message("model", (*text, *self.calls), self.thought)


Ask = Callable[[Sequence[Message], Sequence[Tool], bool], Reply]


class EngineAsker:
    """Asks one engine that has loaded `folder`. Raises RuntimeError if it cannot be loaded."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        job = engine.load(folder)
        job.wait()
        if job.error is not None:
            raise RuntimeError(job.error.message)

    def __call__(self, messages: Sequence[Message], tools: Sequence[Tool], thinking: bool) -> Reply:
        request = Request(
            messages,
            tools=tools,
            thinking=thinking,
            max_tokens=MAX_TOKENS,
            sampling=Sampling(temperature=0),
            session="bench",  # later turns reuse what earlier ones computed, as in the window
        )
        events: list[Event] = []
        self._engine.submit(request, events.append).wait()
        return gather(events)


def gather(events: Sequence[Event]) -> Reply:
    """The reply that a finished job's events make up."""
    text, thought, failure = "", "", ""
    calls: list[ToolCall] = []
    for event in events:
        match event:
            case TokenText():
                text += event.text
            case Thought():
                thought += event.text
            case ToolCallEvent():
                calls.append(event.call)
            case Failed():
                failure = event.message
            case _:
                pass
    return Reply(text.strip(), thought.strip(), tuple(calls), failure)
