"""A schema in one line: `name, age int, tags [text]`."""

from __future__ import annotations

import re
from typing import Any

from inference import PromptError

MOST_FIELDS = 200
_TYPES = {
    "text": "string",
    "string": "string",
    "str": "string",
    "int": "integer",
    "integer": "integer",
    "number": "number",
    "float": "number",
    "bool": "boolean",
    "boolean": "boolean",
}
_FIELD = re.compile(r"(?P<name>[^\s\[\]{},:\"]{1,64})(?:\s+(?P<type>\[?\s*[A-Za-z]+\s*\]?))?")


def from_shorthand(text: str) -> dict[str, Any]:
    """An object with these fields, all required; `any` is any JSON.

    A field is a name and a type (text where none is given); `[type]` is a list. Raises
    PromptError for anything else.
    """
    if text.strip() == "any":
        return {}
    pieces = [piece.strip() for piece in text.split(",")]
    if len(pieces) > MOST_FIELDS:
        raise PromptError(f"The schema names more than {MOST_FIELDS} fields.", "Use a schema file.")
    properties: dict[str, Any] = {}
    for piece in pieces:
        name, schema = _field(piece)
        if name in properties:
            raise PromptError(f"The schema names the field {name!r} twice.", "Leave one out.")
        properties[name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _field(piece: str) -> tuple[str, dict[str, Any]]:
    found = _FIELD.fullmatch(piece)
    kind = (found["type"] or "text").replace(" ", "") if found else ""
    inner = kind[1:-1] if kind.startswith("[") and kind.endswith("]") else kind
    if found is None or inner not in _TYPES:
        raise PromptError(
            f"{piece[:80]!r} is no field of a schema.",
            'Write fields as in "name, age int, tags [text]", or name a schema file.',
        )
    value: dict[str, Any] = {"type": _TYPES[inner]}
    return found["name"], value if inner == kind else {"type": "array", "items": value}
