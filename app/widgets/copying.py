"""What is put on the clipboard: rich text with plain text beside it, Markdown, or plain text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextTable

from app.markdown.blocks import Block, Cell, Run, Table, plain
from app.markdown.build import Builder
from app.markdown.inline import LINE_END
from app.markdown.stream import blocks as blocks_of
from app.markdown.tables import is_big
from app.reports.html_blocks import html_of

Form = Literal["rich", "markdown", "plain"]


# --- what a place or a selection of a document holds -------------------------------------------


def block_number(builder: Builder, position: int) -> int:
    """The number of the block at a position, -1 for none."""
    starts = [builder.start(number) for number in range(len(builder.blocks))]
    return bisect_right(starts, position) - 1


def block_at(builder: Builder, position: int) -> Block | None:
    """The block at a position."""
    number = block_number(builder, position)
    return builder.blocks[number] if number >= 0 else None


def whole_code(builder: Builder, position: int) -> str:
    """The code at a position with all its pieces."""
    first = block_number(builder, position)
    while first > 0 and builder.blocks[first].is_joined:
        first -= 1
    parts = [builder.blocks[first].text]
    for block in builder.blocks[first + 1 :]:
        if not (block.kind == "code" and block.is_joined):
            break
        parts.append(block.text)
    return "\n".join(parts)


def selected(builder: Builder, start: int, end: int) -> tuple[Block, ...]:
    """The blocks between two positions, the first and last cut where the selection cuts them."""
    if end <= start or not builder.blocks:
        return ()
    made: list[Block] = []
    first = max(0, block_number(builder, start))
    for number in range(first, len(builder.blocks)):
        begin = builder.start(number)
        if begin >= end:
            break
        is_last = number + 1 == len(builder.blocks)
        stop = builder.document.characterCount() if is_last else builder.start(number + 1)
        block = builder.blocks[number]
        if start > begin or end < stop - 1:
            part = _part(builder, number, max(start, begin), min(end, stop - 1))
            if part is None:
                continue
            block = part
        made.append(block if made else replace(block, is_joined=False))
    return tuple(made)


def _part(builder: Builder, number: int, start: int, end: int) -> Block | None:
    block = builder.blocks[number]
    begin, content = builder.start(number), builder.content_start(number)
    if end <= start and block.kind != "rule":
        return None
    if block.table is not None and not is_big(block.table):
        return _table_part(builder, block, start, end)
    if block.kind == "code":
        text = _text(builder, max(start, content), end) if end > content else ""
        return replace(block, text=text, marker="")
    if block.runs:
        runs = _cut(builder, block.runs, content, start, end)
        return replace(block, runs=runs, marker=block.marker if start <= begin else "")
    return block


def _text(builder: Builder, start: int, end: int) -> str:
    cursor = QTextCursor(builder.document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText().replace("\u2029", "\n").replace(LINE_END, "\n")


def _cut(builder: Builder, runs: Cell, at: int, start: int, end: int) -> Cell:
    made: list[Run] = []
    for run in runs:
        length = len(run.text)
        if run.is_math:
            is_drawn = builder.document.characterAt(at) == "\ufffc"
            length = 1 if is_drawn else length + 2
            if start < at + length and end > at:
                made.append(run)
        elif start < at + length and end > at:
            made.append(replace(run, text=run.text[max(0, start - at) : end - at]))
        at += length
    return tuple(made)


def _table_part(builder: Builder, block: Block, start: int, end: int) -> Block | None:
    """The rows that a selection touches; of a single cell its text."""
    cursor = QTextCursor(builder.document)
    cursor.setPosition(start)
    table = cursor.currentTable()
    other = QTextCursor(builder.document)
    other.setPosition(end)
    if table is None and other.currentTable() is None:
        return block
    made = table if isinstance(table, QTextTable) else other.currentTable()
    assert block.table is not None
    assert isinstance(made, QTextTable)
    first, last = made.cellAt(start), made.cellAt(end)
    if first.isValid() and last.isValid() and first == last:
        return Block("paragraph", runs=(Run(_text(builder, start, end)),))
    top = first.row() if first.isValid() else 0
    bottom = last.row() if last.isValid() else made.rows() - 1
    rows = block.table.rows[max(0, top - 1) : max(0, bottom)]
    return replace(block, table=Table(block.table.head, rows, block.table.aligns))


# --- texts ------------------------------------------------------------------------------------


def tab_separated(table: Table) -> str:
    """The rows with tabs between the cells, as spreadsheets take them."""
    rows = (table.head, *table.rows)
    return "\n".join("\t".join(" ".join(plain(cell).split()) for cell in row) for row in rows)


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks as text without marks; tables with tabs, formulas as TeX."""
    made = ""
    before: Block | None = None
    for block in blocks:
        text = _plain_block(block)
        if before is not None and block.is_joined:
            made += "\n" + text if block.kind == "code" else text
            continue
        if before is not None:
            is_tight = bool(before.indent and block.indent)
            made += "\n" if is_tight else "\n\n"
        made += text
        before = block
    return made


def _plain_block(block: Block) -> str:
    if block.table is not None:
        return tab_separated(block.table)
    if block.kind == "rule":
        return "---"
    text = block.text if block.kind in ("code", "math") else plain(block.runs)
    room = "  " * max(0, block.indent - bool(block.indent))
    lead = f"{block.marker} " if block.marker else ("  " if block.indent else "")
    lines = text.split("\n")
    first = f"{room}{lead}{lines[0]}"
    return "\n".join([first, *(f"{room}{' ' * len(lead)}{line}" for line in lines[1:])])


def mime(blocks: Sequence[Block]) -> QMimeData:
    """Blocks for the clipboard: HTML, and plain text for those who want that."""
    made = QMimeData()
    made.setText(plain_text(blocks))
    made.setHtml(html_of(blocks, shift=0, keeps_tex=True))
    return made


def copy_turn(text: str, form: Form, is_plain: bool) -> None:
    """Put a whole turn on the clipboard. `is_plain`: it was written by the person, not a model."""
    clipboard = QGuiApplication.clipboard()
    if form == "markdown" or is_plain:
        clipboard.setText(text)
    elif form == "plain":
        clipboard.setText(plain_text(blocks_of(text)))
    else:
        clipboard.setMimeData(mime(blocks_of(text)))
