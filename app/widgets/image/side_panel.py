"""The panel beside the canvas: the conversation, and the table of figures where there is one."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.widgets.controls import Label, Segmented
from app.widgets.paint import hairline
from app.widgets.theme import Theme

HEADER = 44
ANSWER, TABLE = 0, 1


@runtime_checkable
class Drawable(Protocol):
    """A table that can do with little height: its buttons then stand in the panel's header."""

    actions_row: QWidget

    def set_drawer(self, is_drawer: bool) -> None: ...


class SidePanel(QWidget):
    """Two tabs, Answer and Table, under one header; without a grid the answers alone."""

    def __init__(
        self, ask: QWidget, grid: QWidget | None, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tabs = Segmented("Result", ["Answer", "Table"], theme)
        self._summary = Label("", theme, "caption", "text2", elide=Qt.TextElideMode.ElideRight)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._header = _Header(theme, self)
        self._grid = grid
        self._is_drawer = False
        self._row = QHBoxLayout(self._header)
        self._row.setContentsMargins(14, 0, 14, 1)
        self._row.setSpacing(8)
        self._row.addWidget(self.tabs)
        self._row.addWidget(self._summary, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(ask)
        if grid is not None:
            self._stack.addWidget(grid)
        self._header.setVisible(grid is not None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        self.tabs.chosen.connect(self.show_tab)
        self.show_tab(ANSWER)

    @property
    def tab(self) -> int:
        """ANSWER or TABLE."""
        return self._stack.currentIndex()

    def show_tab(self, number: int) -> None:
        """Show the answers or the table."""
        if number < self._stack.count():
            self._stack.setCurrentIndex(number)
            self.tabs.set_index(number)
            self._place_actions()

    def set_drawer(self, is_drawer: bool) -> None:
        """Low and wide, or narrow and high."""
        self._is_drawer = is_drawer
        if isinstance(self._grid, Drawable):
            self._grid.set_drawer(is_drawer)
        self._place_actions()

    def _place_actions(self) -> None:
        """In a drawer the table's buttons stand beside the tabs, to leave the table its rows."""
        if self._is_drawer and isinstance(self._grid, Drawable):
            actions = self._grid.actions_row
            if actions.parentWidget() is not self._header:
                self._row.addWidget(actions)
            actions.setVisible(self.tab == TABLE)

    def set_summary(self, words: str) -> None:
        """Like "21 confirmed · 1 differs", beside the tabs."""
        self._summary.setText(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)


class _Header(QWidget):
    """The row with the tabs."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self._measure)
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def _measure(self) -> None:
        self.setFixedHeight(max(HEADER, self._theme.px(HEADER)))
        self.update()
