"""Declarations from Python functions: type hints give the schema, the docstring the words.

The docstring's first paragraph describes the tool. A line `name: words` in an "Args:" part, as in
Google's style, describes a parameter.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from inference import Tool

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}
_PARAMETER = re.compile(r"(\w+)\s*:\s*(.+)")
_PART = re.compile(r"(Args|Arguments|Returns|Raises|Yields|Examples?|Notes?):\s*")


def declaration(
    function: Callable[..., Any], *, name: str = "", leaves_out: Sequence[str] = ()
) -> Tool:
    """The tool that calls `function`; parameters in `leaves_out` are not the model's.

    Raises TypeError for a hint that JSON cannot say.
    """
    text, words = _docstring(inspect.getdoc(function) or "")
    hints = {k: h for k, h in get_type_hints(function).items() if k not in leaves_out}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in leaves_out:
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"{parameter.name} takes any number of values")
        schema = _schema(hints.get(parameter.name, str), parameter.name)
        if parameter.name in words:
            schema["description"] = words[parameter.name]
        properties[parameter.name] = schema
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    return from_schema(name or function.__name__, text, properties, required)


def from_schema(
    name: str, description: str, properties: Mapping[str, Any], required: Sequence[str]
) -> Tool:
    """A tool from the JSON Schema of its parameters."""
    if not properties:
        return Tool(name, description)
    parameters: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if required:
        parameters["required"] = list(required)
    return Tool(name, description, parameters)


def _schema(hint: Any, name: str) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if origin in (Union, types.UnionType):
        options = [option for option in arguments if option is not types.NoneType]
        if len(options) == 1:
            return _schema(options[0], name) | {"nullable": True}
    if origin is Literal and all(isinstance(choice, str) for choice in arguments):
        return {"type": "string", "enum": list(arguments)}
    if origin in (list, Sequence) and len(arguments) == 1:
        return {"type": "array", "items": _schema(arguments[0], name)}
    if hint is dict or origin is dict:
        return {"type": "object"}
    raise TypeError(f"the type of {name} cannot be said in JSON Schema: {hint!r}")


def _docstring(text: str) -> tuple[str, dict[str, str]]:
    """The first paragraph on one line, and the words for each parameter."""
    head = text.split("\n\n", 1)[0]
    words: dict[str, str] = {}
    is_inside, last = False, ""
    for line in text.splitlines():
        part = _PART.fullmatch(line.strip())
        if part:
            is_inside = part[1] in ("Args", "Arguments")
            continue
        found = _PARAMETER.fullmatch(line.strip()) if is_inside else None
        if found:
            last = found[1]
            words[last] = found[2]
        elif is_inside and line.strip() and last:
            words[last] += " " + line.strip()
    return " ".join(head.split()), words
