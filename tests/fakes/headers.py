"""Broken and nearly broken safetensors files, from a seeded generator."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

Json = dict[str, Any]

_ODD: tuple[Any, ...] = (
    *(0, 1, -1, 2, 7, 2**31 - 1, 2**31, 2**32 + 2, 2**62, 2**64, 10**30, 1.0, 1e308),
    *(None, True, "", "F32", "a", [], [1], [0, 0], [-2, -2], {}, {"a": 1}, "\ud800", "\u0000"),
)
_DTYPES = ("F32", "F16", "BF16", "I64", "U8", "BOOL", "F64", "F8_E5M2", "f32", "", 3)


def mutated_file(generator: random.Random, header: Json, body: bytes) -> bytes:
    """The file of `header` and `body` after one to three random changes."""
    header = deepcopy(header)
    for _ in range(generator.randint(1, 3)):
        _change_entry(generator, header)
    text = bytearray(json.dumps(header), "utf-8")
    if generator.random() < 0.2:
        _change_text(generator, text)
    if generator.random() < 0.1:
        text += b" " * generator.randint(1, 9)
    length = len(text)
    if generator.random() < 0.1:
        length = generator.choice((0, length - 1, length + 1, 2**26 + 1, 2**63, 2**64 - 1))
    if generator.random() < 0.15:
        body = generator.choice((body[:-1], body + b"\0", b"", body * 2))
    data = length.to_bytes(8, "little") + bytes(text) + body
    return data[: generator.randrange(len(data))] if generator.random() < 0.05 else data


def _odd(generator: random.Random) -> Any:
    return deepcopy(generator.choice(_ODD))


def _change_entry(generator: random.Random, header: Json) -> None:
    names = list(header)
    if not names:
        return
    name = generator.choice(names)
    entry = header[name]
    kind = generator.randrange(8)
    if kind == 0:
        header[name] = _odd(generator)
    elif kind == 1:
        del header[name]
    elif kind == 2:
        header[generator.choice(("__metadata__", "", "new", *names))] = deepcopy(entry)
    elif isinstance(entry, dict) and entry:
        if kind == 3:
            entry[generator.choice(("dtype", "shape", "more"))] = generator.choice(_DTYPES)
        else:
            _change_numbers(generator, entry)


def _change_numbers(generator: random.Random, entry: Json) -> None:
    key = generator.choice(list(entry))
    value = entry[key]
    if not isinstance(value, list) or not value:
        entry[key] = _odd(generator)
        return
    at = generator.randrange(len(value))
    if generator.random() < 0.5:
        value[at] = _odd(generator)
    elif generator.random() < 0.5 and type(value[at]) is int:
        value[at] += generator.choice((-8, -4, -1, 1, 4, 8))
    else:
        generator.shuffle(value)


def _change_text(generator: random.Random, text: bytearray) -> None:
    for _ in range(generator.randint(1, 4)):
        text[generator.randrange(len(text))] = generator.randrange(256)
