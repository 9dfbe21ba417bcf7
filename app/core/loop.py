"""An answer with tool calls as messages: what it wrote before each round, the calls, the results.

One turn holds all rounds of an answer. Each call remembers how much of the turn's text and thought
came before it, so the turn can be taken apart exactly as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.core.conversation import Attachment, ToolRecord, Turn
from inference import Message, Part, Text, ToolCall, ToolResult

BREAK = "\n\n"  # stands between the texts, and the thoughts, of two rounds
ReadMedia = Callable[[tuple[Attachment, ...]], Sequence[Part]]


def rounds_of(turn: Turn) -> tuple[tuple[ToolRecord, ...], ...]:
    """The calls of a turn, those made together together, in order."""
    numbers = sorted({record.round for record in turn.tools})
    return tuple(tuple(r for r in turn.tools if r.round == number) for number in numbers)


def loop_messages(turn: Turn, read: ReadMedia, keeps_thoughts: bool) -> list[Message]:
    """The finished rounds of a turn. Calls without a result were never run and are left out.

    `keeps_thoughts`: within the answer that is being written the model reads what it thought
    before its calls; of earlier answers it does not.
    """
    messages: list[Message] = []
    text_from = thought_from = 0
    for records in rounds_of(turn):
        first = records[0]
        text = _piece(turn.text, text_from, first.text_at)
        thought = _piece(turn.thought, thought_from, first.thought_at)
        text_from, thought_from = first.text_at, first.thought_at
        done = [record for record in records if record.result is not None]
        parts: list[Part] = [Text(text)] if text.strip() else []
        if not done and not parts:
            continue
        parts += [ToolCall(r.name, r.arguments, r.call_id) for r in done]
        messages.append(Message("model", tuple(parts), thought if keeps_thoughts else ""))
        if done:
            messages.append(Message("tool", _results(done, read)))
    return messages


def rest_of(turn: Turn) -> tuple[str, str]:
    """Text and thought after the last round of calls."""
    rounds = rounds_of(turn)
    if not rounds:
        return turn.text, turn.thought
    last = rounds[-1][0]
    return (
        _piece(turn.text, last.text_at, len(turn.text)),
        _piece(turn.thought, last.thought_at, len(turn.thought)),
    )


def open_calls(turn: Turn) -> tuple[int, ...]:
    """The places of the calls that still have to be run."""
    return tuple(i for i, r in enumerate(turn.tools) if r.state in ("waiting", "running"))


def to_be_asked_again(turn: Turn) -> Turn:
    """The turn whose last calls, if the program or the person ended them, wait once more."""
    if not turn.tools:
        return turn
    last = max(record.round for record in turn.tools)
    tools = tuple(
        replace(r, state="waiting", allowed_by="")
        if r.round == last and r.result is None and r.state in ("running", "stopped", "waiting")
        else r
        for r in turn.tools
    )
    return replace(turn, tools=tools)


def _results(done: Sequence[ToolRecord], read: ReadMedia) -> tuple[Part, ...]:
    parts: list[Part] = []
    for record in done:
        parts.append(ToolResult(record.name, record.result or "", record.call_id))
        parts += read(record.media)
    return tuple(parts)


def _piece(text: str, start: int, end: int) -> str:
    piece = text[start:end]
    return piece.removeprefix(BREAK) if start else piece
