"""Pages as people write them, how each is given when nobody chose, and what that costs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import page_choice
from app.core.conversation import Attachment, Settings
from app.core.costs import cost
from app.intake.selection import MOST_PICTURES, PageChoice, Selection
from inference import plan_image

# Words, a scan, words, almost none.
PAPER = Attachment(
    "d", "document", "report.pdf", "", 1, width=1000, height=1414, pages=4,
    page_tokens=(400, 0, 250, 3),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("3", (3,)),
        ("1-3, 7", (1, 2, 3, 7)),
        (" 7 ;1 – 2,", (1, 2, 7)),
        ("9-", (9, 10)),
        ("3-1", (1, 2, 3)),
        ("2, 2, 1-2", (1, 2)),
        ("", ()),
    ],
)
def test_a_range_is_read(text: str, pages: tuple[int, ...]) -> None:
    assert page_choice.parsed(text, 10) == pages


@pytest.mark.parametrize(("text", "said"), [("x", "“x”"), ("0", "10 pages"), ("8-11", "10 pages")])
def test_a_wrong_range_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        page_choice.parsed(text, 10)


@given(st.sets(st.integers(1, 60)))
def test_what_is_written_is_read_again(pages: set[int]) -> None:
    assert page_choice.parsed(page_choice.written(pages), 60) == tuple(sorted(pages))


def test_pages_are_given_by_their_words_where_they_have_some() -> None:
    modes = [choice.mode for choice in page_choice.chosen(PAPER)]
    assert modes == ["text", "picture", "text", "picture"]
    sheet = replace(PAPER, width=0, height=0)  # cannot be drawn
    assert {choice.mode for choice in page_choice.chosen(sheet)} == {"text"}


def test_pages_that_were_chosen_are_given_as_chosen() -> None:
    selection = Selection(pages=(PageChoice(2, "both"),))
    assert page_choice.chosen(replace(PAPER, selection=selection)) == selection.pages


def test_a_scan_of_a_book_is_cut_where_nobody_chose() -> None:
    book = replace(PAPER, pages=300, page_tokens=(0,) * 300)
    assert len(page_choice.chosen(book)) == MOST_PICTURES


def test_the_cost_counts_words_and_pictures() -> None:
    picture = plan_image(1414, 1000, 280).soft_tokens + page_choice.BRACKETS
    heading = page_choice.HEADING_TOKENS
    assert page_choice.page_cost(PAPER, PageChoice(1, "text"), 280) == heading + 400
    assert page_choice.page_cost(PAPER, PageChoice(1, "picture"), 280) == heading + picture
    assert page_choice.page_cost(PAPER, PageChoice(1, "both"), 280) == heading + 400 + picture
    whole = 4 * heading + 650 + 2 * picture
    assert page_choice.document_cost(PAPER, 280) == whole
    assert cost(replace(PAPER, soft_tokens=280), Settings(), 280) == whole


def test_the_part_of_a_page_costs_by_its_own_form() -> None:
    part = PageChoice(1, "picture", (0, 0, 2000, 100))
    tokens = plan_image(100, 2000, 280).soft_tokens + page_choice.BRACKETS
    assert page_choice.page_cost(PAPER, part, 280) == tokens + page_choice.HEADING_TOKENS


def test_another_mode_joins_pages_and_keeps_the_rest() -> None:
    made = page_choice.with_mode(PAPER, (2, 4), "both")
    assert [(c.number, c.mode) for c in made] == [
        (1, "text"), (2, "both"), (3, "text"), (4, "both")
    ]  # fmt: skip


def test_choosing_everything_as_it_is_best_is_no_choice() -> None:
    usual = page_choice.chosen(PAPER)
    assert page_choice.as_selected(PAPER, reversed(usual)) == ()
    assert page_choice.as_selected(PAPER, usual[:2]) == usual[:2]
