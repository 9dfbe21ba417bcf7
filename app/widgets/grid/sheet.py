"""Figures of a table in the chat, in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.core.figures.tables import RawTable
from app.markdown.blocks import Table, plain
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.figures import FiguresViewModel
from app.widgets.grid.panel import FigurePanel
from app.widgets.theme import Theme

WIDTH, HEIGHT = 460, 660


class FigureSheet(QDialog):
    """The checked grid of the table shown. Closing it lets a check go on."""

    def __init__(
        self, figures: FiguresViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Figures")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.panel = FigurePanel(figures, theme, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)


class TableChecker:
    """Makes figures of a table that stands in an answer and shows them where there is room."""

    def __init__(
        self, chat: ChatViewModel, figures: FiguresViewModel, theme: Theme, window: QWidget
    ) -> None:
        self._chat, self._figures, self._theme, self._window = chat, figures, theme, window

    def open(self, turn_id: str, table: Table) -> bool:
        """Show the figures of a table; False when it holds none."""
        if not self._figures.open_table(turn_id, raw(table)):
            return False
        if self._chat.pane != "image":  # its own tab is shown there
            FigureSheet(self._figures, self._theme, self._window).open()
        return True


def raw(table: Table) -> RawTable:
    """The table as plain text."""
    rows = tuple(tuple(plain(cell) for cell in row) for row in table.rows)
    return RawTable(tuple(plain(cell) for cell in table.head), rows)
