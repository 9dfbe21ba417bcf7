"""Events as JSON lines."""

from __future__ import annotations

import io
import json
import math
from types import MappingProxyType
from typing import Any, get_args

import pytest

from app.cli.arguments import ASK_EPILOG
from app.cli.jsonlines import JsonLines, event_name
from inference import (
    Event,
    Failed,
    Finished,
    Loading,
    Receipt,
    ReceiptItem,
    Statistics,
    TokenText,
    ToolCall,
    ToolCallEvent,
)


def written(*events: Event) -> list[dict[str, Any]]:
    out = io.StringIO()
    lines = JsonLines(out)
    for event in events:
        lines.show(event)
    text = out.getvalue()
    assert text.isascii()
    assert text.count("\n") == len(events)
    return [json.loads(line) for line in text.splitlines()]


def test_each_event_is_one_object() -> None:
    assert written(Loading("e2b", 0.5), Failed("No.", "Do this.")) == [
        {"event": "loading", "what": "e2b", "fraction": 0.5},
        {"event": "failed", "message": "No.", "action": "Do this.", "detail": ""},
    ]


def test_hostile_text_survives_as_data() -> None:
    text = "\x1b[2J\u202e\n\ud800"
    assert written(TokenText(text)) == [{"event": "token_text", "text": text, "tokens": 1}]


def test_arguments_of_a_tool_call_may_be_nested_mappings() -> None:
    arguments = MappingProxyType({"where": MappingProxyType({"city": "Graz"}), "days": (1, 2)})
    (record,) = written(ToolCallEvent(ToolCall("weather", arguments)))
    assert record["call"] == {
        "name": "weather",
        "arguments": {"where": {"city": "Graz"}, "days": [1, 2]},
        "call_id": "",
    }


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_become_null(number: float) -> None:
    (record,) = written(ToolCallEvent(ToolCall("f", {"x": number})))
    assert record["call"]["arguments"] == {"x": None}


def test_the_end_holds_statistics_and_receipt() -> None:
    receipt = Receipt((ReceiptItem("video", "a.mp4", 70, times_s=(0.0, 1.0)),), prompt_tokens=90)
    (record,) = written(Finished("stop", Statistics(prompt_tokens=90), receipt))
    assert record["statistics"]["prompt_tokens"] == 90
    assert record["receipt"]["items"][0]["times_s"] == [0.0, 1.0]


def test_every_event_is_documented_with_its_fields() -> None:
    documented = {
        line.split()[0]: line for line in ASK_EPILOG.splitlines() if line.startswith("  ")
    }
    for kind in get_args(Event):
        name = event_name(kind.__new__(kind))
        assert all(field in documented[name] for field in kind.__dataclass_fields__)
