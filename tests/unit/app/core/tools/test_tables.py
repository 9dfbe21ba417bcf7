"""Questions about tables in SQL: right values, and no way out of the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.conversation import Attachment, ToolRecord
from app.core.tools.builtin import builtin_tools
from app.core.tools.calling import run
from app.core.tools.file_access import FileAccess
from app.core.tools.values import Surroundings
from tests.fakes.in_process import InProcess

TOOLS = builtin_tools()
SALES = "Month,Total,Note\nJan,1200,a\nFeb,1480.5,b\nMar,,c\n"


class Folder:
    """Files by their digest."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def blob(self, sha256: str) -> Path:
        """The one file there is."""
        assert sha256 == "0" * 64
        return self._path


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    file = Attachment("f", "text", "sales.csv", "0" * 64, len(SALES))
    return Surroundings((file,), files=FileAccess(Folder(path), InProcess(), lambda: False))


def called(around: Surroundings, name: str, **arguments: object) -> ToolRecord:
    """What comes of a call."""
    return run(ToolRecord(name, arguments), TOOLS[name], around)


def test_the_sum_is_exact_and_says_what_is_missing(around: Surroundings) -> None:
    done = called(around, "sum_column", table="sales", column="total")
    assert done.result == "2680.5 (of 2 values; 1 rows have none)"


def test_a_select_gives_rows(around: Surroundings) -> None:
    sql = 'SELECT "Month", "Total" FROM sales WHERE "Total" > 1300'
    assert called(around, "query_table", sql=sql).result == "Month,Total\nFeb,1480.5\n1 row."


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hosts')",
        "SELECT * FROM glob('/*')",
        "COPY sales TO '/tmp/out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH '/tmp/a.db'",
        "SET enable_external_access = true",
        "DROP TABLE sales",
        "DELETE FROM sales",
        "SELECT 1; SELECT 2",
        "PRAGMA database_list",
        "SELECT * FROM read_parquet('https://example.org/a.parquet')",
        "SELECT getenv('HOME')",
        "EXPORT DATABASE '/tmp/out'",
        "SELECT" + " 1," * 3000 + " 1",
    ],
)
def test_nothing_but_the_tables_can_be_reached(around: Surroundings, sql: str) -> None:
    done = called(around, "query_table", sql=sql)
    assert done.state == "failed", done.result
    assert "root" not in str(done.result)


def test_columns_and_tables_that_are_not_there(around: Surroundings) -> None:
    for arguments in ({"table": "costs", "column": "Total"}, {"table": "sales", "column": "Tax"}):
        done = called(around, "sum_column", **arguments)
        assert done.state == "failed"
        assert "There is no" in str(done.result)
    assert "holds other than numbers" in str(
        called(around, "sum_column", table="sales", column="Note").result
    )
