"""Character and block formats for each look, made once for a style."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextOption,
)

from app.markdown.blocks import Block, Run, is_rtl
from app.markdown.properties import Kind, Property
from app.markdown.style import DocumentStyle, TypeStep
from app.markdown.times import SCHEME

INDENT, QUOTE_INDENT = 20, 14
PARAGRAPH_GAP, ITEM_GAP, HEADING_GAP, AFTER_HEADING, BLOCK_GAP = 10, 5, 16, 6, 12
CODE_PAD, CODE_HEAD, CODE_HEAD_GAP = 12, 32, 8  # the head holds language and copy button


def chars(step: TypeStep, style: DocumentStyle, colour: str = "text") -> QTextCharFormat:
    """Plain text of one step of the type scale."""
    made = QTextCharFormat()
    made.setFont(step.font)
    made.setForeground(style.colours[colour])
    return made


def line_percent(step: TypeStep) -> float:
    """The proportional height that gives a step's line height."""
    return 100.0 * step.line / max(1.0, QFontMetricsF(step.font).height())


class Formats:
    """All formats of a style."""

    def __init__(self, style: DocumentStyle) -> None:
        self.style = style
        self._runs: dict[tuple[object, ...], QTextCharFormat] = {}
        self._percents: dict[str, float] = {}

    @cached_property
    def code(self) -> QTextCharFormat:
        """Text of code blocks."""
        return chars(self.style.code, self.style)

    @cached_property
    def caption(self) -> QTextCharFormat:
        """The language above code."""
        made = chars(self.style.caption, self.style, "text3")
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return made

    @cached_property
    def marker(self) -> QTextCharFormat:
        """The sign before a list item."""
        made = chars(self.style.read, self.style, "text2")
        made.setProperty(Property.MARKER, True)
        return made

    def step(self, block: Block) -> TypeStep:
        """The step of the type scale that a block is set in."""
        if block.kind == "heading":
            return self.style.headings[min(block.level, 3) - 1]
        return self.style.code if block.kind == "code" else self.style.read

    def run(self, run: Run, step: TypeStep, colour: str = "text") -> QTextCharFormat:
        """A run's look within a step."""
        key = (run.is_bold, run.is_italic, run.is_struck, run.is_code, run.link, id(step), colour)
        if key not in self._runs:
            self._runs[key] = self._make(run, step, colour)
        return self._runs[key]

    def _make(self, run: Run, step: TypeStep, colour: str) -> QTextCharFormat:
        style = self.style
        made = chars(step, style, colour)
        if run.is_code:
            made.setFontFamilies(style.code.font.families() or [style.code.font.family()])
            size = step.font.pixelSize() * style.code.font.pixelSize()
            made.setProperty(
                QTextFormat.Property.FontPixelSize, round(size / style.read.font.pixelSize())
            )
            made.setBackground(style.colours["sunk"])
        if run.is_bold:
            made.setFontWeight(QFont.Weight.DemiBold)
        if run.is_italic:
            made.setFontItalic(True)
        if run.is_struck:
            made.setFontStrikeOut(True)
        if run.link:
            made.setAnchor(True)
            made.setAnchorHref(run.link)
            made.setForeground(style.colours["acc"])
        if run.link.startswith(SCHEME):
            made.setBackground(style.colours["accsoft"])
            made.setFontWeight(QFont.Weight.Medium)
        return made

    def block(self, block: Block, gap: float, number: int) -> QTextBlockFormat:
        """Margins, indents and notes of a text block; `gap` is the room above it."""
        style = self.style
        made = QTextBlockFormat()
        made.setTopMargin(gap)
        left = style.px(INDENT * block.indent + QUOTE_INDENT * block.quote)
        kind = {"heading": Kind.HEADING, "code": Kind.CODE, "rule": Kind.RULE, "math": Kind.MATH}
        made.setProperty(Property.KIND, int(kind.get(block.kind, Kind.TEXT)))
        made.setProperty(Property.BLOCK, number)
        if block.quote:
            made.setProperty(Property.QUOTE, block.quote)
        if block.is_joined:
            made.setProperty(Property.JOINED, True)
        if block.kind == "code":
            left += style.px(CODE_PAD)
            made.setRightMargin(style.px(CODE_PAD))
        if block.kind == "math":
            made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if block.kind == "heading":
            made.setHeadingLevel(block.level)
        if block.marker:
            made.setTextIndent(-style.px(INDENT))
            made.setTabPositions([QTextOption.Tab(style.px(INDENT), QTextOption.TabType.LeftTab)])
        if is_rtl(block):
            made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            made.setRightMargin(left)
        else:
            made.setLeftMargin(left)
        self.set_line_height(made, self.step(block))
        return made

    def set_line_height(self, made: QTextBlockFormat, step: TypeStep) -> None:
        """Lines as high as the step says. Proportional: a fixed height would clip emoji."""
        key = step.font.key() + str(step.line)
        if key not in self._percents:
            self._percents[key] = line_percent(step)
        made.setLineHeight(
            self._percents[key], QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )

    def gap(self, before: Block | None, block: Block) -> float:
        """The room between two blocks. After a table there is none: the table brings it."""
        if before is None or block.is_joined or before.kind == "table":
            return 0.0
        room = float(PARAGRAPH_GAP)
        if block.kind == "heading":
            room = HEADING_GAP
        elif before.kind == "heading":
            room = AFTER_HEADING
        elif block.kind in ("code", "table", "rule") or before.kind in ("code", "rule"):
            room = BLOCK_GAP
        elif block.indent and before.indent:
            room = ITEM_GAP
        if before.kind == "code":
            room += CODE_PAD
        return self.style.px(room)

    def code_head(self, look: QTextBlockFormat) -> QTextBlockFormat:
        """The empty line above code, where language and copy button are; `look` is the code's.

        A margin would not do: Qt leaves it out at the top of a document and below a table.
        """
        made = QTextBlockFormat(look)
        made.setProperty(Property.HEAD, True)
        made.setBottomMargin(self.style.px(CODE_HEAD_GAP))
        made.setLineHeight(
            self.style.px(CODE_HEAD - CODE_HEAD_GAP),
            QTextBlockFormat.LineHeightTypes.FixedHeight.value,
        )
        return made
