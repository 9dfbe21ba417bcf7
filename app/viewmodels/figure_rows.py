"""What the grid and its detail card show: figures as rows of ready words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.figures.export import WORDS
from app.core.figures.sums import Computed, computed, share_of
from app.core.figures.values import (
    CheckState,
    Crop,
    Figure,
    FigureTable,
    SecondReading,
    counted,
    groups,
)
from app.viewmodels.checking import FOLD_FROM
from app.viewmodels.image_values import EvidenceBox

RowState = Literal[
    "unchecked", "confirmed", "differs", "not found", "computed", "by hand", "checking"
]
SUM_MARK = "Σ"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row. `id` is a figure's, or a group's with `kind` "group". `number` as on the boxes."""

    id: str
    kind: Literal["group", "figure", "computed"]
    label: str
    value: str
    state: RowState
    word: str
    number: str = ""
    group: str = ""
    is_child: bool = False
    is_open: bool = False
    rating: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of the detail card; `tone` names a colour token, "" for plain."""

    text: str
    tone: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class DetailView:
    """The chosen figure. `keep` and `use` are words for buttons, "" for none.

    `crop` is what to show of the picture, None for nothing; `why_not` says why it cannot be read
    again now.
    """

    id: str
    title: str
    group: str
    sentences: tuple[Sentence, ...]
    crop: Crop | None = None
    keep: str = ""
    use: str = ""
    can_read_again: bool = False
    why_not: str = ""
    question: str = ""
    answer: str = ""


def rows_of(
    table: FigureTable, closed: frozenset[str], opened: frozenset[str], checking: str, pending: str
) -> tuple[GridRow, ...]:
    """All rows. `closed` and `opened` are groups that the person closed or opened.

    `checking` is the id of the figure being read again; `pending` what to say of those that wait.
    """
    made = computed(table.figures, table.title)
    by_group = groups(table.figures)
    found: list[GridRow] = []
    number = 0
    for group, members in by_group.items():
        sums = [row for row in made.figures if row.group == group]
        if group and len(members) >= FOLD_FROM and len(by_group) > 1:
            number += 1
            is_open = _is_open(group, members, closed, opened)
            found.append(_group_row(group, members, number, is_open, checking))
            if is_open:
                found += [_figure_row(f, "", True, checking, pending) for f in members]
        else:
            for figure in members:
                number += 1
                found.append(_figure_row(figure, str(number), False, checking, pending))
        found += [_computed_row(row) for row in sums]
    return tuple(found)


def numbers_of(table: FigureTable) -> dict[str, str]:
    """The number of each figure as the grid shows it; figures of a folded group share one."""
    by_group = groups(table.figures)
    found: dict[str, str] = {}
    number = 0
    for group, members in by_group.items():
        if group and len(members) >= FOLD_FROM and len(by_group) > 1:
            number += 1
            found |= {figure.id: str(number) for figure in members}
        else:
            for figure in members:
                number += 1
                found[figure.id] = str(number)
    return found


def boxes_of(table: FigureTable, reading: str) -> tuple[EvidenceBox, ...]:
    """Where figures stand; those of one chart share a box in their worst state."""
    numbers = numbers_of(table)
    shared: dict[Crop, list[Figure]] = {}
    for figure in table.figures:
        if figure.crop is not None:
            shared.setdefault(figure.crop, []).append(figure)
    return tuple(
        EvidenceBox(
            members[0].id,
            numbers[members[0].id],
            crop,
            "checking" if any(f.id == reading for f in members) else worst(members),
            table.page,
        )
        for crop, members in shared.items()
    )


def worst(figures: Sequence[Figure]) -> CheckState:
    """The state that a person has to know of first."""
    states = {figure.state for figure in figures}
    order: tuple[CheckState, ...] = ("differs", "not found", "unchecked", "by hand", "confirmed")
    return next((state for state in order if state in states), "unchecked")


def summary_of(figures: Sequence[Figure]) -> str:
    """Like "21 confirmed · 1 differs · 1 not found"; empty without figures."""
    count = counted(figures)
    order: tuple[CheckState, ...] = ("confirmed", "differs", "not found", "by hand", "unchecked")
    verbs = {"differs": "differ"}
    return " · ".join(
        f"{count[s]} {verbs.get(s, s) if count[s] > 1 else s}" for s in order if s in count
    )


def detail_of(table: FigureTable, figure: Figure, why_not: str) -> DetailView:
    """The card for one figure."""
    second = figure.second
    crop = None
    if figure.state != "computed":
        crop = (second.crop if second is not None else None) or figure.crop
    can_decide = figure.state in ("differs", "not found")
    return DetailView(
        figure.id,
        figure.label,
        figure.group,
        _sentences(table, figure),
        crop,
        keep=f"Keep {figure.value}" if can_decide and figure.value else "",
        use=f"Use {second.value}" if can_decide and second is not None and second.value else "",
        can_read_again=figure.state != "computed" and not why_not,
        why_not=why_not,
        question=second.question if second is not None else "",
        answer=second.answer if second is not None else "",
    )


def findings_of(table: FigureTable) -> Computed:
    """What code says of the table's sums."""
    return computed(table.figures, table.title)


def _is_open(
    group: str, members: Sequence[Figure], closed: frozenset[str], opened: frozenset[str]
) -> bool:
    """Closed unless the person opened it, or something in it wants to be looked at."""
    if group in opened:
        return True
    return group not in closed and worst(members) in ("differs", "not found")


def _group_row(
    group: str, members: Sequence[Figure], number: int, is_open: bool, checking: str
) -> GridRow:
    count = counted(members)
    state = worst(members)
    good = count.get("confirmed", 0) + count.get("by hand", 0)
    word = f"{good} of {len(members)}"
    if state == "unchecked" and not good:
        word = WORDS["unchecked"]
    elif state in ("differs", "not found"):
        word = f"{count[state]} {'differ' if state == 'differs' and count[state] > 1 else state}"
    if any(figure.id == checking for figure in members):
        return GridRow(
            group, "group", group, f"{len(members)} values", "checking", word, str(number),
            group, is_open=is_open,
        )  # fmt: skip
    return GridRow(
        group, "group", group, f"{len(members)} values", state, word, str(number), group,
        is_open=is_open, tip=summary_of(members),
    )  # fmt: skip


def _figure_row(
    figure: Figure, number: str, is_child: bool, checking: str, pending: str
) -> GridRow:
    is_checking = figure.id == checking
    state: RowState = "checking" if is_checking else figure.state
    word = "Checking" if is_checking else WORDS[figure.state]
    if figure.state == "unchecked" and not is_checking and pending:
        word = pending
    value = figure.value if figure.state != "not found" else NOTHING
    return GridRow(
        figure.id, "figure", figure.label, value or NOTHING, state, word, number, figure.group,
        is_child, rating=figure.rating, tip=spoken(_readings(figure)),
    )  # fmt: skip


def _computed_row(figure: Figure) -> GridRow:
    return GridRow(
        figure.id, "computed", figure.label, figure.value, "computed", WORDS["computed"], SUM_MARK,
        figure.group, tip=f"{figure.formula} Made by code, not by the model.",
    )  # fmt: skip


# --- the card ------------------------------------------------------------------------------------


def _sentences(table: FigureTable, figure: Figure) -> tuple[Sentence, ...]:
    if figure.state == "computed":
        return (Sentence(f"{figure.formula} Made by code, not by the model."),)
    said = list(_readings(figure))
    share = share_of(figure, table.figures)
    if share:
        said.append(Sentence(f"{share} of its group's sum, by code."))
    if figure.rating:
        said.append(Sentence(f"Rated {figure.rating} by the model."))
    return tuple(said)


def _readings(figure: Figure) -> tuple[Sentence, ...]:
    """Both readings as pieces of running text."""
    said: list[Sentence] = []
    if figure.state == "by hand":
        said += [Sentence("By hand"), Sentence(figure.value or NOTHING, "acc", True), Sentence(".")]
    if figure.first:
        said += [Sentence("First reading"), Sentence(figure.first, "text", True)]
    elif figure.state != "by hand":
        said.append(Sentence("The answer names no value"))
    second = figure.second
    if second is None:
        if figure.first or figure.state != "by hand":
            said.append(Sentence(", not read a second time yet."))
    else:
        tones = {"confirmed": "ok", "differs": "warn", "not found": "bad"}
        found = second.value or "found nothing"
        said.append(Sentence(f"{', b' if said and said[-1].text != '.' else 'B'}{_how(second)}"))
        said += [Sentence(found, tones.get(figure.state, "text"), True), Sentence(".")]
    if figure.remark:
        said.append(Sentence(figure.remark))
    return tuple(said)


def _how(second: SecondReading) -> str:
    """How it was read again, after a b that is large at the beginning of a sentence."""
    if second.crop is not None:
        return f"lind re-read of the crop at {second.soft_tokens}"
    return f"lind re-read of the whole picture at {second.soft_tokens}, its place being unknown,"


def spoken(sentences: Sequence[Sentence]) -> str:
    """The pieces as one text."""
    text = ""
    for piece in sentences:
        joins = not text or piece.text.startswith((",", "."))
        text += piece.text if joins else f" {piece.text}"
    return text
