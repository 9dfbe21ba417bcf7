"""What the demonstration model is asked about: charts, dashboards and clips of a narrow kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assets.examples import draw_small
from assets.tiny.train import charts, clips, dashboards
from assets.tiny.train.clip_talk import practice_scene
from assets.tiny.train.media_talk import chart_of, draw_of
from assets.tiny.train.samples import HELD_OUT
from assets.tiny.train.tables import ask, markdown
from tests.bench.tiny_abilities.scoring import score

SEEDS = range(HELD_OUT, HELD_OUT + 25)
BOARD = (draw_small.REVENUE, draw_small.ORDERS, draw_small.BUDGET, draw_small.GROWTH)


def test_charts_have_up_to_five_values_of_as_many_digits() -> None:
    for seed in SEEDS:
        _picture, chart = charts.medium(np.random.default_rng(seed))
        assert 3 <= len(chart.items) <= 5
        assert len({len(str(value)) for _label, value in chart.items}) == 1


@pytest.mark.parametrize("chart", [*BOARD, draw_small.VISITORS, draw_small.OUTPUT])
def test_the_examples_are_of_that_kind(chart: charts.Chart) -> None:
    assert charts.is_usual(chart)


def test_a_dashboard_is_columns_pie_gauge_and_sliders() -> None:
    for seed in SEEDS:
        picture, shown = dashboards.medium(np.random.default_rng(seed))
        assert picture.pixels.shape == (384, 816, 3)
        assert [chart.kind for chart in shown] == ["columns", "pie", "gauge", "sliders"]
        assert all(map(charts.is_usual, shown))
    assert [chart.kind for chart in BOARD] == ["columns", "pie", "gauge", "sliders"]


def test_a_whole_dashboard_is_a_table_a_panel_and_scored_by_its_rows() -> None:
    wanted = dashboards.whole_table(BOARD)
    assert wanted.count("| Label | Value |") == len(BOARD)
    rows = sum(len(chart.items) for chart in BOARD)
    assert score("dashboard.all", wanted, wanted).right == rows
    swapped = wanted.replace("## Budget", "## Costs")
    found = score("dashboard.all", wanted, swapped)
    assert (found.exact, found.right) == (False, rows - 1)


def test_the_highest_is_said_after_the_values() -> None:
    rows = [("North", "12"), ("South", "40"), ("West", "31")]
    _question, answer = ask(np.random.default_rng(0), rows, "highest")
    assert answer == "North 12, South 40, West 31. The highest is South: 40"


def test_a_training_chart_is_known_from_its_seed() -> None:
    for seed in range(6):
        chart = chart_of(seed)
        told = " ".join(
            str(turn["content"])
            for sample in draw_of("charts", Path(), held_out=False)(seed)
            for turn in sample.messages
        )
        labels = [label for label, _value in chart.items]
        if "| --- |" in told:
            assert markdown(chart.rows) in told
        assert any(label in told for label in labels) or chart.title in told


def test_clips_show_one_to_three_things() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        assert 1 <= len(clips.random_scene(rng).shown) <= 3
        assert 1 <= len(practice_scene(rng).shown) <= 3
