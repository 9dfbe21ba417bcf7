"""The grammar of a call's body, lenient where models err and strict where meaning would change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inference.prompt.toolparse import QUOTE, CallSyntaxError, parse_call
from inference.prompt.values import MAX_DEPTH, MAX_SIZE, check_json, is_tool_name


def _read(arguments: str) -> Any:
    """Arguments of a call; `'` stands for the quote token."""
    return parse_call(f"call:f{{{arguments}}}".replace("'", QUOTE)).arguments


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ("", {}),
        ("a:''", {"a": ""}),
        ("a:'x',b:1", {"a": "x", "b": 1}),
        ("a:'x,y:{z}[]\n\\ \"q\" =<b>'", {"a": 'x,y:{z}[]\n\\ "q" =<b>'}),
        ("two words:true,b:false,c:null", {"two words": True, "b": False, "c": None}),
        ("a:{},b:[],c:[[],{}]", {"a": {}, "b": [], "c": [[], {}]}),
        ("a:{b:{c:['x',{d:1}]}}", {"a": {"b": {"c": ["x", {"d": 1}]}}}),
        ("a:-1,b:1.5e-05,c:1e+16,d:-0.5", {"a": -1, "b": 1.5e-05, "c": 1e16, "d": -0.5}),
        ("a:12345678901234567890", {"a": 12345678901234567890}),
        ("'a:b':1,'':2", {"a:b": 1, "": 2}),
        ('"a b":"x\\n\\u00e9\\"y"', {"a b": 'x\né"y'}),
        ('a:"raw\nbreak"', {"a": "raw\nbreak"}),
        ('a:"\\ud83d\\ude00 \\ud83d"', {"a": "😀 \N{REPLACEMENT CHARACTER}"}),
        (" a : 'x' , b : [ 1 , 2 ] \n", {"a": "x", "b": [1, 2]}),
        ("überschrift:'x',a.b-c/d:1", {"überschrift": "x", "a.b-c/d": 1}),
        ("a:1,a:2", {"a": 2}),
    ],
)
def test_reads(arguments: str, read: Any) -> None:
    assert _read(arguments) == read


def test_numbers_keep_their_type() -> None:
    assert [type(value) for value in _read("a:1,b:1.0,c:1e3").values()] == [int, float, float]


@pytest.mark.parametrize("name", ["f", "get-weather", "a.b", "ns:f", "run/it", "Überblick", "f1"])
def test_names(name: str) -> None:
    for body in (f"call:{name}{{}}", f" call: {name} {{ }} "):
        assert parse_call(body).name == name


@pytest.mark.parametrize(
    "body",
    [
        *("", "f{}", "call:", "call:f", "call:{}", "call:a b{}", "call:f{", "call:f{}x"),
        *("call:f{a}", "call:f{a:}", "call:f{a:1", "call:f{a:1,}", "call:f{,}", "call:f{a:1 b:2}"),
        *("call:f{a:x}", "call:f{a:True}", "call:f{a:truex}", "call:f{a:NaN}", "call:f{a:--1}"),
        *("call:f{a:[1}", "call:f{a:[1,]}", "call:f{a:{b:1]}", "call:f{a:1e999}", "call:f{:1}"),
        *('call:f{a:"x}', 'call:f{a:"\\x"}', 'call:f{"a:1}', "call:f{ :1}", "call:f{a:1}{}"),
        *(f"call:f{{a:{QUOTE}x}}", f"call:f{{a:{QUOTE}x{QUOTE}y}}", f"call:f{QUOTE}{{}}"),
        *(f'call:f{{a:"x{QUOTE}"}}', f"call:f{{a{QUOTE}:1}}", f"call:f{{{QUOTE}a:1}}"),
        *("call:f{a:" + "9" * 5000 + "}", "call:f{a:" + "9" * 4000 + "}"),
    ],
)
def test_refuses(body: str) -> None:
    with pytest.raises(CallSyntaxError):
        parse_call(body)


def test_a_spelled_quote_mark_does_not_end_a_string() -> None:
    assert _read("a:'x<|\"|>,b:<|\"|>y'") == {"a": 'x<|"|>,b:<|"|>y'}


def test_depth_and_size_are_bounded() -> None:
    inner = MAX_DEPTH - 1
    assert _read("a:" + "[" * inner + "]" * inner)
    check_json(_read("a:" + "[" * inner + "]" * inner), "it")
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(CallSyntaxError, match="levels"):
            _read("a:" + "[" * depth + "]" * depth)
    assert len(_read("a:'" + "x" * 999_000 + "'")["a"]) == 999_000
    with pytest.raises(CallSyntaxError, match="longer"):
        _read("a:'" + "x" * MAX_SIZE + "'")


_ALPHABET = st.sampled_from([*'{}[]:,"\\ \n-01.eatrufls', QUOTE, "null", "true", "é", "\\u"])


@given(st.lists(_ALPHABET, max_size=25).map("".join), st.booleans())
@example(QUOTE, True)
def test_any_text_is_read_or_refused(text: str, wrapped: bool) -> None:
    try:
        call = parse_call(f"call:f{{a:{text}}}" if wrapped else text)
    except CallSyntaxError as error:
        said = str(error)
    else:
        said = "read"
        assert is_tool_name(call.name)
        check_json(call.arguments, "it")
        assert QUOTE not in repr(call)
    assert 0 < len(said) < 200
