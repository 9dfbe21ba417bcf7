"""What the builder notes on blocks and characters of a document, for painting and copying."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtGui import QTextFormat

_FIRST = int(QTextFormat.Property.UserProperty)


class Property(IntEnum):
    """Keys of properties of our own."""

    KIND = _FIRST + 1  # on blocks: a `Kind`
    BLOCK = _FIRST + 2  # on blocks and tables: number of the block it was made from
    QUOTE = _FIRST + 3  # on blocks: how deep in quotations
    JOINED = _FIRST + 4  # on blocks: continues the line of the block before
    TEX = _FIRST + 5  # on a formula's character or text: its source
    DISPLAY = _FIRST + 6  # on the same: whether it stands alone
    HEAD = _FIRST + 8  # on blocks: the line above code
    MARKER = _FIRST + 7  # on characters: the sign before a list item


class Kind(IntEnum):
    """What a text block is."""

    TEXT = 0
    CODE = 1
    RULE = 2
    BIG_TABLE = 3  # a place that a widget with the table covers
    MATH = 4
    HEADING = 5
