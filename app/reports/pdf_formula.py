"""Formulas in the PDF as vectors; the source in code where a formula is not understood."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPyTextObject, QTextCharFormat, QTextDocument, QTextFormat
from PySide6.QtSvg import QSvgRenderer

FORMULA = QTextFormat.ObjectTypes.UserObject.value + 1
SVG = QTextFormat.Property.UserProperty.value + 10
LONGEST = 2_000
OBJECT = "\ufffc"


@lru_cache(maxsize=256)
def formula_svg(tex: str, size: int, *, is_block: bool = False) -> bytes | None:
    """The formula drawn at `size` units, or None if it is not understood."""
    if len(tex) > LONGEST:
        return None
    try:
        from ziamath.config import config
        from ziamath.zmath import Latex

        config.svg2 = False  # Qt draws no <use> elements; so the paths are written out
        drawn = Latex(tex, size=size, color="#1C1D22", inline=not is_block)
        return str(drawn.svg()).encode("utf-8")
    except Exception:  # the parser fails on odd input with nearly every built-in type
        return None


def formula_format(svg: bytes, base: QTextCharFormat) -> QTextCharFormat:
    """A format for the object character that stands for the formula."""
    made = QTextCharFormat(base)
    made.setObjectType(FORMULA)
    made.setProperty(SVG, QByteArray(svg))
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    return made


class FormulaObject(QPyTextObject):
    """Tells a document how large a formula is and draws it."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._parsed: dict[bytes, QSvgRenderer] = {}

    # The names of the arguments are Qt's, which may call with them.
    def intrinsicSize(  # noqa: N802
        self,
        doc: QTextDocument,
        posInDocument: int,  # noqa: ARG002, N803
        format: QTextFormat,  # noqa: A002
    ) -> QSizeF:
        """The size in the document's units, at most the width of the page."""
        size = QSizeF(self._renderer(format).defaultSize())
        widest = doc.pageSize().width()
        return size if size.width() <= widest else size * (widest / size.width())

    def drawObject(  # noqa: N802
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,  # noqa: ARG002
        posInDocument: int,  # noqa: ARG002, N803
        format: QTextFormat,  # noqa: A002
    ) -> None:
        """Draws the paths."""
        self._renderer(format).render(painter, QRectF(rect))

    def _renderer(self, form: QTextFormat) -> QSvgRenderer:
        svg = bytes(form.property(SVG).data())
        if svg not in self._parsed:
            self._parsed[svg] = QSvgRenderer(QByteArray(svg))
        return self._parsed[svg]
