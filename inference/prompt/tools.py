"""Gemma 4's notation for tools: declarations, calls and responses as segments.

Keys stand bare, strings between quote tokens with nothing escaped, keys sorted without regard to
case. A key that would not stand bare safely is put between quote tokens too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from inference.api import JsonValue, Tool, ToolCall, ToolResult
from inference.errors import PromptError
from inference.prompt.segments import SegmentWriter
from inference.prompt.values import check_mapping, check_tool_name, shorten

# Starts and ends visibly, and nothing in it means something in the notation.
BARE_KEY = re.compile(r"[\w.$@/+-]+(?: [\w.$@/+-]+)*")
# An object schema without properties lists its other keywords as if they were properties.
_NOT_PROPERTIES = frozenset(("description", "type", "properties", "required", "nullable"))


def check_tools(tools: Sequence[Tool]) -> None:
    """Raises PromptError for names that are unusable or used twice and for malformed schemas."""
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        name = check_tool_name(tool.name, f"Tool {index + 1}")
        if name in seen:
            raise PromptError(f"Two tools are called {shorten(name)}.", "Rename one of them.")
        seen.add(name)
        if not isinstance(tool.description, str):
            raise PromptError(f"The description of tool {shorten(name)} is not text.")
        check_mapping(tool.parameters, f"The schema of tool {shorten(name)}")
        if tool.response is not None:
            check_mapping(tool.response, f"The response schema of tool {shorten(name)}")


def write_declaration(out: SegmentWriter, tool: Tool) -> None:
    """`<|tool>declaration:NAME{...}<tool|>`; JSON-schema keywords Gemma 4 lacks are left out."""
    out.mark(out.control.tool_open)
    out.plain("declaration:")
    out.foreign(tool.name)
    out.plain("{description:")
    out.quoted(tool.description)
    if tool.parameters:
        out.plain(",parameters:")
        _write_parameters(out, tool.parameters)
    if tool.response is not None:
        out.plain(",response:")
        _write_response_schema(out, tool.response)
    out.plain("}")
    out.mark(out.control.tool_close)


def write_call(out: SegmentWriter, call: ToolCall) -> None:
    """`<|tool_call>call:NAME{key:value,...}<tool_call|>`."""
    out.mark(out.control.call_open)
    out.plain("call:")
    out.foreign(call.name)
    _write_mapping(out, call.arguments)
    out.mark(out.control.call_close)


def write_result(out: SegmentWriter, result: ToolResult) -> None:
    """`<|tool_response>response:NAME{...}<tool_response|>`; text goes under the key `value`."""
    response = result.response
    out.mark(out.control.response_open)
    out.plain("response:")
    out.foreign(result.name)
    _write_mapping(out, {"value": response} if isinstance(response, str) else response)
    out.mark(out.control.response_close)


def _write_parameters(out: SegmentWriter, schema: Mapping[str, JsonValue]) -> None:
    fields = _Fields(out)
    if properties := schema.get("properties"):
        fields.start("properties")
        _write_properties(out, _mapping(properties))
    if required := schema.get("required"):
        fields.start("required")
        _write_names(out, required)
    fields.start("type")
    out.quoted(_single_type(schema)[0] or "OBJECT")
    fields.end()


def _write_response_schema(out: SegmentWriter, schema: Mapping[str, JsonValue]) -> None:
    fields = _Fields(out)
    if description := schema.get("description"):
        fields.start("description")
        out.quoted(_text(description))
    fields.start("type")
    out.quoted(_single_type(schema)[0] or "OBJECT")
    fields.end()


def _write_properties(out: SegmentWriter, properties: Mapping[str, JsonValue]) -> None:
    fields = _Fields(out)
    for name, schema in by_key(properties):
        fields.start(name)
        # `true`, `false` and misplaced keywords are schemas that say nothing.
        _write_property(out, schema if isinstance(schema, Mapping) else {})
    fields.end()


def _write_property(out: SegmentWriter, schema: Mapping[str, JsonValue]) -> None:
    """One property: description, enum or items, nullable, properties, required, type."""
    fields = _Fields(out)
    kind, nullable = _single_type(schema)
    if description := schema.get("description"):
        fields.start("description")
        out.quoted(_text(description))
    if kind == "STRING" and (choices := schema.get("enum")):
        fields.start("enum")
        _write_value(out, choices, quote_keys=True)
    if kind == "ARRAY" and (items := schema.get("items")) and isinstance(items, Mapping):
        fields.start("items")
        _write_items(out, items)
    if nullable:
        fields.start("nullable")
        out.plain("true")
    if kind == "OBJECT":
        fields.start("properties")
        _write_properties(out, _properties_of(schema))
        if required := schema.get("required"):
            fields.start("required")
            _write_names(out, required)
    fields.start("type")
    out.quoted(kind)
    fields.end()


def _write_items(out: SegmentWriter, schema: Mapping[str, JsonValue]) -> None:
    """The schema of a list's items: every keyword in order, unlike a property's."""
    fields = _Fields(out)
    for key, value in by_key(schema):
        if value is None:
            continue
        fields.start(key)
        if key == "properties":
            _write_properties(out, _mapping(value))
        elif key == "required":
            _write_names(out, value)
        elif key == "type" and isinstance(value, str):
            out.quoted(value.upper())
        elif key == "type":
            _write_names(out, [_text(name).upper() for name in _list(value)])
        else:
            _write_value(out, value, quote_keys=True)
    fields.end()


def _write_names(out: SegmentWriter, names: JsonValue) -> None:
    _write_value(out, [_text(name) for name in _list(names)])


def _write_mapping(
    out: SegmentWriter, mapping: Mapping[str, JsonValue], quote_keys: bool = False
) -> None:
    fields = _Fields(out)
    for key, value in by_key(mapping):
        fields.start(key, quote_keys)
        _write_value(out, value, quote_keys)
    fields.end()


def _write_value(out: SegmentWriter, value: JsonValue, quote_keys: bool = False) -> None:
    if isinstance(value, str):
        out.quoted(value)
    elif isinstance(value, Mapping):
        _write_mapping(out, value, quote_keys)
    elif isinstance(value, (list, tuple)):
        out.plain("[")
        for index, item in enumerate(value):
            if index:
                out.plain(",")
            _write_value(out, item, quote_keys)
        out.plain("]")
    elif value is None:
        out.plain("null")
    elif isinstance(value, bool):
        out.plain("true" if value else "false")
    else:
        out.plain(str(value))


class _Fields:
    """Writes `{key:` before the first value, `,key:` before the others, and `}` at the end."""

    def __init__(self, out: SegmentWriter) -> None:
        self._out = out
        self._first = True
        out.plain("{")

    def start(self, key: str, quoted: bool = False) -> None:
        if not self._first:
            self._out.plain(",")
        self._first = False
        if quoted or not BARE_KEY.fullmatch(key):
            self._out.quoted(key)
        else:
            self._out.foreign(key)
        self._out.plain(":")

    def end(self) -> None:
        self._out.plain("}")


def by_key(mapping: Mapping[str, JsonValue]) -> Iterable[tuple[str, JsonValue]]:
    """The items in the order in which the notation writes them."""
    return sorted(mapping.items(), key=lambda item: item[0].lower())


def _single_type(schema: Mapping[str, JsonValue]) -> tuple[str, bool]:
    """Type in capitals ("" if none) and nullability; of a list, the first that is not null."""
    kind = schema.get("type", "")
    nullable = bool(schema.get("nullable"))
    if isinstance(kind, str):
        return kind.upper(), nullable
    kinds = [_text(name).upper() for name in _list(kind)]
    named = [name for name in kinds if name != "NULL"]
    return (named or ["NULL"])[0], nullable or (bool(named) and "NULL" in kinds)


def _properties_of(schema: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        return properties
    return {key: value for key, value in schema.items() if key not in _NOT_PROPERTIES}


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, Mapping):
        raise PromptError(f"A tool's schema has {shorten(value)} where properties belong.")
    return value


def _list(value: JsonValue) -> Sequence[JsonValue]:
    if not isinstance(value, (list, tuple)):
        raise PromptError(f"A tool's schema has {shorten(value)} where a list belongs.")
    return value


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise PromptError(f"A tool's schema has {shorten(value)} where text belongs.")
    return value
