"""Two answers set side by side: block by block, cell by cell, word by word.

Blocks are paired so that the sum of their likeness is greatest (Needleman and Wunsch, J. Mol. Biol.
48, 1970, with gaps that cost nothing); words within a pair by difflib. Figures are compared as
amounts: what was only printed in another way is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from app.core.comparison.blocks import Block, BlockKind, blocks_of
from app.core.figures.amounts import amount
from app.core.figures.compare import agree

# changed: other words. figure: another amount. only: stands on this side alone.
Mark = Literal["same", "changed", "figure", "only"]
MOST_PAIRS = 160_000  # of blocks that are compared with each other
MOST_WORDS = 3000  # of a cell that are compared one by one
LEAST_LIKENESS = 0.2  # below it two blocks are no pair

_WORD = re.compile(r"([$€£¥]?[-+−]?\d(?:[\d.,'’]*\d)?(?:\s?%|(?:[kKmM]|bn)\b)?|\w+|[^\w\s])(\s*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a cell with one mark."""

    text: str
    mark: Mark = "same"


Cell = tuple[Span, ...]
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One block on both sides; a side that has no such block has no cells."""

    kind: BlockKind
    left: Cells = ()
    right: Cells = ()

    @property
    def is_same(self) -> bool:
        """Whether both sides say the same."""
        return all(span.mark == "same" for cell in self.left + self.right for span in cell)


def aligned(first: str, second: str) -> tuple[Pair, ...]:
    """Two answers as pairs of blocks, in order. Never fails."""
    return tuple(_pair(left, right) for left, right in _paired(blocks_of(first), blocks_of(second)))


def word_agreement(pairs: Sequence[Pair]) -> float:
    """The share of words that both sides have, 0 to 1; 1 for two empty answers."""
    same = total = 0
    for pair in pairs:
        for cell in pair.left + pair.right:
            for span in cell:
                words = len(re.findall(r"\w+", span.text))
                total += words
                same += words if span.mark == "same" else 0
    return same / total if total else 1.0


def marked_figures(pairs: Sequence[Pair]) -> tuple[int, int]:
    """How many numbers of the first answer have another amount in the second, and of how many."""
    differing = total = 0
    for pair in pairs:
        for cell in pair.left:
            for span in cell:
                words = (found[1] for found in _WORD.finditer(span.text))
                numbers = sum(any(c.isdigit() for c in word) for word in words)
                total += numbers
                differing += numbers if span.mark == "figure" else 0
    return differing, total


# --- blocks -------------------------------------------------------------------------------------


def _paired(
    first: Sequence[Block], second: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    """Blocks that belong together, and those that stand alone."""
    if len(first) * len(second) > MOST_PAIRS:
        yield from _paired_by_equality(first, second)
        return
    ours, theirs = [_words_of(b) for b in first], [_words_of(b) for b in second]
    like = [
        [_likeness(a, b, ours[i], theirs[j]) for j, b in enumerate(second)]
        for i, a in enumerate(first)
    ]
    best = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j + 1] + like[i][j], best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(first) and j < len(second):
        if like[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            yield first[i], second[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield first[i], None
            i += 1
        else:
            yield None, second[j]
            j += 1
    yield from ((block, None) for block in first[i:])
    yield from ((None, block) for block in second[j:])


def _paired_by_equality(
    first: Sequence[Block], second: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    """For very long answers: equal blocks are pairs, those between them in their order."""
    matcher = SequenceMatcher(None, list(first), list(second), autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        for left, right in zip_longest(first[i:i_end], second[j:j_end]):
            if left is None or right is None or left.kind == right.kind:
                yield left, right
            else:
                yield left, None
                yield None, right


def _words_of(block: Block) -> frozenset[str]:
    text = block.cells[0] if block.kind == "row" else " ".join(block.cells)
    return frozenset(re.findall(r"\w+", text.casefold()))


def _likeness(a: Block, b: Block, ours: frozenset[str], theirs: frozenset[str]) -> float:
    """How much two blocks have in common, 0 for two that are no pair. Rows go by their name."""
    if a.kind != b.kind:
        return 0.0
    if a == b:
        return 1.1  # rather than one that only has the same words
    if a.kind in ("row", "head") and len(a.cells) == len(b.cells) == 1:
        return 0.0
    common = len(ours & theirs) / max(1, len(ours | theirs))
    if a.kind == "head":
        common = max(common, LEAST_LIKENESS)
    elif a.kind == "row" and a.cells[0].casefold() != b.cells[0].casefold():
        common *= 0.9
    elif a.kind == "code":
        common = max(common, SequenceMatcher(None, a.cells[0], b.cells[0]).quick_ratio() * 0.9)
    return common if common >= LEAST_LIKENESS else 0.0


# --- cells and words ----------------------------------------------------------------------------


def _pair(left: Block | None, right: Block | None) -> Pair:
    if left is None or right is None:
        block = left or right
        assert block is not None
        alone: Cells = tuple((Span(cell, "only"),) if cell else () for cell in block.cells)
        return Pair(block.kind, alone, ()) if left is not None else Pair(block.kind, (), alone)
    is_table = left.kind in ("head", "row")
    both = [
        cells_compared(a, b, is_value=is_table)
        for a, b in zip_longest(left.cells, right.cells, fillvalue="")
    ]
    return Pair(
        left.kind,
        tuple(a for a, _ in both[: len(left.cells)]),
        tuple(b for _, b in both[: len(right.cells)]),
    )


def cells_compared(first: str, second: str, *, is_value: bool) -> tuple[Cell, Cell]:
    """Two cells with what differs marked. `is_value`: each may be one amount with its unit."""
    if first == second:
        return _cell([(first, "same")]), _cell([(second, "same")])
    whole = _same_amount(first, second) if is_value else None
    if whole is not None:
        both: Mark = "same" if whole else "figure"
        return _cell([(first, both)]), _cell([(second, both)])
    ours, theirs = _words(first), _words(second)
    if max(len(ours), len(theirs)) > MOST_WORDS:
        return _cell([(first, "changed")]), _cell([(second, "changed")])
    left: list[tuple[str, Mark]] = []
    right: list[tuple[str, Mark]] = []
    # Spaces are no words: two answers would agree in most of them.
    matcher = SequenceMatcher(None, [w for w, _ in ours], [w for w, _ in theirs], autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        for one, other in zip_longest(ours[i:i_end], theirs[j:j_end], fillvalue=("", "")):
            mark: Mark = "same" if kind == "equal" else _word_mark(one[0], other[0])
            left += [(one[0], mark), (one[1], "same")]
            right += [(other[0], mark), (other[1], "same")]
    return _cell(left), _cell(right)


def _words(text: str) -> list[tuple[str, str]]:
    """Each word with the space behind it; space at the beginning stands behind an empty word."""
    found = [(each[1], each[2]) for each in _WORD.finditer(text)]
    indent = text[: len(text) - len(text.lstrip())]
    return [("", indent), *found] if indent else found


def _word_mark(one: str, other: str) -> Mark:
    """A number that is missing on the other side is another figure, not another word."""
    same = _same_amount(one, other)
    if same is not None:
        return "same" if same else "figure"
    if any(c.isdigit() for c in one + other):
        return "figure"
    return "changed"


def _same_amount(one: str, other: str) -> bool | None:
    """Whether two amounts agree; None when either is none."""
    first, second = amount(one), amount(other)
    return None if first is None or second is None else agree(first, second)


def _cell(words: list[tuple[str, Mark]]) -> Cell:
    """Neighbours of one mark joined, with the space between them; nothing empty."""
    pieces = [piece for piece in words if piece[0]]
    spans: list[Span] = []
    for place, (text, own) in enumerate(pieces):
        mark = own
        if not text.strip() and spans and place + 1 < len(pieces):
            mark = spans[-1].mark if spans[-1].mark == pieces[place + 1][1] else own
        if spans and spans[-1].mark == mark:
            spans[-1] = Span(spans[-1].text + text, mark)
        else:
            spans.append(Span(text, mark))
    return tuple(spans)
