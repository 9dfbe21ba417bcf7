"""Strict JSON: bounded size and nesting, no doubled keys, no infinities, an object at the top."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from inference.checkpoint.disk import opened, read_exactly
from inference.checkpoint.refusal import refusal, shown

MAX_BYTES = 64 << 20
MAX_NESTING = 64
# The largest real file, a tokenizer.json, has half a million lists and 1.3 million commas.
_MAX_CONTAINERS = 1_000_000
_MAX_COMMAS = 4_000_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class _RefusedError(ValueError):
    """A reason to refuse text that would parse; raised from inside the JSON parser."""


def read_json(path: Path) -> dict[str, Any]:
    """The object in the JSON file at `path`.

    Raises CheckpointError when the file cannot be read or is not strict JSON of sane size.
    """
    with opened(path) as (stream, stamp):
        if stamp.size_bytes > MAX_BYTES:
            raise refusal(f"{shown(path.name)} is larger than {MAX_BYTES >> 20} MB")
        data = read_exactly(stream, stamp.size_bytes, path.name)
    return parse_json(data, path.name)


def parse_json(data: bytes, name: str) -> dict[str, Any]:
    """The object that `data` spells; `name` is used in errors. Raises CheckpointError."""
    if data.count(b"[") + data.count(b"{") > _MAX_CONTAINERS or data.count(b",") > _MAX_COMMAS:
        raise refusal(f"{shown(name)} holds far more values than a model needs")
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except _RefusedError as error:
        raise refusal(f"{shown(name)} {error}") from error
    except RecursionError as error:
        raise refusal(f"{shown(name)} is nested too deeply") from error
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError, numbers of absurd length
        raise refusal(f"{shown(name)} is not valid JSON") from error
    if _SURROGATE.search(data) and not _is_text(value):
        raise refusal(f"{shown(name)} holds half a character")
    if not isinstance(value, dict):
        raise refusal(f"{shown(name)} does not hold a JSON object")
    if _is_deeper_than(value, MAX_NESTING):
        raise refusal(f"{shown(name)} is nested too deeply")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RefusedError(f"names {shown(key)} twice")
            seen.add(key)
    return result


def _no_constant(text: str) -> float:
    raise _RefusedError(f"holds {text}, which is no JSON number")


def _is_text(value: Any) -> bool:
    """Whether every string in `value` can be written down again: no half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _is_deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for node in level for child in _containers(node)]
        if not level:
            return False
    return True


def _containers(node: Any) -> list[Any]:
    children = node.values() if type(node) is dict else node
    return [child for child in children if type(child) is dict or type(child) is list]
