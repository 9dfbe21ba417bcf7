"""Tables into a document; those too large for it become a place that a widget covers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from app.markdown.blocks import Block, Cell, Run, Table, plain
from app.markdown.formats import BLOCK_GAP, Formats
from app.markdown.inline import Inline
from app.markdown.properties import Property
from app.markdown.style import DocumentStyle, TypeStep

# The layout of a text table takes time with each cell and has no sideways scrolling.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 40, 8, 240
LONGEST_CELL = 1_000  # characters in one look
ROWS_SHOWN = 12  # of a table in its own widget
CELL_PAD, ROW_PAD, HEAD_PAD = 12, 6, 6

_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


def is_big(table: Table) -> bool:
    """Whether a table is shown by a widget of its own."""
    columns, rows = len(table.head), len(table.rows)
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        return True
    cells = (cell for row in (table.head, *table.rows) for cell in row)
    return any(len(run.text) > LONGEST_CELL for cell in cells for run in cell)


def row_height(style: DocumentStyle) -> float:
    """The height of a row with one line."""
    return max(style.cell.line, QFontMetricsF(style.cell.font).height()) + 2 * style.px(ROW_PAD)


def head_height(style: DocumentStyle) -> float:
    """The height of the head row."""
    step = style.cell_head
    return max(step.line, QFontMetricsF(step.font).height()) + 2 * style.px(HEAD_PAD)


def place_height(table: Table, style: DocumentStyle) -> float:
    """The height of a table's own widget: some rows, and a line that tells of the others."""
    rows = min(len(table.rows), ROWS_SHOWN)
    return head_height(style) + (rows + 1) * row_height(style) + 2


class TableWriter:
    """Writes tables and lets them grow."""

    def __init__(self, formats: Formats, inline: Inline) -> None:
        self._formats = formats
        self._inline = inline
        cell = formats.style.cell
        font = QFont(cell.font)
        font.setWeight(QFont.Weight.Medium)
        self._name_step = TypeStep(font, cell.line)

    def write(self, cursor: QTextCursor, block: Block, gap: float, number: int) -> None:
        """A table after the cursor, which then stands behind it."""
        assert block.table is not None
        rows = 1 + len(block.table.rows)
        made = cursor.insertTable(rows, len(block.table.head), self._format(block, gap, number))
        for row in range(rows):
            self._write_row(made, block.table, row, number)
        cursor.movePosition(QTextCursor.MoveOperation.End)

    def grow(self, made: QTextTable, old: Block, new: Block) -> bool:
        """Change the rows that differ, at the end; False if the table must be written anew."""
        before, after = old.table, new.table
        assert before is not None
        assert after is not None
        if (before.head, before.aligns) != (after.head, after.aligns) or len(after.rows) < len(
            before.rows
        ):
            return False
        if (old.indent, old.quote, old.marker) != (new.indent, new.quote, new.marker):
            return False
        number = int(made.format().property(Property.BLOCK))
        added = len(after.rows) - len(before.rows)
        if added:
            made.appendRows(added)
        for at, row in enumerate(after.rows):
            if at >= len(before.rows):
                self._write_row(made, after, at + 1, number)
            elif row is not before.rows[at] and row != before.rows[at]:
                self._clear_row(made, at + 1)
                self._write_row(made, after, at + 1, number)
        return True

    def _format(self, block: Block, gap: float, number: int) -> QTextTableFormat:
        made = QTextTableFormat()
        made.setProperty(Property.BLOCK, number)
        made.setCellSpacing(0)
        made.setCellPadding(0)
        made.setBorder(0)
        made.setTopMargin(gap)
        # Below a table Qt leaves the next block's own margin out.
        made.setBottomMargin(self._formats.style.px(BLOCK_GAP))
        left = self._formats.block(block, 0.0, number).leftMargin()
        made.setLeftMargin(left)
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        made.setHeaderRowCount(1)
        return made

    def _cell_format(self, is_head: bool, step: TypeStep) -> QTextTableCellFormat:
        style = self._formats.style
        made = QTextTableCellFormat()
        made.merge(self._formats.run(Run(""), step))
        made.setLeftPadding(style.px(CELL_PAD))
        made.setRightPadding(style.px(CELL_PAD))
        pad = style.px(HEAD_PAD if is_head else ROW_PAD)
        made.setTopPadding(pad)
        made.setBottomPadding(pad)
        made.setVerticalAlignment(
            QTextCharFormat.VerticalAlignment.AlignMiddle
            if is_head
            else QTextCharFormat.VerticalAlignment.AlignTop
        )
        return made

    def _write_row(self, made: QTextTable, table: Table, row: int, number: int) -> None:
        is_head = row == 0
        cells: tuple[Cell, ...] = table.head if is_head else table.rows[row - 1]
        step = self._formats.style.cell_head if is_head else self._formats.style.cell
        look = self._cell_format(is_head, step)
        for column, cell in enumerate(cells):
            place = made.cellAt(row, column)
            place.setFormat(look)  # also the format of the cell's first block
            cursor = place.firstCursorPosition()
            cursor.setBlockFormat(self._block_format(table, column, step, number))
            self._write_cell(cursor, cell, step, is_head, is_name=column == 0)

    def _block_format(
        self, table: Table, column: int, step: TypeStep, number: int
    ) -> QTextBlockFormat:
        made = QTextBlockFormat()
        made.setAlignment(_ALIGN[table.aligns[column]])
        made.setProperty(Property.BLOCK, number)
        self._formats.set_line_height(made, step)
        return made

    def _write_cell(
        self, cursor: QTextCursor, cell: Cell, step: TypeStep, is_head: bool, is_name: bool
    ) -> None:
        is_name = is_name and not is_head and not is_number(cell)
        colour = "text2" if is_head else "text"
        self._inline.write(cursor, cell, self._name_step if is_name else step, colour)

    @staticmethod
    def _clear_row(made: QTextTable, row: int) -> None:
        for column in range(made.columns()):
            cell = made.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(
                cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor
            )
            cursor.removeSelectedText()


def is_number(cell: Cell) -> bool:
    """Whether a cell begins like a number, so that it is no name."""
    text = plain(cell).strip()
    return bool(text) and (text[0].isdigit() or text[0] in "+-−.")
