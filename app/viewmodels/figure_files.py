"""A table of figures as files and for the clipboard: which rows, in which order, what name."""

from __future__ import annotations

from app.core.figures import export
from app.core.figures.values import Figure, FigureTable
from app.viewmodels.figure_rows import findings_of, rows_of

LONGEST_NAME = 60


def exported(table: FigureTable) -> tuple[Figure, ...]:
    """Everything in the grid's order, computed rows included."""
    by_id = {f.id: f for f in (*table.figures, *findings_of(table).figures)}
    every = frozenset(f.group for f in table.figures)
    rows = rows_of(table, frozenset(), every, "", "")
    return tuple(by_id[row.id] for row in rows if row.kind != "group")


def copied(table: FigureTable, row_ids: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures of chosen rows, a group standing for all of its own; all for no rows."""
    every = exported(table)
    wanted = set(row_ids)
    chosen = tuple(f for f in every if f.id in wanted or (f.group and f.group in wanted))
    return chosen or every


def as_file(table: FigureTable, ending: str) -> bytes:
    """The table as a "csv" or "xlsx" file."""
    figures = exported(table)
    return export.to_xlsx(table, figures) if ending == "xlsx" else export.to_csv(figures)


def name_for(table: FigureTable) -> str:
    """A file name without its ending that every system takes."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in table.title)
    return " ".join(kept.split())[:LONGEST_NAME].strip() or "figures"
