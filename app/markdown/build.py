"""Blocks into a text document, and changes of blocks into changes of that document.

There is no branch for markup or for pictures from anywhere: text goes in as text. Each block
remembers where it starts, so that the end of a document can be replaced while it grows.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)

from app.markdown.blocks import Block, Run, is_rtl
from app.markdown.formats import CODE_PAD, Formats
from app.markdown.inline import Inline
from app.markdown.math import Formulas
from app.markdown.properties import Kind, Property
from app.markdown.stream import Change
from app.markdown.style import DocumentStyle
from app.markdown.tables import TableWriter, is_big, place_height

EN_SPACE, EM_SPACE = "\u2002", "\u2003"
EMPTY = "\u00a0"  # in lines that only take room: Qt hides a truly empty line below a table
LONGEST_CODE_LINE = 2_000  # characters; longer lines go on in a joined text block


class Builder:
    """Keeps one document equal to its blocks."""

    def __init__(
        self, document: QTextDocument, style: DocumentStyle, formulas: Formulas | None = None
    ) -> None:
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(style.read.font)
        self.document = document
        self.style = style
        self.blocks: list[Block] = []
        self._starts: list[int] = []
        self._formats = Formats(style)
        self._inline = Inline(document, self._formats, formulas)
        self._tables = TableWriter(self._formats, self._inline)
        self._is_fresh = True  # the last text block is empty and waits for content

    def start(self, number: int) -> int:
        """Where in the document a block starts."""
        return self._starts[number]

    def content_start(self, number: int) -> int:
        """Where its text starts: behind the list marker or the line above code."""
        block = self.blocks[number]
        marker = len(block.marker) + 1 if block.marker else 0
        head = 0
        if block.kind == "code" and not block.is_joined:
            head = len(block.language or EMPTY) + 1
        return self._starts[number] + marker + head

    def append(self, blocks: tuple[Block, ...]) -> None:
        """Add blocks at the end."""
        self.apply(Change(len(self.blocks), blocks))

    def apply(self, change: Change) -> None:
        """Replace the blocks from the `keep`th on."""
        if not change.blocks and change.keep == len(self.blocks):
            return
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        new = list(change.blocks)
        keep = change.keep
        if new and keep == len(self.blocks) - 1 and self._grow(cursor, keep, new[0]):
            new = new[1:]
            keep += 1
        self._cut(cursor, keep)
        for block in new:
            self._add(cursor, block)
        cursor.endEditBlock()

    def formula_drawn(self, tex: str) -> bool:
        """A formula was drawn, or could not be; whether the document holds it and changed."""
        holding = [
            at for at, block in enumerate(self.blocks) if self._inline.is_waiting(block, tex)
        ]
        if not holding:
            return False
        ends = [*self._starts[1:], self.document.characterCount()]
        if self._inline.replace(tex, [(self._starts[at], ends[at]) for at in holding]):
            return True
        tail = tuple(self.blocks[holding[0] :])
        self.apply(Change(holding[0], tail))
        return True

    # --- the end of the document --------------------------------------------------------------

    def _cut(self, cursor: QTextCursor, keep: int) -> None:
        """Take away every block from the `keep`th on."""
        if keep >= len(self.blocks):
            return
        cursor.setPosition(self._starts[keep])
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.setBlockFormat(QTextBlockFormat())
        cursor.setBlockCharFormat(QTextCharFormat())
        del self.blocks[keep:]
        del self._starts[keep:]
        self._is_fresh = True
        if self.blocks and not self._is_table(self.blocks[-1]):
            self._drop_fresh(cursor)

    def _drop_fresh(self, cursor: QTextCursor) -> None:
        """Take the empty text block at the end away, without touching the one before it."""
        before = cursor.block().previous()
        looks = before.blockFormat(), before.charFormat()
        cursor.deletePreviousChar()
        cursor.setBlockFormat(looks[0])
        cursor.setBlockCharFormat(looks[1])
        self._is_fresh = False

    def _is_table(self, block: Block) -> bool:
        return block.table is not None and not is_big(block.table)

    def _begin(self, cursor: QTextCursor, look: QTextBlockFormat, chars: QTextCharFormat) -> None:
        """A new text block at the end, or the one that waits there."""
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._is_fresh:
            cursor.setBlockFormat(look)
            cursor.setBlockCharFormat(chars)
        else:
            cursor.insertBlock(look, chars)
        self._is_fresh = False

    # --- one block ----------------------------------------------------------------------------

    def _add(self, cursor: QTextCursor, block: Block) -> None:
        before = self.blocks[-1] if self.blocks else None
        number = len(self.blocks)
        gap = self._formats.gap(before, block)
        look = self._formats.block(block, gap, number)
        step = self._formats.step(block)
        if block.kind == "table":
            self._add_table(cursor, block, look, gap, number)
            return
        self._begin(cursor, look, self._formats.run(Run(""), step))
        self._starts.append(cursor.block().position())
        self.blocks.append(block)
        if block.marker:
            cursor.insertText(block.marker + _gap(block), self._formats.marker)
        if block.kind == "code":
            plain = replace(block, marker="", is_joined=False)
            if not block.is_joined:
                cursor.setBlockFormat(self._formats.code_head(look))
                cursor.insertText(block.language or EMPTY, self._formats.caption)
                cursor.insertBlock(self._formats.block(plain, 0.0, number), self._formats.code)
            self._write_code(cursor, block.text, plain)
        elif block.kind == "math":
            self._inline.write_formula(cursor, block.text, step, is_display=True)
        elif block.kind == "rule":
            cursor.insertText(EMPTY)
        else:
            self._inline.write(cursor, block.runs, step)

    def _add_table(
        self, cursor: QTextCursor, block: Block, look: QTextBlockFormat, gap: float, number: int
    ) -> None:
        assert block.table is not None
        if is_big(block.table):
            look.setProperty(Property.KIND, int(Kind.BIG_TABLE))
            look.setLineHeight(
                place_height(block.table, self.style),
                QTextBlockFormat.LineHeightTypes.FixedHeight.value,
            )
            self._begin(cursor, look, QTextCharFormat())
            self._starts.append(cursor.block().position())
            cursor.insertText(EMPTY)
        else:
            self._begin(cursor, QTextBlockFormat(), QTextCharFormat())
            self._starts.append(cursor.block().position())
            self._tables.write(cursor, block, gap, number)
            self._is_fresh = True
        self.blocks.append(block)

    def _write_code(self, cursor: QTextCursor, text: str, block: Block) -> None:
        """Code from the cursor on, one text block for each line; the last has room below."""
        look = self._formats.block(block, 0.0, len(self.blocks) - 1)
        joined = QTextBlockFormat(look)
        joined.setProperty(Property.JOINED, True)
        chars = self._formats.code
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock(look, chars)
            for start in range(0, max(1, len(line)), LONGEST_CODE_LINE):
                if start:
                    cursor.insertBlock(joined, chars)
                cursor.insertText(line[start : start + LONGEST_CODE_LINE], chars)
        self._pad_code(cursor, self.style.px(CODE_PAD))

    def _pad_code(self, cursor: QTextCursor, room: float) -> None:
        look = cursor.blockFormat()
        look.setBottomMargin(room)
        cursor.setBlockFormat(look)

    # --- growing what is there ------------------------------------------------------------------

    def _grow(self, cursor: QTextCursor, at: int, new: Block) -> bool:
        """Change the last block in place where that is cheaper than writing it anew."""
        old = self.blocks[at]
        if old.kind == "code" == new.kind and new.text.startswith(old.text):
            if replace(old, text="", is_open=False) != replace(new, text="", is_open=False):
                return False
            line = old.text.rpartition("\n")[2]
            if len(line) + len(new.text) - len(old.text) > LONGEST_CODE_LINE:
                return False  # where it is cut would depend on how it arrived
            cursor.movePosition(QTextCursor.MoveOperation.End)
            self._pad_code(cursor, 0.0)
            self.blocks[at] = new
            plain = replace(new, marker="", is_joined=False)
            self._write_code(cursor, new.text[len(old.text) :], plain)
            return True
        if self._is_table(old) and new.kind == "table" and self._is_table(new):
            table = self._table_at(self._starts[at])
            if table is not None and self._tables.grow(table, old, new):
                self.blocks[at] = new
                return True
        return False

    def _table_at(self, position: int) -> QTextTable | None:
        block = self.document.findBlock(position).next()
        table = QTextCursor(block).currentTable() if block.isValid() else None
        return table if isinstance(table, QTextTable) else None


def _gap(block: Block) -> str:
    """One character between the sign of an item and its text. Qt gives a tab no room in lines that
    run from the right, so a space of about the width that is missing stands there."""
    if not is_rtl(block):
        return "\t"
    return EN_SPACE if block.marker[:1].isdigit() else EM_SPACE
