"""Plays a sample's conversation with the model and scores each of its turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.tiny.train.samples import Sample
from inference import Audio, Image, Message, Part, Text, Tool, ToolCall, ToolResult, Video
from tests.bench.tiny_abilities.asking import Ask, Reply
from tests.bench.tiny_abilities.scoring import Score, score, score_text, score_use
from tests.bench.tiny_abilities.tools import ToolError, calculate, cell

Medium = Image | Video | Audio


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn of the model: what was asked, wanted and written, and how right it is."""

    kind: str
    question: str
    wanted: str
    got: str
    score: Score


def play(sample: Sample, media: Sequence[Medium], ask: Ask) -> list[Outcome]:
    """The conversation goes on with the model's own turns; a tool is called once and really run."""
    left = list(media)
    tools = tuple(_tool(entry["function"]) for entry in sample.tools or ())
    history: list[Message] = []
    outcomes: list[Outcome] = []
    for turn in sample.messages:
        if turn["role"] != "assistant":
            history.append(make_message(turn, left))
            continue
        kind = f"{sample.kind.partition('.')[0]}.later turns" if outcomes else sample.kind
        question = _last_text(history)
        reply = ask(history, tools, sample.thinking)
        history.append(reply.message())
        if "tool_calls" not in turn:
            outcomes.append(_answered(kind, question, turn, reply))
            continue
        outcomes.append(_called(f"{kind}, call", question, turn, reply))
        if reply.calls:
            result = run_tool(reply.calls[0], turn)
            history.append(Message("tool", (result,)))
            after = ask(history, tools, sample.thinking)
            said = result_text(result.response)
            used = score_use(said, after.text)
            outcomes.append(Outcome(f"{kind}, result", question, said, _shown(after), used))
        break
    return outcomes


def run_tool(call: ToolCall, turn: Mapping[str, Any]) -> ToolResult:
    """Carries out the model's own call, right or wrong, and answers in the sample's form.

    The table holds one value, at the place that the sample's call asks for.
    """
    wanted: Mapping[str, Any] = turn["tool_calls"][0]["function"]["arguments"]
    response = turn["tool_responses"][0]["response"]
    try:
        if "expression" in wanted:
            key, value = "result", calculate(str(call.arguments.get("expression", "")))
        else:
            place = (wanted["table"], wanted["row"], wanted["column"])
            key, value = "value", cell(call.arguments, {place: result_text(response)})
    except ToolError as error:
        return ToolResult(call.name, {"error": str(error)})
    if not isinstance(response, Mapping):
        return ToolResult(call.name, value)
    number = float(value) if "." in value else int(value) if key == "result" else value
    return ToolResult(call.name, {key: number})


def result_text(response: object) -> str:
    """The one value of a tool's response."""
    return str(next(iter(response.values()))) if isinstance(response, Mapping) else str(response)


def _answered(kind: str, question: str, turn: Mapping[str, Any], reply: Reply) -> Outcome:
    """A turn of text. With a thought wanted, it is a second unit; one not wanted is a fault."""
    wanted, thought = str(turn["content"]), str(turn.get("reasoning", ""))
    found = score(kind, wanted, reply.text)
    if thought or reply.thought:
        also = score_text(thought, reply.thought)
        exact = found.exact and also.exact
        found = Score(exact, found.right + also.right, found.total + also.total)
    if reply.calls or reply.failure:
        found = Score(False, found.right, found.total)
    shown = f"({thought}) {wanted}" if thought else wanted
    return Outcome(kind, question, shown, _shown(reply), found)


def _called(kind: str, question: str, turn: Mapping[str, Any], reply: Reply) -> Outcome:
    """One call with the right name and exactly the right arguments."""
    wanted = [
        (entry["function"]["name"], dict(entry["function"]["arguments"]))
        for entry in turn["tool_calls"]
    ]
    made = [(call.name, dict(call.arguments)) for call in reply.calls]
    same = made == wanted
    return Outcome(kind, question, repr(wanted), _shown(reply), Score(same, int(same), 1))


def _shown(reply: Reply) -> str:
    calls = [f"{call.name}({dict(call.arguments)})" for call in reply.calls]
    thought = [f"({reply.thought})"] if reply.thought else []
    failure = [f"FAILED: {reply.failure}"] if reply.failure else []
    return " ".join([*thought, *([reply.text] if reply.text else []), *calls, *failure])


def make_message(turn: Mapping[str, Any], media: list[Medium]) -> Message:
    """A system or user turn of a sample; its media are taken from the front of `media`."""
    content = turn["content"]
    role = "system" if turn["role"] == "system" else "user"
    if isinstance(content, str):
        return Message(role, (Text(content),))
    parts: list[Part] = [
        Text(part["text"]) if part["type"] == "text" else media.pop(0) for part in content
    ]
    return Message(role, tuple(parts))


def _tool(function: Mapping[str, Any]) -> Tool:
    return Tool(function["name"], function["description"], function["parameters"])


def _last_text(history: Sequence[Message]) -> str:
    texts = [part.text for part in history[-1].parts if isinstance(part, Text)]
    return " ".join(texts)
