"""Tools about tables: SQL over all of them, and the sum of one column."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from app.core.tools.naming import TableRef, found, tables
from app.core.tools.values import Outcome, Surroundings, ToolError

MOST_ROWS = 200


def queried(around: Surroundings, sql: str) -> Outcome:
    """The rows that one SELECT gives, as CSV."""
    known = tables(around)
    if not known:
        raise ToolError("The conversation has no tables.")
    first = next((table.attachment for table in known.values() if table.attachment), None)
    if around.files is None or first is None:
        raise ToolError("There is no table file in the conversation.")
    sources = tuple(
        (table.name, around.files.path(table.attachment), table.attachment.name, table.sheet)
        for table in known.values()
        if table.attachment is not None
    )
    inline = tuple((table.name, table.lines) for table in known.values() if table.lines)
    rest = (first.name, sources, inline, sql, MOST_ROWS)
    names, rows, has_more = around.files.run(first, "query_tables", rest)
    text = _as_csv(names, rows)
    more = f"Only the first {MOST_ROWS} rows are shown." if has_more else ""
    count = "" if has_more else f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}."
    return Outcome(f"{text}\n{more or count}")


def column_sum(around: Surroundings, table: str, column: str) -> Outcome:
    """The exact sum of a column of numbers."""
    ref = found(table, tables(around), "table")
    total, counted, missing, unit = _figures(around, ref, column)
    return Outcome(_with_unit(total, unit) + _rest(counted, missing))


def _figures(around: Surroundings, ref: TableRef, column: str) -> tuple[str, int, int, str]:
    if ref.attachment is None:
        from app.intake.tables.query import summed
        from app.intake.tables.rows import sheet_of

        return summed(sheet_of("", ref.lines), column)
    if around.files is None:
        raise ToolError("Files cannot be read here.")
    rest = (Path(ref.attachment.name).name, ref.sheet, column)
    answer: Any = around.files.run(ref.attachment, "column_figures", rest)
    total, counted, missing, unit = answer
    return str(total), int(counted), int(missing), str(unit)


def _with_unit(total: str, unit: str) -> str:
    return f"{total} %" if unit == "%" else f"{unit}{total}"


def _rest(counted: int, missing: int) -> str:
    """What a reader of the sum must know; nothing when every row has a number."""
    if not missing:
        return ""
    return f" (of {counted} values; {missing} rows have none)"


def _as_csv(names: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return made.getvalue().rstrip("\n")
