"""How a document looks: fonts, measures and colours as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont


@dataclass(frozen=True, slots=True)
class TypeStep:
    """A font and the height of its lines in pixels."""

    font: QFont
    line: float


@dataclass(frozen=True, slots=True)
class DocumentStyle:
    """Everything the builder needs to know about looks.

    `headings` are those of levels 1, 2 and all deeper ones. `colours` has text, text2, text3,
    acc, accsoft and sunk. `scale` multiplies gaps and indents, `ratio` is the screen's pixel
    ratio. The grounds of code and the lines of tables are no part of the document: a widget
    paints them.
    Moments before `times_until` seconds are links into the clip that a conversation is about.
    """

    read: TypeStep
    code: TypeStep
    cell: TypeStep
    cell_head: TypeStep
    caption: TypeStep
    headings: tuple[TypeStep, TypeStep, TypeStep]
    colours: Mapping[str, QColor]
    scale: float = 1.0
    ratio: float = 1.0
    times_until: float = 0.0

    def px(self, length: float) -> float:
        """A gap or indent in this size of text."""
        return length * self.scale
