"""Runs of text and formulas into a document."""

from __future__ import annotations

from hashlib import sha256

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QPainter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)

from app.markdown.blocks import Block, Cell, Run
from app.markdown.formats import Formats
from app.markdown.math import LONGEST, Formulas
from app.markdown.properties import Property
from app.markdown.style import TypeStep
from app.markdown.times import timed

LINE_END = "\u2028"  # a new line within one text block


class Inline:
    """Writes text at a cursor. Formulas that are not drawn yet get a place of likely size."""

    def __init__(
        self, document: QTextDocument, formats: Formats, formulas: Formulas | None
    ) -> None:
        self._document = document
        self._formats = formats
        self._formulas = formulas
        self._steps: dict[str, TypeStep] = {}
        self._waiting: set[str] = set()

    def write(self, cursor: QTextCursor, runs: Cell, step: TypeStep, colour: str = "text") -> None:
        """Runs at the cursor."""
        for run in timed(runs, self._formats.style.times_until):
            if run.is_math:
                self.write_formula(cursor, run.text, step, is_display=False)
            else:
                text = run.text.replace("\n", LINE_END)
                cursor.insertText(text, self._formats.run(run, step, colour))

    def write_formula(
        self, cursor: QTextCursor, tex: str, step: TypeStep, is_display: bool
    ) -> None:
        """A formula: its picture, a place for it, or its source where it cannot be drawn."""
        px = float(step.font.pixelSize())
        formulas = self._formulas
        if formulas is None or len(tex) > LONGEST:
            self._write_source(cursor, tex, step, is_display)
        elif not formulas.is_known(tex, px, is_display):
            self._waiting.add(tex)
            cursor.insertText("\ufffc", self._place(tex, step, is_display))
        elif formulas.get(tex, px, is_display) is None:
            self._write_source(cursor, tex, step, is_display)
        else:
            cursor.insertText("\ufffc", self._picture(tex, step, is_display))

    def is_waiting(self, block: Block, tex: str) -> bool:
        """Whether a block holds a formula that was not drawn when it was written."""
        if tex not in self._waiting:
            return False
        if block.kind == "math":
            return block.text == tex
        cells = [block.runs]
        if block.table is not None:
            cells += [*block.table.head, *(cell for row in block.table.rows for cell in row)]
        return any(run.is_math and run.text == tex for cell in cells for run in cell)

    def replace(self, tex: str, stretches: list[tuple[int, int]]) -> bool:
        """Put a formula's picture at its places between positions of the document.

        False if it could not be drawn and its source must come instead.
        """
        self._waiting.discard(tex)
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        done = all(self._replace_between(cursor, tex, *stretch) for stretch in stretches)
        cursor.endEditBlock()
        return done

    def _replace_between(self, cursor: QTextCursor, tex: str, start: int, end: int) -> bool:
        assert self._formulas is not None
        block = self._document.findBlock(start)
        while block.isValid() and block.position() < end:
            for found in block.textFormats():
                look = found.format
                if look.property(Property.TEX) != tex or not look.isImageFormat():
                    continue
                step = self._step_of(look)
                is_display = bool(look.property(Property.DISPLAY))
                if self._formulas.get(tex, float(step.font.pixelSize()), is_display) is None:
                    return False
                first = block.position() + found.start
                cursor.setPosition(first)
                cursor.setPosition(first + found.length, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(self._picture(tex, step, is_display))
            block = block.next()
        return True

    def _step_of(self, look: QTextCharFormat) -> TypeStep:
        return self._steps[look.font().key()]

    def _write_source(
        self, cursor: QTextCursor, tex: str, step: TypeStep, is_display: bool
    ) -> None:
        look = QTextCharFormat(self._formats.run(Run("", is_code=True), step))
        look.setProperty(Property.TEX, tex)
        look.setProperty(Property.DISPLAY, is_display)
        mark = "$$" if is_display else "$"
        cursor.insertText(f"{mark}{tex}{mark}".replace("\n", LINE_END), look)

    def _image(self, tex: str, step: TypeStep, is_display: bool) -> QTextImageFormat:
        look = QTextImageFormat()
        self._steps[step.font.key()] = step
        look.setFont(step.font)
        look.setProperty(Property.TEX, tex)
        look.setProperty(Property.DISPLAY, is_display)
        look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return look

    def _place(self, tex: str, step: TypeStep, is_display: bool) -> QTextImageFormat:
        look = self._image(tex, step, is_display)
        px = step.font.pixelSize()
        blank = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        blank.fill(Qt.GlobalColor.transparent)
        self._add(_NOT_DRAWN, blank)
        look.setName(_NOT_DRAWN)
        look.setWidth(min(400.0, 0.4 * px * len(tex) + px / 2))
        look.setHeight(px * (2.2 if is_display or "\\frac" in tex else 1.2))
        return look

    def _add(self, name: str, image: QImage) -> None:
        kind = QTextDocument.ResourceType.ImageResource.value
        self._document.addResource(kind, QUrl(name), image)

    def _picture(self, tex: str, step: TypeStep, is_display: bool) -> QTextImageFormat:
        """The image format of a drawn formula, standing on the line of the text."""
        assert self._formulas is not None
        style = self._formats.style
        px = float(step.font.pixelSize())
        formula = self._formulas.get(tex, px, is_display)
        assert formula is not None
        colour = style.colours["text"]
        image = self._formulas.image(tex, px, is_display, colour, style.ratio)
        name = f"formula:{colour.name()[1:]}-{style.ratio}-{px}-{int(is_display)}-{_digest(tex)}"
        ascent, descent = formula.ascent, formula.descent
        # Qt sets such a picture half an x-height around its middle; blank room moves it there.
        half = QFontMetricsF(step.font).xHeight() / 2
        lift = ascent - descent - half
        below, above = max(0.0, lift), max(0.0, -lift)
        assert image is not None
        self._add(name, padded(image, above, below))
        look = self._image(tex, step, is_display)
        look.setName(name)
        look.setWidth(formula.width)
        look.setHeight(ascent + descent + above + below)
        return look


_NOT_DRAWN = "formula:none"


def _digest(tex: str) -> str:
    return sha256(tex.encode("utf-8", "replace")).hexdigest()[:24]


def padded(image: QImage, above: float, below: float) -> QImage:
    """The picture with blank room above and below."""
    if above < 0.01 and below < 0.01:
        return image
    ratio = image.devicePixelRatio()
    height = image.height() + round((above + below) * ratio)
    made = QImage(image.width(), height, image.format())
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    image_plain = QImage(image)
    image_plain.setDevicePixelRatio(1.0)
    painter.drawImage(0, round(above * ratio), image_plain)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
