"""Menus of the grid: what can be done to a row, and which files can be written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.viewmodels.figure_rows import GridRow
from app.viewmodels.figures import FiguresViewModel
from app.widgets import icons
from app.widgets.grid.saving import Ending
from app.widgets.grid.view import FigureView
from app.widgets.theme import Theme


def row_menu(
    view: FigureView, figures: FiguresViewModel, theme: Theme, copy: Callable[[], None]
) -> QMenu:
    """The menu of the current row."""
    menu = QMenu("Figure", view)
    row = view.row_at(view.currentIndex())
    is_figure = row is not None and row.kind == "figure"

    def add(text: str, icon: str, act: Callable[[], object], enabled: bool = True) -> None:
        action = QAction(icons.icon(icon, theme), text, menu)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: act())
        menu.addAction(action)

    row_id = row.id if row is not None else ""
    add("Edit value", "pencil", lambda: view.edit_value(row_id), is_figure)
    add("Rename", "pencil", lambda: view.edit_name(row_id), is_figure)
    add("Read again", "rotate-ccw", lambda: figures.check(read_ids(row, figures)),
        bool(read_ids(row, figures)) and not figures.why_not_checked)  # fmt: skip
    menu.addSeparator()
    add("Add a row below", "plus", lambda: view.edit_name(figures.add(row_id)))
    add("Remove row", "trash-2", lambda: figures.remove(row_id), is_figure)
    add("Undo", "undo-2", figures.undo, figures.can_undo)
    menu.addSeparator()
    add("Copy rows", "copy", copy)
    return menu


def read_ids(row: GridRow | None, figures: FiguresViewModel) -> tuple[str, ...]:
    """The figures that reading a row again means: its own, or all of its group."""
    table = figures.table
    if row is None or table is None or row.kind == "computed":
        return ()
    if row.kind == "group":
        return tuple(f.id for f in table.figures if f.group == row.group)
    return (row.id,)


def export_menu(parent: QWidget, theme: Theme, save: Callable[[Ending], None]) -> QMenu:
    """Which kind of file; `save` gets its ending."""
    menu = QMenu("Export", parent)
    kinds: tuple[tuple[str, Ending, str], ...] = (
        ("Excel workbook…", "xlsx", "file-spreadsheet"),
        ("CSV file…", "csv", "file-text"),
    )
    for text, ending, icon in kinds:
        action = QAction(icons.icon(icon, theme), text, menu)
        action.triggered.connect(lambda _checked=False, ending=ending: save(ending))
        menu.addAction(action)
    return menu
