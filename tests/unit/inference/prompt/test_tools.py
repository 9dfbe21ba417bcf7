"""Notation of declarations, calls and results, and what cannot stand in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inference.api import Tool, ToolCall, ToolResult
from inference.errors import PromptError
from inference.prompt.render import Rendered
from inference.prompt.segments import Origin, SegmentWriter
from inference.prompt.tokenizer import Tokenizer
from inference.prompt.tools import check_tools, write_call, write_declaration, write_result
from tests.unit.inference.prompt.strings import template_string

ORIGIN = Origin("tools", "", 0, 0)


def _string(write: Callable[[SegmentWriter, Any], None], value: Any, tokenizer: Tokenizer) -> str:
    out = SegmentWriter(tokenizer.control)
    write(out.within(ORIGIN), value)
    assert all(segment.origin == ORIGIN for segment in out.segments)
    return template_string(Rendered(tuple(out.segments), False), tokenizer)


def _declaration(parameters: dict[str, Any], tokenizer: Tokenizer) -> str:
    head = '<|tool>declaration:f{description:<|"|>d<|"|>,parameters:{'
    string = _string(write_declaration, Tool("f", "d", parameters), tokenizer)
    return string.removeprefix(head).removesuffix("}}<tool|>").replace('<|"|>', "'")


def test_declaration(tokenizer: Tokenizer) -> None:
    schema = {
        "type": "object",
        "properties": {
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "description": "Unit"},
            "location": {"type": "string", "description": "City", "minLength": 1},
        },
        "required": ["location"],
    }
    assert _string(
        write_declaration, Tool("get_weather", "Get the weather", schema), tokenizer
    ) == (
        '<|tool>declaration:get_weather{description:<|"|>Get the weather<|"|>,parameters:{'
        'properties:{location:{description:<|"|>City<|"|>,type:<|"|>STRING<|"|>},'
        'unit:{description:<|"|>Unit<|"|>,enum:[<|"|>celsius<|"|>,<|"|>fahrenheit<|"|>],'
        'type:<|"|>STRING<|"|>}},required:[<|"|>location<|"|>],type:<|"|>OBJECT<|"|>}}<tool|>'
    )


def test_declaration_without_parameters_and_with_a_response(tokenizer: Tokenizer) -> None:
    bare = '<|tool>declaration:now{description:<|"|>Time<|"|>'
    assert _string(write_declaration, Tool("now", "Time"), tokenizer) == bare + "}<tool|>"
    tool = Tool("now", "Time", response={"type": "object", "description": "Clock"})
    response = ',response:{description:<|"|>Clock<|"|>,type:<|"|>OBJECT<|"|>}'
    assert _string(write_declaration, tool, tokenizer) == bare + response + "}<tool|>"


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": ["string", "null"]}, "{nullable:true,type:'STRING'}"),
        ({"type": ["null", "integer"]}, "{nullable:true,type:'INTEGER'}"),
        ({"type": ["null"]}, "{type:'NULL'}"),
        ({"type": "string", "nullable": True}, "{nullable:true,type:'STRING'}"),
        ({"type": "integer", "enum": [1]}, "{type:'INTEGER'}"),
        ({"anyOf": [{"type": "null"}], "default": 3}, "{type:''}"),
        (True, "{type:''}"),
        ({"type": "array", "items": {}}, "{type:'ARRAY'}"),
        (
            {"type": "array", "items": {"type": ["string", "null"], "minLength": 2, "x": None}},
            "{items:{minLength:2,type:['STRING','NULL']},type:'ARRAY'}",
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "{items:{items:{'type':'string'},type:'ARRAY'},type:'ARRAY'}",
        ),
        ({"type": "object"}, "{properties:{},type:'OBJECT'}"),
        (
            {"type": "object", "additionalProperties": {"type": "string"}, "description": "m"},
            "{description:'m',properties:{additionalProperties:{type:'STRING'}},type:'OBJECT'}",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]},
            "{properties:{a:{type:'NULL'}},required:['a'],type:'OBJECT'}",
        ),
    ],
)
def test_property_schemas(schema: Any, written: str, tokenizer: Tokenizer) -> None:
    parameters = {"type": "object", "properties": {"p": schema}}
    assert _declaration(parameters, tokenizer) == f"properties:{{p:{written}}},type:'OBJECT'"


def test_call(tokenizer: Tokenizer) -> None:
    arguments = {
        "n": 1.5e-05,
        "obj": {"B": 1, "a": ["t", 2]},
        "location": "Zürich",
        "none": None,
        "flag": False,
    }
    assert _string(write_call, ToolCall("get_weather", arguments), tokenizer) == (
        '<|tool_call>call:get_weather{flag:false,location:<|"|>Zürich<|"|>,n:1.5e-05,none:null,'
        'obj:{a:[<|"|>t<|"|>,2],B:1}}<tool_call|>'
    )


def test_results(tokenizer: Tokenizer) -> None:
    text = ToolResult("get_weather", '{"temp": 20}')
    assert _string(write_result, text, tokenizer) == (
        '<|tool_response>response:get_weather{value:<|"|>{"temp": 20}<|"|>}<tool_response|>'
    )
    mapping = ToolResult("get_weather", {"temp": 20, "sky": "clear"})
    assert _string(write_result, mapping, tokenizer) == (
        '<|tool_response>response:get_weather{sky:<|"|>clear<|"|>,temp:20}<tool_response|>'
    )


@pytest.mark.parametrize("key", ["a:b", "a,b", "}", "a{", '"', "", " a", "a\n", "[x]", "<turn|>"])
def test_keys_that_mean_something_are_quoted(key: str, tokenizer: Tokenizer) -> None:
    call = ToolCall("f", {key: 1})
    expected = f'<|tool_call>call:f{{<|"|>{key}<|"|>:1}}<tool_call|>'
    assert _string(write_call, call, tokenizer) == expected


@pytest.mark.parametrize("name", ["", "f{", "a b", "f\n", "<turn|>", "x" * 129, 'f<|"|>', "f,g"])
def test_refuses_names_that_could_break_out(name: str) -> None:
    with pytest.raises(PromptError, match="tool name"):
        check_tools([Tool(name, "")])


@pytest.mark.parametrize(
    ("tool", "message"),
    [
        (Tool("f", "d", {"a": float("nan")}), "nan"),
        (Tool("f", "d", {"a": object()}), "object"),
        (Tool("f", "d", response={"a": {1: 2}}), "not text"),
    ],
)
def test_refuses_schemas_that_are_not_json(tool: Tool, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        check_tools([tool])


@pytest.mark.parametrize(
    "parameters",
    [
        {"properties": ["a"]},
        {"required": "a"},
        {"required": [1]},
        {"type": 3},
        {"properties": {"a": {"type": "string", "description": 3}}},
        {"properties": {"a": {"type": "array", "items": {"properties": 3}}}},
    ],
)
def test_refuses_malformed_schemas(parameters: Any, tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptError, match="belong"):
        _declaration(parameters, tokenizer)


def test_refuses_deep_schemas() -> None:
    deep: dict[str, Any] = {}
    for _ in range(80):
        deep = {"items": deep}
    with pytest.raises(PromptError, match="nested"):
        check_tools([Tool("f", "", deep)])
