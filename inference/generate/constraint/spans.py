"""Where a value stands in a JSON text, so that it alone can be replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def value_span(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Begin and end of the value at `path`; of a key that stands twice, the last.

    Raises ValueError when there is none, or when `text` is no JSON up to there.
    """
    at = _skip(text, 0)
    for step in path:
        at = _member(text, at, step) if isinstance(step, str) else _item(text, at, step)
    return at, _end(text, at)


def _member(text: str, at: int, key: str) -> int:
    found = -1
    at = _expect(text, at, "{")
    while text[at : at + 1] == '"':
        name, at = _DECODER.raw_decode(text, at)
        at = _expect(text, _skip(text, at), ":")
        if name == key:
            found = at
        at = _skip(text, _end(text, at))
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    if found < 0:
        raise ValueError(f"no value under {key!r}")
    return found


def _item(text: str, at: int, index: int) -> int:
    at = _expect(text, at, "[")
    for _ in range(index):
        at = _expect(text, _skip(text, _end(text, at)), ",")
    return at


def _expect(text: str, at: int, character: str) -> int:
    """The beginning of what follows `character`."""
    if text[at : at + 1] != character:
        raise ValueError(f"{character!r} is missing at character {at + 1}")
    return _skip(text, at + 1)


def _end(text: str, at: int) -> int:
    return _DECODER.raw_decode(text, at)[1]


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match is not None else at
