"""Single charts of 528 x 288 pixels (66 soft tokens) with printed values."""

from __future__ import annotations

from typing import Any

import numpy as np

from assets.tiny.train.palette import CELL, DARK, HUES, LABEL_GROUPS, LABELS, LIGHT, TITLES, Canvas
from assets.tiny.train.panels import Chart, Item, Place, draw_panel
from assets.tiny.train.samples import Picture, Sample, model, user
from assets.tiny.train.tables import TASKS, ask, one_of

WIDTH, HEIGHT = 11, 6  # cells
KINDS = ("columns", "columns", "bars", "line", "pie")
NAME = ("What is the title?", "What is this chart about?", "What does the chart show?")
ORDERED = ("months", "days", "quarters", "years")


def random_labels(rng: np.random.Generator, count: int) -> list[str]:
    """Of one group, in order where they have one; sometimes a mixture."""
    if rng.random() < 0.2:
        return [str(label) for label in rng.choice(LABELS, count, replace=False)]
    group = str(rng.choice([name for name in LABEL_GROUPS if len(LABEL_GROUPS[name]) >= count]))
    members = LABEL_GROUPS[group]
    if group in ORDERED:
        start = int(rng.integers(len(members) - count + 1))
        return list(members[start : start + count])
    return [str(label) for label in rng.choice(members, count, replace=False)]


def random_values(rng: np.random.Generator, count: int) -> list[int]:
    """Different values of one magnitude, so that highest and lowest are unique."""
    low, high = ((4, 99), (10, 99), (20, 250), (100, 999))[int(rng.integers(4))]
    return [int(value) for value in rng.choice(np.arange(low, high + 1), count, replace=False)]


def random_shares(rng: np.random.Generator, count: int) -> list[int]:
    """Different whole percentages, at least 4, that add up to 100."""
    while True:
        cuts = np.sort(rng.choice(np.arange(1, 100), count - 1, replace=False))
        shares = np.diff(np.concatenate([[0], cuts, [100]]))
        if shares.min() >= 4 and len(set(shares.tolist())) == count:
            return [int(share) for share in shares]


def random_chart(rng: np.random.Generator, kind: str, most: int) -> Chart:
    """A chart of up to `most` items."""
    title = str(rng.choice(TITLES))
    if kind == "gauge":
        return Chart(kind, title, ((random_labels(rng, 1)[0], int(rng.integers(3, 99))),), "%")
    count = int(rng.integers(3, most + 1))
    labels = random_labels(rng, count)
    if kind == "pie":
        return Chart(kind, title, tuple(zip(labels, random_shares(rng, count), strict=True)), "%")
    if kind == "sliders":
        values = rng.choice(np.arange(3, 101), count, replace=False)
        return Chart(kind, title, tuple(zip(labels, map(int, values), strict=True)), "%")
    unit = "%" if rng.random() < 0.1 else ""
    values = random_values(rng, count)
    if unit:
        values = [int(v) for v in rng.choice(np.arange(2, 100), count, replace=False)]
    return Chart(kind, title, tuple(zip(labels, values, strict=True)), unit)


def random_place(
    rng: np.random.Generator,
    area: tuple[int, int, int, int],
    kind: str,
    dark: bool,
    card: bool = True,
) -> Place:
    """Colours by chance: one for all of a bar chart or one an item."""
    hues = [HUES[str(name)] for name in rng.permutation(list(HUES))]
    if kind in ("columns", "bars", "sliders") and rng.random() < 0.7:
        hues = hues[:1]
    return Place(*area, DARK if dark else LIGHT, tuple(hues), bool(rng.random() < 0.4), card)


def draw(rng: np.random.Generator, chart: Chart) -> tuple[Canvas, list[Item]]:
    """Draws one chart on a canvas of its own."""
    dark = bool(rng.random() < 0.25)
    place = random_place(rng, (0, 0, WIDTH, HEIGHT), chart.kind, dark, card=False)
    canvas = Canvas(WIDTH * CELL, HEIGHT * CELL, place.theme.card)
    return canvas, draw_panel(canvas, place, chart)


def chosen(rng: np.random.Generator) -> Chart:
    """What a random drawing shows."""
    kind = str(rng.choice(KINDS))
    return random_chart(rng, kind, 6 if kind in ("columns", "line") else 5)


def is_usual(chart: Chart) -> bool:
    """What the model is for: up to five values, all of two or all of three digits."""
    digits = {len(str(value)) for _label, value in chart.items}
    return len(chart.items) <= 5 and digits in ({2}, {3})


def random_drawing(rng: np.random.Generator) -> tuple[Chart, Canvas, list[Item]]:
    """A random chart, drawn."""
    chart = chosen(rng)
    return chart, *draw(rng, chart)


def medium(rng: np.random.Generator) -> tuple[Picture, Chart]:
    """A random chart's picture and what it shows."""
    chart = chosen(rng)
    while not is_usual(chart):
        chart = chosen(rng)
    canvas, _items = draw(rng, chart)
    return Picture(canvas.pixels()), chart


def talk(rng: np.random.Generator, chart: Chart) -> tuple[list[dict[str, Any]], str]:
    """One to four questions about a chart with their answers, and the kind of the first."""
    count = int(rng.choice([1, 2, 3, 4], p=(0.4, 0.2, 0.3, 0.1)))
    weights = np.array([3, 1.5, 1.5, 3, 1.5, 0.5])
    tasks = [*TASKS, "title"]
    picked = [str(t) for t in rng.choice(tasks, count, replace=False, p=weights / weights.sum())]
    messages: list[dict[str, Any]] = []
    for task in picked:
        if task == "title":
            question, answer = one_of(rng, NAME), chart.title
        else:
            question, answer = ask(rng, chart.rows, task)
        messages += [user(question, *(() if messages else ("image",))), model(answer)]
    return messages, f"chart.{picked[0]}"


def sample(rng: np.random.Generator) -> Sample:
    picture, chart = medium(rng)
    messages, kind = talk(rng, chart)
    return Sample(messages, [picture], kind)
