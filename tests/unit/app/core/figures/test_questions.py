"""What is asked about figures, and the places that come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.figures.questions import (
    boxes_of,
    crop_of,
    places_question,
    second_question,
    spots,
    with_margin,
)
from app.core.figures.values import Figure


def test_the_second_question_does_not_tell_the_first_reading() -> None:
    figure = Figure("1", "Quality", "55 %", "Targets met", first="55 %", rating="poor")
    asked = second_question(figure, is_simple=False)
    assert "Quality" in asked
    assert "Targets met" in asked
    assert "55" not in asked
    assert "poor" not in asked
    assert second_question(figure, is_simple=True) == "What is the value of Quality?"


def test_a_chart_of_many_values_has_one_place() -> None:
    trend = [Figure(f"t{n}", f"M{n}", "1", "Trend") for n in range(4)]
    found = spots([*trend, Figure("q", "Quality", "55", "Targets")], 4)
    assert [spot.figure_ids for spot in found] == [("t0", "t1", "t2", "t3"), ("q",)]
    assert "1. the chart “Trend”" in places_question(found)


def test_boxes() -> None:
    answer = (
        '```json\n[{"number": 1, "box_2d": [100, 200, 300, 400]},'
        ' {"label": "2. B", "box_2d": [0,0,50,60.5]}]\n```'
    )
    assert boxes_of(answer, 2) == {1: (0.2, 0.1, 0.4, 0.3), 2: (0.0, 0.0, 0.0605, 0.05)}


@pytest.mark.parametrize(
    "item",
    [
        '{"number": 1, "box_2d": [300, 200, 100, 400]}',  # turned round
        '{"number": 1, "box_2d": [0, 0, 1000, 1000]}',  # everything
        '{"number": 1, "box_2d": [0, 0, 2, 2]}',  # nothing
        '{"number": 1, "box_2d": [-5, 0, 20, 20]}',
        '{"number": 1, "box_2d": [0, 0, 20, 2000]}',
        '{"number": 3, "box_2d": [0, 0, 20, 20]}',  # not asked for
        '{"number": 1, "box_2d": [0, 0, 20]}',
        '{"number": 1, "box_2d": ["a", 0, 20, 20]}',
        '{"number": 1, "box_2d": [NaN, 0, 20, 20]}',
        '{"number": 1, "box_2d": [1e400, 0, 20, 20]}',
        '{"number": 1, "box_2d": {"x": 1}}',
        '{"box_2d": [0, 0, 20, 20]}',
        '"box_2d"',
        "null",
    ],
)
def test_what_is_no_box(item: str) -> None:
    assert boxes_of(f"[{item}]", 2) == {}


def test_the_same_box_for_two_says_that_nobody_looked() -> None:
    answer = '[{"number": 1, "box_2d": [1,1,90,90]}, {"number": 2, "box_2d": [1,1,90,90]}]'
    assert boxes_of(answer, 2) == {}


@given(st.text(st.sampled_from('[]{}",:0123456789.numberbox_2d -'), max_size=200))
def test_no_answer_about_places_fails(answer: str) -> None:
    boxes_of(answer, 5)


shares = st.floats(0, 1)


@given(shares, shares, shares, shares, st.integers(1, 5000), st.integers(1, 5000))
def test_crops_lie_in_the_picture(
    x1: float, y1: float, x2: float, y2: float, width: int, height: int
) -> None:
    left, right = sorted((x1, x2))
    top, bottom = sorted((y1, y2))
    whole = (0, 0, width, height)
    crop = crop_of((left, top, right, bottom), whole)
    wide = with_margin(crop, whole)
    for each in (crop, wide):
        assert 0 <= each[0] <= each[2] <= width
        assert 0 <= each[1] <= each[3] <= height
    assert wide[0] <= crop[0]
    assert wide[3] >= crop[3]
