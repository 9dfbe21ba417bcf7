"""Markdown that arrives in pieces: what is finished is kept, only the end is read again. No Qt.

A block is finished when a later one has begun and the first two lines of that one are complete,
since no rule looks further ahead. Lists are kept item by item, tables row by row and fences line
by line, so a step costs the same at the start and at the end of a long answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from markdown_it.token import Token

from app.markdown.blocks import Block, Cell, Run
from app.markdown.clean import clean
from app.markdown.open_fence import OpenFence, code_pieces, open_fence
from app.markdown.parse import Reader, make_table, wanted_aligns

LONGEST_PIECE = 2_000  # characters of a paragraph in one block: layout of longer ones is slow
# A block that is longer is cut there, for reading it again takes longer with every line. Lists and
# code are allowed more, since cutting them shows.
MOST_LINES, MOST_LINES_NESTED = 200, 1_500
MOST_CHARACTERS = 40_000  # the same for long lines, which may be blanks for the most part
MOST_LINES_DEEP = 30  # within many quotations each line costs as many readings
_DEEP = re.compile(r"^(?:[ \t]*>){6}", re.MULTILINE)
SLOW_S = 0.006  # reading the end again may take so long at every step


@dataclass(frozen=True, slots=True)
class Change:
    """`blocks` replace everything from the `keep`th block on."""

    keep: int
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _List:
    """A list whose first items are finished."""

    markup: str
    next_number: int | None


@dataclass(slots=True)
class _Table:
    """A table whose first rows are finished; `lines` are its two head lines."""

    lines: str
    rows: tuple[tuple[Cell, ...], ...]


class Stream:
    """Markdown text that grows. `append` says what changes in the blocks."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._reader = Reader()
        self._clock = clock
        self._tail = ""  # text that no finished block holds
        self._held = ""  # a line end that may be the first half of one
        self._kept = 0  # finished blocks
        self._shown: tuple[Block, ...] = ()  # the blocks after them
        self._context: _List | _Table | OpenFence | None = None
        self._last_cost_s = 0.0
        self._last_size = 0
        self._is_behind = False

    def append(self, piece: str) -> Change:
        """Take more text."""
        piece = self._held + piece
        self._held = ""
        if piece.endswith("\r"):
            self._held, piece = "\r", piece[:-1]
        self._tail += clean(piece)
        # A paragraph or formula without end cannot be kept in part. Then steps become rarer.
        if self._last_cost_s > SLOW_S and len(self._tail) < 1.3 * self._last_size:
            self._is_behind = True
            return self._nothing()
        return self._step()

    def finish(self) -> Change:
        """The text is complete: show what was put off."""
        if not self._held and not self._is_behind:
            return self._nothing()
        self._tail += clean(self._held)
        self._held = ""
        return self._step()

    def _nothing(self) -> Change:
        return Change(self._kept + len(self._shown), ())

    def _step(self) -> Change:
        started = self._clock()
        finished, shown = self._read()
        made = (*finished, *shown)
        same = 0
        for old, new in zip(self._shown, made, strict=False):
            if old != new:
                break
            same += 1
        change = Change(self._kept + same, made[same:])
        if len(made) == same == len(self._shown):
            change = Change(self._kept + same, ())
        self._kept += len(finished)
        self._shown = tuple(shown)
        self._is_behind = False
        self._last_cost_s = self._clock() - started
        self._last_size = len(self._tail)
        return change

    def _read(self) -> tuple[list[Block], list[Block]]:
        """Blocks that are finished now, and those that may still change."""
        finished: list[Block] = []
        limit = usual = MOST_LINES_DEEP if _DEEP.search(self._tail) else MOST_LINES
        while count := _lines_at_once(self._tail, limit):
            lines = self._tail.split("\n")
            before = "\n".join(lines[:count]) + "\n"
            self._tail = before
            made, shown = self._read_tail()
            is_cut = self._tail == before
            is_nested = bool(shown) and (shown[0].indent > 0 or shown[0].kind == "code")
            if is_cut and is_nested and usual == limit == MOST_LINES:
                limit, self._tail = MOST_LINES_NESTED, "\n".join(lines)
                continue
            if is_cut:
                made, self._tail, self._context = [*made, *shown], "", None
            finished += made
            limit = usual
            self._tail += "\n".join(lines[count:])
        made, shown = self._read_tail()
        return [*finished, *made], shown

    def _read_tail(self) -> tuple[list[Block], list[Block]]:
        """The same for a tail of limited length."""
        finished: list[Block] = []
        if isinstance(self._context, OpenFence):
            finished, rest, self._tail = self._context.take(self._tail)
            if rest is not None:
                return finished, rest
            self._context = None
        text = (self._context.lines if isinstance(self._context, _Table) else "") + self._tail
        groups = self._reader.groups(text)
        lines = text.split("\n")
        complete = len(lines) - 1
        done = sum(1 for group in groups[1:] if _first(group) + 2 <= complete)
        for group in groups[:done]:
            finished += self._blocks(group, lines)
            self._context = None
        if done:
            lines = lines[_first(groups[done]) :]
            self._tail = "\n".join(lines)
            groups = self._reader.groups(self._tail)
        shown = self._blocks(groups[0], lines) if groups else []
        if len(groups) == 1:
            count = self._keep_part(groups[0], shown, lines)
            finished += shown[:count]
            shown = shown[count:]
        for group in groups[1:]:
            shown += _cut(self._reader.blocks(group), group, lines)
        return finished, shown

    def _blocks(self, group: list[Token], lines: list[str]) -> list[Block]:
        """The blocks of the group that the context, if there is one, belongs to."""
        context, kind = self._context, group[0].type
        if isinstance(context, _Table) and kind == "table_open":
            made = self._reader.blocks(group)[0]
            assert made.table is not None
            rows = (*context.rows, *made.table.rows)
            return [replace(made, table=make_table(made.table.head, rows, wanted_aligns(group)))]
        number = context.next_number if isinstance(context, _List) else None
        return _cut(self._reader.blocks(group, number), group, lines)

    # --- keeping a part of the last block ------------------------------------------------------

    def _keep_part(self, group: list[Token], shown: list[Block], lines: list[str]) -> int:
        """Cut finished items, rows or lines off the tail; how many of `shown` are finished."""
        kind = group[0].type
        if kind in ("bullet_list_open", "ordered_list_open"):
            return self._keep_items(group, lines)
        if kind == "table_open":
            self._keep_rows(group, shown[0], lines)
        elif kind == "fence" and shown[-1].is_open and len(lines) > _first(group) + 1:
            fence = open_fence(shown[0], lines[_first(group) :])
            if fence is not None:
                self._tail = "\n".join(lines[_first(group) + 1 :])
                self._context = fence
                finished, rest, self._tail = fence.take(self._tail)
                assert rest is not None
                return len(finished)
        return 0

    def _keep_items(self, group: list[Token], lines: list[str]) -> int:
        opened = [
            at
            for at, token in enumerate(group)
            if token.type == "list_item_open" and token.level == 1
        ]
        done = sum(1 for at in opened[1:] if (group[at].map or [0])[0] + 2 <= len(lines) - 1)
        if not done:
            return 0
        start = self._context.next_number if isinstance(self._context, _List) else None
        if start is None and group[0].type == "ordered_list_open":
            start = int(group[0].attrs.get("start", 1))
        finished = _cut(self._reader.blocks(group[: opened[done]], start), group, lines)
        self._context = _List(group[0].markup, None if start is None else start + done)
        self._tail = "\n".join(lines[(group[opened[done]].map or [0])[0] :])
        return len(finished)

    def _keep_rows(self, group: list[Token], shown: Block, lines: list[str]) -> None:
        first, end = group[0].map or [0, 0]
        if end >= len(lines):
            end = len(lines) - 1  # the last row is not complete yet
        done = end - (first + 2)
        if done <= 0 or shown.table is None:
            return
        rest = max(0, len(shown.table.rows) - _row_count(group) + done)
        self._context = _Table("\n".join(lines[first : first + 2]) + "\n", shown.table.rows[:rest])
        self._tail = "\n".join(lines[first + 2 + done :])


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a whole text."""
    stream = Stream()
    made = list(stream.append(text).blocks)
    rest = stream.finish()
    return (*made[: rest.keep], *rest.blocks)


def _lines_at_once(text: str, most: int) -> int:
    """How many of its first lines to read before the others; 0 where all may be read at once."""
    if text.count("\n") <= most and len(text) <= MOST_CHARACTERS:
        return 0
    count = size = 0
    for line in text.split("\n")[:-1][:most]:
        size += len(line) + 1
        if size > MOST_CHARACTERS and count:
            break
        count += 1
    return count


def _first(group: list[Token]) -> int:
    return (group[0].map or [0])[0]


def _row_count(group: list[Token]) -> int:
    return sum(1 for token in group if token.type == "tr_open") - 1


def _cut(made: list[Block], group: list[Token], lines: list[str]) -> list[Block]:
    """Blocks in pieces of a size that is laid out quickly."""
    if group[0].type == "fence" and (group[0].map or [0, 0])[1] >= len(lines) - (not lines[-1]):
        rest = lines[_first(group) :]
        if open_fence(made[0], rest if rest[-1] else rest[:-1]) is not None:
            made = [replace(made[0], is_open=True)]
    cut: list[Block] = []
    for block in made:
        if block.kind == "code":
            cut += code_pieces([block])
        elif block.kind == "paragraph" and sum(len(run.text) for run in block.runs) > LONGEST_PIECE:
            cut += _paragraph_pieces(block)
        else:
            cut.append(block)
    return cut


def _paragraph_pieces(block: Block) -> list[Block]:
    pieces: list[list[Run]] = [[]]
    room = LONGEST_PIECE
    for run in block.runs:
        text = run.text
        while not run.is_math and len(text) > room:
            cut = text.rfind(" ", room // 2, room) + 1 or room
            pieces[-1].append(replace(run, text=text[:cut]))
            pieces.append([])
            text, room = text[cut:], LONGEST_PIECE
        if text:
            pieces[-1].append(replace(run, text=text))
            room -= len(text)
    return [
        replace(block, runs=tuple(runs), is_joined=at > 0, marker="" if at else block.marker)
        for at, runs in enumerate(pieces)
        if runs
    ]
