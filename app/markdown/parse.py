"""Markdown to blocks: what is allowed in an answer, and nothing else. No Qt.

There is no rule for HTML and none for pictures, so neither can reach a document. Link references
are off too: one at the end of an answer would change text far above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

from app.markdown.blocks import Align, Block, Cell, Run, Table, plain
from app.markdown.clean import BIDI
from app.markdown.formulas import add_formulas

DEEPEST_NESTING = 20
# Brackets and marks of emphasis cost more than linear time. Lines with more of them than anybody
# writes, and paragraphs longer than anybody reads, are shown as they are.
LONGEST_PARAGRAPH = 12_000
LONGEST_CELL = 4_000
MOST_COLUMNS, MOST_FORMULAS = 300, 150
MOST_BRACKETS, MOST_MARKS = 300, 1_500
BULLETS = "•◦▪"

_MARKS = "*_~`$\\<&"
_SPECIAL = re.compile(r"[\n*_~`$\\<&\[]")  # without one of these a text has no looks
_LINK = re.compile(r"(?i)(https?://|mailto:)[^\s\x00-\x1f\x7f]+\Z")
_NUMBER = re.compile(r"[~≈<>±+−–-]?\s?[$€£¥]?\s?\d[\d.,'  \u202f]*\s?(%|‰|[kKMG]|[$€£¥])?\Z")


class _Blocks(ParserBlock):
    """The block parser, which keeps text that is nested too deeply as plain text."""

    def tokenize(self, state: StateBlock, start: int, end: int) -> None:
        if state.level < state.md.options.maxNesting:
            super().tokenize(state, start, end)
            return
        content = state.getLines(start, end, state.blkIndent, False).strip()
        if content:
            state.push("paragraph_open", "p", 1)
            token = state.push("inline", "", 0)
            token.content, token.children, token.map = content, [], [start, end]
            state.push("paragraph_close", "p", -1)
        state.line = end


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for tables; one with more columns than anybody reads stays text."""
    if state.src.count("|", state.bMarks[start], state.eMarks[start]) > MOST_COLUMNS:
        return False
    return table(state, start, end, silent)


def is_safe_link(target: str) -> bool:
    """Whether a link may be offered: http, https or mailto, without control characters."""
    return bool(_LINK.match(target)) and not BIDI.search(target) and len(target) <= 4_000


def parser() -> MarkdownIt:
    """A parser that knows no HTML, no pictures and no unsafe links."""
    made = MarkdownIt("js-default", {"html": False, "maxNesting": DEEPEST_NESTING})
    made.disable(["html_block", "html_inline", "image", "reference", "linkify"])
    made.disable(["replacements", "smartquotes"])
    # The documented way to give one's own rule; the parser takes it without `self`.
    made.validateLink = is_safe_link  # type: ignore[method-assign, assignment]
    ruler = made.block.ruler
    made.block = _Blocks()
    made.block.ruler = ruler
    ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    add_formulas(made)
    return made


@lru_cache(maxsize=1)
def block_parser() -> MarkdownIt:
    """The same parser without its look into the lines, which `Reader` does piece by piece.

    One serves all: what it knows of a text is in the state of each call. Making one takes as long
    as reading a usual answer.
    """
    made = parser()
    made.core.ruler.enableOnly(["normalize", "block"])
    made.parse("*")  # it puts its rules in order at the first use: before threads share it
    return made


class Reader:
    """Reads top-level groups of tokens into blocks."""

    def __init__(self) -> None:
        self._parser = block_parser()
        self._inline = self._parser.inline

    def groups(self, text: str) -> list[list[Token]]:
        """The tokens of `text`, one list for each block at the top level."""
        found: list[list[Token]] = []
        for token in self._parser.parse(text):
            if token.level == 0 and token.nesting >= 0:
                found.append([])
            found[-1].append(token)
        return found

    def runs(self, content: str, longest: int = LONGEST_PARAGRAPH) -> Cell:
        """A line's text in its looks."""
        if not _SPECIAL.search(content):
            return (Run(content),) if content else ()
        is_costly = (
            len(content) > longest
            or content.count("[") > MOST_BRACKETS
            or content.count("$") > 2 * MOST_FORMULAS
            or sum(map(content.count, _MARKS)) > MOST_MARKS
        )
        if is_costly:
            return (Run(content),)
        children: list[Token] = []
        self._inline.parse(content, self._parser, {}, children)
        return _runs(children)

    def blocks(self, tokens: Sequence[Token], first_number: int | None = None) -> list[Block]:
        """The blocks of one group. `first_number` overrides where a list begins to count."""
        return _Flattener(self, first_number).flatten(tokens)


class _Flattener:
    """Walks through the tokens of one group, knowing the lists and quotations around it."""

    def __init__(self, reader: Reader, first_number: int | None) -> None:
        self._reader = reader
        self._first_number = first_number
        self._quote = 0
        self._lists: list[int | None] = []  # the next number, None for bullets
        self._marker = ""
        self._level = 0
        self._made: list[Block] = []

    def flatten(self, tokens: Sequence[Token]) -> list[Block]:
        """The blocks of `tokens`."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                end = at
                while tokens[end].type != "table_close":
                    end += 1
                self._add("table", table=self._table(tokens[at : end + 1]))
                at = end
            else:
                self._take(token)
            at += 1
        return self._made

    def _take(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            name = "heading" if self._level else "paragraph"
            self._add(name, runs=self._reader.runs(token.content), level=self._level)
        elif kind == "heading_open":
            self._level = int(token.tag[1:])
        elif kind == "heading_close":
            self._level = 0
        elif kind in ("fence", "code_block"):
            self._add_code(token)
        elif kind == "hr":
            self._add("rule")
        elif kind == "math_block":
            self._add("math", text=token.content)
        elif kind.startswith(("blockquote", "bullet", "ordered", "list_item")):
            self._nest(token)

    def _nest(self, token: Token) -> None:
        kind = token.type
        if kind == "blockquote_open":
            self._quote += 1
        elif kind == "blockquote_close":
            self._quote -= 1
        elif kind == "bullet_list_open":
            self._lists.append(None)
        elif kind == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            if self._first_number is not None and not self._lists:
                start = self._first_number
            self._lists.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif kind == "list_item_open":
            self._flush_marker()
            self._marker = self._next_marker()
        elif kind == "list_item_close":
            self._flush_marker()

    def _next_marker(self) -> str:
        number = self._lists[-1]
        if number is None:
            return BULLETS[min(len(self._lists), len(BULLETS)) - 1]
        self._lists[-1] = number + 1
        return f"{number}."

    def _flush_marker(self) -> None:
        """An item without text is shown as its marker alone."""
        if self._marker:
            self._add("paragraph")

    def _add_code(self, token: Token) -> None:
        language = token.info.strip().split(maxsplit=1)[0][:40] if token.info.strip() else ""
        self._add("code", text=token.content.removesuffix("\n"), language=language)

    def _add(self, kind, **values) -> None:  # type: ignore[no-untyped-def]
        block = Block(
            kind, indent=len(self._lists), quote=self._quote, marker=self._marker, **values
        )
        self._marker = ""
        self._made.append(block)

    def _table(self, tokens: Sequence[Token]) -> Table:
        rows: list[list[Cell]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._reader.runs(token.content, LONGEST_CELL))
        return make_table(tuple(rows[0]), tuple(map(tuple, rows[1:])), wanted_aligns(tokens))


_ALIGNS: tuple[Align, ...] = ("left", "right", "center")


def wanted_aligns(tokens: Sequence[Token]) -> tuple[Align | None, ...]:
    """The alignments that a table's second line asks for."""
    styles = [str(token.attrs.get("style", "")) for token in tokens if token.type == "th_open"]
    return tuple(next((a for a in _ALIGNS if style.endswith(a)), None) for style in styles)


def make_table(
    head: tuple[Cell, ...], rows: tuple[tuple[Cell, ...], ...], wanted: tuple[Align | None, ...]
) -> Table:
    """A table; columns that say no alignment and hold only numbers stand at the right."""
    aligns = tuple(
        align or ("right" if rows and _is_numeric(rows, column) else "left")
        for column, align in enumerate(wanted)
    )
    return Table(head, rows, aligns)


def _is_numeric(rows: tuple[tuple[Cell, ...], ...], column: int) -> bool:
    # The first rows decide: a look at all of them would cost more with every row that arrives.
    texts = [plain(row[column]) for row in rows[:12]]
    return any(texts) and all(not text or _NUMBER.match(text) for text in texts)


def _runs(children: Sequence[Token]) -> Cell:
    """Inline tokens as runs; neighbours of one look are joined."""
    depth = {"strong": 0, "em": 0, "s": 0}
    link = ""
    made: list[Run] = []
    for token in children:
        kind = token.type
        if kind == "link_open":
            link = str(token.attrs.get("href", ""))
        elif kind == "link_close":
            link = ""
        elif kind in ("strong_open", "em_open", "s_open"):
            depth[kind.removesuffix("_open")] += 1
        elif kind in ("strong_close", "em_close", "s_close"):
            depth[kind.removesuffix("_close")] -= 1
        else:
            text = "\n" if kind in ("softbreak", "hardbreak") else token.content
            look = (depth["strong"] > 0, depth["em"] > 0, depth["s"] > 0)
            _join(made, Run(text, *look, kind == "code_inline", kind == "math_inline", link))
    return tuple(made)


def _join(made: list[Run], run: Run) -> None:
    if not run.text:
        return
    if made and not run.is_math and not made[-1].is_math:
        last = made[-1]
        joined = Run(
            last.text + run.text, run.is_bold, run.is_italic, run.is_struck, run.is_code,
            False, run.link,
        )  # fmt: skip
        if (last.is_bold, last.is_italic, last.is_struck, last.is_code, last.link) == (
            run.is_bold, run.is_italic, run.is_struck, run.is_code, run.link,
        ):  # fmt: skip
            made[-1] = joined
            return
    made.append(run)
