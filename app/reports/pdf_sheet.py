"""Writing on paper: fonts, sizes and colours of the PDF, and a pen for paragraphs and boxes.

Lengths are in fifths of a point: fine enough for Qt's whole-number font sizes, and documents of
thousands of pages stay within its coordinates.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

UNITS_PER_POINT = 5
BEFORE_BOX = 4  # points; Qt gives no room below a paragraph that a box follows
# Qt finds the letter of a glyph in the font's own table, which lacks substitutes: with ligatures,
# contextual forms or tabular digits the text of the PDF could not be searched or copied.
JOINING = ("liga", "clig", "calt", "dlig", "tnum")
KEEPS_NEXT = QTextFormat.Property.UserProperty.value + 1
OUTLINE = QTextFormat.Property.UserProperty.value + 2

TEXT, TEXT2, TEXT3 = "#1C1D22", "#555963", "#646873"
LINE, LINE2, SUNK = "#E5E6EA", "#D2D4DB", "#F6F6F8"
USER, ACCENT = "#EFF0FB", "#4250D0"
WARN, WARN_SOFT = "#875300", "#FCF0D9"

Side = Literal["left", "right", "center"]
_SIDES = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


def units(points: float) -> int:
    """Points in the document's units."""
    return round(points * UNITS_PER_POINT)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((d != "L" for d in directions if d in ("L", "R", "AL")), False)


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set; lengths in points."""

    size: float = 10
    line: float = 14
    above: float = 0
    below: float = 5
    colour: str = TEXT
    is_bold: bool = False
    is_code: bool = False
    keeps_next: bool = False


BODY = Look()
SMALL = Look(8, 11, below=2, colour=TEXT3)
CODE = Look(8.5, 12, below=0, is_code=True)
TITLE = Look(22, 27, 2, 3, is_bold=True, keeps_next=True)
SECTION = Look(13, 18, 16, 5, is_bold=True, keeps_next=True)
PART = Look(11, 15, 8, 3, is_bold=True, keeps_next=True)


@cache
def family() -> str:
    """The system's font where it has one, else the first of those that Linux may have."""
    there = set(QFontDatabase.families())
    wanted = next((name for name in ("Inter", "Noto Sans", "DejaVu Sans") if name in there), "")
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return system if system.startswith(".") or not wanted else wanted


def font(look: Look) -> QFont:
    """The font of a paragraph, sized in the document's units."""
    if look.is_code:
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        made = QFont(family())
    for feature in JOINING:
        made.setFeature(QFont.Tag(feature), 0)
    made.setPixelSize(units(look.size))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setWeight(QFont.Weight.DemiBold if look.is_bold else QFont.Weight.Normal)
    return made


def new_document(size: QSizeF) -> QTextDocument:
    """An empty document with pages of `size` points and no margins."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(font(BODY))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setPageSize(size * UNITS_PER_POINT)
    return document


def characters(look: Look) -> QTextCharFormat:
    """The look of running text."""
    made = QTextCharFormat()
    made.setFont(font(look))
    made.setForeground(QBrush(QColor(look.colour)))
    return made


class Pen:
    """Writes at the end of a document, or of a box or cell of it."""

    def __init__(self, cursor: QTextCursor) -> None:
        self.cursor = cursor
        self._is_fresh = True  # the cursor stands in an empty block that nothing has used

    def begin(
        self,
        look: Look,
        side: Side = "left",
        *,
        indent: float = 0,
        first: float = 0,
        is_rtl: bool = False,
    ) -> None:
        """Opens a paragraph. `indent` and `first` (of its first line) in points."""
        block = QTextBlockFormat()
        block.setTopMargin(units(look.above))
        block.setBottomMargin(units(look.below))
        if is_rtl:
            block.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            block.setRightMargin(units(indent))
        else:
            block.setLeftMargin(units(indent))
        block.setTextIndent(units(first))
        block.setAlignment(_SIDES[side])
        block.setLineHeight(units(look.line), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        if look.keeps_next:
            block.setProperty(KEEPS_NEXT, True)
        if self._is_fresh:
            self.cursor.setBlockFormat(block)
            # Merged: in a cell the same place holds the cell's own format.
            self.cursor.mergeBlockCharFormat(characters(look))
        else:
            self.cursor.insertBlock(block, characters(look))
        self._is_fresh = False

    def write(self, text: str, look: Look) -> None:
        """A paragraph of plain text; line ends stay within it."""
        self.begin(look)
        self.add(text, look)

    def add(self, text: str, look: Look) -> None:
        """More text in the open paragraph."""
        self.cursor.insertText(text.replace("\n", "\u2028"), characters(look))

    def heading(self, text: str, look: Look, outline: str = "") -> None:
        """A heading that the outline names, with other words if given."""
        self.write(text, look)
        form = self.cursor.blockFormat()
        form.setProperty(OUTLINE, outline or text)
        self.cursor.setBlockFormat(form)

    def space(self, points: float) -> None:
        """Empty room of a height."""
        self.begin(Look(1, points, below=0))
        fixed = self.cursor.blockFormat()
        fixed.setLineHeight(units(points), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self.cursor.setBlockFormat(fixed)

    @contextmanager
    def box(
        self,
        ground: str | None = None,
        edge: str | None = None,
        padding: float = 8,
        below: float = 5,
        width: float = 0,
    ) -> Iterator[Pen]:
        """A box to write in; it may run over pages. `width` 0 is that of the page."""
        form = QTextFrameFormat()
        form.setPadding(units(padding))
        form.setTopMargin(units(BEFORE_BOX))
        if width:
            form.setWidth(units(width))
        if ground is not None:
            form.setBackground(QBrush(QColor(ground)))
        if edge is not None:
            form.setBorder(units(0.6))
            form.setBorderBrush(QBrush(QColor(edge)))
            form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        self._shrink_fresh()
        frame = self.cursor.insertFrame(form)
        yield Pen(frame.firstCursorPosition())
        self._after(frame.lastPosition() + 1, below)

    def table(
        self, rows: int, widths: Sequence[float], *, head: bool = True, below: float = 6
    ) -> QTextTable:
        """A table over the whole width. `widths` are shares; 0 lets the contents decide."""
        form = QTextTableFormat()
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setTopMargin(units(BEFORE_BOX))
        form.setCellSpacing(0)
        form.setCellPadding(0)
        form.setBorder(0)
        form.setBorderCollapse(True)
        form.setHeaderRowCount(1 if head else 0)
        form.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.PercentageLength, share * 100)
                if share
                else QTextLength()
                for share in widths
            ]
        )
        self._shrink_fresh()
        table = self.cursor.insertTable(rows, len(widths), form)
        self._after(table.lastPosition() + 1, below)
        return table

    def _shrink_fresh(self) -> None:
        """Qt wants a block before every box; between two boxes it must not be seen."""
        if self._is_fresh:
            self.space(0.2)

    def _after(self, position: int, below: float) -> None:
        """Goes on below a box."""
        self.cursor = QTextCursor(self.cursor.document())
        self.cursor.setPosition(position)
        self._is_fresh = True
        self.space(below)


@dataclass(frozen=True, slots=True)
class Edges:
    """The lines and distances of a cell, in points."""

    top: str | None = None
    bottom: str | None = None
    left: str | None = None
    ground: str | None = None
    across: float = 6
    above: float = 3.5


def cell_pen(table: QTextTable, row: int, column: int, edges: Edges) -> Pen:
    """A pen in a cell."""
    cell = table.cellAt(row, column)
    form = QTextTableCellFormat()
    form.setLeftPadding(units(edges.across))
    form.setRightPadding(units(edges.across))
    form.setTopPadding(units(edges.above))
    form.setBottomPadding(units(edges.above))
    solid = QTextFrameFormat.BorderStyle.BorderStyle_Solid
    if edges.ground is not None:
        form.setBackground(QBrush(QColor(edges.ground)))
    if edges.top is not None:
        form.setTopBorder(units(0.6))
        form.setTopBorderBrush(QBrush(QColor(edges.top)))
        form.setTopBorderStyle(solid)
    if edges.bottom is not None:
        form.setBottomBorder(units(0.6))
        form.setBottomBorderBrush(QBrush(QColor(edges.bottom)))
        form.setBottomBorderStyle(solid)
    if edges.left is not None:
        form.setLeftBorder(units(1.6))
        form.setLeftBorderBrush(QBrush(QColor(edges.left)))
        form.setLeftBorderStyle(solid)
    cell.setFormat(form)
    return Pen(cell.firstCursorPosition())


def plain_table(
    pen: Pen,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    right: frozenset[int] = frozenset(),
    code: frozenset[int] = frozenset(),
) -> None:
    """A table of plain texts with a repeated head and a hairline under every row."""
    lines = list(rows)
    table = pen.table(len(lines) + 1, widths)
    titled = replace(SMALL, is_bold=True, colour=TEXT2, below=0)
    for number, line in enumerate([head, *lines]):
        edges = Edges(bottom=LINE2 if number == 0 else LINE)
        for column, text in enumerate(line):
            look = titled if number == 0 else Look(9, 12, below=0)
            if number and column in code:
                look = replace(CODE, size=7, line=10)
            inside = cell_pen(table, number, column, edges)
            inside.begin(look, "right" if column in right else "left")
            inside.add(text, look)
