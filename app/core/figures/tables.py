"""Tables in the text of an answer: Markdown as models really write it, and JSON.

Nothing here fails for any text. Rows may be ragged, separator lines missing, JSON cut off. What
cannot be made sense of gives no table.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.core.figures.amounts import is_number

LONGEST_ANSWER = 400_000  # characters
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2000, 60, 400
DEEPEST = 8

Row = tuple[str, ...]

_SEPARATOR = re.compile(r"^\s*\|?(?:\s*:?-{1,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sub|sup|span|small|code|p|div|td|th|tr)\b[^<>]*>", re.I)
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$|^\s*\*\*([^*]+)\*\*:?\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells as text, every row as long as `head`. `heading` is the line above it, if any."""

    head: Row
    rows: tuple[Row, ...]
    heading: str = ""


class Printed(str):
    """A number of JSON exactly as it was written."""

    __slots__ = ()


def find_tables(text: str) -> tuple[RawTable, ...]:
    """The Markdown tables of a text, in order."""
    lines = text[:LONGEST_ANSWER].splitlines()
    found: list[RawTable] = []
    heading = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        named = _HEADING.match(line)
        if named:
            heading = clean(named[1] or named[2] or "")
        block = _block(lines, at)
        if block < 2:
            at += 1
            continue
        table = _table(lines[at : at + block], heading)
        if table is not None:
            found.append(table)
            heading = ""
        at += block
    return tuple(found)


def _block(lines: list[str], at: int) -> int:
    """How many lines from `at` on look like rows of one table."""
    count = 0
    while at + count < len(lines) and _is_row(lines[at + count]):
        count += 1
    return count


def _is_row(line: str) -> bool:
    """A row has an outer bar, or at least one inner one; a sentence with a bar is no table yet."""
    stripped = line.strip()
    return len(_PIPE.findall(stripped)) >= (2 if stripped.startswith("|") else 1)


def _table(lines: list[str], heading: str) -> RawTable | None:
    """The table of some lines; without a separator line only if all lines have outer bars."""
    separators = [n for n, line in enumerate(lines[:3]) if _SEPARATOR.match(line)]
    if not separators and not all(line.strip().startswith("|") for line in lines):
        return None
    rows = [_cells(line) for line in lines if not _SEPARATOR.match(line)]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        return None
    width = min(MOST_COLUMNS, max(len(row) for row in rows[: MOST_ROWS + 1]))
    fitted = [_fitted(row, width) for row in rows[: MOST_ROWS + 1]]
    if not separators and any(map(is_number, fitted[0])):  # no headings at all
        fitted.insert(0, ("",) * width)
    return RawTable(fitted[0], tuple(fitted[1:]), heading)


def _cells(line: str) -> Row:
    stripped = line.strip()
    stripped = stripped.removeprefix("|")
    if stripped.endswith("|") and not stripped.endswith("\\|"):
        stripped = stripped[:-1]
    return tuple(clean(cell) for cell in _PIPE.split(stripped))


def _fitted(row: Row, width: int) -> Row:
    return (*row[:width], *[""] * (width - len(row)))


def clean(cell: str, longest: int = LONGEST_CELL) -> str:
    """A cell as one line of plain text: no marks of Markdown, no tags, no control characters."""
    text = cell[: 4 * longest].replace("\\|", "|")
    text = html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
    text = _LINK.sub(r"\1", text)
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    # A lone surrogate or a control character would break files and the clipboard.
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:longest]


# --- JSON ---------------------------------------------------------------------------------------


def find_json(text: str) -> tuple[Any, ...]:
    """The JSON objects and lists of a text, outermost only, in order.

    Numbers are `Printed`. Objects come as lists of pairs in a `dict`; of doubled keys the first
    keeps its name and the others get a number. Trailing commas and a cut-off end are mended.
    """
    text = text[:LONGEST_ANSWER]
    found: list[Any] = []
    at, tries = 0, 0
    while tries < 200 and (opened := re.compile(r"[\[{]").search(text, at)):
        tries += 1
        value, end = _value(text, opened.start())
        if isinstance(value, dict | list) and value:
            found.append(value)
            at = end
        else:
            at = opened.start() + 1
    return tuple(found)


def _value(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends; None when there is none."""
    for candidate in _mended(text[start:]):
        try:
            value, end = _DECODER.raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        return value, start + min(end, len(text) - start)
    return None, start


def _mended(text: str) -> Iterator[str]:
    yield text
    body = text.split("\n```", 1)[0]
    body = re.sub(r",\s*(?=[\]}])", "", body)
    yield body
    yield from _closed(body)


def _closed(body: str) -> Iterator[str]:
    """A value that was cut off, ended after its last whole member."""
    stack: list[str] = []
    in_string = is_escaped = False
    cut: tuple[int, str] | None = None
    for at, character in enumerate(body):
        if in_string:
            if is_escaped:
                is_escaped = False
            elif character == "\\":
                is_escaped = True
            elif character == '"':
                in_string = False
            continue
        if character == '"':
            in_string = True
        elif character in "[{":
            stack.append("]" if character == "[" else "}")
        elif character in "]}":
            if not stack or stack.pop() != character:
                return
            cut = (at + 1, "".join(reversed(stack)))
        elif character == ",":
            cut = (at, "".join(reversed(stack)))
        if len(stack) > 50:
            return
    if stack and cut is not None:
        yield body[: cut[0]] + cut[1]


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        name, number = key, 2
        while name in made and number < 100:
            name, number = f"{key} ({number})", number + 1
        made[name] = value
    return made


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=Printed,
    parse_int=Printed,
    parse_constant=Printed,
    strict=False,
)
