"""Draws one chart into a rectangle of cells: columns, bars, line, pie, gauge, sliders.

The same panels make the single charts and the dashboards, with the same sizes of text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from assets.tiny.train.palette import CELL, TITLE, Canvas, Colour, Text, Theme, mixed, snapped

TEXT_DROP = 31  # a line of text stands this far below the top of its cell, in pixels


@dataclass(frozen=True)
class Chart:
    """What a panel shows. `unit` follows every value ("" or "%")."""

    kind: str
    title: str
    items: tuple[tuple[str, int], ...]
    unit: str = ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(label, value as printed), in reading order."""
        return [(label, f"{value}{self.unit}") for label, value in self.items]


@dataclass(frozen=True)
class Place:
    """A rectangle in cells on a canvas, and how to colour it."""

    left: int
    top: int
    width: int
    height: int
    theme: Theme
    hues: tuple[Colour, ...]
    grid: bool = False
    card: bool = True  # a sheet of its own on the paper

    def x(self, cells: float) -> int:
        return round((self.left + cells) * CELL)

    def y(self, cells: float) -> int:
        return round((self.top + cells) * CELL)

    def hue(self, index: int) -> Colour:
        return self.hues[index % len(self.hues)]


@dataclass(frozen=True)
class Item:
    """A label and its value as they stand on the picture."""

    label: Text
    value: Text


@dataclass
class Drawn:
    """All items of a picture so far."""

    items: list[Item] = field(default_factory=list)


LABEL_END = 2.5  # cells that labels at the left take


def draw_panel(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    """Draws the chart and its title; returns where labels and values stand."""
    if place.card:
        edge = (place.x(0) + 4, place.y(0) + 4, place.x(place.width) - 4, place.y(place.height) - 4)
        canvas.box(edge, place.theme.card, 14)
    at = (place.x(0) + 24, place.y(0) + TEXT_DROP)
    canvas.text(at, chart.title, place.theme.ink, TITLE)
    return _KINDS[chart.kind](canvas, place, chart)


def middles(place: Place, count: int) -> list[int]:
    """x of each column: the middles of cells, or 80 pixels apart for six."""
    if count > 5:
        first = place.x(place.width / 2) - 40 * (count - 1)
        return [first + 80 * i for i in range(count)]
    step = 3 if 3 * (count - 1) + 1 <= place.width - 4 else 2
    start = (place.width - (step * (count - 1) + 1)) // 2
    return [place.x(start + i * step + 0.5) for i in range(count)]


def _heights(place: Place, chart: Chart) -> tuple[int, list[float]]:
    """y of the floor, and the y where each value is reached."""
    floor = place.y(place.height - 1) + 2
    reach = floor - (place.y(1) + 38)
    most = max(value for _label, value in chart.items)
    return floor, [floor - reach * value / most for _label, value in chart.items]


def _frame(canvas: Canvas, place: Place, floor: int) -> None:
    left, right = place.x(0) + 24, place.x(place.width) - 24
    if place.grid and place.height > 4:
        for step in range(1, 4):
            y = floor - (floor - place.y(1) - 20) * step / 3.5
            canvas.line([(left, y), (right, y)], place.theme.rule, 1)
    canvas.line([(left, floor), (right, floor)], place.theme.rule, 2)


def _columns(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    floor, tops = _heights(place, chart)
    _frame(canvas, place, floor)
    items = []
    xs = middles(place, len(chart.items))
    half = min(30, (xs[1] - xs[0]) * 0.32)
    for i, ((label, value), x, top) in enumerate(zip(chart.rows, xs, tops, strict=True)):
        canvas.box((x - half, top, x + half, floor), place.hue(i), 6)
        canvas.box((x - half, max(top, floor - 6), x + half, floor), place.hue(i))
        items.append(_upright(canvas, place, x, top - 4, label, value))
    return items


def _line(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    floor, tops = _heights(place, chart)
    _frame(canvas, place, floor)
    xs = middles(place, len(chart.items))
    points = [(float(x), top) for x, top in zip(xs, tops, strict=True)]
    pale = mixed(place.hue(0), place.theme.card, 0.14)
    canvas.polygon([(xs[0], floor), *points, (xs[-1], floor)], pale)
    canvas.line(points, place.hue(0), 3)
    for x, top in points:
        canvas.disc((x, top), 6, place.hue(0))
        canvas.disc((x, top), 3, place.theme.card)
    items = []
    for (label, value), x, top in zip(chart.rows, xs, tops, strict=True):
        base = snapped(top - 8)
        half = 6 * len(value) + 3
        canvas.box((x - half, base - 17, x + half, base + 3), place.theme.card, 5)
        items.append(_upright(canvas, place, x, base, label, value))
    return items


def _upright(canvas: Canvas, place: Place, x: int, above: float, label: str, value: str) -> Item:
    """The value over its mark and the label in the lowest row."""
    drop = place.y(place.height - 1) + TEXT_DROP
    shown = canvas.text((x, snapped(above)), value, place.theme.ink, anchor="m")
    return Item(canvas.text((x, drop), label, place.theme.soft, anchor="m"), shown)


def _bars(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    start = place.x(LABEL_END)
    reach = place.x(place.width) - 24 - 56 - start
    most = max(value for _label, value in chart.items)
    items = []
    for i, ((label, shown), (_label, value)) in enumerate(
        zip(chart.rows, chart.items, strict=True)
    ):
        base = place.y(i + 1) + TEXT_DROP
        end = start + max(8.0, reach * value / most)
        canvas.box((start, base - 23, end, base + 9), place.hue(i), 6)
        canvas.box((start, base - 23, start + 6, base + 9), place.hue(i))
        text = canvas.text((place.x(0) + 24, base), label, place.theme.soft)
        at = -(-round(end + 6) // 8) * 8
        items.append(Item(text, canvas.text((at, base), shown, place.theme.ink)))
    return items


def _pie(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    radius = min((place.height - 1) * CELL - 24, (place.width - 5) * CELL - 40) / 2
    centre = (place.x(0) + 24.0 + radius, place.y(1) + ((place.height - 1) * CELL - 16) / 2)
    start = -90.0
    for i, (_label, value) in enumerate(chart.items):
        end = start + value * 3.6
        canvas.wedge(centre, radius, (start, end), place.hue(i))
        start = end
    start = -90.0
    for _label, value in chart.items:  # thin gaps between the slices
        turn = math.radians(start)
        edge = centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)
        canvas.line([centre, edge], place.theme.card, 2)
        start += value * 3.6
    canvas.disc(centre, radius * 0.58, place.theme.card)
    left, right = place.x(place.width - 4), place.x(place.width - 1)
    first = (place.height - len(chart.items) + 1) // 2
    items = []
    for i, (label, value) in enumerate(chart.rows):
        base = place.y(first + i) + TEXT_DROP
        canvas.box((left - 24, base - 14, left - 10, base), place.hue(i), 4)
        text = canvas.text((left, base), label, place.theme.soft)
        items.append(
            Item(text, canvas.text((right - 24, base), value, place.theme.ink, anchor="m"))
        )
    return items


def _gauge(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    ((label, number),) = chart.items
    centre = (float(place.x(place.width // 2 + 0.5)), place.y(place.height - 1) - 10.0)
    radius = min((place.height - 2) * CELL - 12.0, place.width * CELL / 2 - 28)
    canvas.wedge(centre, radius, (180, 360), place.theme.rule)
    canvas.wedge(centre, radius, (180, 180 + 1.8 * number), place.hue(0))
    inner = radius * 0.72
    canvas.wedge(centre, inner, (180, 360), place.theme.card)
    canvas.box(
        (centre[0] - inner, centre[1] - 1, centre[0] + inner, centre[1] + 2), place.theme.card
    )
    x, base = round(centre[0]), snapped(centre[1] - 2)
    value = canvas.text((x, base), chart.rows[0][1], place.theme.ink, anchor="m")
    below = place.y(place.height - 1) + TEXT_DROP
    return [Item(canvas.text((x, below), label, place.theme.soft, anchor="m"), value)]


def _sliders(canvas: Canvas, place: Place, chart: Chart) -> list[Item]:
    start, stop = place.x(LABEL_END) + 8, place.x(place.width - 2)
    items = []
    for i, ((label, shown), (_label, value)) in enumerate(
        zip(chart.rows, chart.items, strict=True)
    ):
        base = place.y(i + 1) + TEXT_DROP
        y, at = base - 7, start + (stop - start) * value / 100
        canvas.box((start, y - 4, stop, y + 4), place.theme.rule, 4)
        canvas.box((start, y - 4, at, y + 4), place.hue(i), 4)
        canvas.disc((at, y), 11, place.hue(i))
        canvas.disc((at, y), 6, place.theme.card)
        text = canvas.text((place.x(0) + 24, base), label, place.theme.soft)
        right = place.x(place.width - 1)
        items.append(Item(text, canvas.text((right, base), shown, place.theme.ink, anchor="m")))
    return items


_KINDS: dict[str, Callable[[Canvas, Place, Chart], list[Item]]] = {
    "columns": _columns,
    "line": _line,
    "bars": _bars,
    "pie": _pie,
    "gauge": _gauge,
    "sliders": _sliders,
}
