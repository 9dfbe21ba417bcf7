"""A document in words, so that two documents can be compared with everything that shows."""

from __future__ import annotations

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from app.markdown.properties import Property

# Asked one by one: taking all properties of a format at once crashes PySide 6.11.3.
_BLOCK = (
    "topMargin", "bottomMargin", "leftMargin", "rightMargin", "textIndent", "lineHeight",
    "lineHeightType", "headingLevel",
)  # fmt: skip
_CHARS = (
    "fontWeight", "fontItalic", "fontStrikeOut", "fontUnderline", "anchorHref", "isAnchor",
    "isImageFormat",
)  # fmt: skip


def _own(look: QTextFormat) -> tuple[object, ...]:
    return tuple(look.property(key) for key in Property)


def _chars(look: QTextCharFormat) -> tuple[object, ...]:
    values = tuple(getattr(look, name)() for name in _CHARS)
    sizes = (look.font().pixelSize(), tuple(look.font().families()))
    return (*values, *sizes, look.foreground().color().name(), *_own(look))


def _lines(look: QTextBlockFormat) -> tuple[object, ...]:
    values = tuple(getattr(look, name)() for name in _BLOCK)
    return (*values, int(look.alignment()), *_own(look))


def _block(block: QTextBlock) -> tuple[object, ...]:
    fragments = []
    found = block.begin()
    while not found.atEnd():
        fragment = found.fragment()
        fragments.append((fragment.text(), _chars(fragment.charFormat())))
        found += 1
    table = QTextCursor(block).currentTable()
    place: tuple[object, ...] = ()
    if table is not None:
        cell = table.cellAt(block.position())
        place = (
            table.format().topMargin(),
            table.format().leftMargin(),
            table.rows(),
            table.columns(),
            cell.row(),
            cell.column(),
            cell.format().toTableCellFormat().leftPadding(),
            cell.format().toTableCellFormat().topPadding(),
        )
    return (
        block.text(),
        _lines(block.blockFormat()),
        _chars(block.charFormat()) if not fragments else (),
        tuple(fragments),
        place,
    )


def described(document: QTextDocument) -> list[tuple[object, ...]]:
    """Every text block with its formats, fragments and place in a table."""
    made = []
    block = document.begin()
    while block.isValid():
        made.append(_block(block))
        block = block.next()
    return made
