"""Figures of two answers counted, and the comparison told in Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.core.comparison.figures import findings
from app.core.comparison.report import comparison_of, markdown, outcome, shown_path
from app.core.comparison.values import ComparedCopy, Comparison
from app.core.conversation import Conversation, Turn
from app.core.work import Work
from inference import Statistics
from tests.unit.app.core.comparison.test_align import FIRST, SECOND

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def conversation(first: str = FIRST, second: str = SECOND) -> Conversation:
    """Question q, answers a and b, b shown, then another question."""
    speed = Statistics(generated_tokens=200, decode_tokens_per_s=41.25, peak_memory_bytes=5 * 10**9)
    turns = (
        Turn("q", None, "user", NOW, "Which figures?"),
        Turn("a", "q", "model", NOW, first, model="E4B 4-bit", statistics=speed),
        Turn("b", "q", "model", NOW, second, model="E4B 8-bit", statistics=speed),
        Turn("q2", "b", "user", NOW, "And then?"),
    )
    record = Comparison(
        "q", ("a", "b"), (ComparedCopy("E4B 4-bit", 5 * 10**9), ComparedCopy("E4B | 8-bit"))
    )
    work = Work(comparisons=(record,))
    return Conversation("c", "Compare", NOW, NOW, turns=turns, active_leaf="q2", work=work)


def test_labelled_figures_are_matched_and_counted() -> None:
    found = findings(FIRST, SECOND)
    states = {row.label: row.state for row in found.rows}
    assert states == {
        "Delivery": "same", "Quality": "differs", "Sites": "same", "Speed": "only second",
    }  # fmt: skip
    assert (found.differing, found.total) == (2, 4)
    assert found.sentence.startswith("2 of 4 figures differ, ")


def test_the_same_label_in_another_group_is_found_after_exact_ones() -> None:
    one = "**East**\n\n| Name | Value |\n| --- | --- |\n| Sales | 1 |\n| Costs | 2 |"
    other = "**West**\n\n| Name | Value |\n| --- | --- |\n| Sales | 1 |\n| Costs | 3 |"
    found = findings(one, other)
    assert [(row.label, row.state) for row in found.rows] == [
        ("Sales", "same"),
        ("Costs", "differs"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("It is 5 and 7.", "It is 5 and 7.\n", "The two answers are the same."),
        ("It is 5 and 7.", "It is 5 and 8.", "1 of 2 figures differs, 80 % of the words are the"),
        ("It is 5 here.", "It is 5 there.", "The figure agrees, 75 % of the words are the same."),
        ("Five words are the same.", "Five words were the same.", "80 % of the words are the"),
        ("a " * 999 + "b", "a " * 999 + "c", "99 % of the words are the same."),
    ],
)
def test_the_outcome_in_words(first: str, second: str, sentence: str) -> None:
    assert findings(first, second).sentence.startswith(sentence)


def test_a_report_has_both_answers_and_goes_on() -> None:
    assert [turn.id for turn in shown_path(conversation())] == ["q", "a", "b", "q2"]
    elsewhere = replace(conversation(), work=Work())
    assert [turn.id for turn in shown_path(elsewhere)] == ["q", "b", "q2"]


def test_the_outcome_has_differing_figures_and_what_was_measured() -> None:
    told = outcome(conversation())
    assert "| Revenue: Quality | 55 % | 53 % |" in told
    assert "| Revenue: Speed | – | 9 |" in told
    assert "Delivery" not in told
    assert "| Tokens a second | 41.2 | 41.2 |" in told
    assert "| Weights, GB | 5.00 | – |" in told
    assert "E4B \\| 8-bit" in told


def test_the_whole_comparison_as_markdown() -> None:
    told = markdown(conversation(second=""))
    assert told.startswith("# Compare\n\n**Question**\n\nWhich figures?")
    assert "*No answer.*" in told
    assert "Not both copies have answered." in told


def test_a_conversation_whose_turns_are_gone_holds_no_comparison() -> None:
    whole = conversation()
    assert comparison_of(whole) is not None
    assert comparison_of(replace(whole, turns=whole.turns[1:])) is None
    assert outcome(replace(whole, work=Work())) == ""
    broken = Work(comparisons=(Comparison("q", ("a",), ()),))
    assert comparison_of(replace(whole, work=broken)) is None
