"""Files and clipboard: complete, exact, and never a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.figures.export import guarded, to_csv, to_html, to_markdown, to_tsv, to_xlsx
from app.core.figures.values import Figure, FigureTable, SecondReading

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    " =1",
    "=HYPERLINK(1)",
]
FIGURES = (
    Figure(
        "1", "Revenue", "$482k", "Trend", "confirmed", "good", "$482k", None, SecondReading("$482k")
    ),
    Figure("2", "Quality", "55 %", "", "differs", first="55 %", second=SecondReading("53 %")),
    Figure("3", "Sites", "", "", "not found", first="14", second=SecondReading("")),
    Figure("4", "Loss", "-5", "", "by hand", first="5"),
    Figure("sum", "Sum", "482", "Trend", "computed", formula="Sum of A, B."),
)


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_is_complete_and_its_numbers_are_numbers() -> None:
    rows = rows_of(to_csv(FIGURES))
    assert rows[1] == ["Trend", "Revenue", "482000", "$", "$482k", "Confirmed", "$482k", "good", ""]
    assert rows[2][5:7] == ["Differs", "53 %"]
    assert rows[3][5:7] == ["Not found", "nothing found"]
    assert rows[4][2] == "-5"
    assert rows[4][8] == "First reading 5."
    assert rows[5][5] == "Computed"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    figure = Figure("1", text, text, text, "unchecked", text, remark=text)
    for cell in rows_of(to_csv([figure]))[1]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_copied_cell_is_a_formula(text: str) -> None:
    figure = Figure("1", text, text)
    for line in to_tsv([figure]).splitlines():
        for cell in line.split("\t"):
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert "<td>=" not in to_html([figure])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    figure = Figure("1", text, text, text, "unchecked", text, remark=text)
    table = FigureTable("t", text, (figure,), notes=(text,))
    book = load_workbook(io.BytesIO(to_xlsx(table, table.figures)))
    types = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in types
    assert book["Figures"]["B2"].value.strip() == text.strip()


def test_a_workbook_holds_numbers_as_numbers() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(FigureTable("t", "Q3", FIGURES, model="E4B"), FIGURES)))
    sheet = book["Figures"]
    assert sheet["C2"].value == 482000
    assert sheet["C3"].value == 55
    assert sheet["D3"].value == "%"
    assert sheet["E3"].value == "55 %"
    assert sheet["C4"].value is None
    assert "may still be wrong" in " ".join(str(row[0].value) for row in book["About"])


def test_a_number_too_long_for_a_spreadsheet_stays_text() -> None:
    figure = Figure("1", "n", "12345678901234567890")
    book = load_workbook(io.BytesIO(to_xlsx(FigureTable("t", "x"), [figure])))
    assert book["Figures"]["C2"].value == "12345678901234567890"


def test_markdown_escapes_bars() -> None:
    assert "a \\| b" in to_markdown([Figure("1", "a | b", "1")])


def test_html_escapes_tags() -> None:
    assert "<script>" not in to_html([Figure("1", "<script>", "<b>")])


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_written(label: str, value: str) -> None:
    figure = Figure("1", label, value, label)
    rows = rows_of(to_csv([figure]))
    assert len(rows) == 2
    assert to_tsv([figure]).count("\n") == 1
    to_markdown([figure])


@given(st.text(st.characters(codec=None), max_size=20))
def test_any_text_can_be_put_into_a_workbook(text: str) -> None:
    figure = Figure("1", text, text)
    assert load_workbook(io.BytesIO(to_xlsx(FigureTable("t", text), [figure])))


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9999, max_value=9999)
)
def test_plain_numbers_stay_numbers(number: object) -> None:
    assert guarded(f"{number}") == f"{number}"
