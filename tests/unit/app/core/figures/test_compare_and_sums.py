"""Second readings against first ones; sums, shares and changes in exact decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.figures.compare import value_of, verdict
from app.core.figures.sums import computed, percent, share_of
from app.core.figures.values import Figure


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("55 %", "55 %"),
        ("**55%**", "55%"),
        ("55.", "55"),
        ("The value of Quality is 55 %.", "55 %"),
        ("Quality: 53%", "53%"),
        ("Quality shows 53 %.\nIt is low.", "53 %"),
        ("```\n53 %\n```", "53 %"),
        ('{"value": 4}', "4"),
        ("On track", "On track"),
        ("not found", ""),
        ("Not found.", ""),
        ("I cannot find that label.", ""),
        ("There is no such value in the picture.", ""),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_the_value_in_an_answer(answer: str, value: str) -> None:
    assert value_of(answer) == value


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("55 %", "55%", "confirmed"),
        ("55 %", "55", "confirmed"),
        ("$482k", "$482,026", "confirmed"),
        ("1.2M", "1,249,000", "confirmed"),
        ("0.5", ".50", "confirmed"),
        ("Green", "green.", "confirmed"),
        ("12 min", "12 minutes", "confirmed"),
        ("55 %", "53 %", "differs"),
        ("480", "482", "differs"),
        ("1.2M", "1,251,000", "differs"),
        ("5 min", "5 h", "differs"),
        ("$5", "€5", "differs"),
        ("55", "-55", "differs"),
        ("55 k", "55 M", "differs"),
        ("55", "Green", "differs"),
        ("", "55", "differs"),
        ("55", "", "not found"),
        ("55", "n/a", "not found"),
    ],
)
def test_two_readings(first: str, second: str, expected: str) -> None:
    assert verdict(first, second) == expected


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_other_numbers_are_never_confirmed(first: int, second: int) -> None:
    expected = "confirmed" if first == second else "differs"
    assert verdict(str(first), str(second)) == expected
    assert (
        verdict(f"{first} %", f"The value is {second} %.".removeprefix("The value is ")) == expected
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_readings_fail(first: str, second: str) -> None:
    assert verdict(first, value_of(second)) in ("confirmed", "differs", "not found")


def figures(group: str, *rows: tuple[str, str]) -> list[Figure]:
    return [Figure(f"{group}{n}", label, value, group) for n, (label, value) in enumerate(rows)]


def test_shares_add_up() -> None:
    mix = figures("Revenue mix", ("A", "40 %"), ("B", "25 %"), ("C", "15 %"), ("D", "20 %"))
    made = computed(mix)
    assert [(row.label, row.value, row.state) for row in made.figures] == [
        ("Total", "100 %", "computed")
    ]
    assert made.findings[0].text == "The shares of Revenue mix add up to 100 %."


def test_shares_that_rounding_moved() -> None:
    made = computed(figures("Mix", ("A", "33 %"), ("B", "33 %"), ("C", "33 %")))
    assert made.findings[0].text == "The shares of Mix add up to 99 %, as rounding allows."
    assert not made.findings[0].is_wrong


def test_shares_that_do_not_add_up() -> None:
    made = computed(figures("Mix", ("A", "33 %"), ("B", "33 %"), ("C", "30 %")))
    assert made.findings[0].text == "The shares of Mix add up to 96 %, not to 100 %."
    assert made.findings[0].is_wrong


def test_targets_in_per_cent_are_no_shares() -> None:
    made = computed(figures("Targets met", ("A", "70 %"), ("B", "55 %"), ("C", "50 %")))
    assert made.figures == ()


def test_a_printed_total_is_checked_and_not_added_to_itself() -> None:
    rows = (("Jan", "10"), ("Feb", "26"), ("Mar", "41"))
    right = computed(figures("Units", *rows, ("Total", "77")))
    assert right.figures[0].value == "77"
    assert right.findings[0].text == "Total 77 agrees with the sum of its values."
    wrong = computed(figures("Units", *rows, ("Total", "87")))
    assert wrong.findings[0].is_wrong
    assert wrong.findings[0].text == "Total says 87; the values add up to 77."


def test_the_change_of_a_row_of_months() -> None:
    made = computed(figures("Units", ("Jan", "10"), ("Feb", "26"), ("Mar", "41")))
    assert [(r.label, r.value) for r in made.figures] == [
        ("Sum", "77"),
        ("Jan to Mar", "+310 %"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (("A", "1 h"), ("B", "2 kg")),
        (("A", "1"), ("B", "green")),
        (("A", "1"),),
        (("A", ""), ("B", "2")),
    ],
)
def test_what_cannot_be_added_up_is_not(rows: tuple[tuple[str, str], ...]) -> None:
    assert computed(figures("G", *rows)).figures == ()


def test_averages_are_not_added_up() -> None:
    assert computed(figures("Average order", ("A", "10"), ("B", "20"))).figures == ()


def test_key_figures_side_by_side_are_not_added_up() -> None:
    mixed = [
        *figures("", ("Index", "57"), ("Sites", "14")),
        *figures("Mix", ("A", "60 %"), ("B", "40 %")),
    ]
    assert [row.group for row in computed(mixed).figures] == ["Mix"]


def test_exact_decimals() -> None:
    tenths = figures("Amounts", *((f"p{n}", "0.1") for n in range(10)))
    assert computed(tenths).figures[0].value == "1"
    money = figures("Money", ("A", "$1.2M"), ("B", "$300k"))
    assert computed(money).figures[0].value == "$1.5M"


def test_shares_of_a_sum() -> None:
    rows = figures("Units", ("A", "1"), ("B", "2"))
    assert [share_of(row, rows) for row in rows] == ["33.3 %", "66.7 %"]


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=12))
def test_sums_agree_with_integers(values: list[int]) -> None:
    made = computed(figures("Units sold", *((f"part {n}", str(v)) for n, v in enumerate(values))))
    assert Decimal(made.figures[0].value.replace(",", "")) == sum(values)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_percent_is_within_half_a_tenth(part: int, whole: int) -> None:
    said = Decimal(percent(Decimal(part), Decimal(whole)).replace(",", ""))
    assert abs(said * whole - 100 * part) <= Decimal("0.05") * whole
