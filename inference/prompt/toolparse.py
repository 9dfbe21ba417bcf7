"""Reads the body of a tool call as the model writes it: `call:NAME{key:value,...}`.

The body is text in which every quote *token* is `QUOTE`. That is a lone surrogate, which decoded
text never holds, so a quote mark merely spelled inside a string cannot end it.
"""

from __future__ import annotations

import json
import re

from inference.api import JsonValue, ToolCall
from inference.errors import FacetError
from inference.prompt.values import MAX_DEPTH, MAX_INTEGER_BITS, MAX_SIZE, is_tool_name, shorten

QUOTE = "\udc00"

_SPACE = re.compile(r"[ \t\r\n]*")
_NAME_TO_BRACE = re.compile(r"[ \t\r\n]*call:([^{]*)(?=\{)")
_STRING = re.compile(f"{QUOTE}([^{QUOTE}]*){QUOTE}")
_JSON_STRING = re.compile(rf'"(?:[^"\\{QUOTE}]|\\[^{QUOTE}])*"', re.DOTALL)
_BARE_KEY = re.compile(rf'[^:,{{}}\[\]"{QUOTE}]+(?=:)')
_LITERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null", re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None}


class CallSyntaxError(FacetError):
    """A tool call the model wrote cannot be read."""


def parse_call(body: str) -> ToolCall:
    """Parse the text between `<|tool_call>` and `<tool_call|>`.

    Besides the trained notation it takes JSON strings as values and keys, and space between
    tokens. Of a key that stands twice the last counts. Raises CallSyntaxError for anything else,
    for more than MAX_SIZE characters and for more than MAX_DEPTH levels.
    """
    if len(body) > MAX_SIZE:
        raise CallSyntaxError(f"it is longer than {MAX_SIZE:,} characters")
    head = _NAME_TO_BRACE.match(body)
    if head is None:
        raise CallSyntaxError("it does not begin with a name and arguments")
    name = head[1].strip()
    if not is_tool_name(name):
        raise CallSyntaxError(f"{shorten(name)} is not a tool's name")
    reader = _Reader(body, head.end())
    arguments = reader.mapping(0)
    reader.end()
    return ToolCall(name, arguments)


class _Reader:
    """Recursive descent over `text`; `at` is the next character."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at

    def mapping(self, depth: int) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        self._expect("{")
        if self._take("}"):
            return found
        while True:
            key = self._key()
            self._expect(":")
            found[key] = self._value(depth + 1)
            if self._take("}"):
                return found
            self._expect(",")

    def end(self) -> None:
        self._skip(_SPACE)
        if self._at != len(self._text):
            raise self._error("text after the arguments")

    def _list(self, depth: int) -> list[JsonValue]:
        found: list[JsonValue] = []
        self._expect("[")
        if self._take("]"):
            return found
        while True:
            found.append(self._value(depth + 1))
            if self._take("]"):
                return found
            self._expect(",")

    def _value(self, depth: int) -> JsonValue:
        if depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} levels")
        match self._peek():
            case "{":
                return self.mapping(depth)
            case "[":
                return self._list(depth)
            case "\udc00" | '"':
                return self._string()
            case _:
                return self._literal()

    def _key(self) -> str:
        if self._peek() in (QUOTE, '"'):
            return self._string()
        key = self._skip(_BARE_KEY)
        if key is None or not key.strip():
            raise self._error("no key")
        return key.strip()

    def _string(self) -> str:
        if self._peek() == QUOTE:
            quoted = self._skip(_STRING)
            if quoted is None:
                raise self._error("a string without an end")
            return quoted[1:-1]
        quoted = self._skip(_JSON_STRING)
        if quoted is None:
            raise self._error("a string without an end")
        try:
            text: str = json.loads(quoted, strict=False)
        except ValueError:
            raise self._error("a wrong escape in a string") from None
        # Half a character, written as an escape, could not be encoded again.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _literal(self) -> JsonValue:
        word = self._skip(_LITERAL)
        if word is None:
            raise self._error("no value")
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        try:
            number = int(word) if word.lstrip("-").isdigit() else float(word)
        except ValueError:
            raise self._error("a number too long") from None
        if number in (float("inf"), float("-inf")) or (
            isinstance(number, int) and number.bit_length() > MAX_INTEGER_BITS
        ):
            raise self._error("a number too large")
        return number

    def _peek(self) -> str:
        self._skip(_SPACE)
        return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._at += 1
        return True

    def _expect(self, character: str) -> None:
        if not self._take(character):
            raise self._error(f"“{character}” missing")

    def _skip(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _error(self, what: str) -> CallSyntaxError:
        return CallSyntaxError(f"{what} at character {self._at + 1}")
