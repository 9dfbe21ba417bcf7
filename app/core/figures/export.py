"""Figures as CSV, tab-separated text, Markdown, HTML and an Excel workbook.

A cell that a spreadsheet would take for a formula is written as text: figures come from a model
that read somebody's picture.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.core.figures.amounts import Amount, amount, in_unit, plain
from app.core.figures.values import CheckState, Figure, FigureTable

HEAD = (
    "Group", "Figure", "Value", "Unit", "As printed", "Check", "Second reading", "Rating", "Remark",
)  # fmt: skip
WORDS: dict[CheckState, str] = {
    "unchecked": "Unchecked",
    "confirmed": "Confirmed",
    "differs": "Differs",
    "not found": "Not found",
    "computed": "Computed",
    "by hand": "By hand",
}
_STARTS_FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UNSAFE_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
LONGEST_CELL = 32_000  # characters; Excel takes 32,767
EXACT_DIGITS = 15  # what a spreadsheet's number holds

Cell = str


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that might be gets an apostrophe."""
    if _PLAIN_NUMBER.fullmatch(text) or not _STARTS_FORMULA.match(text):
        return text
    return f"'{text}"


def rows(figures: Sequence[Figure]) -> list[tuple[Cell, ...]]:
    """A row for each figure, as in `HEAD`; numbers without separators, unguarded."""
    return [_row(figure) for figure in figures]


def _row(figure: Figure) -> tuple[Cell, ...]:
    read = amount(figure.value)
    number, unit = ("", "") if read is None else _number_and_unit(read)
    second = figure.second
    return (
        figure.group,
        figure.label,
        number if read is not None else figure.value,
        unit,
        figure.value,
        WORDS[figure.state],
        "" if second is None else second.value or "nothing found",
        figure.rating,
        _remark(figure),
    )


def _number_and_unit(read: Amount) -> tuple[str, str]:
    """The number with its scale multiplied out, so that columns can be added up."""
    return plain(read.number), read.unit


def _remark(figure: Figure) -> str:
    parts = [figure.formula, figure.remark]
    if figure.state == "by hand" and figure.first and figure.first != figure.value:
        parts.append(f"First reading {figure.first}.")
    return " ".join(part for part in parts if part)


def to_csv(figures: Sequence[Figure]) -> bytes:
    """UTF-8 with the mark that Excel needs, lines ended as RFC 4180 wants them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows(figures):
        writer.writerow([guarded(_one_line(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


SHORT_HEAD = ("Figure", "Value", "Check")


def short_rows(figures: Sequence[Figure]) -> list[tuple[Cell, ...]]:
    """What is copied: name, value as printed, state; the group before the name."""
    return [
        (
            f"{figure.group}: {figure.label}" if figure.group else figure.label,
            figure.value or "–",
            WORDS[figure.state],
        )
        for figure in figures
    ]


def to_tsv(figures: Sequence[Figure]) -> str:
    """Tabs between cells, as spreadsheets take them from the clipboard."""
    lines = [SHORT_HEAD, *short_rows(figures)]
    return "\n".join("\t".join(guarded(" ".join(cell.split())) for cell in line) for line in lines)


def to_markdown(figures: Sequence[Figure]) -> str:
    """A Markdown table, values to the right."""
    lines = ["| " + " | ".join(SHORT_HEAD) + " |", "| --- | --: | --- |"]
    for row in short_rows(figures):
        cells = (re.sub(r"([\\|`*_<>])", r"\\\1", " ".join(cell.split())) for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def to_html(figures: Sequence[Figure]) -> str:
    """An HTML table for the clipboard."""
    head = "".join(f"<th>{name}</th>" for name in SHORT_HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(guarded(cell))}</td>" for cell in row) + "</tr>"
        for row in short_rows(figures)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def to_xlsx(table: FigureTable, figures: Sequence[Figure]) -> bytes:
    """A workbook: one sheet with the figures, one that says where they are from.

    Values are numbers where they are exact as such; all else is text, never a formula.
    """
    # Imported here: it takes a while, and most runs never export.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Figures"
    lines = [HEAD, *rows(figures)]
    for at, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(at, column)
            number = _exact(text) if column == 3 and at > 1 else None
            if number is not None:
                cell.value = number
                cell.number_format = _format(text)
            elif text:
                cell.value = _safe(text)
                cell.data_type = "s"  # also where it begins with =
            if column == 3 and at > 1:
                cell.alignment = Alignment(horizontal="right")
    for column, width in enumerate((22, 28, 14, 10, 14, 12, 16, 20, 44)):
        sheet.column_dimensions["ABCDEFGHI"[column]].width = width
        sheet.cell(1, column + 1).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    about = book.create_sheet("About")
    for at, sentence in enumerate(_about(table), 1):
        about.cell(at, 1).value = _safe(sentence)
        about.cell(at, 1).data_type = "s"
    about.column_dimensions["A"].width = 100
    book.properties.creator = "Facet"
    book.properties.created = datetime.now(UTC).replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _exact(text: str) -> int | float | None:
    if not _PLAIN_NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if len(number.as_tuple().digits) > EXACT_DIGITS:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _format(text: str) -> str:
    places = len(text.partition(".")[2])
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _safe(text: str) -> str:
    return _UNSAFE_XML.sub(" ", text)[:LONGEST_CELL]


def _about(table: FigureTable) -> list[str]:
    lines = [f"Figures: {table.title}"]
    if table.model:
        lines.append(f"Read by {table.model} with Facet, on this computer.")
    lines += [
        "Confirmed: a second reading that did not know the first gave the same value.",
        "Differs: it gave another value. Not found: it found none.",
        "Computed: made by code from the values above. By hand: written or decided by a person.",
        "A value that is confirmed may still be wrong: both readings are by the same model.",
        *table.notes,
    ]
    return lines


def shown_sum(figures: Sequence[Figure]) -> str:
    """The sum of some chosen figures with their unit, "" when they cannot be added up."""
    read = [amount(figure.value) for figure in figures]
    if len(read) < 2 or any(each is None for each in read):
        return ""
    amounts = [each for each in read if each is not None]
    if len({each.unit for each in amounts}) != 1:
        return ""
    coarse = max(amounts, key=lambda each: each.step)
    return in_unit(sum((each.number for each in amounts), Decimal(0)), coarse)
