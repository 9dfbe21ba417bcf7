"""Which figures of two answers agree: matched by their labels, compared as amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.comparison.align import Pair, aligned, marked_figures, word_agreement
from app.core.figures.compare import verdict
from app.core.figures.parse import figures_of
from app.core.figures.values import Figure

FigureState = Literal["same", "differs", "only first", "only second"]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One labelled value in both answers; "" where an answer lacks it."""

    label: str
    group: str
    first: str
    second: str
    state: FigureState


@dataclass(frozen=True, slots=True)
class Findings:
    """What two answers have in common. `rows` is empty for answers without labelled values;
    `differing` of `total` then count the numbers of their text."""

    pairs: tuple[Pair, ...] = ()
    rows: tuple[FigureRow, ...] = ()
    differing: int = 0
    total: int = 0
    words: float = 1.0  # share of words that are the same
    is_equal: bool = False

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        if self.is_equal:
            return "The two answers are the same."
        parts = []
        if self.total:
            noun = "figure" if self.total == 1 else "figures"
            if self.differing:
                verb = "differs" if self.differing == 1 else "differ"
                parts.append(f"{self.differing} of {self.total} {noun} {verb}")
            else:
                parts.append(f"all {self.total} {noun} agree" if self.total > 1 else
                             "the figure agrees")  # fmt: skip
        # Rounded down: 100 % is said of equal words alone.
        parts.append(f"{int(self.words * 100)} % of the words are the same")
        said = ", ".join(parts)
        return f"{said[:1].upper()}{said[1:]}."


def findings(first: str, second: str) -> Findings:
    """Everything that is shown about two answers."""
    pairs = aligned(first, second)
    rows = figure_rows(figures_of(first), figures_of(second))
    if rows:
        differing, total = sum(row.state != "same" for row in rows), len(rows)
    else:
        differing, total = marked_figures(pairs)
    is_equal = first.strip() == second.strip()
    return Findings(pairs, rows, differing, total, word_agreement(pairs), is_equal)


def figure_rows(first: Sequence[Figure], second: Sequence[Figure]) -> tuple[FigureRow, ...]:
    """The figures of the first answer in order, then those that only the second has.

    Matched are equal labels in equal groups, then equal labels wherever they stand.
    """
    left = list(second)
    matched: dict[int, Figure] = {}
    for is_exact in (True, False):
        for place, figure in enumerate(first):
            if place in matched:
                continue
            other = next((o for o in left if _is_match(figure, o, is_exact)), None)
            if other is not None:
                matched[place] = other
                left.remove(other)
    rows = [_row(figure, matched.get(place)) for place, figure in enumerate(first)]
    rows += [FigureRow(o.label, o.group, "", o.value, "only second") for o in left]
    return tuple(rows)


def _is_match(one: Figure, other: Figure, is_exact: bool) -> bool:
    if one.label.casefold() != other.label.casefold():
        return False
    return not is_exact or one.group.casefold() == other.group.casefold()


def _row(figure: Figure, other: Figure | None) -> FigureRow:
    if other is None:
        return FigureRow(figure.label, figure.group, figure.value, "", "only first")
    if not figure.value and not other.value:  # both found nothing
        state: FigureState = "same"
    else:
        state = "same" if verdict(figure.value, other.value) == "confirmed" else "differs"
    return FigureRow(figure.label, figure.group, figure.value, other.value, state)
