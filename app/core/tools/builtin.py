"""Facet's own tools. Their declarations are made from the functions of this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.conversation import ToolClass
from app.core.tools import files, tables
from app.core.tools.calculator import calculate as worked_out
from app.core.tools.dates import between, moved, now_said
from app.core.tools.declare import declaration
from app.core.tools.units import convert
from app.core.tools.values import Arguments, Outcome, Say, Surroundings, ToolSpec

_Tool = Callable[..., Outcome]


def calculate(around: Surroundings, expression: str) -> Outcome:
    """Work out an expression exactly. Use it for every calculation.

    Args:
        expression: An expression such as 12 * 7, (3 + 4) / 2, 20 % * 50, sqrt(2) or sum(1, 2, 3)
    """
    del around
    return Outcome(worked_out(expression))


def current_time(around: Surroundings, time_zone: str | None = None) -> Outcome:
    """The date, weekday and time of now.

    Args:
        time_zone: Such as Europe/Berlin; without it the user's own
    """
    return Outcome(now_said(around.now(), time_zone or ""))


def date_difference(around: Surroundings, start: str, end: str) -> Outcome:
    """How long it is from one day to another, and which weekdays they are.

    Args:
        start: A date such as 2026-11-24
        end: A date such as 2027-01-01
    """
    del around
    return Outcome(between(start, end))


def add_to_date(
    around: Surroundings,
    date: str,
    days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
    years: int | None = None,
) -> Outcome:
    """The day that comes so much later; negative numbers go back.

    Args:
        date: A date such as 2026-11-24
    """
    del around
    return Outcome(moved(date, days or 0, weeks or 0, months or 0, years or 0))


def convert_unit(around: Surroundings, value: float, unit: str, to: str) -> Outcome:
    """Convert a value from one unit of measurement to another. It knows no currencies.

    Args:
        value: The number
        unit: Such as km/h, m^2, degC or kilogram
        to: The unit wanted
    """
    del around
    return Outcome(convert(f"{value:.15g}" if isinstance(value, float) else str(value), unit, to))


def list_files(around: Surroundings) -> Outcome:
    """List the files of this conversation, and the columns of every table."""
    return files.listed(around)


def read_page(around: Surroundings, file: str, page: int | None = None) -> Outcome:
    """Read the words of a page of an attached document or text.

    Args:
        file: The file's name
        page: From 1; without it the first
    """
    return files.page_read(around, file, 1 if page is None else int(page))


def look_at(
    around: Surroundings,
    file: str,
    page: int | None = None,
    box: list[int] | None = None,
    detail: int | None = None,
) -> Outcome:
    """Look at a page of a document or at a picture again, whole or a part of it enlarged.

    Args:
        file: The file's name
        page: From 1, of a document
        box: The part as [top, left, bottom, right] in thousandths of the picture
        detail: Soft tokens, one of 70, 140, 280, 560 or 1120
    """
    return files.looked_at(around, file, 1 if page is None else int(page), box or [], detail or 0)


def find_text(around: Surroundings, text: str, file: str | None = None) -> Outcome:
    """Find words in the attached documents and texts, with their pages.

    Args:
        text: The words to find
        file: The file's name; without it all are looked through
    """
    return files.found_in(around, text, file or "")


def sum_column(around: Surroundings, table: str, column: str) -> Outcome:
    """The exact sum of a column of an attached table.

    Args:
        table: The table's name
        column: The column's name
    """
    return tables.column_sum(around, table, column)


def query_table(around: Surroundings, sql: str) -> Outcome:
    """Ask about the attached tables in SQL. List the files first to learn their names.

    Args:
        sql: One SELECT as DuckDB writes it, with names of columns in double quotes
    """
    return tables.queried(around, sql)


def _said(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _page_said(arguments: Arguments) -> str:
    page = arguments.get("page")
    return f"page {page} of " if page is not None else ""


def _looks_said(arguments: Arguments) -> str:
    part = "a part of " if arguments.get("box") else ""
    return f"Look at {part}{_page_said(arguments)}{_said(arguments.get('file'))}"


def _find_said(arguments: Arguments) -> str:
    place = _said(arguments.get("file")) or "all files"
    return f"Find “{_said(arguments.get('text'))}” in {place}"


def _add_said(arguments: Arguments) -> str:
    steps = [f"{arguments[key]} {key}" for key in ("years", "months", "weeks", "days")
             if arguments.get(key)]  # fmt: skip
    return f"{_said(arguments.get('date'))} plus {', '.join(steps) or 'nothing'}"


def _words(pattern: str) -> Say:
    """Words with the arguments in their places."""

    def say(arguments: Arguments) -> str:
        return pattern.format_map(_Said(arguments))

    return say


class _Said(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


_ALL: tuple[tuple[_Tool, str, str, ToolClass, Say], ...] = (
    (calculate, "Calculator", "Works out expressions exactly.", "pure",
     _words("Work out {expression}")),
    (current_time, "Date and time", "Tells what day and time it is.", "pure",
     lambda a: f"Look at the clock{' in ' + _said(a['time_zone']) if a.get('time_zone') else ''}"),
    (date_difference, "Days between", "Counts the days between two dates.", "pure",
     _words("Count from {start} to {end}")),
    (add_to_date, "Day after", "Adds days, weeks, months or years to a date.", "pure", _add_said),
    (convert_unit, "Units", "Converts between units of measurement.", "pure",
     _words("Convert {value} {unit} to {to}")),
    (list_files, "List of files", "Lists the files of the conversation and their tables.", "read",
     lambda _a: "List the files and tables of this conversation"),
    (read_page, "Read a page", "Reads the words of a page of an attached file.", "read",
     lambda a: f"Read {_page_said(a)}{_said(a.get('file'))}"),
    (look_at, "Look at a page", "Looks at a page or picture again, whole or in part.", "read",
     _looks_said),
    (find_text, "Find", "Finds words in the attached files.", "read", _find_said),
    (sum_column, "Sum of a column", "Adds up a column of an attached table.", "read",
     _words("Add up the column {column} of {table}")),
    (query_table, "Table query", "Asks about attached tables in SQL. It can change nothing.",
     "read", _words("Ask the tables: {sql}")),
)  # fmt: skip


def builtin_tools() -> dict[str, ToolSpec]:
    """Facet's own tools by name, in the order in which they are shown."""
    return {spec.name: spec for spec in (_spec(*each) for each in _ALL)}


def _spec(function: _Tool, title: str, purpose: str, tool_class: ToolClass, say: Say) -> ToolSpec:
    def run(arguments: Arguments, around: Surroundings) -> Outcome:
        return function(around, **arguments)

    return ToolSpec(declaration(function, leaves_out=("around",)), title, purpose, tool_class,
                    run, say)  # fmt: skip
