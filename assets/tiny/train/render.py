"""A sample to token ids, in the prompt grammar of Gemma 4's small sizes, with what is trained.

Trained are only tokens that the model writes: its thoughts, calls and answers with the token that
ends them. What stands in a prompt already, such as an opened thought after a tool result, is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assets.tiny.train.samples import Clip, Media, Picture, Sample, Sound

CELL = 48  # pixels along the side of one soft token


@dataclass(frozen=True)
class Slot:
    """Tokens `start` to `start + count` are the soft tokens of one picture, frame or recording.

    `item` is its place in `sample.media`, `frame` the frame's in a clip.
    """

    item: int
    frame: int
    start: int
    count: int


@dataclass(frozen=True, eq=False)
class Encoded:
    """`ids` [T] int32; `trained` [T] bool: tokens the model must write; the media's places."""

    ids: NDArray[np.int32]
    trained: NDArray[np.bool_]
    slots: tuple[Slot, ...]


Piece = tuple[str, bool]  # text with control tokens spelled out, and whether it is trained


def encode(sample: Sample, tokenizer: Tokenizer) -> Encoded:
    """Token ids of the whole conversation, media placeholders written out."""
    ids: list[int] = []
    trained: list[bool] = []
    slots: list[Slot] = []
    media = iter(enumerate(sample.media))
    for text, learn in pieces(sample):
        if text in ("<|image|>", "<|video|>", "<|audio|>"):
            item, medium = next(media)
            new = _expand(item, medium, text, tokenizer, len(ids), slots)
        else:
            new = tokenizer.encode(text, add_special_tokens=False).ids
        ids += new
        trained += [learn] * len(new)
    assert next(media, None) is None, "more media than places for them"
    return Encoded(np.array(ids, np.int32), np.array(trained, np.bool_), tuple(slots))


def pieces(sample: Sample) -> Iterator[Piece]:
    """The prompt and the model's turns, in order; media as one placeholder each."""
    yield "<bos>", False
    messages = sample.messages
    system = messages[0]["content"] if messages[0]["role"] == "system" else ""
    if system or sample.tools or sample.thinking:
        think = "<|think|>\n" if sample.thinking else ""
        tools = "".join(declaration(tool["function"]) for tool in sample.tools or [])
        yield f"<|turn>system\n{think}{system.strip()}{tools}<turn|>\n", False
    after_result = False
    for message in messages[bool(system) :]:
        if message["role"] == "user":
            yield "<|turn>user\n", False
            yield from _content(message)
            yield "<turn|>\n<|turn>model\n", False
            continue
        assert message["role"] == "assistant", message["role"]
        yield from _thought(message, sample.thinking, after_result)
        after_result = "tool_calls" in message
        if after_result:
            yield from _calls(message)
        else:
            yield f"{message['content'].strip()}<turn|>", True
            yield "\n", False


def _content(message: Mapping[str, Any]) -> Iterator[Piece]:
    given = message["content"]
    for part in [{"type": "text", "text": given}] if isinstance(given, str) else given:
        is_text = part["type"] == "text"
        yield part["text"].strip() if is_text else f"<|{part['type']}|>", False


def _thought(message: Mapping[str, Any], thinking: bool, after_result: bool) -> Iterator[Piece]:
    """After a tool's result the prompt opens the thought itself, if thinking is on."""
    thought = message.get("reasoning", "")
    assert bool(thought) == thinking, "a thought in each turn, or in none"
    if thinking:
        yield "<|channel>thought\n", not after_result
        yield f"{thought}\n<channel|>", True


def _calls(message: Mapping[str, Any]) -> Iterator[Piece]:
    """Calls and, for each, its result; the model writes up to the token that asks for results."""
    calls = [call["function"] for call in message["tool_calls"]]
    written = "".join(
        f"<|tool_call>call:{c['name']}{{{_fields(c['arguments'])}}}<tool_call|>" for c in calls
    )
    yield f"{written}<|tool_response>", True
    for index, result in enumerate(message["tool_responses"]):
        given = result["response"]
        body = _fields(given) if isinstance(given, Mapping) else f"value:{_value(given)}"
        mark = "<|tool_response>" if index else ""
        yield f"{mark}response:{result['name']}{{{body}}}<tool_response|>", False


def declaration(function: Mapping[str, Any]) -> str:
    """A tool whose parameters are strings with descriptions, as the template declares it."""
    schema = function["parameters"]
    said = ",".join(
        f"{key}:{{description:{_value(field['description'])},type:{_value(field['type'].upper())}}}"
        for key, field in sorted(schema["properties"].items(), key=_by_key)
    )
    parameters = (
        f"{{properties:{{{said}}},required:{_value(schema['required'])},"
        f"type:{_value(schema['type'].upper())}}}"
    )
    text = f"description:{_value(function['description'])},parameters:{parameters}"
    return f"<|tool>declaration:{function['name']}{{{text}}}<tool|>"


def _fields(mapping: Mapping[str, Any]) -> str:
    return ",".join(f"{key}:{_value(item)}" for key, item in sorted(mapping.items(), key=_by_key))


def _value(value: object) -> str:
    if isinstance(value, str):
        return f'<|"|>{value}<|"|>'
    if isinstance(value, list):
        return f"[{','.join(map(_value, value))}]"
    assert isinstance(value, (int, float))
    return str(value)


def _by_key(item: tuple[str, Any]) -> str:
    return item[0].lower()


def _expand(
    item: int, medium: Media, mark: str, tokenizer: Tokenizer, at: int, slots: list[Slot]
) -> list[int]:
    """One placeholder as the processor writes it out, and where its soft tokens stand."""
    side = "audio" if isinstance(medium, Sound) else "image"
    before, soft, after = (
        tokenizer.token_to_id(token) for token in (f"<|{side}>", mark, f"<{side}|>")
    )
    ids: list[int] = []
    for frame, (text, count) in enumerate(_blocks(medium)):
        ids += tokenizer.encode(text, add_special_tokens=False).ids if text else []
        slots.append(Slot(item, frame, at + len(ids) + 1, count))
        ids += [before, *[soft] * count, after]
    return ids


def _blocks(medium: Media) -> list[tuple[str, int]]:
    """Text before, and number of soft tokens of, each block of a medium."""
    if isinstance(medium, Picture):
        return [("", soft_tokens(medium.pixels))]
    if isinstance(medium, Sound):
        return [("", heard_tokens(len(medium.pcm)))]
    assert isinstance(medium, Clip)
    return [
        (f"{' ' if i else ''}{int(t // 60):02d}:{int(t % 60):02d} ", soft_tokens(frame))
        for i, (frame, t) in enumerate(zip(medium.frames, medium.times, strict=True))
    ]


def soft_tokens(pixels: NDArray[np.uint8]) -> int:
    """Soft tokens of a picture that is drawn at the size the model reads."""
    height, width = pixels.shape[:2]
    assert (height % CELL, width % CELL) == (0, 0), "not drawn at the model's own size"
    return (height // CELL) * (width // CELL)


def heard_tokens(samples: int) -> int:
    """Soft tokens of a recording of that many samples at 16 kHz: 25 a second."""
    frames = math.ceil((samples - 160) / 160)
    return math.ceil(math.ceil(frames / 2) / 2)
