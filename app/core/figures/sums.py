"""Sums, shares and changes of figures, computed in decimals and never by the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from app.core.figures.amounts import MOST_DIGITS, Amount, amount, grouped, in_unit
from app.core.figures.values import Figure, groups

_TOTAL = re.compile(
    r"^(?:grand |sub-?)?(?:total|sum|overall|all|gesamt|summe|insgesamt)s?\b", re.IGNORECASE
)
_SHARE = re.compile(r"\b(?:mix|share|shares|split|composition|breakdown|distribution)\b", re.I)
_RATE = re.compile(
    r"\b(?:rate|index|average|avg|mean|median|score|target|targets|change|growth|margin|ratio|vs"
    r"|per|rating|level|temperature)\b",
    re.IGNORECASE,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_PERIOD = re.compile(r"^(?:q[1-4]|h[12]|w(?:eek)? ?\d+|day ?\d+|(?:19|20)\d\d)\b", re.IGNORECASE)
_NEAR = Decimal(10)  # points that shares may miss 100 by and still be meant as shares
_CONTEXT = Context(prec=3 * MOST_DIGITS, rounding=ROUND_HALF_EVEN)
NEEDED = 2  # values for a sum


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about sums. `is_wrong`: the printed figures contradict each other."""

    text: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """What code makes of a group: rows to show under it and sentences about it."""

    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_total(figure: Figure) -> bool:
    """Whether a figure is a printed total of others."""
    return _TOTAL.match(figure.label.strip()) is not None


def computed(figures: Sequence[Figure], title: str = "") -> Computed:
    """Sums of all groups that can be added up. `title` names figures in no group.

    Computed rows have ids that stay the same for the same group, and the group they belong to.
    """
    rows: list[Figure] = []
    findings: list[Finding] = []
    with localcontext(_CONTEXT):
        by_group = groups(f for f in figures if f.state != "computed")
        for group, members in by_group.items():
            if not group and len(by_group) > 1:
                continue  # key figures side by side are no parts of anything
            made = _of_group(group, members, group or title)
            rows += made.figures
            findings += made.findings
    return Computed(tuple(rows), tuple(findings))


def share_of(figure: Figure, figures: Sequence[Figure]) -> str:
    """A figure's share of its group's sum, such as "24.9 %"; "" where that makes no sense."""
    with localcontext(_CONTEXT):
        members = [f for f in figures if f.state != "computed"]
        if not figure.group and any(f.group for f in members):
            return ""
        parts = _parts([f for f in members if f.group == figure.group])
        own = dict(zip((f.id for f, _ in parts), (a for _, a in parts), strict=True)).get(figure.id)
        if own is None or len(parts) < NEEDED or own.unit == "%":
            return ""
        if any(a.number < 0 for _, a in parts) or _are_rates(figure.group, [f for f, _ in parts]):
            return ""
        total = sum((a.number for _, a in parts), Decimal(0))
        return f"{percent(own.number, total)} %" if total > 0 else ""


def percent(part: Decimal, whole: Decimal) -> str:
    """100 part / whole to one decimal, half to even. `whole` is not 0."""
    with localcontext(_CONTEXT):
        return grouped((100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def _of_group(group: str, members: list[Figure], name: str) -> Computed:
    parts = _parts(members)
    if len(parts) < NEEDED:
        return Computed()
    like = parts[0][1]
    total = sum((a.number for _, a in parts), Decimal(0))
    step = max(a.step for _, a in parts)
    if like.unit == "%":
        return _shares(group, name, parts, total, step)
    if _are_rates(name, members):
        return _change(group, parts)
    made = _sum(group, members, parts, total, step)
    change = _change(group, parts)
    return Computed(made.figures + change.figures, made.findings + change.findings)


def _are_rates(name: str, members: Sequence[Figure]) -> bool:
    """Whether adding up makes no sense: averages, indices, rates."""
    return _RATE.search(name) is not None or any(_RATE.search(f.label) for f in members)


def _parts(members: Sequence[Figure]) -> list[tuple[Figure, Amount]]:
    """Figures with their amounts when all are numbers of one unit, printed totals left out."""
    found: list[tuple[Figure, Amount]] = []
    for figure in members:
        if is_total(figure):
            continue
        read = amount(figure.value)
        if read is None:
            return []
        found.append((figure, read))
    return found if len({a.unit for _, a in found}) <= 1 else []


def _shares(
    group: str, name: str, parts: list[tuple[Figure, Amount]], total: Decimal, step: Decimal
) -> Computed:
    """Per cents are only added up where they are meant as shares of a whole."""
    off = abs(total - 100)
    is_meant = _SHARE.search(name) is not None or off <= min(_NEAR, step * len(parts))
    if not is_meant or any(a.number < 0 for _, a in parts):
        return Computed()
    row = _row(group, "Total", in_unit(total, parts[0][1]), "sum", parts)
    where = f" of {name}" if name else ""
    allowed = step / 2 * len(parts)
    if off == 0:
        return Computed((row,), (Finding(f"The shares{where} add up to 100 %."),))
    said = f"The shares{where} add up to {in_unit(total, parts[0][1])}"
    if off <= allowed:
        return Computed((row,), (Finding(f"{said}, as rounding allows."),))
    return Computed((row,), (Finding(f"{said}, not to 100 %.", is_wrong=True),))


def _sum(
    group: str,
    members: Sequence[Figure],
    parts: list[tuple[Figure, Amount]],
    total: Decimal,
    step: Decimal,
) -> Computed:
    like = max((a for _, a in parts), key=lambda a: a.step)
    shown = in_unit(total, like)
    row = _row(group, "Sum", shown, "sum", parts)
    printed = [(f, a) for f in members if is_total(f) and (a := amount(f.value)) is not None]
    findings = []
    for figure, stated in printed:
        if abs(stated.number - total) <= max(stated.step, step * len(parts)) / 2:
            findings.append(
                Finding(f"{figure.label} {figure.value} agrees with the sum of its values.")
            )
        else:
            findings.append(
                Finding(
                    f"{figure.label} says {figure.value}; the values add up to {shown}.",
                    is_wrong=True,
                )
            )
    return Computed((row,), tuple(findings))


def _change(group: str, parts: list[tuple[Figure, Amount]]) -> Computed:
    """First to last of a row of periods, in per cent."""
    if len(parts) <= NEEDED or not all(_is_period(figure.label) for figure, _ in parts):
        return Computed()
    (first, start), (last, end) = parts[0], parts[-1]
    if start.number <= 0:
        return Computed()
    change = percent(end.number - start.number, start.number)
    sign = "" if change.startswith("-") or change == "0" else "+"
    label = f"{first.label} to {last.label}"
    return Computed((_row(group, label, f"{sign}{change} %", "change", [parts[0], parts[-1]]),))


def _is_period(label: str) -> bool:
    word = label.strip().casefold()
    return word[:3] in (*_MONTHS, *_DAYS) or _PERIOD.match(word) is not None


def _row(
    group: str, label: str, value: str, kind: str, parts: list[tuple[Figure, Amount]]
) -> Figure:
    names = ", ".join(figure.label for figure, _ in parts[:4])
    more = f" and {len(parts) - 4} more" if len(parts) > 4 else ""
    formula = f"Sum of {names}{more}." if kind == "sum" else f"From {names}."
    return Figure(f"{kind} {group}", label, value, group, "computed", formula=formula)
