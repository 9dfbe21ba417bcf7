"""What an answer consists of, as flat frozen values. No Qt: the screen, PDF and copies share them.

Nesting is said by numbers on each block (`indent` for lists, `quote` for quotations), so that a
document can be compared, cut and continued block by block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from unicodedata import bidirectional

BlockKind = Literal["paragraph", "heading", "code", "table", "rule", "math"]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look. `is_math`: the text is TeX. `link` is a checked target or empty."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    is_math: bool = False
    link: str = ""


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with as many cells in every row as in `head`."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `runs` for paragraphs and headings, `text` for code and formulas.

    `marker` is what stands before the first block of a list item ("•", "3."). `level` is that of
    a heading. `is_open`: a fence that was not closed yet. `is_joined`: goes on with the text of
    the block before, which was cut only because it is very long.
    """

    kind: BlockKind
    runs: Cell = ()
    text: str = ""
    language: str = ""
    level: int = 0
    indent: int = 0
    quote: int = 0
    marker: str = ""
    table: Table | None = None
    is_open: bool = False
    is_joined: bool = False


def is_rtl(block: Block) -> bool:
    """Whether a block is read from right to left: its first letter with a direction says so."""
    for run in block.runs:
        for char in run.text[:200] if not (run.is_code or run.is_math) else "":
            direction = bidirectional(char)
            if direction in ("L", "R", "AL"):
                return direction != "L"
    return False


def plain(runs: Cell) -> str:
    """The text of runs; formulas as TeX between dollars."""
    return "".join(f"${run.text}$" if run.is_math else run.text for run in runs)
