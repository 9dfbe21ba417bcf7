"""Scores: what counts as right, and how much of an answer is."""

from __future__ import annotations

import pytest

from tests.bench.tiny_abilities.scoring import (
    Score,
    score,
    score_json,
    score_table,
    score_use,
    table_rows,
)

TABLE = "| Label | Value |\n| --- | --- |\n| North | 12 |\n| South | 7% |"


def test_a_table_is_right_row_by_row() -> None:
    assert score_table(TABLE, TABLE) == Score(True, 2, 2)
    assert score_table(TABLE, TABLE.replace("12", "13")) == Score(False, 1, 2)
    assert score_table(TABLE, "North is 12") == Score(False, 0, 2)


def test_spaces_in_a_table_do_not_count_but_rows_too_many_do() -> None:
    assert score_table(TABLE, TABLE.replace(" | ", "|")).exact
    assert score_table(TABLE, f"{TABLE}\n| West | 3 |") == Score(False, 2, 2)


def test_a_table_of_several_charts_is_found_by_all_its_labels() -> None:
    wanted = (
        "| Chart | Label | Value |\n| --- | --- | --- |\n| Sales | May | 5 |\n| Costs | May | 6 |"
    )
    swapped = wanted.replace("| 5 |", "| 0 |").replace("| 6 |", "| 5 |")
    assert score_table(wanted, swapped) == Score(False, 0, 2)


def test_rows_leave_out_the_header_and_the_line_under_it() -> None:
    assert table_rows(TABLE) == [("North", "12"), ("South", "7%")]


def test_json_is_compared_by_value() -> None:
    wanted = '{"North": 12, "South": "7%"}'
    assert score_json(wanted, '{"South":"7%","North":12}') == Score(True, 2, 2)
    assert score_json(wanted, '{"North": 12}') == Score(False, 1, 2)
    assert score_json(wanted, '{"North": 12') == Score(False, 0, 2)
    assert score_json(wanted, "[1]") == Score(False, 0, 2)


def test_words_of_a_recording_lose_a_point_for_each_edit() -> None:
    assert score("audio.long", "call doctor nine", "call nine") == Score(False, 2, 3)
    assert score("audio.words", "yes", "yes yes yes") == Score(False, 0, 1)
    assert score("audio.words", "stop", "stop") == Score(True, 1, 1)


def test_things_in_a_clip_are_compared_in_order() -> None:
    wanted = "red circle, blue star, 7"
    assert score("video.order", wanted, wanted) == Score(True, 3, 3)
    assert score("video.order", wanted, "red circle, 7") == Score(False, 2, 3)


def test_other_answers_are_compared_letter_by_letter() -> None:
    assert score("video.when", "0:07", " 0:07\n").exact
    assert not score("chart.value", "12", "12%").exact


@pytest.mark.parametrize(
    ("answer", "used"),
    [
        ("The result is 12.", True),
        ("12", True),
        ("The result is 12.5.", False),
        ("The result is 112.", False),
        ("The result is -12.", False),
        ("none", False),
    ],
)
def test_a_result_is_used_if_it_stands_alone_in_the_answer(answer: str, used: bool) -> None:
    assert score_use("12", answer).exact is used
