"""An answer cut into blocks that can be set side by side: headings, lines, items, rows, code."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from app.core.figures.tables import (
    LONGEST_ANSWER,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    clean,
    find_tables,
)

BlockKind = Literal["heading", "text", "item", "code", "head", "row"]
MOST_BLOCKS = 2000
CUT = "The rest is too long to be compared."

_FENCE = re.compile(r"^\s*(```+|~~~+)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_ROW = re.compile(r"^\s*\|.*\|?\s*$|^[^|]*(?<!\\)\|[^|]*(?<!\\)\|.*$")


@dataclass(frozen=True, slots=True)
class Block:
    """`cells` is the text of a block as one cell, or the cells of a table's row."""

    kind: BlockKind
    cells: tuple[str, ...]


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of an answer, marks of Markdown taken away. Never fails.

    JSON alone is laid out in lines first, so that its fields can be told apart.
    """
    is_cut = len(text) > LONGEST_ANSWER
    text = text[:LONGEST_ANSWER]
    laid_out = _laid_out(text)
    found: list[Block] = []
    if laid_out is not None:
        found = [Block("code", (line,)) for line in laid_out.splitlines()]
    else:
        lines = text.splitlines()
        at = 0
        while at < len(lines) and len(found) <= MOST_BLOCKS:
            at = _take(lines, at, found)
    if is_cut or len(found) > MOST_BLOCKS:
        return (*found[:MOST_BLOCKS], Block("text", (CUT,)))
    return tuple(found)


def _take(lines: list[str], at: int, found: list[Block]) -> int:
    """Append what begins at a line; the line behind it."""
    line = lines[at]
    if not line.strip():
        return at + 1
    fence = _FENCE.match(line)
    if fence:
        return _take_code(lines, at + 1, fence[1], found)
    end = at
    while end < len(lines) and _ROW.match(lines[end]):
        end += 1
    if end - at >= 2 and _take_table(lines[at:end], found):
        return end
    if _HEADING.match(line):
        found.append(Block("heading", (_plain(_HEADING.sub("", line)),)))
    elif _ITEM.match(line):
        found.append(Block("item", (_plain(_ITEM.sub("", line)),)))
    else:
        return _take_paragraph(lines, at, found)
    return at + 1


def _take_code(lines: list[str], at: int, fence: str, found: list[Block]) -> int:
    while at < len(lines) and not lines[at].lstrip().startswith(fence):
        found.append(Block("code", (lines[at].rstrip(),)))
        at += 1
    return at + 1


def _take_table(lines: list[str], found: list[Block]) -> bool:
    """Whether the lines were a table; of one that is too large, a table would be a part only."""
    is_large = len(lines) > MOST_ROWS or any(
        len(line) > LONGEST_CELL or line.count("|") > MOST_COLUMNS for line in lines
    )
    tables = () if is_large else find_tables("\n".join(lines))
    for table in tables:
        if any(table.head):
            found.append(Block("head", table.head))
        found.extend(Block("row", row) for row in table.rows)
    return bool(tables)


def _take_paragraph(lines: list[str], at: int, found: list[Block]) -> int:
    """Lines up to an empty one or the beginning of another kind are one paragraph."""
    pieces: list[str] = []
    while at < len(lines) and lines[at].strip():
        line = lines[at]
        if pieces and (_HEADING.match(line) or _ITEM.match(line) or _FENCE.match(line)):
            break
        pieces.append(line.strip())
        at += 1
    found.append(Block("text", (" ".join(_plain(piece) for piece in pieces),)))
    return at


def _plain(line: str) -> str:
    return clean(line, LONGEST_ANSWER)


def _laid_out(text: str) -> str | None:
    body = re.sub(r"^```\w*\s*|\s*```$", "", text.strip())
    if not body.startswith(("{", "[")):
        return None
    try:
        value = json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return json.dumps(value, ensure_ascii=False, indent=2)
