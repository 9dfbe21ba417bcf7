"""The declared tools as a grammar of Gemma 4's call notation, for llguidance.

    call:NAME{key:value,...}<tool_call|>

Keys are sorted as the template sorts them, strings stand between quote tokens with nothing
escaped. What a JSON Schema says beyond types, choices, lengths and required keys is left to the
check of the finished call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inference.api import JsonValue, Tool
from inference.prompt.tokenizer import ControlIds
from inference.prompt.tools import BARE_KEY, by_key

_MOST_RULES = 4_000
_MOST_CHOICES = 500
_LONGEST = 2_000  # characters that a grammar counts

_COMMON = r"""
value: string | number | "true" | "false" | "null" | mapping | list
mapping: "{" "}" | "{" pair ("," pair)* "}"
pair: key ":" value
key: KEY | string
list: "[" "]" | "[" value ("," value)* "]"
string: QUOTE QUOTE | QUOTE TEXT QUOTE
integer: INTEGER
number: NUMBER
TEXT: /(.|\n)+/
KEY: /[\w.$@\/+-]+( [\w.$@\/+-]+)*/
INTEGER: /-?(0|[1-9][0-9]{0,17})/
NUMBER: /-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?/
"""
_COMMA = ' "," '
_TYPES: Mapping[str, str] = {
    "STRING": "string",
    "INTEGER": "integer",
    "NUMBER": "number",
    "BOOLEAN": '("true" | "false")',
    "NULL": '"null"',
}


def call_grammar(tools: Sequence[Tool], control: ControlIds) -> str:
    """A Lark grammar of what may follow the opening id of a call, up to its closing id."""
    writer = _Writer(control)
    names = []
    for index, tool in enumerate(tools):
        body = writer.arguments(tool.parameters)
        writer.rules.append(f"tool_{index}: {_literal('call:' + tool.name)} {body}")
        names.append(f"tool_{index}")
    close = f"<[{control.call_close}]>"
    quote = f"<[{control.quote}]>"
    start = f"start: ({' | '.join(names)}) {close}"
    return "\n".join((start, *writer.rules, _COMMON.replace("QUOTE", quote)))


def declared_schema(tool: Tool) -> dict[str, JsonValue]:
    """The JSON Schema that the arguments of a call must follow; types in small letters."""
    found = _with_small_types(tool.parameters)
    assert isinstance(found, dict)
    found.setdefault("type", "object")
    if found.get("properties") and "additionalProperties" not in found:
        found["additionalProperties"] = False  # what was not declared cannot be meant
    return found


class _Writer:
    """Turns schemas into expressions; rules for objects are appended to `rules`."""

    def __init__(self, control: ControlIds) -> None:
        self.rules: list[str] = []
        self._quote = f"<[{control.quote}]>"
        self._root: Mapping[str, JsonValue] = {}
        self._references: dict[str, str] = {}
        self._count = 0

    def arguments(self, parameters: Mapping[str, JsonValue]) -> str:
        self._root, self._references = parameters, {}
        if not parameters.get("properties") and not parameters.get("additionalProperties"):
            return '"{}"'
        return self._object(parameters)

    def _value(self, schema: JsonValue) -> str:
        if not isinstance(schema, Mapping) or self._count > _MOST_RULES:
            return "value"
        if isinstance(reference := schema.get("$ref"), str):
            return self._reference(reference)
        nullable = ' | "null"' if schema.get("nullable") is True else ""
        return f"({self._not_null(schema)}{nullable})" if nullable else self._not_null(schema)

    def _not_null(self, schema: Mapping[str, JsonValue]) -> str:
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(choices, list | tuple) and 0 < len(choices) <= _MOST_CHOICES:
            return "(" + " | ".join(self._constant(choice) for choice in choices) + ")"
        for keyword in ("anyOf", "oneOf"):
            several = schema.get(keyword)
            if isinstance(several, list | tuple) and several:
                return "(" + " | ".join(self._value(one) for one in several) + ")"
        kind = schema.get("type")
        if isinstance(kind, list | tuple) and kind:
            return "(" + " | ".join(self._typed(schema, str(one)) for one in kind) + ")"
        return self._typed(schema, str(kind or ("OBJECT" if "properties" in schema else "")))

    def _typed(self, schema: Mapping[str, JsonValue], kind: str) -> str:
        match kind.upper():
            case "OBJECT":
                return self._object(schema)
            case "ARRAY":
                return self._list(schema)
            case "STRING":
                return self._string(schema)
            case other:
                return _TYPES.get(other, "value")

    def _string(self, schema: Mapping[str, JsonValue]) -> str:
        longest, least = _count(schema.get("maxLength")), _count(schema.get("minLength"))
        if not 0 < longest <= _LONGEST:
            return "string"
        shortest = least if least <= longest else 0
        name = self._name("TEXT")
        self.rules.append(f"{name}: /(.|\\n){{{max(1, shortest)},{longest}}}/")
        empty = "" if shortest else f"{self._quote} {self._quote} | "
        return f"({empty}{self._quote} {name} {self._quote})"

    def _list(self, schema: Mapping[str, JsonValue]) -> str:
        item = self._value(schema.get("items"))
        name = self._name("list")
        empty = "" if _count(schema.get("minItems")) > 0 else '"[" "]" | '
        self.rules.append(f'{name}: {empty}"[" {item} ("," {item})* "]"')
        return name

    def _object(self, schema: Mapping[str, JsonValue]) -> str:
        properties = schema.get("properties")
        if not isinstance(properties, Mapping) or not properties:
            return self._free_object(schema.get("additionalProperties"))
        wanted = schema.get("required")
        required = set(map(str, wanted)) if isinstance(wanted, list | tuple) else set()
        fields = [
            (f'{self._key(key)} ":" {self._value(value)}', key in required)
            for key, value in by_key(properties)
        ]
        # rest_i: the fields from i on when one stands before them; none_i: when none does.
        name = self._name("object")
        for index, (field, is_needed) in enumerate(fields):
            following = f" {name}_rest_{index + 1}" if index + 1 < len(fields) else ""
            with_comma, first = [f'"," {field}{following}'], [f"{field}{following}"]
            if not is_needed:
                with_comma.append(f"{name}_rest_{index + 1}" if following else '""')
                if index + 1 < len(fields):
                    first.append(f"{name}_none_{index + 1}")
            self.rules.append(f"{name}_rest_{index}: {' | '.join(with_comma)}")
            self.rules.append(f"{name}_none_{index}: {' | '.join(first)}")
        empty = "" if any(is_needed for _, is_needed in fields) else ' | "{" "}"'
        self.rules.append(f'{name}: "{{" {name}_none_0 "}}"{empty}')
        return name

    def _free_object(self, values: JsonValue) -> str:
        if not isinstance(values, Mapping) or not values:
            return "mapping"
        name, value = self._name("object"), self._value(values)
        self.rules.append(f'{name}: "{{" "}}" | "{{" {name}_pair ("," {name}_pair)* "}}"')
        self.rules.append(f'{name}_pair: key ":" {value}')
        return name

    def _reference(self, reference: str) -> str:
        """The rule of a part of the same schema; made once, so that it may refer to itself."""
        if reference in self._references:
            return self._references[reference]
        target: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            step = step.replace("~1", "/").replace("~0", "~")
            target = target.get(step) if step and isinstance(target, Mapping) else target
        if not reference.startswith("#") or target is None or target is self._root:
            return "value"
        name = self._references[reference] = self._name("part")
        self.rules.append(f"{name}: {self._value(target)}")
        return name

    def _constant(self, value: JsonValue) -> str:
        if isinstance(value, str):
            return (
                f"({self._quote} {_literal(value)} {self._quote})"
                if value
                else (f"({self._quote} {self._quote})")
            )
        if isinstance(value, Mapping):
            pairs = [f'{self._key(k)} ":" {self._constant(v)}' for k, v in by_key(value)]
            return f'("{{" {_COMMA.join(pairs)} "}}")'
        if isinstance(value, list | tuple):
            return f'("[" {_COMMA.join(map(self._constant, value))} "]")'
        return _literal(json.dumps(value))

    def _key(self, key: str) -> str:
        if BARE_KEY.fullmatch(key):
            return _literal(key)
        return f"{self._quote} {_literal(key)} {self._quote}" if key else self._quote * 2

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}_{self._count}"


def _literal(text: str) -> str:
    """A literal of the notation; it is JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _count(value: object) -> int:
    """A number of things in a schema, 0 for none or nonsense."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _with_small_types(schema: JsonValue) -> JsonValue:
    """Declarations may name types in capitals, as the template prints them."""
    if isinstance(schema, list | tuple):
        return [_with_small_types(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, JsonValue] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            made[key] = value.lower()
        elif key in ("enum", "const", "default"):
            made[key] = value
        else:
            made[key] = _with_small_types(value)
    if made.pop("nullable", None) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made
