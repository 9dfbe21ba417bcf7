"""A call's arguments against the tool's own declaration; unknown keys are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inference import Tool

LARGEST = 32 * 1024  # characters of the arguments as JSON
DEEPEST = 12
# Words of JSON Schema that say something without running anything or fetching anything.
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_KEPT = frozenset(("type", "properties", "required", "items", "enum", "nullable", *_BOUNDS))
_TYPES = frozenset(("string", "number", "integer", "boolean", "array", "object", "null"))


def problem_of(tool: Tool, arguments: Mapping[str, Any]) -> str:
    """What is wrong with the arguments, in one sentence; empty for nothing."""
    if len(json.dumps(arguments, ensure_ascii=False, default=str)) > LARGEST:
        return f"The arguments are longer than {LARGEST:,} characters."
    from jsonschema import Draft202012Validator
    from referencing import Registry

    schema = closed(tool.parameters)
    validator = Draft202012Validator(schema, registry=Registry())
    for error in validator.iter_errors(dict(arguments)):
        place = ".".join(map(str, error.absolute_path))
        return f"{place + ': ' if place else ''}{error.message[:300]}."
    return ""


def closed(schema: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """The part of a schema that is checked: plain types and bounds, and no unknown keys.

    A foreign schema may hold references and patterns, which could fetch or take for ever; they
    are left to the program that declares them.
    """
    if depth > DEEPEST:
        return {}
    made: dict[str, Any] = {key: value for key, value in schema.items() if key in _KEPT}
    kinds = made.get("type", "object" if depth == 0 else None)
    listed = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind in _TYPES]
    made.pop("type", None)
    if made.pop("nullable", False) and listed:
        listed.append("null")
    if listed:
        made["type"] = listed
    given = made.pop("properties", None)
    properties = given if isinstance(given, Mapping) else {}
    made["properties"] = {
        str(key): closed(each if isinstance(each, Mapping) else {}, depth + 1)
        for key, each in properties.items()
    }
    if properties or depth == 0:
        made["additionalProperties"] = False
    if isinstance(made.get("items"), Mapping):
        made["items"] = closed(made["items"], depth + 1)
    else:
        made.pop("items", None)
    return _usable(made)


def _usable(made: dict[str, Any]) -> dict[str, Any]:
    """Without keywords whose values are none."""
    if not isinstance(made.get("required", []), list):
        made.pop("required")
    if not isinstance(made.get("enum", [None]), list):
        made.pop("enum")
    for key in _BOUNDS:
        value = made.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            made.pop(key)
    return made
