"""CSV files and the sheets of Excel files as named columns of text."""

from __future__ import annotations

import csv
import io
import itertools
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.intake.charset import decode
from app.intake.source import open_source
from app.intake.wording import quoted
from inference import MediaError

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
MOST_SHEETS = 50
LONGEST_CELL = 10_000  # characters
LARGEST_BYTES = 100_000_000
EXCEL = (".xlsx", ".xlsm")
_SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: column names, all different, and rows of as many texts, "" for nothing.

    `title` is the sheet's name, "" for a file that holds one table only.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def read_sheets(path: Path, name: str) -> tuple[Sheet, ...]:
    """The tables of a file, by the ending of `name`. Raises MediaError."""
    if Path(name).suffix.lower() in EXCEL:
        return _excel(path, Path(name))
    return (_separated(path, Path(name)),)


def sheet_of(title: str, lines: Iterable[Iterable[str]]) -> Sheet:
    """A table from its lines; the first that holds anything names the columns."""
    given = iter(_filled(lines))
    head = next(given, ())
    width = min(len(head), MOST_COLUMNS)
    notes: list[str] = []
    if len(head) > MOST_COLUMNS:
        notes.append(f"only the first {MOST_COLUMNS} of {len(head):,} columns are read")
    rows: list[tuple[str, ...]] = []
    most = min(MOST_ROWS, MOST_CELLS // max(1, width))
    for line in given:
        if len(rows) == most:
            notes.append(f"only the first {most:,} rows are read")
            break
        cells = [cell[:LONGEST_CELL] for cell in line[:width]]
        rows.append(tuple(cells + [""] * (width - len(cells))))
    return Sheet(title, _named(head[:width]), tuple(rows), tuple(notes))


def _separated(path: Path, shown: Path) -> Sheet:
    open_source(path, LARGEST_BYTES)
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise MediaError(f"{quoted(shown)} is no table.", "Save it as CSV or Excel file.")
    text = decoded.text.removeprefix("\ufeff")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, shown))
    try:
        sheet = sheet_of("", lines)
    except csv.Error as error:
        raise MediaError(
            f"{quoted(shown)} cannot be read as a table.", "Save it as CSV or Excel file."
        ) from error
    if not sheet.columns:
        raise MediaError(f"{quoted(shown)} holds no table.", "Choose another file.")
    return sheet


def _separator(text: str, shown: Path) -> str:
    """The sign that stands most often in each of the first lines, as often in one as in another."""
    if shown.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    lines = [line for line in itertools.islice(text.splitlines(), 20) if line.strip()]
    best, most = ",", 0
    for sign in _SEPARATORS:
        counts = [len(next(csv.reader([line], delimiter=sign), ())) - 1 for line in lines]
        least = min(counts, default=0)
        score = least * 1000 + (1 if len(set(counts)) == 1 else 0)
        if least and score > most:
            best, most = sign, score
    return best


def _excel(path: Path, shown: Path) -> tuple[Sheet, ...]:
    from app.intake.documents.archive import Archive
    from app.intake.documents.pages import damaged
    from app.intake.documents.sheets import as_text, loaded

    archive = Archive(path, shown)  # its limits, before anything is loaded
    try:
        if "xl/workbook.xml" not in archive:
            raise damaged(shown, "it is no Excel file")
        archive.check_prologs()
    finally:
        archive.close()
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = loaded(file, are_values=True)
            made = []
            for page in book.worksheets[:MOST_SHEETS]:
                cells = page.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
                made.append(sheet_of(page.title, (map(as_text, row) for row in cells)))
            book.close()
    except Exception as error:  # whatever a foreign file does to the library
        raise damaged(shown) from error
    return tuple(made)


def _filled(lines: Iterable[Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Lines that hold anything, without empty cells at their end and space around texts."""
    for line in lines:
        cells = [cell.strip() for cell in line]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield tuple(cells)


def _named(head: Iterable[str]) -> tuple[str, ...]:
    """Column names, none empty, all different in whatever case they are written."""
    names: list[str] = []
    taken: set[str] = set()
    for place, text in enumerate(head, start=1):
        base = " ".join(text.split())[:100] or f"column {place}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
