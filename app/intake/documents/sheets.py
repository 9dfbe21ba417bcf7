"""Excel files: each sheet as lines of values, as they were last calculated."""

from __future__ import annotations

import csv
import io
import warnings
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl

from app.intake.documents.archive import Archive
from app.intake.documents.pages import MOST_PAGES, Undrawn, damaged
from app.intake.wording import quoted
from inference import MediaError

MOST_ROWS, MOST_COLUMNS = 5_000, 200
LONGEST_SHEET = 60_000  # characters


class SheetPages(Undrawn):
    """An open Excel file."""

    word = "Sheet"
    kind = "sheets"

    def __init__(self, path: Path, shown: Path) -> None:
        """`shown` is the name for sentences. Raises MediaError."""
        super().__init__(shown)
        archive = Archive(path, shown)  # its limits, before anything is loaded
        try:
            if "xl/workbook.xml" not in archive:
                raise damaged(shown, "it is no Excel file")
            self.notes = archive.undrawn()
            archive.check_prologs()
        finally:
            archive.close()
        self._open = ExitStack()
        try:
            # By handles: the library judges files by their names.
            self._book = loaded(self._open.enter_context(path.open("rb")), are_values=True)
            self._open.callback(self._book.close)
            self._formulas = loaded(self._open.enter_context(path.open("rb")), are_values=False)
            self._open.callback(self._formulas.close)
        except Exception as error:  # whatever a foreign file does to the library
            self._open.close()
            raise damaged(shown) from error
        titles = [sheet.title for sheet in self._book.worksheets]
        self._names = titles[:MOST_PAGES]
        if len(titles) > MOST_PAGES:
            self._note(f"only the first {MOST_PAGES:,} of {len(titles):,} sheets of "
                       f"{quoted(shown)} read.")  # fmt: skip
        if not self._names:
            self.close()
            raise damaged(shown, "it has no sheets")

    @property
    def count(self) -> int:
        """Its sheets."""
        return len(self._names)

    def label(self, number: int) -> str:
        """Like "Sheet 2, Costs"."""
        return f"Sheet {number}, {self._names[number - 1]}"

    def text(self, number: int) -> str:
        """Lines with commas; empty rows and columns at the end are left out."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self._lines(number)
        except MediaError:
            raise
        except Exception as error:
            raise damaged(self._path, f"sheet {number} cannot be read") from error

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def _lines(self, number: int) -> str:
        values, formulas = (
            book.worksheets[number - 1].iter_rows(values_only=True, max_col=MOST_COLUMNS)
            for book in (self._book, self._formulas)
        )
        columns = self._book.worksheets[number - 1].max_column or 0
        if columns > MOST_COLUMNS:
            self._note(f"only the first {MOST_COLUMNS} of {columns:,} columns of "
                       f"{self.label(number)} in {quoted(self._path)} sent.")  # fmt: skip
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\n")
        empty = 0
        for place, (row, written) in enumerate(zip(values, formulas, strict=False)):
            if place >= MOST_ROWS or made.tell() > LONGEST_SHEET:
                self._note(f"only the first {place:,} rows of {self.label(number)} in "
                           f"{quoted(self._path)} sent.")  # fmt: skip
                break
            # A formula that was never calculated is sent as it is written.
            cells = [
                as_text(formula if cell is None else cell)
                for cell, formula in zip(row, written, strict=False)
            ]
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                empty += 1
                continue
            for _ in range(min(empty, 1) if made.tell() else 0):
                made.write("\n")
            empty = 0
            writer.writerow(cells)
        return made.getvalue().strip("\n")

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes = (*self.notes, note)


def loaded(file: BinaryIO, *, are_values: bool) -> openpyxl.Workbook:
    """An open workbook, read row by row: values as last calculated, or formulas."""
    with warnings.catch_warnings():  # of things that we do not use
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(file, read_only=True, data_only=are_values)


def as_text(cell: Any) -> str:
    """A cell on one line."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return f"{cell:.10g}"
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
        case date() | time():
            return cell.isoformat()
    return " ".join(str(cell).split())
