"""SQL about tables: an empty DuckDB in memory that can reach neither files nor the network.

Runs in the file reader's process, which is watched and ended. That process is the second wall;
the first are DuckDB's own switches, locked before a foreign word is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.intake.tables.rows import Sheet, read_sheets, sheet_of
from app.intake.tables.typed import Column, typed
from inference import MediaError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST_SQL = 4_000
LONGEST_VALUE = 2_000
MOST_TABLES = 20
# In this order: what forbids changes comes last.
_SWITCHES = (
    "SET threads = 1",
    "SET memory_limit = '512MB'",
    "SET temp_directory = ''",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
# (name for SQL, file, the file's own name, number of its sheet from 0)
Source = tuple[str, Path, str, int]
# (name for SQL, lines of it, the first one names the columns)
Inline = tuple[str, tuple[tuple[str, ...], ...]]


def table_facts(path: Path, name: str) -> tuple[tuple[Any, ...], ...]:
    """Of each table in a file: title, (column, kind, unit, doubt) for each, rows, notes.

    Raises MediaError.
    """
    found = []
    for sheet in read_sheets(path, name):
        columns = tuple(
            (title, column.kind, column.unit, column.doubt)
            for title, column in zip(sheet.columns, _columns(sheet), strict=True)
        )
        found.append((sheet.title, columns, len(sheet.rows), sheet.notes))
    return tuple(found)


def query_tables(
    path: Path, name: str, sources: tuple[Source, ...], inline: tuple[Inline, ...], sql: str,
    most_rows: int,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], bool]:  # fmt: skip
    """Column names, at most so many rows as text, and whether there are more.

    One SELECT about the named tables. `path` and `name` are of the first file, for the caller's
    sentences alone. Raises MediaError, whose message is made for the model as well.
    """
    del path, name
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        for switch in _SWITCHES:
            connection.execute(switch)
        statement = _one_select(connection, sql)
        for table, file, shown, number in sources[:MOST_TABLES]:
            _load(connection, table, _sheet(file, shown, number))
        for table, lines in inline[:MOST_TABLES]:
            _load(connection, table, sheet_of("", lines))
        done = connection.execute(statement)
        names = tuple(str(column[0]) for column in done.description or ())
        rows = done.fetchmany(most_rows + 1)
    except duckdb.OutOfMemoryException as error:
        raise MediaError("The query needs too much memory.", "Ask for less.") from error
    except duckdb.Error as error:
        raise MediaError(f"The query cannot be run: {_first_line(error)}") from error
    finally:
        connection.close()
    texts = tuple(tuple(map(_said, row)) for row in rows[:most_rows])
    return names, texts, len(rows) > most_rows


def column_figures(path: Path, name: str, number: int, column: str) -> tuple[str, int, int, str]:
    """Sum of a column of a file's sheet, how many values it has, how many are none, the unit.

    Raises MediaError when there is no such column, or it holds other than numbers.
    """
    return summed(_sheet(path, name, number), column)


def summed(sheet: Sheet, column: str) -> tuple[str, int, int, str]:
    """As `column_figures`, of a sheet that is read already."""
    wanted = " ".join(column.split()).casefold()
    places = [i for i, title in enumerate(sheet.columns) if title.casefold() == wanted]
    if not places:
        raise MediaError(
            f"There is no column {column[:80]!r}. The columns are: {', '.join(sheet.columns)}."
        )
    found = typed([row[places[0]] for row in sheet.rows])
    if found.kind != "number":
        raise MediaError(f"The column {sheet.columns[places[0]]!r} holds other than numbers.")
    values = [Decimal(value) for value in found.values if value is not None]
    total = sum(values, Decimal(0))
    return f"{total:f}", len(values), len(found.values) - len(values), found.unit


def _one_select(connection: DuckDBPyConnection, sql: str) -> Any:
    import duckdb

    if len(sql) > LONGEST_SQL:
        raise MediaError(f"The query is longer than {LONGEST_SQL:,} characters.")
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise MediaError("Only one SELECT can be run.")
    return statements[0]


@lru_cache(maxsize=8)
def _sheets(path: Path, name: str, stamp: tuple[int, int]) -> tuple[Sheet, ...]:
    del stamp
    return read_sheets(path, name)


def _sheet(path: Path, name: str, number: int) -> Sheet:
    status = path.stat()
    sheets = _sheets(path, name, (status.st_size, status.st_mtime_ns))
    if not 0 <= number < len(sheets):
        raise MediaError("There is no such table.")
    return sheets[number]


def _load(connection: DuckDBPyConnection, table: str, sheet: Sheet) -> None:
    columns = _columns(sheet)
    if not columns:
        return
    given = ", ".join(f"unnest(${i + 1}::VARCHAR[]) AS c{i}" for i in range(len(columns)))
    cast = ", ".join(
        f"CAST(c{i} AS {_sql_type(column)}) AS {_quoted(title)}"
        for i, (title, column) in enumerate(zip(sheet.columns, columns, strict=True))
    )
    connection.execute(
        f"CREATE TABLE {_quoted(table)} AS SELECT {cast} FROM (SELECT {given})",
        [list(column.values) for column in columns],
    )


def _columns(sheet: Sheet) -> list[Column]:
    return [typed(values) for values in _transposed(sheet.rows, len(sheet.columns))]


def _transposed(rows: Iterable[tuple[str, ...]], width: int) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
    return columns


def _sql_type(column: Column) -> str:
    if column.kind == "date":
        return "DATE"
    if column.kind == "text":
        return "VARCHAR"
    return "DOUBLE" if column.decimals is None else f"DECIMAL(38, {column.decimals})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case float():
            return f"{value:.12g}"
        case datetime() | date():
            return value.isoformat()
    return " ".join(str(value).split())[:LONGEST_VALUE]


def _first_line(error: Exception) -> str:
    """What DuckDB says, without its drawing of the place."""
    text = re.split(r"\n\s*\n|\nLINE ", str(error).strip(), maxsplit=1)[0]
    return " ".join(text.split())[:600]
