"""Numbers as they are printed: which, in which unit, how exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.figures.amounts import amount, grouped, in_unit, plain, says_nothing


@pytest.mark.parametrize(
    ("text", "number", "unit", "step"),
    [
        ("55", "55", "", "1"),
        ("55 %", "55", "%", "1"),
        ("55%", "55", "%", "1"),
        ("$482k", "482000", "$", "1000"),
        ("482 k€", "482000", "€", "1000"),
        ("1.2 million", "1200000", "", "100000"),
        ("about 3.50 M USD", "3500000", "$", "10000"),
        ("1,234", "1234", "", "1"),
        ("1.234,5", "1234.5", "", "0.1"),
        ("1 234 567", "1234567", "", "1"),
        ("1'000", "1000", "", "1"),
        ("0,5", "0.5", "", "0.1"),
        (".5", "0.5", "", "0.1"),
        ("−7", "-7", "", "1"),
        ("-$5.00", "-5", "$", "0.01"),
        ("(3)", "-3", "", "1"),
        ("+17 %", "17", "%", "1"),
        ("٣٤", "34", "", "1"),
        ("５５％", "55", "%", "1"),
        ("57 of 100", "57", "", "1"),
        ("0.4 points fewer", "0.4", "points fewer", "0.1"),
        ("12 minutes", "12", "min", "1"),
    ],
)
def test_a_printed_number(text: str, number: str, unit: str, step: str) -> None:
    read = amount(text)
    assert read is not None
    assert (read.number, read.unit, read.step) == (Decimal(number), unit, Decimal(step))


@pytest.mark.parametrize(
    "text",
    [
        "", "n/a", "–", "3:25", "2024-01-02", "10–12", "Q3 2026", "1e5", "12,34,567", "Jan 5",
        "value: 55", "between 3 and 4", "1.2.3", "=1+1", "9" * 60, "x" * 5000, "NaN", "∞", "5 10",
    ],
)  # fmt: skip
def test_what_is_no_single_number(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "n/a", "N.A.", "None", "null", "not found", "Not visible.",
             "unreadable", "(not shown)", "value not found", "NaN", "?", "**not found**"],
)  # fmt: skip
def test_what_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "0 %", "none of them is 5", "55", "Green", "no change"])
def test_what_says_something(text: str) -> None:
    assert not says_nothing(text)


@given(st.text(max_size=200))
def test_no_text_fails(text: str) -> None:
    read = amount(text)
    says_nothing(text)
    if read is not None:
        assert read.number.is_finite()
        assert read.step > 0


@given(
    st.decimals(-(10**12), 10**12, allow_nan=False, places=3),
    st.sampled_from(["", " %", " kg", " €"]),
)
def test_what_is_printed_is_read_again(number: Decimal, unit: str) -> None:
    for text in (plain(number), grouped(number)):
        read = amount(f"{text}{unit}")
        # A lone comma before three digits is one of thousands, so 1,234 is never 1.234.
        assert read is not None
        assert read.number == number


@given(st.integers(0, 10**9), st.sampled_from(["$482k", "55 %", "12", "3.5M", "7 h", "€5"]))
def test_a_sum_in_the_unit_of_its_parts_is_read_again(number: int, like: str) -> None:
    model = amount(like)
    assert model is not None
    total = model.step * number
    read = amount(in_unit(total, model))
    assert read is not None
    assert (read.number, read.unit) == (total, model.unit)
