"""What may stand in tool names, arguments, schemas and results: JSON values within bounds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import NoReturn

from inference.api import JsonValue
from inference.errors import PromptError

MAX_DEPTH = 64
MAX_SIZE = 1_000_000  # characters of one call
MAX_INTEGER_BITS = 4096

# A name stands bare in the prompt, so nothing that means something there may be in it.
_NAME = re.compile(r"[\w.:/-]{1,128}")


def is_tool_name(name: str) -> bool:
    """True for letters, digits and `_ . : / -`, 1 to 128 of them."""
    return _NAME.fullmatch(name) is not None


def check_tool_name(name: object, where: str) -> str:
    """Return `name`; raises PromptError if it could not stand in a prompt."""
    if isinstance(name, str) and is_tool_name(name):
        return name
    raise PromptError(
        f"{where} has the tool name {shorten(name)}, which cannot be used.",
        "Use 1 to 128 letters, digits, underscores, dots, colons, slashes or hyphens.",
    )


def check_json(value: JsonValue, where: str, depth: int = 0) -> None:
    """Raises PromptError unless `value` is JSON of bounded depth with text keys."""
    if depth > MAX_DEPTH:
        raise PromptError(f"{where} is nested more than {MAX_DEPTH} levels deep.")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise PromptError(f"{where} has the key {shorten(key)}, which is not text.")
            check_json(item, where, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_json(item, where, depth + 1)
    elif not _is_scalar(value):
        raise PromptError(f"{where} holds {shorten(value)}, which is not a JSON value.")


def check_mapping(value: JsonValue, where: str) -> Mapping[str, JsonValue]:
    """Return `value`; raises PromptError unless it is a mapping of JSON values."""
    if not isinstance(value, Mapping):
        raise PromptError(f"{where} must be a mapping, not {type(value).__name__}.")
    check_json(value, where)
    return value


def parse_json(text: str) -> JsonValue:
    """Parse JSON; raises ValueError for anything wrong, too long, too deep or not finite."""
    if len(text) > MAX_SIZE:
        raise ValueError(f"it is longer than {MAX_SIZE:,} characters")
    try:
        value = json.loads(text, strict=False, parse_constant=_refuse_constant)
        check_json(value, "it")
    except (RecursionError, PromptError) as error:
        raise ValueError(str(error)) from None
    return value


def shorten(value: object) -> str:
    """A value for an error message: a text's beginning, a number, or only the type's name."""
    if isinstance(value, float):
        return str(value)
    if not isinstance(value, str):
        return f"a value of type {type(value).__name__}"
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:61])
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"


def _is_scalar(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return value.bit_length() <= MAX_INTEGER_BITS
    return value is None or isinstance(value, str)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
