"""Blocks of an answer back to Markdown, written so that any reader shows exactly these blocks.

What the model wrote is not copied: a picture's address or HTML in it would come alive in a
program that is less careful than Facet. Every special character of text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.markdown.blocks import Block, Cell, Table
from app.reports.joined import whole
from app.reports.markdown_runs import formula, runs_markdown

HEADING_SHIFT = 3
TICKS = re.compile(r"`+")
RULE_MARK = "---"


def markdown_of(blocks: Iterable[Block], shift: int = HEADING_SHIFT) -> str:
    """GFM of the blocks; headings go down by `shift` levels."""
    lines: list[str] = []
    widths: list[int] = []  # of the list marks around the block, outermost first
    previous: Block | None = None
    for block in whole(blocks):
        quote = "> " * block.quote
        if previous is not None:
            is_next_item = bool(block.marker and previous.indent) and previous.quote == block.quote
            if not is_next_item:
                lines.append(("> " * min(block.quote, previous.quote)).rstrip())
        if previous is None or previous.quote != block.quote:
            widths.clear()
        mark = _mark(block)
        del widths[max(block.indent - bool(mark), 0) :]
        room = " " * sum(widths)
        if mark:
            widths.append(len(mark))
        first, *rest = _body(block, shift).split("\n")
        lines.append(f"{quote}{room}{mark}{first}" if first else f"{quote}{room}{mark}".rstrip())
        under = f"{quote}{room}{' ' * len(mark)}"
        lines.extend(f"{under}{line}" if line else under.rstrip() for line in rest)
        previous = block
    return "\n".join(lines)


def fenced(text: str, language: str = "") -> str:
    """Code between fences longer than any run of backticks in it."""
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * max(longest + 1, 3)
    name = language if re.fullmatch(r"[\w+#.-]{1,30}", language) else ""
    return f"{fence}{name}\n{text}\n{fence}"


def table_rows(head: Iterable[str], rows: Iterable[Iterable[str]], right: frozenset[int]) -> str:
    """A GFM table of texts that are escaped already."""
    titles = list(head)
    rule = ["--:" if column in right else ":--" for column in range(len(titles))]
    lines = [titles, rule, *map(list, rows)]
    return "\n".join(f"| {' | '.join(_one_line(cell) for cell in line)} |" for line in lines)


def _one_line(text: str) -> str:
    return text.replace("\n", "<br>")


def _mark(block: Block) -> str:
    """What stands before the first block of a list item, padded to the next column of four."""
    if not block.marker:
        return ""
    mark = block.marker if block.marker[0].isdigit() else "-"
    return mark.ljust(3) + " "


def _body(block: Block, shift: int) -> str:
    match block.kind:
        case "heading":
            return f"{'#' * min(block.level + shift, 6)} {runs_markdown(block.runs)}".replace(
                "\n", " "
            )
        case "code":
            return fenced(block.text, block.language)
        case "table" if block.table is not None:
            return _table(block.table)
        case "rule":
            return RULE_MARK
        case "math":
            tex = formula(block.text.strip())
            is_plain = tex is not None and "$$" not in tex and "\n\n" not in tex
            return f"$$\n{tex}\n$$" if is_plain else fenced(block.text, "math")
        case _:
            return runs_markdown(block.runs)


def _table(table: Table) -> str:
    right = frozenset(i for i, align in enumerate(table.aligns) if align == "right")
    rows = (tuple(map(_cell, row)) for row in table.rows)
    return table_rows(map(_cell, table.head), rows, right)


def _cell(runs: Cell) -> str:
    return runs_markdown(
        tuple(replace(run, text=run.text.replace("\n", " ")) for run in runs), in_table=True
    )
