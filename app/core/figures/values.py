"""Figures as frozen values: what was read, where, how often, and what became of the check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal
from uuid import uuid4

from inference import Receipt

# by hand: the person wrote or decided it. computed: made by code from other figures.
CheckState = Literal["unchecked", "confirmed", "differs", "not found", "computed", "by hand"]
Crop = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the upright picture


def new_id() -> str:
    """A fresh identifier for a table or a figure."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the model answered when it was shown the picture again without the first value.

    `value` is "" when it found nothing. `crop` is the part that was sent, None for the whole
    picture. `question` and `answer` are as sent and as received.
    """

    value: str
    crop: Crop | None = None
    soft_tokens: int = 0
    question: str = ""
    answer: str = ""
    model: str = ""
    seed: int | None = None
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One labelled value. `value` is as printed, unit included; `first` what the answer said.

    `crop` is where it stands, None while that is not known. `formula` says what a computed one
    was made of; `remark` what the person or the check has to say about it.
    """

    id: str
    label: str
    value: str
    group: str = ""
    state: CheckState = "unchecked"
    rating: str = ""
    first: str = ""
    crop: Crop | None = None
    second: SecondReading | None = None
    formula: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures of one answer. `turn_id` is that answer, `source_id` the attachment they are from.

    `page` counts from 1 in a document, 0 for a picture. `model` names who read them first.
    """

    id: str
    title: str
    figures: tuple[Figure, ...] = ()
    turn_id: str = ""
    source_id: str = ""
    page: int = 0
    region: Crop | None = None  # the part of it that was asked about, None for all
    model: str = ""
    notes: tuple[str, ...] = ()

    def figure(self, figure_id: str) -> Figure:
        """One figure. Raises KeyError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)


def with_figure(table: FigureTable, figure: Figure) -> FigureTable:
    """The table with the newer self of one of its figures."""
    figures = tuple(figure if old.id == figure.id else old for old in table.figures)
    return replace(table, figures=figures)


def groups(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures by group, groups in order of their first figure; "" for those in none."""
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.group, []).append(figure)
    return found


def counted(figures: Iterable[Figure]) -> dict[CheckState, int]:
    """How many figures are in each state."""
    found: dict[CheckState, int] = {}
    for figure in figures:
        found[figure.state] = found.get(figure.state, 0) + 1
    return found
