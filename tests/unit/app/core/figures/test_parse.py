"""Figures out of answers: tidy, sloppy and hostile ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.figures.parse import MOST_FIGURES, figures_of
from app.core.figures.tables import find_json, find_tables
from tests.fakes.hostile_answers import hostile_answers


def read(answer: str) -> list[tuple[str, str, str]]:
    return [(f.group, f.label, f.value) for f in figures_of(answer)]


def test_the_demonstration_models_table() -> None:
    answer = "| Label | Value |\n| --- | --- |\n| Mon | 240 |\n| Tue | 315 |"
    assert read(answer) == [("", "Mon", "240"), ("", "Tue", "315")]


def test_chart_by_chart_with_a_rating() -> None:
    answer = """\
## Charts
| Chart | KPI | Value | Rating |
|:------|:----|------:|--------|
| **Monthly trend** | Jan | 10k | good |
|  | Feb | `26k` | good |
| Mix | A \\| B | *40 %* | watch |

## Scorecard
| Area | State | Why |
|---|---|---|
| Sales | good | It rises. |
"""
    found = figures_of(answer)
    assert [(f.group, f.label, f.value, f.rating) for f in found] == [
        ("Monthly trend", "Jan", "10k", "good"),
        ("Monthly trend", "Feb", "26k", "good"),
        ("Mix", "A | B", "40 %", "watch"),
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # no separator, no headings
        ("| A | 1 |\n| B | 2 |", [("", "A", "1"), ("", "B", "2")]),
        # no outer bars
        ("Name | Value\n--- | ---\nA | 1", [("", "A", "1")]),
        # ragged rows
        ("| N | Value | Note |\n|-|-|-|\n| A | 1 |\n| B | 2 | x | y |",
         [("", "A", "1"), ("", "B", "2")]),
        # several values in a row
        ("| Month | Revenue (k$) | Orders |\n|-|-|-|\n| Jan | 10 | 3 |",
         [("Jan", "Revenue (k$)", "10 k$"), ("Jan", "Orders", "3")]),
        # a unit in its own column, and numbers that only count rows
        ("| # | KPI | Value | Unit |\n|-|-|-|-|\n| 1 | Speed | 5 | km/h |",
         [("", "Speed", "5 km/h")]),
        # years name rows
        ("| Year | Sales |\n|-|-|\n| 2024 | 2 |\n| 2025 | 4 |",
         [("", "2024", "2"), ("", "2025", "4")]),
        # what is not there is kept, empty
        ("| KPI | Value |\n|-|-|\n| Sites | n/a |", [("", "Sites", "")]),
        # in a code fence, with tags
        ("```\n| KPI | Value |\n|-|-|\n| <b>A</b> | 1<br>% |\n```", [("", "A", "1 %")]),
        # said twice
        ("| K | Value |\n|-|-|\n| A | 1 |\n\nAgain:\n\n| K | Value |\n|-|-|\n| A | 1 |",
         [("", "A", "1")]),
        # words only
        ("| Area | Why |\n|-|-|\n| Sales | It rises. |", []),
        ("a | b is no table", []),
    ],
)  # fmt: skip
def test_tables_as_models_write_them(answer: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('{"Mon": 240, "Tue": 315.50, "Unit": "12%"}',
         [("", "Mon", "240"), ("", "Tue", "315.50"), ("", "Unit", "12%")]),
        ('Here:\n```json\n{"Mon": 240,}\n```\nDone.', [("", "Mon", "240")]),
        ('{"charts": [{"title": "Trend", "values": [{"label": "Jan", "value": 10, "unit": "k"}]}]}',
         [("Trend", "Jan", "10 k")]),
        ('[{"chart": "Mix", "kpi": "A", "value": "40 %"}]', [("Mix", "A", "40 %")]),
        # cut off: what may have lost digits is not taken
        ('{"charts":[{"title":"T","values":[{"label":"Jan","value":10},{"label":"Feb","value":26',
         [("T", "Jan", "10")]),
        ('{"Sites": null, "ok": true}', [("", "Sites", "")]),
        ('{"a": 1, "a": 2}', [("", "a", "1"), ("", "a (2)", "2")]),
        ("[1, 2.0]", [("", "Value 1", "1"), ("", "Value 2", "2.0")]),
        ('{"x": NaN}', [("", "x", "")]),
        ("{" * 5000, []),
        ("[" * 5000 + "]" * 5000, []),
        ('{"n": ' + "9" * 6000 + "}", [("", "n", "9" * 400)]),
    ],
)  # fmt: skip
def test_json_as_models_write_it(answer: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(answer) == expected


cells = st.text(
    st.characters(exclude_characters="|\\\n\r`*_<>&~[]()!#-:", exclude_categories=("C", "Z")),
    min_size=1,
    max_size=12,
)


@given(
    st.lists(st.tuples(cells, st.integers(-(10**6), 10**6)), min_size=1, max_size=8,
             unique_by=lambda row: row[0]),
)  # fmt: skip
def test_a_table_written_out_is_read_again(rows: list[tuple[str, int]]) -> None:
    lines = [
        "| KPI | Value |",
        "| --- | ---: |",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    assert [(f.label, f.value) for f in figures_of("\n".join(lines))] == [
        (name, str(value)) for name, value in rows
    ]


@given(st.dictionaries(cells, st.integers(0, 10**6), min_size=1, max_size=8))
def test_an_object_written_out_is_read_again(values: dict[str, int]) -> None:
    kept = {k: v for k, v in values.items() if k.casefold() not in ("x", "y")}
    found = {f.label: f.value for f in figures_of(json.dumps(kept, ensure_ascii=False))}
    assert set(found.values()) <= {str(v) for v in kept.values()}
    assert len(found) >= len(kept) - 3  # names that mean a rating or a box are no figures


@given(st.text(st.sampled_from('|-:\\ \n{}[]",.0123abc%$`*#'), max_size=300))
def test_no_answer_fails(answer: str) -> None:
    for figure in figures_of(answer):
        assert "\n" not in figure.label + figure.value
    find_tables(answer)
    find_json(answer)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
        max_leaves=30,
    )
)
def test_no_json_fails(value: Any) -> None:
    figures_of(json.dumps(value))


def test_hostile_answers() -> None:
    for answer in hostile_answers():
        figures_of(answer)


def test_huge_tables_are_cut_not_followed_to_the_end() -> None:
    answer = "| K | Value |\n|-|-|\n" + "\n".join(f"| r{n} | {n} |" for n in range(30_000))
    assert len(figures_of(answer)) == MOST_FIGURES
