"""The Table tab: the grid, the chosen figure's card, what sums say, and what can be done."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.figures import FiguresViewModel
from app.widgets.announcing import announce
from app.widgets.controls import Button
from app.widgets.grid import saving
from app.widgets.grid.detail import DetailCard
from app.widgets.grid.frame import GridFrame
from app.widgets.grid.menus import export_menu, row_menu
from app.widgets.grid.parts import CheckProgress, Findings, NoFigures
from app.widgets.grid.view import FigureView
from app.widgets.paint import hairline
from app.widgets.theme import Theme

MARGIN, GAP, FOOTER = 14, 12, 56


class FigurePanel(QWidget):
    """The figures of the open conversation. `summary_changed` carries words for a tab."""

    summary_changed = Signal(str)

    def __init__(
        self, figures: FiguresViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figures, self._theme = figures, theme
        self._summary = ""
        self._said = ("", "")  # of which table, what
        self.setAccessibleName("Table of figures")
        self.view = FigureView(figures, theme)
        self.frame = GridFrame(self.view, theme, self)
        self.detail = DetailCard(figures, theme, self)
        self.findings = Findings(theme, self)
        self.empty = NoFigures(figures, theme, self)
        self.progress = CheckProgress(theme, self)
        self.copy = Button("Copy", theme, icon="copy", parent=self)
        self.copy.setAccessibleName("Copy the table")
        self.export = Button("Export", theme, icon="file-down", parent=self)
        self.export.setAccessibleName("Export the table to a file")
        self.check = Button("Check", theme, parent=self)
        self.actions_row = QWidget(self)
        self._is_drawer = False
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what there is."""
        figures = self._figures
        has_table = figures.table is not None
        for widget in (self.frame, self.actions_row):
            widget.setVisible(has_table)
        self.empty.setVisible(not has_table)
        self.empty.refresh()
        of_table, said = self._said
        is_said = bool(said) and (figures.table is None or figures.table.id == of_table)
        notes = (*([said] if is_said else []), *figures.notes)
        # A low panel has no room for what is as it should be; the rows say it as well.
        found = tuple(f for f in figures.findings if f.is_wrong or not self._is_drawer)
        self.findings.show_findings(found, notes)
        self.progress.show_status(figures.status if has_table else "", figures.share,
                                  figures.is_checking)  # fmt: skip
        self._show_check()
        if figures.summary != self._summary:
            self._summary = figures.summary
            self.summary_changed.emit(self._summary)

    def set_drawer(self, is_drawer: bool) -> None:
        """Low and wide below a canvas: the card beside the table, and no footer.

        `actions_row` is then the caller's to place, and comes back when this is undone.
        """
        if is_drawer != self._is_drawer:
            self._is_drawer = is_drawer
            self.detail.again.set_icon("" if is_drawer else "rotate-ccw")  # room for its words
            self._arrange()

    def save(self, ending: saving.Ending) -> None:
        """Ask for a place and write the table there."""
        path = saving.ask_path(self, self._figures.file_name, ending)
        if path is not None:
            self.save_to(path, ending)

    def save_to(self, path: Path, ending: saving.Ending) -> None:
        """Write the table and say what became of it."""
        problem = saving.write(path, self._figures.as_file(ending))
        self._say(problem or f"Written to {path.name}.")

    def copy_rows(self) -> None:
        """Copy the selected rows, or all when there is only a current one."""
        chosen = self.view.chosen_rows()
        rows = self._figures.copied(chosen if len(chosen) > 1 else ())
        if rows is not None:
            saving.copy(rows)

    def sizeHint(self) -> QSize:
        """The panel's usual width."""
        return QSize(self._theme.px(392), 600)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the line above the footer."""
        painter, tokens = QPainter(self), self._theme.tokens
        painter.fillRect(self.rect(), tokens.win)
        if self.actions_row.isVisible() and not self._is_drawer:
            hairline(painter, 0, self.actions_row.y() - 1, self.width(), tokens.line)

    def _say(self, text: str) -> None:
        table = self._figures.table
        self._said = (table.id if table is not None else "", text)
        announce(self, text)
        self.refresh()

    # --- parts -----------------------------------------------------------------------------------

    def _show_check(self) -> None:
        figures = self._figures
        table = figures.table
        self.check.setVisible(
            table is not None and (figures.is_checking or not figures.why_not_checked)
        )
        if table is None:
            return
        if figures.is_checking:
            text, icon, name = "Stop", "square", "Stop checking"
        elif figures.unchecked:
            count = figures.unchecked
            text = "Check figures" if count == len(table.figures) else f"Check {count} more"
            icon, name = "scan-eye", "Read the unchecked figures a second time"
        else:
            text, icon, name = "Check again", "rotate-ccw", "Read all figures a second time again"
        self.check.setText(text)
        self.check.set_icon(icon)
        self.check.setAccessibleName(name)
        is_next = bool(figures.unchecked) and not figures.is_checking and not self._is_deciding
        self.check.set_kind("filled" if is_next else "plain")

    @property
    def _is_deciding(self) -> bool:
        """Whether the card has the one filled button of the pane."""
        detail = self._figures.detail
        return detail is not None and bool(detail.keep)

    def _on_check(self) -> None:
        figures = self._figures
        if figures.is_checking:
            figures.stop()
        elif figures.unchecked or figures.table is None:
            figures.check()
        else:
            figures.check(tuple(figure.id for figure in figures.table.figures))

    def _show_row_menu(self, place: QPoint) -> None:
        menu = row_menu(self.view, self._figures, self._theme, self.copy_rows)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _show_export_menu(self) -> None:
        menu = export_menu(self, self._theme, self.save)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = self.export.mapToGlobal(QPoint(0, 0))
        menu.popup(QPoint(place.x(), place.y() - menu.sizeHint().height() - 4))

    def _connect(self) -> None:
        figures = self._figures
        figures.changed.connect(self.refresh)
        figures.chosen_changed.connect(self._show_check)
        figures.problem.connect(self._say)
        figures.announced.connect(lambda text, _: announce(self, text))
        self.check.clicked.connect(self._on_check)
        self.copy.clicked.connect(self.copy_rows)
        self.export.clicked.connect(self._show_export_menu)
        self.view.copy_asked.connect(self.copy_rows)
        self.view.undo_asked.connect(figures.undo)
        self.view.remove_asked.connect(self._remove)
        self.view.menu_asked.connect(self._show_row_menu)
        self.detail.menu_asked.connect(
            lambda button: self._show_row_menu(button.mapToGlobal(QPoint(0, button.height())))
        )

    def _remove(self) -> None:
        for row_id in self.view.chosen_rows():
            self._figures.remove(row_id)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.actions_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addWidget(self.export)
        row.addStretch()
        row.addWidget(self.check)
        self.actions_row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._box = QGridLayout(self)
        self._box.setHorizontalSpacing(GAP)
        self._box.setVerticalSpacing(0)
        self._arrange()

    def _arrange(self) -> None:
        """One below the other, or in a low, wide panel the card beside the table."""
        box = self._box
        for part in (self.frame, self.detail, self.findings, self.progress, self.empty):
            box.removeWidget(part)
        box.removeWidget(self.actions_row)
        for number in range(7):
            box.setRowStretch(number, 0)
            box.setRowMinimumHeight(number, 0)
        if self._is_drawer:
            box.setContentsMargins(MARGIN, 8, MARGIN, 8)
            box.addWidget(self.frame, 0, 0, 6, 1)
            for row, part in ((0, self.detail), (1, self.findings), (3, self.progress)):
                box.addWidget(part, row, 1)
            box.addWidget(self.empty, 0, 0, 6, 2)
            box.setRowStretch(2, 1)
            box.setColumnStretch(0, 13)
            box.setColumnStretch(1, 10)
            box.setVerticalSpacing(4)
            self.actions_row.setMinimumHeight(0)
        else:
            box.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
            for number, each in enumerate((self.frame, self.detail, self.findings, self.empty)):
                box.addWidget(each, number, 0)
            self.actions_row.setParent(self)
            box.addWidget(self.progress, 5, 0)
            box.addWidget(self.actions_row, 6, 0)
            box.setRowStretch(3, 1)
            box.setColumnStretch(1, 0)
            box.setVerticalSpacing(GAP)
            self.actions_row.setMinimumHeight(FOOTER - GAP // 2)
        self.refresh()
