"""Answers side by side: nothing is lost, equal things are pairs, other figures are marked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.comparison.align import (
    Cells,
    Mark,
    Pair,
    aligned,
    cells_compared,
    marked_figures,
    word_agreement,
)
from app.core.comparison.blocks import CUT, blocks_of

FIRST = """## Revenue

It grew to $482k, which is **12 %** more.

| KPI | Value |
| --- | --- |
| Delivery | 70 % |
| Quality | 55 % |
| Sites | 14 |

- First point
- Second point
"""
SECOND = """## Revenue

It grew to $481,900, which is 13 % more.

| KPI | Value |
| --- | --- |
| Delivery | 70 % |
| Quality | 53 % |
| Speed | 9 |
| Sites | 14 |

- First point
"""
lines = st.sampled_from(
    ["## Head", "A line of words.", "| a | 1 |", "| b | 2 |", "| --- | --- |", "- item", "1. one",
     "```", "x = 1", "", "70 % of 12", "{", '"a": 1', "}"]
)  # fmt: skip
answers = st.lists(lines, max_size=14).map("\n".join) | st.text(max_size=120)


def said(cells: Cells) -> list[str]:
    return ["".join(span.text for span in cell) for cell in cells]


def marked(pairs: tuple[Pair, ...], mark: Mark) -> list[str]:
    return [
        span.text
        for pair in pairs
        for cell in pair.left + pair.right
        for span in cell
        if span.mark == mark
    ]


def test_rows_are_paired_by_their_names_and_other_figures_are_marked() -> None:
    pairs = aligned(FIRST, SECOND)
    rows = [(said(p.left), said(p.right)) for p in pairs if p.kind == "row"]
    assert rows == [
        (["Delivery", "70 %"], ["Delivery", "70 %"]),
        (["Quality", "55 %"], ["Quality", "53 %"]),
        ([], ["Speed", "9"]),
        (["Sites", "14"], ["Sites", "14"]),
    ]
    assert marked(pairs, "figure") == ["12 %", "13 %", "55 %", "53 %"]
    assert marked(pairs, "only") == ["Speed", "9", "Second point"]
    assert marked_figures(pairs) == (2, 5)


def test_what_was_only_printed_in_another_way_is_the_same() -> None:
    left, right = cells_compared("$482k", "$482,026", is_value=True)
    assert {span.mark for span in left + right} == {"same"}
    left, _ = cells_compared("It grew to $482k then", "It grew to $482,026 then", is_value=False)
    assert {span.mark for span in left} == {"same"}


@pytest.mark.parametrize(
    ("first", "second", "mark"),
    [
        ("55 %", "53 %", "figure"),
        ("5 of 7 sites", "6 of 7 sites", "figure"),
        ("a number 5", "a number", "figure"),
        ("goal", "target", "changed"),
        ("goal", "goal", "same"),
    ],
)
def test_marks(first: str, second: str, mark: Mark) -> None:
    left, right = cells_compared(first, second, is_value=False)
    found = {span.mark for span in left + right} - {"same"}
    assert found == ({mark} if mark != "same" else set())


def test_json_is_laid_out_and_its_fields_are_told_apart() -> None:
    pairs = aligned('{"a": 1, "b": [2, 3]}', '```json\n{"a": 1, "b": [2, 4]}\n```')
    assert marked(pairs, "figure") == ["3", "4"]


def test_code_and_lists_stay_what_they_are() -> None:
    kinds = [block.kind for block in blocks_of("Text\n\n```py\nx = 1\n\ny\n```\n1. one\n* two")]
    assert kinds == ["text", "code", "code", "code", "item", "item"]


def test_nothing_of_a_long_answer_is_dropped() -> None:
    words = "word " * 300 + "end"
    wide = "| a | " + "b" * 900 + " |\n| --- | --- |\n| c | d |"
    assert blocks_of(words)[0].cells == (words,)
    assert "b" * 900 in "".join(cell for block in blocks_of(wide) for cell in block.cells)
    assert blocks_of("\n\n".join(["line"] * 3000))[-1].cells == (CUT,)


def test_equal_answers_are_all_the_same() -> None:
    pairs = aligned(FIRST, FIRST)
    assert all(pair.is_same for pair in pairs)
    assert word_agreement(pairs) == 1.0


def test_answers_of_other_words_agree_in_none() -> None:
    assert word_agreement(aligned("alpha beta", "gamma delta")) == 0.0


def test_very_long_answers_are_paired_by_equality() -> None:
    many = "\n\n".join(f"Paragraph {n} is here." for n in range(600))
    pairs = aligned(many, many.replace("Paragraph 300 is", "Paragraph 300 was"))
    assert len(pairs) == 600
    assert sum(not pair.is_same for pair in pairs) == 1


@settings(max_examples=60)
@given(answers, answers)
def test_every_block_is_on_its_side_once_and_in_order(first: str, second: str) -> None:
    pairs = aligned(first, second)
    left = [tuple(said(pair.left)) for pair in pairs if pair.left]
    right = [tuple(said(pair.right)) for pair in pairs if pair.right]
    assert left == [block.cells for block in blocks_of(first)]
    assert right == [block.cells for block in blocks_of(second)]
    assert 0.0 <= word_agreement(pairs) <= 1.0
    differing, total = marked_figures(pairs)
    assert differing <= total


@settings(max_examples=40)
@given(answers)
def test_an_answer_is_the_same_as_itself(text: str) -> None:
    assert all(pair.is_same for pair in aligned(text, text))
