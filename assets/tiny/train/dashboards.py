"""Dashboards of 816 x 384 (136 soft tokens) and 1056 x 576 pixels (264): panels side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assets.tiny.train.charts import is_usual, random_chart, random_place
from assets.tiny.train.palette import CELL, DARK, LIGHT, TITLE, Canvas, Theme
from assets.tiny.train.panels import TEXT_DROP, Chart, Item, draw_panel
from assets.tiny.train.samples import Picture, Sample, model, user
from assets.tiny.train.tables import ask, markdown, one_of

Slot = tuple[str, int, int]  # kind of chart, width in cells, most items

SMALL, LARGE = (17, 8), (22, 12)  # cells
# Every row of panels fills the width.
SMALL_ROWS: tuple[tuple[Slot, ...], ...] = (
    (("columns", 9, 4), ("pie", 8, 3)),
    (("line", 9, 4), ("pie", 8, 3)),
    (("gauge", 5, 1), ("sliders", 12, 3)),
    (("gauge", 5, 1), ("gauge", 5, 1), ("columns", 7, 3)),
    (("sliders", 9, 3), ("pie", 8, 3)),
)
LARGE_ROWS: tuple[tuple[Slot, ...], ...] = (
    (("columns", 13, 6), ("pie", 9, 4)),
    (("line", 13, 6), ("pie", 9, 4)),
    (("gauge", 5, 1), ("sliders", 9, 4), ("line", 8, 3)),
    (("gauge", 6, 1), ("sliders", 8, 4), ("columns", 8, 3)),
    (("bars", 11, 4), ("columns", 11, 5)),
    (("line", 11, 5), ("sliders", 11, 4)),
)
# What the decoder learns to read: one arrangement, so that every panel has its place.
BOARD: tuple[tuple[Slot, ...], ...] = (
    (("columns", 9, 4), ("pie", 8, 3)),
    (("gauge", 5, 1), ("sliders", 12, 3)),
)
HEADERS = ("Overview", "Report", "Summary", "Dashboard")
ALL = (
    "Write the dashboard as a table.",
    "Write the chart as a table.",  # what people ask of any picture
    "Turn this dashboard into a Markdown table.",
    "Give me all values as a table.",
    "Read the dashboard into a table.",
)
ONE_TABLE = ("Write {title} as a table.", "Make a table of {title}.", "Give me {title} as a table.")
VALUE = ("How much is {label} in {title}?", "What is {label} in {title}?", "{title}, {label}?")
HIGHEST = ("Which is the highest in {title}?", "What is the highest value in {title}?")
LOWEST = ("Which is the lowest in {title}?", "What is the lowest value in {title}?")
TASKS = ("all", "table", "value", "highest", "lowest")


def random_dashboard(
    rng: np.random.Generator, large: bool
) -> tuple[list[Chart], Canvas, list[Item]]:
    """Two rows of panels with different titles; charts in reading order."""
    rows = LARGE_ROWS if large else SMALL_ROWS
    wide, high = LARGE if large else SMALL
    dark = bool(rng.random() < 0.25)
    theme = DARK if dark else LIGHT
    canvas = Canvas(wide * CELL, high * CELL, theme.paper)
    charts: list[Chart] = []
    items: list[Item] = []
    edges = [0, high // 2, high]
    if large and rng.random() < 0.6:
        header = f"{one_of(rng, HEADERS)} {int(rng.integers(2019, 2027))}"
        draw_header(canvas, header, theme)
        edges = [1, int(rng.integers(6, 8)), high]
    for i, row in enumerate(rng.choice(len(rows), 2, replace=False)):
        slots, left = list(rows[int(row)]), 0
        rng.shuffle(slots)  # type: ignore[arg-type]
        for kind, width, most in slots:
            area = (left, edges[i], int(width), edges[i + 1] - edges[i])
            chart = random_chart(rng, str(kind), int(most))
            while chart.title in {other.title for other in charts}:
                chart = random_chart(rng, str(kind), int(most))
            items += draw_panel(canvas, random_place(rng, area, str(kind), dark), chart)
            charts.append(chart)
            left += int(width)
    return charts, canvas, items


def draw_header(canvas: Canvas, words: str, theme: Theme) -> None:
    """A line over all panels, one cell high."""
    canvas.text((24, TEXT_DROP), words, theme.ink, TITLE)


def medium(rng: np.random.Generator) -> tuple[Picture, list[Chart]]:
    """A usual dashboard's picture and what it shows."""
    while True:
        picture, charts = random_board(rng)
        if all(map(is_usual, charts)):
            return picture, charts


def random_board(rng: np.random.Generator) -> tuple[Picture, list[Chart]]:
    """A picture of columns, pie, gauge and sliders, as in BOARD, and what it shows."""
    dark = bool(rng.random() < 0.25)
    wide, high = SMALL
    canvas = Canvas(wide * CELL, high * CELL, (DARK if dark else LIGHT).paper)
    charts: list[Chart] = []
    for i, row in enumerate(BOARD):
        left = 0
        for kind, width, most in row:
            chart = random_chart(rng, kind, most)
            while chart.title in {other.title for other in charts}:
                chart = random_chart(rng, kind, most)
            area = (left, i * high // 2, width, high // 2)
            draw_panel(canvas, random_place(rng, area, kind, dark), chart)
            charts.append(chart)
            left += width
    return Picture(canvas.pixels()), charts


def talk(rng: np.random.Generator, charts: Sequence[Chart]) -> tuple[list[dict[str, Any]], str]:
    """One to four questions about a dashboard with their answers, and the kind of the first."""
    count = int(rng.choice([1, 2, 3, 4], p=(0.4, 0.2, 0.3, 0.1)))
    tasks = [str(task) for task in rng.choice(TASKS, count, p=(0.3, 0.25, 0.25, 0.1, 0.1))]
    messages: list[dict[str, Any]] = []
    for task in dict.fromkeys(tasks):
        question, answer = question_about(rng, charts, task)
        messages += [user(question, *(() if messages else ("image",))), model(answer)]
    return messages, f"dashboard.{tasks[0]}"


def question_about(rng: np.random.Generator, charts: Sequence[Chart], task: str) -> tuple[str, str]:
    """A question of the kind `task` and its answer."""
    if task == "all":
        return one_of(rng, ALL), whole_table(charts)
    chart = charts[int(rng.integers(len(charts)))]
    title = chart.title
    if task == "table":
        return one_of(rng, ONE_TABLE).format(title=title), markdown(chart.rows)
    if task == "value":
        label, value = chart.rows[int(rng.integers(len(chart.rows)))]
        return one_of(rng, VALUE).format(label=label, title=title), value
    wordings = HIGHEST if task == "highest" else LOWEST
    return one_of(rng, wordings).format(title=title), ask(rng, chart.rows, task)[1]


def whole_table(charts: Sequence[Chart]) -> str:
    """Every panel as a Markdown table under its title, in reading order."""
    return "\n\n".join(f"## {chart.title}\n\n{markdown(chart.rows)}" for chart in charts)


def sample(rng: np.random.Generator) -> Sample:
    picture, charts = medium(rng)
    messages, kind = talk(rng, charts)
    return Sample(messages, [picture], kind)
