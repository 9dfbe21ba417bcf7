"""Blocks of an answer to HTML: lists, quotations, tables, code, formulas. Escapes everything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from app.markdown.blocks import Block, Cell, Run, Table
from app.reports.formulas import mathml
from app.reports.highlight import highlighted
from app.reports.joined import whole

HEADING_SHIFT = 3  # h1 to h3 are the report's own
SAFE_LINK = re.compile(r"(?:https?|mailto):[^\s\x00-\x1f]+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """`shift` moves headings down; `keeps_tex` leaves formulas as they were written."""

    shift: int = HEADING_SHIFT
    keeps_tex: bool = False


def html_of(blocks: Iterable[Block], *, shift: int = HEADING_SHIFT, keeps_tex: bool = False) -> str:
    """The blocks as HTML; no element is left open. Formulas are MathML unless `keeps_tex`."""
    return _Writer(Style(shift, keeps_tex)).write(blocks)


def runs_html(runs: Cell, style: Style) -> str:
    """Text with its looks and links."""
    pieces = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        inside = "".join(_run(run, style) for run in linked)
        if SAFE_LINK.match(link):
            target = escape(link)
            inside = f'<a href="{target}" rel="noopener noreferrer nofollow">{inside}</a>'
        pieces.append(inside)
    return "".join(pieces)


def code_html(text: str, language: str = "") -> str:
    """A code block; its lines wrap."""
    pieces = (
        f'<span class="{kind}">{escape(piece)}</span>' if kind else escape(piece)
        for kind, piece in highlighted(text, language)
    )
    return f'<pre dir="ltr" tabindex="0"><code>{"".join(pieces)}</code></pre>'


def _run(run: Run, style: Style) -> str:
    if run.is_math:
        return escape(f"${run.text}$") if style.keeps_tex else mathml(run.text)
    inside = escape(run.text).replace("\n", "<br>")
    for is_so, tag in (
        (run.is_code, "code"),
        (run.is_struck, "s"),
        (run.is_italic, "em"),
        (run.is_bold, "strong"),
    ):
        if is_so:
            inside = f"<{tag}>{inside}</{tag}>"
    return inside


def _table(table: Table, style: Style) -> str:
    def row(cells: tuple[Cell, ...], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        inside = "".join(
            f"<{tag}{scope}{_side(align)}>{runs_html(cell, style)}</{tag}>"
            for cell, align in zip(cells, table.aligns, strict=False)
        )
        return f"<tr>{inside}</tr>"

    body = "".join(row(cells, "td") for cells in table.rows)
    return (
        '<div class="scroll" tabindex="0"><table>'
        f"<thead>{row(table.head, 'th')}</thead><tbody>{body}</tbody></table></div>"
    )


def _side(align: str) -> str:
    return "" if align == "left" else f' class="{"right" if align == "right" else "middle"}"'


class _Writer:
    """Opens and closes lists and quotations as the blocks' numbers ask for it."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._parts: list[str] = []
        self._lists: list[str] = []  # "ul" or "ol", outermost first
        self._quotes = 0

    def write(self, blocks: Iterable[Block]) -> str:
        for block in whole(blocks):
            self._quote(block.quote)
            self._indent(block)
            self._parts.append(_block(block, self._style))
        self._quote(0)
        self._close_lists(0)
        return "".join(self._parts)

    def _quote(self, depth: int) -> None:
        if depth == self._quotes:
            return
        self._close_lists(0)
        more = depth - self._quotes
        self._parts.append("<blockquote>" * more if more > 0 else "</blockquote>" * -more)
        self._quotes = depth

    def _indent(self, block: Block) -> None:
        self._close_lists(block.indent)
        kind = "ol" if block.marker[:1].isdigit() else "ul"
        is_other = bool(self._lists) and self._lists[-1] != kind
        if block.marker and len(self._lists) == block.indent and is_other:
            self._close_lists(block.indent - 1)
        elif block.marker and len(self._lists) == block.indent:
            self._parts.append(f"</li>{_item(block)}")
        while len(self._lists) < block.indent:
            self._lists.append(kind)
            self._parts.append(f"<{kind}>{_item(block)}")

    def _close_lists(self, depth: int) -> None:
        while len(self._lists) > depth:
            self._parts.append(f"</li></{self._lists.pop()}>")


def _item(block: Block) -> str:
    number = block.marker.rstrip(".)")
    return f'<li value="{number}">' if number.isascii() and number.isdecimal() else "<li>"


def _block(block: Block, style: Style) -> str:
    match block.kind:
        case "heading":
            level = min(block.level + style.shift, 6)
            return f"<h{level}>{runs_html(block.runs, style)}</h{level}>"
        case "code":
            return code_html(block.text, block.language)
        case "table" if block.table is not None:
            return _table(block.table, style)
        case "rule":
            return "<hr>"
        case "math":
            if style.keeps_tex:
                return f"<p>{escape(f'$${block.text}$$')}</p>"
            return mathml(block.text, is_block=True)
        case _:
            return f"<p>{runs_html(block.runs, style)}</p>"
