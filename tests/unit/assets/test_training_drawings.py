"""The drawings the demonstration model learned from: what is printed, and where it stands."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assets.tiny.train import charts, clips, dashboards, pages
from assets.tiny.train.palette import BASELINE, CELL, ROW, Text
from assets.tiny.train.vision_targets import CHARACTERS, IGNORED, targets, value_digits

SEEDS = range(12)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(90_000_000 + seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chart_prints_every_label_and_value_inside_the_picture(seed: int) -> None:
    chart, canvas, items = charts.random_drawing(_rng(seed))
    assert canvas.pixels().shape == (charts.HEIGHT * CELL, charts.WIDTH * CELL, 3)
    assert [(item.label.words, item.value.words) for item in items] == chart.rows
    for text in canvas.texts:
        assert all(0 < x < canvas.width for x in text.middles)
        assert 8 < text.y < canvas.height - 8
    if chart.kind == "pie":
        assert sum(value for _label, value in chart.items) == 100


@pytest.mark.parametrize("large", [False, True])
def test_a_dashboard_gives_each_label_a_cell_of_its_own(large: bool) -> None:
    for seed in SEEDS:
        shown, canvas, items = dashboards.random_dashboard(_rng(seed), large)
        rows = [row for chart in shown for row in chart.rows]
        assert [(item.label.words, item.value.words) for item in items] == rows
        cells = [(item.label.middle[0] // CELL, item.label.y // CELL) for item in items]
        assert len(set(cells)) == len(cells)
        assert len({chart.title for chart in shown}) == len(shown)
        assert (canvas.width, canvas.height) == ((1056, 576) if large else (816, 384))


def test_targets_name_the_characters_and_point_at_the_digits() -> None:
    for seed in SEEDS:
        _chart, canvas, items = charts.random_drawing(_rng(seed))
        goal = targets((charts.WIDTH, charts.HEIGHT), canvas.texts, items)
        flat = goal.characters.reshape(-1, goal.characters.shape[-1])
        assert int((goal.values[..., 2] != IGNORED).sum()) == len(items)
        for digit, patch in zip(goal.values.ravel(), goal.pointers.ravel(), strict=True):
            if patch != IGNORED:
                assert CHARACTERS.index(str(digit)) + 1 in flat[patch]


def test_a_value_is_hundreds_tens_and_ones() -> None:
    assert value_digits("7%") == (10, 10, 7)
    assert value_digits("418") == (4, 1, 8)
    assert Text("ab", (10, 30), 5).middle == (20, 5)


def test_pages_stand_on_rows_of_patches_mostly() -> None:
    texts = [text for seed in SEEDS for text in pages.random_page(_rng(seed)).texts]
    drop = round(20 * 0.36)  # from the baseline of labels to the middle of a digit
    on_row = [(text.y + drop) % ROW == BASELINE for text in texts]
    assert len(texts) > 100
    assert sum(on_row) > 0.6 * len(texts)


def test_answers_about_a_clip_agree_with_its_seconds() -> None:
    scene = clips.Scene((clips.NOTHING, clips.Thing("star", "red"), clips.Thing("circle", "blue")))
    for seed in SEEDS:
        assert clips.ask(_rng(seed), scene, "order")[1] == "red star, blue circle"
        question, answer = clips.ask(_rng(seed), scene, "when")
        assert answer == ("0:01" if "red star" in question else "0:02")
    film = clips.film(scene, 3)
    assert film.times == (0.0, 1.0, 2.0)
    assert film.frames[0].shape == (clips.HEIGHT * CELL, clips.WIDTH * CELL, 3)
    assert clips.clock(65) == "1:05"


def test_answers_about_a_chart_are_what_it_prints() -> None:
    for seed in SEEDS:
        _picture, chart = charts.medium(_rng(seed))
        messages, kind = charts.talk(_rng(seed), chart)
        assert kind.startswith("chart.")
        answers = [turn["content"] for turn in messages if turn["role"] == "assistant"]
        assert len(answers) * 2 == len(messages)
        for answer in answers:
            if answer.startswith("{"):
                assert list(json.loads(answer)) == [label for label, _value in chart.items]
