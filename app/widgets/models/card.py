"""A card with the copies of one size, and its heading."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.model_values import CopyView, SizeView
from app.widgets.buttons import Button
from app.widgets.labels import Label
from app.widgets.models.row import CopyRow
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

RADIUS = 10


class _Frame(QWidget):
    """The card itself: an edge, and hairlines between its rows."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Edge, ground, hairlines."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        round_rect(painter, QRectF(self.rect()), RADIUS, tokens.raised, tokens.line)
        for number in range(1, self.column.count()):
            item = self.column.itemAt(number)
            part = None if item is None else item.widget()
            if part is not None and not part.isHidden():
                hairline(painter, 1, part.geometry().top() - 1, self.width() - 2, tokens.line)


class SizeCard(QWidget):
    """Shows the copies that matter; the others come with a press."""

    acted = Signal(str, str)  # key, command

    def __init__(self, size: SizeView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_open = False
        self.rows: list[CopyRow] = []
        self._title = Label("", theme, "chat_heading")
        self._line = Label("", theme, "small", "text2", Qt.TextElideMode.ElideRight)
        self._licence = Label("", theme, "caption", "text3")
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 4, 0)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._line, 1)
        head.addWidget(self._licence)
        self._frame = _Frame(theme, self)
        self.more = Button("", theme, "quiet", "chevron-down", small=True)
        self.more.clicked.connect(self._toggle)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 0, 0, 0)
        foot.addWidget(self.more)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addLayout(head)
        column.addWidget(self._frame)
        column.addLayout(foot)
        self._size = size
        self.set_size(size)

    @property
    def size_view(self) -> SizeView:
        """What is shown."""
        return self._size

    def set_size(self, size: SizeView) -> None:
        """Another state; rows that stay keep the keyboard."""
        self._size = size
        self._title.setText(size.title)
        self._line.setText(size.line)
        self._licence.setText(size.licence)
        self.setAccessibleName(f"{size.title}. {size.line}")
        shown = [copy for copy in size.copies if copy.is_promoted or self._is_open]
        rest = len(size.copies) - sum(copy.is_promoted for copy in size.copies)
        self._show_rows(shown)
        self.more.setVisible(rest > 0)
        self.more.setText("Fewer" if self._is_open else f"{rest} more")
        words = "Show fewer" if self._is_open else f"Show {rest} more"
        self.more.setAccessibleName(f"{words} of {size.title}")
        self.more.set_icon("chevron-up" if self._is_open else "chevron-down")

    def row(self, key: str) -> CopyRow | None:
        """The row of a copy, if it is shown."""
        return next((row for row in self.rows if row.copy.key == key), None)

    def _show_rows(self, copies: list[CopyView]) -> None:
        if [row.copy.key for row in self.rows] != [copy.key for copy in copies]:
            self._rebuild(copies)
        for number, (row, copy) in enumerate(zip(self.rows, copies, strict=True)):
            row.is_first, row.is_last = number == 0, number == len(copies) - 1
            if row.copy != copy:
                row.set_copy(copy)
        self._frame.setVisible(bool(copies))
        self._frame.update()

    def _rebuild(self, copies: list[CopyView]) -> None:
        kept = {row.copy.key: row for row in self.rows}
        self.rows = []
        for copy in copies:
            row = kept.pop(copy.key, None)
            if row is None:
                row = CopyRow(copy, self._theme, self._frame)
                row.acted.connect(self.acted)
                row.left.connect(lambda step, at=row: self._step(at, step))
            self.rows.append(row)
        for gone in kept.values():
            self._frame.column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for row in self.rows:
            self._frame.column.removeWidget(row)
        for row in self.rows:
            self._frame.column.addWidget(row)
            row.show()

    def _step(self, row: CopyRow, by: int) -> None:
        at = self.rows.index(row) + by
        if 0 <= at < len(self.rows):
            self.rows[at].focus_like(row)

    def _toggle(self) -> None:
        self._is_open = not self._is_open
        self.set_size(self._size)
