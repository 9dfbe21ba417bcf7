"""A few letters find what a person means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.widgets.fuzzy import match


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("exp", "Export report…", "Next conversation"),
        ("nc", "New conversation", "Unload since"),
        ("set", "Settings…", "Smaller text"),
        ("th bud", "Thinking budget", "Take out of the trash, build"),
        ("light", "Appearance: Light", "Model in Light hours, right"),
    ],
)
def test_the_better_fit_comes_first(typed: str, better: str, worse: str) -> None:
    found, other = match(typed, better), match(typed, worse)
    assert found is not None
    assert other is None or found[0] > other[0]


def test_letters_out_of_order_do_not_fit() -> None:
    assert match("txe", "Export") is None


def test_nothing_typed_fits_everything() -> None:
    assert match("", "Export") == (0.0, ())


def test_case_and_spaces_do_not_matter() -> None:
    assert match("NEW conv", "new conversation") == match("newconv", "new conversation")


@given(st.text(max_size=12), st.text(max_size=30))
def test_the_places_are_those_of_the_letters(typed: str, text: str) -> None:
    found = match(typed, text)
    if found is None:
        return
    _, places = found
    assert list(places) == sorted(set(places))
    wanted = [letter for letter in typed.casefold() if not letter.isspace()]
    assert [text[place].casefold()[:1] for place in places] == wanted


@given(st.text(alphabet="abc ", min_size=1, max_size=20))
def test_a_text_fits_itself(text: str) -> None:
    assert match(text, text) is not None
