"""Random conversations in dictionary form, with tools, for comparing renderers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.api import Tool

_ALPHABET = "abc the in other  \n\n\t.,:;{}[]()\"'<>|\\/=éß漢😀\u00a0"
_NAMES = ("get_weather", "Search", "now", "a-b.c:d", "run/it", "Überblick")
_KEYS = ("location", "Unit", "b", "B", "two words", "$ref", "n", "deep_value", "type", "required")
_PIXELS = np.zeros((2, 2, 3), np.uint8)


@dataclass(frozen=True)
class Case:
    """One prompt to render."""

    messages: list[dict[str, Any]]
    tools: tuple[Tool, ...]
    thinking: bool
    large: bool


def random_case(seed: int) -> Case:
    """The case of that number; the same for ever."""
    rng = random.Random(seed)
    messages: list[dict[str, Any]] = []
    if rng.random() < 0.4:
        messages.append(_system(rng))
    for _ in range(rng.randint(1, 3)):
        messages.append({"role": "user", "content": _content(rng)})
        if rng.random() < 0.2:
            messages.append({"role": "user", "content": _content(rng)})
        messages += _model_turn(rng)
    messages += rng.choice(([], [{"role": "user", "content": _text(rng)}], _open_end(rng)))
    tools = tuple(_tool(rng, name) for name in rng.sample(_NAMES, rng.choice((0, 0, 1, 2))))
    return Case(messages, tools, rng.random() < 0.5, rng.random() < 0.5)


def _system(rng: random.Random) -> dict[str, Any]:
    parts = [{"type": "text", "text": _text(rng)} for _ in range(rng.randint(1, 2))]
    role = rng.choice(("system", "developer"))
    return {"role": role, "content": rng.choice((_text(rng), parts))}


def _model_turn(rng: random.Random) -> list[dict[str, Any]]:
    """Tool loops, if any, then one or two answers."""
    turn: list[dict[str, Any]] = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        turn += rng.choice((_loop, _native_loop))(rng)
    for _ in range(rng.choice((1, 1, 2))):
        turn.append({"role": "assistant", "content": _answer(rng), **_thought(rng)})
    return turn


def _open_end(rng: random.Random) -> list[dict[str, Any]]:
    """A last turn in which the model has called tools; with results or not yet."""
    asked = [{"role": "user", "content": _content(rng)}]
    loop = rng.choice((_loop, _native_loop))(rng)
    if loop[0].get("tool_responses") is None and rng.random() < 0.4:
        loop = loop[:1]
    return asked + loop


def _loop(rng: random.Random) -> list[dict[str, Any]]:
    calls = [_call(rng, f"c{i}") for i in range(rng.randint(1, 3))]
    text = rng.choice((None, "", _answer(rng)))
    message = {"role": "assistant", "content": text, "tool_calls": calls, **_thought(rng)}
    results = [_result(rng, call) for call in rng.sample(calls, len(calls))]
    return [message, *results]


def _native_loop(rng: random.Random) -> list[dict[str, Any]]:
    calls = [_call(rng, "") for _ in range(rng.randint(1, 2))]
    responses = [
        {"name": call["function"]["name"], "response": rng.choice((_value(rng), _mapping(rng, 0)))}
        for call in calls
    ]
    text = rng.choice((None, "", _answer(rng)))
    return [
        {
            "role": "assistant",
            "content": text,
            "tool_calls": calls,
            "tool_responses": responses,
            **_thought(rng),
        }
    ]


def _call(rng: random.Random, call_id: str) -> dict[str, Any]:
    function = {"name": rng.choice(_NAMES), "arguments": _mapping(rng, 0)}
    return {"type": "function", "function": function, "id": call_id}


def _result(rng: random.Random, call: dict[str, Any]) -> dict[str, Any]:
    parts = [{"type": "text", "text": _text(rng)}, {"type": "image", "image": _PIXELS}]
    content = rng.choice((_text(rng), None, parts, [*parts, {"type": "text", "text": "end"}]))
    result = {"role": "tool", "content": content}
    if rng.random() < 0.8:
        return {**result, "tool_call_id": call["id"]}
    return {**result, "tool_call_id": "another", "name": rng.choice((*_NAMES, None))}


def _thought(rng: random.Random) -> dict[str, Any]:
    key = rng.choice(("reasoning", "reasoning_content"))
    return {key: _text(rng)} if rng.random() < 0.4 else {}


def _answer(rng: random.Random) -> Any:
    text = _text(rng)
    if rng.random() < 0.2:
        text = f"{_text(rng)}<|channel>thought\n{_text(rng)}<channel|>{text}"
    if rng.random() < 0.1:
        text += rng.choice(("<|channel>cut off", "<channel|>", " <channel|> more"))
    return rng.choice((text, None, "", [{"type": "text", "text": text}] * rng.randint(0, 2)))


def _content(rng: random.Random) -> Any:
    if rng.random() < 0.4:
        return _text(rng)
    media: tuple[dict[str, Any], ...] = (
        {"type": "image", "image": _PIXELS, "name": "a.png"},
        {"type": "audio", "audio": np.zeros(16_000, np.float32)},
        {"type": "video", "frames": [_PIXELS, _PIXELS], "times": [0.0, 61.5]},
    )
    parts: list[dict[str, Any]]
    parts = [{"type": "text", "text": _text(rng)} for _ in range(rng.randint(0, 3))]
    parts += rng.sample(media, rng.randint(0, 3))
    rng.shuffle(parts)
    return parts


def _text(rng: random.Random) -> str:
    return "".join(rng.choice(_ALPHABET) for _ in range(rng.randint(0, 24)))


def _mapping(rng: random.Random, depth: int) -> dict[str, Any]:
    keys = rng.sample(_KEYS, rng.randint(0, 3))
    return {key: _value(rng, depth + 1) for key in keys}


def _value(rng: random.Random, depth: int = 0) -> Any:
    scalars = (None, True, False, 0, -7, 12345678901234567890, 1.5e-05, 0.5, 1e300, _text(rng))
    if depth > 2 or rng.random() < 0.7:
        return rng.choice(scalars)
    if rng.random() < 0.5:
        return _mapping(rng, depth)
    return [_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]


def _tool(rng: random.Random, name: str) -> Tool:
    parameters: dict[str, Any] = {}
    if rng.random() < 0.8:
        parameters = _object(rng, 0)
        if rng.random() < 0.2:
            parameters["required"] = []
    response = rng.choice((None, {"type": "object"}, {"type": "object", "description": _text(rng)}))
    return Tool(name, _text(rng), parameters, response)


def _object(rng: random.Random, depth: int) -> dict[str, Any]:
    properties = {key: _schema(rng, depth + 1) for key in rng.sample(_KEYS, rng.randint(0, 3))}
    schema: dict[str, Any] = {"type": rng.choice(("object", "OBJECT")), "properties": properties}
    if properties and rng.random() < 0.6:
        schema["required"] = rng.sample(sorted(properties), rng.randint(1, len(properties)))
    return schema


def _schema(rng: random.Random, depth: int) -> dict[str, Any]:
    kind = rng.choice(("string", "integer", "number", "boolean", "array", "object", None))
    if depth > 3 and kind in ("array", "object"):
        kind = "string"
    schema: dict[str, Any] = {"default": 3, "format": "date", "anyOf": [{"type": "null"}]}
    if kind == "object" and rng.random() < 0.7:
        schema = _object(rng, depth)
    elif kind is not None:
        schema["type"] = kind
    if kind == "array":
        schema["items"] = rng.choice(({}, _schema(rng, depth + 1), _object(rng, depth + 1), True))
    if kind in ("string", "integer") and rng.random() < 0.5:
        schema["enum"] = rng.choice(([], [_text(rng), _text(rng)], [1, None, {"a": {"b": "c"}}]))
    if rng.random() < 0.6:
        schema["description"] = _text(rng)
    if rng.random() < 0.2:
        schema["nullable"] = rng.choice((True, False))
    return schema
