"""What the model is asked about figures: all of them, where they stand, and each one again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.figures.parse import figures_of
from app.core.figures.tables import Printed, find_json
from app.core.figures.values import Crop, Figure

DASHBOARD = """\
Analyse this dashboard. Answer in Markdown with these four parts, in this order.

## Charts
One table with the columns Chart, KPI, Value, Rating. One row for every value that is printed or can
be read off, chart by chart. Copy values as printed, with their unit. Rating is good, watch or poor,
or empty where the picture gives no ground for one.

## Trends and composition
What rises, falls or stands out, and how wholes are made up. Name the values you rely on.

## Scorecard
One table with the columns Area, State, Why: one row for each area an executive would ask about.

## Recommendations
At most five, the most important first, each with the value that it follows from.

Do not add up values or compute percentages; that is done elsewhere. Write nothing that the picture
does not show."""

# The demonstration model knows charts only by such sentences. It reads all values best.
DASHBOARD_SIMPLE = "Write the chart as a table."
SECOND_SIMPLE_ALL = "Give me the values as JSON."
SECOND_SIMPLE = "What is the value of {label}?"

NOT_FOUND = "not found"
MOST_PLACES = 40  # asked for at once
GRID = 1000  # boxes are answered on a grid of 1000 x 1000, as [top, left, bottom, right]
LARGEST_SHARE = 0.85  # of the picture; a larger box says nothing about the place
SMALLEST_SIDE = 4  # on the grid
MARGIN = 0.25  # of a box's sides, added on each side before it is read: labels stand beside values
LEAST_MARGIN_PX = 12


def second_question(figure: Figure, *, is_simple: bool) -> str:
    """Asks for one value again, without a word about the first reading.

    `is_simple` words it as the demonstration model was taught.
    """
    if is_simple:
        return SECOND_SIMPLE.format(label=figure.label)
    where = f" in “{figure.group}”" if figure.group else ""
    return (
        f"What is the value of “{figure.label}”{where} in this picture? Answer with the value"
        f" exactly as printed, with its unit, and nothing else. If it is not there, answer:"
        f" {NOT_FOUND}"
    )


def values_by_label(answer: str, figures: Sequence[Figure]) -> dict[str, str]:
    """Values by figure id from an answer that names many; what it does not name is left out."""
    named = {_key(f.label): f.value for f in figures_of(answer) if f.value}
    return {f.id: named[_key(f.label)] for f in figures if _key(f.label) in named}


def _key(label: str) -> str:
    return "".join(c for c in label.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Spot:
    """Something whose place is asked for: a figure, or a chart with several of them."""

    name: str
    figure_ids: tuple[str, ...]


def spots(figures: Sequence[Figure], fold_from: int) -> tuple[Spot, ...]:
    """What to ask places for. Charts with `fold_from` or more values have one place together."""
    members: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.state != "computed":
            members.setdefault(figure.group, []).append(figure)
    found: list[Spot] = []
    for group, those in members.items():
        if group and len(those) >= fold_from:
            found.append(Spot(f"the chart “{group}”", tuple(f.id for f in those)))
        else:
            found += [
                Spot(f"“{f.label}”" + (f" in “{group}”" if group else ""), (f.id,)) for f in those
            ]
    return tuple(found[:MOST_PLACES])


def places_question(wanted: Sequence[Spot]) -> str:
    """Asks for the boxes of some spots, by number."""
    listed = "\n".join(f"{number}. {spot.name}" for number, spot in enumerate(wanted, 1))
    return (
        "Where in this picture are the following? A box holds the value together with its label or"
        f" its whole chart.\n{listed}\n\n"
        'Answer with a JSON list only, one object for each that you see: {"number": its number,'
        ' "box_2d": [top, left, bottom, right]}, on a grid of 1000 by 1000.'
    )


def boxes_of(answer: str, count: int) -> dict[int, tuple[float, float, float, float]]:
    """Boxes by number from 1 as shares of the picture: left, top, right, bottom.

    What is no box is left out: outside the grid, turned round, tiny, nearly the whole picture,
    or the same for two different numbers, which says that the model did not look.
    """
    found: dict[int, tuple[float, float, float, float]] = {}
    for value in find_json(answer):
        items = value if isinstance(value, list) else value.get("boxes", [value])
        for item in items if isinstance(items, list) else []:
            read = _numbered_box(item)
            if read is not None and 1 <= read[0] <= count and read[0] not in found:
                found[read[0]] = read[1]
    boxes = list(found.values())
    return {number: box for number, box in found.items() if boxes.count(box) == 1}


def _numbered_box(item: Any) -> tuple[int, tuple[float, float, float, float]] | None:
    if not isinstance(item, dict):
        return None
    number = re.match(r"\s*(\d{1,4})\b", str(item.get("number", item.get("label", ""))))
    box = item.get("box_2d", item.get("box"))
    if number is None or not isinstance(box, list) or len(box) != 4:
        return None
    try:
        top, left, bottom, right = (float(str(each)) for each in box if isinstance(each, Printed))
    except ValueError:
        return None
    inside = all(0 <= each <= GRID for each in (top, left, bottom, right))
    if not inside or bottom - top < SMALLEST_SIDE or right - left < SMALLEST_SIDE:
        return None
    if (bottom - top) * (right - left) > LARGEST_SHARE * GRID * GRID:
        return None
    return int(number[1]), (left / GRID, top / GRID, right / GRID, bottom / GRID)


def crop_of(box: tuple[float, float, float, float], within: Crop) -> Crop:
    """A box in shares of a picture or of its crop `within`, in pixels of the whole picture."""
    left, top, right, bottom = within
    width, height = right - left, bottom - top
    return (
        left + int(box[0] * width),
        top + int(box[1] * height),
        min(right, left + int(-(-box[2] * width // 1))),
        min(bottom, top + int(-(-box[3] * height // 1))),
    )


def with_margin(crop: Crop, within: Crop) -> Crop:
    """The crop that is sent: somewhat more than the box, inside the picture."""
    wide = max(LEAST_MARGIN_PX, int((crop[2] - crop[0]) * MARGIN))
    tall = max(LEAST_MARGIN_PX, int((crop[3] - crop[1]) * MARGIN))
    return (
        max(within[0], crop[0] - wide),
        max(within[1], crop[1] - tall),
        min(within[2], crop[2] + wide),
        min(within[3], crop[3] + tall),
    )
