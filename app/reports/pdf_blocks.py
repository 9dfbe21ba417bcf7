"""Blocks of an answer on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from PySide6.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextOption

from app.markdown.blocks import Block, Cell, Run, Table, plain
from app.reports.highlight import highlighted
from app.reports.joined import whole
from app.reports.pdf_formula import OBJECT, formula_format, formula_svg
from app.reports.pdf_sheet import (
    ACCENT,
    BODY,
    CODE,
    LINE,
    LINE2,
    SMALL,
    SUNK,
    TEXT2,
    TEXT3,
    Edges,
    Look,
    Pen,
    cell_pen,
    characters,
    is_right_to_left,
    units,
)

LIST_INDENT, MARK_WIDTH = 16, 14
CODE_SHARE = 0.93  # of the text around it: fixed-width letters look larger
HEADINGS = (Look(13, 18, 10, 4), Look(11.5, 16, 10, 4), Look(10.5, 15, 8, 3))
CODE_COLOURS = {
    "k": "#8A2E8F",
    "s": "#17753F",
    "m": "#A44A00",
    "c": TEXT3,
}


def write_blocks(pen: Pen, blocks: Sequence[Block]) -> None:
    """All blocks in order; those of a quotation stand behind a bar."""
    for depth, group in groupby(whole(blocks), key=lambda block: block.quote):
        if not depth:
            _write(pen, list(group))
            continue
        table = pen.table(1, (1,), head=False)
        inside = cell_pen(table, 0, 0, Edges(left=LINE2, across=9, above=0))
        _write(inside, [replace(block, quote=0) for block in group])


def write_code(pen: Pen, text: str, language: str = "", look: Look = CODE) -> None:
    """Code in a box; long lines wrap."""
    with pen.box(SUNK, padding=7) as inside:
        inside.begin(look)
        for kind, piece in highlighted(text, language):
            inside.add(piece, replace(look, colour=CODE_COLOURS.get(kind, look.colour)))


def _write(pen: Pen, blocks: list[Block]) -> None:
    for block in blocks:
        match block.kind:
            case "heading":
                look = replace(HEADINGS[min(block.level, 3) - 1], is_bold=True, keeps_next=True)
                pen.begin(look)
                _runs(pen, block.runs, look)
            case "code":
                write_code(pen, block.text, block.language)
            case "table" if block.table is not None:
                _table(pen, block.table)
            case "rule":
                table = pen.table(1, (1,), head=False)
                cell_pen(table, 0, 0, Edges(top=LINE, above=0)).space(1)
            case "math":
                pen.begin(BODY, "center")
                _formula(pen, Run(block.text, is_math=True), BODY, is_block=True)
            case _:
                _paragraph(pen, block)


def _paragraph(pen: Pen, block: Block) -> None:
    pen.begin(
        replace(BODY, below=2 if block.indent else BODY.below),
        indent=block.indent * LIST_INDENT,
        first=-MARK_WIDTH if block.marker else 0,
        is_rtl=is_right_to_left(plain(block.runs)),
    )
    if block.marker:
        _mark(pen, block.marker)
    _runs(pen, block.runs, BODY)


def _mark(pen: Pen, marker: str) -> None:
    """The mark of a list item, its text beginning at the indent."""
    form = pen.cursor.blockFormat()
    form.setTabPositions([QTextOption.Tab(units(MARK_WIDTH), QTextOption.TabType.LeftTab)])
    pen.cursor.setBlockFormat(form)
    pen.add(f"{marker}\t", replace(BODY, colour=TEXT2))


def _table(pen: Pen, table: Table) -> None:
    columns = len(table.head)
    made = pen.table(len(table.rows) + 1, (0,) * columns)
    size = 9.0 if columns <= 8 else 7.0
    titled = replace(SMALL, size=min(size, 8), is_bold=True, colour=TEXT2, below=0)
    for number, row in enumerate((table.head, *table.rows)):
        edges = Edges(bottom=LINE2 if number == 0 else LINE, across=6 if columns <= 8 else 3)
        look = titled if number == 0 else Look(size, size + 3, below=0)
        for column, cell in enumerate(row[:columns]):
            inside = cell_pen(made, number, column, edges)
            inside.begin(look, table.aligns[column])
            _runs(inside, cell, look)


def _runs(pen: Pen, runs: Cell, look: Look) -> None:
    for run in runs:
        if run.is_math:
            _formula(pen, run, look)
        else:
            pen.cursor.insertText(run.text.replace("\n", "\u2028"), _format(run, look))


def _format(run: Run, look: Look) -> QTextCharFormat:
    form = characters(
        replace(look, is_code=run.is_code, size=look.size * (0.93 if run.is_code else 1))
    )
    if run.is_bold:
        form.setFontWeight(QFont.Weight.DemiBold.value)
    form.setFontItalic(run.is_italic)
    form.setFontStrikeOut(run.is_struck)
    if run.link:
        form.setAnchor(True)
        form.setAnchorHref(run.link)
        form.setForeground(QBrush(QColor(ACCENT)))
        form.setFontUnderline(True)
    return form


def _formula(pen: Pen, run: Run, look: Look, *, is_block: bool = False) -> None:
    size = look.size * (1.15 if is_block else 1.0)
    svg = formula_svg(run.text, units(size), is_block=is_block)
    if svg is None:
        pen.cursor.insertText(run.text, _format(replace(run, is_code=True), look))
    else:
        pen.cursor.insertText(OBJECT, formula_format(svg, characters(look)))
