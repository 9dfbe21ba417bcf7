"""Renderings kept from a reconstruction of the July 2026 templates, small and large.

Text beside tool calls is not among them: there the renderer differs on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.api import Tool
from inference.prompt.messages import normalise_messages
from inference.prompt.render import render
from inference.prompt.tokenizer import Tokenizer
from tests.unit.inference.prompt.strings import template_string

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
_DATA: dict[str, dict[str, Any]] = {
    "image": {"image": np.zeros((2, 2, 3), np.uint8)},
    "audio": {"audio": np.zeros(16_000, np.float32)},
    "video": {"frames": [np.zeros((2, 2, 3), np.uint8)], "times": [0.0]},
    "text": {},
}


@pytest.mark.parametrize("case", GOLDEN)
def test_equals_the_kept_rendering(case: dict[str, Any], tokenizer: Tokenizer) -> None:
    tools = [
        Tool(f["name"], f["description"], f["parameters"] or {}, f.get("response"))
        for f in case["tools"]
    ]
    rendered = render(
        normalise_messages([_with_data(message) for message in case["messages"]]),
        tools=tools,
        thinking=case["thinking"],
        empty_thought=case["large"],
        control=tokenizer.control,
    )
    assert template_string(rendered, tokenizer) == case["prompt"]


def _with_data(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return {**message, "content": [{**part, **_DATA[part["type"]]} for part in content]}
