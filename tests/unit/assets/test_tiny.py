"""The bundled model: in its size, loaded by our engine, and right about the bundled examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.intake.media import MediaKind, read_media
from assets.examples import draw_small
from assets.tiny.train.tables import markdown
from inference.api import Message, Part, Sampling, Text, Tool, ToolCall, ToolResult
from inference.model import Model, load

FOLDER = Path("assets/tiny/model")
EXAMPLES = Path("assets/examples")
MAX_BYTES = 15_000_000
GREEDY = Sampling(temperature=0.0)
CALCULATOR = Tool(
    "calculate",
    "Work out an expression.",
    {
        "type": "object",
        "properties": {
            "expression": {"type": "string", "description": "An expression such as 12 * 7"}
        },
        "required": ["expression"],
    },
)


@pytest.fixture(scope="module")
def model() -> Model:
    return load(FOLDER)


def test_it_is_small() -> None:
    shipped = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in shipped) <= MAX_BYTES


def test_it_says_what_it_is(model: Model) -> None:
    said = _answer(model, [_asked("Who are you?")])
    assert "tiny" in said
    assert "demonstration model" in said


def test_it_reads_the_chart(model: Model) -> None:
    chart = draw_small.VISITORS
    said = _answer(model, [_asked("Write the chart as a table.", "chart.png", "image")])
    assert said == markdown([(label, str(value)) for label, value in chart.items])
    value = _answer(model, [_asked("What is the value of Wed?", "chart.png", "image")])
    assert value == "287"


def test_it_writes_down_the_memo(model: Model) -> None:
    said = _answer(model, [_asked("Transcribe this memo.", "memo.wav", "audio")])
    assert said == "call doctor tomorrow morning move budget meeting friday send report please"


def test_it_watches_the_clip(model: Model) -> None:
    said = _answer(model, [_asked("List the shapes in order.", "clip.mp4", "video")])
    assert said == ", ".join(thing.name for thing in draw_small.SCENE.shown)


def test_it_calls_a_tool_and_uses_the_result(model: Model) -> None:
    question = _asked("What is 412 times 38?")
    said = _answer(model, [question], [CALCULATOR])
    assert said == '<|tool_call>call:calculate{expression:<|"|>412 * 38<|"|>}<tool_call|>'
    call = Message("model", (ToolCall("calculate", {"expression": "412 * 38"}),))
    result = Message("tool", (ToolResult("calculate", "15656"),))
    assert _answer(model, [question, call, result], [CALCULATOR]) == "The result is 15656."


def test_it_thinks_only_when_asked_to(model: Model) -> None:
    question = [_asked("Which number is the highest: 34, 71, 52?")]
    said = _answer(model, question, thinking=True)
    assert said == "<|channel>thought\n34 or 71: 71\n71 or 52: 71\n<channel|>71"
    assert _answer(model, question) == "71"


def _asked(text: str, file: str = "", kind: MediaKind = "image") -> Message:
    parts: list[Part] = [Text(text)]
    if file:
        medium, _notes = read_media(EXAMPLES / file, kind)
        parts.insert(len(parts) if kind == "audio" else 0, medium)
    return Message("user", tuple(parts))


def _answer(
    model: Model, messages: Sequence[Any], tools: Sequence[Tool] = (), thinking: bool = False
) -> str:
    """The greedy answer with its control tokens spelled out."""
    prompt = model.prepare(messages, tools=tools, thinking=thinking)
    ids = [step.token_id for step in model.stream(prompt, sampling=GREEDY)]
    return model.tokenizer.decode(ids)
