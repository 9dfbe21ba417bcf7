"""A table too large for a text document: a view with scroll bars, and the same in a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.markdown.blocks import Block, Table, plain
from app.markdown.tables import ROW_PAD, is_number
from app.widgets import copying
from app.widgets.controls import Button, Label
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}
WIDEST_COLUMN = 320
LONGEST = 500  # characters of a cell that are shown; copying takes all


class TableModel(QAbstractTableModel):
    """The texts of a table."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.table = Table((), (), ())

    def set_table(self, table: Table) -> None:
        """Another table, or the same with more rows."""
        old = self.table
        if old is table:
            return
        grown = len(table.rows) - len(old.rows)
        if old.head == table.head and grown > 0:
            self.beginInsertRows(QModelIndex(), len(old.rows), len(table.rows) - 1)
            self.table = table
            self.endInsertRows()
            return
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """Rows under the head."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(self.table.head)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip and alignment of a cell."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return plain(self.table.rows[index.row()][index.column()])[:LONGEST].replace("\n", " ")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[self.table.aligns[index.column()]] | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and index.column() == 0:
            is_name = not is_number(self.table.rows[index.row()][0])
            return self._theme.font("body_medium" if is_name else "body")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of columns, numbers of rows."""
        if orientation == Qt.Orientation.Horizontal and section < len(self.table.head):
            if role == Qt.ItemDataRole.DisplayRole:
                return plain(self.table.head[section])[:LONGEST]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN[self.table.aligns[section]] | Qt.AlignmentFlag.AlignVCenter
        return None


class TableView(QTableView):
    """Rows as in an answer; copying gives HTML and tab-separated values."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Table")
        self.setModel(TableModel(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMaximumSectionSize(4 * WIDEST_COLUMN)
        theme.changed.connect(self._restyle)
        self._restyle()

    def table_model(self) -> TableModel:
        """The model."""
        model = self.model()
        assert isinstance(model, TableModel)
        return model

    def set_table(self, table: Table) -> None:
        """Show a table; columns get their width from the first rows."""
        model = self.table_model()
        is_new = model.table.head != table.head
        model.set_table(table)
        if is_new:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the chosen rows, or all."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """The rows that are chosen, or the whole table."""
        table = self.table_model().table
        rows = sorted({index.row() for index in self.selectedIndexes()})
        if rows:
            table = Table(table.head, tuple(table.rows[row] for row in rows), table.aligns)
        QGuiApplication.clipboard().setMimeData(copying.mime((Block("table", table=table),)))

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        table = self.table_model().table
        pad = 2 * self._theme.px(14)
        room = max(80, self.viewport().width())
        widths = []
        for column in range(len(table.head)):
            texts = [plain(table.head[column]), *(plain(row[column]) for row in table.rows[:40])]
            widest = max(metrics.horizontalAdvance(text[:80]) for text in texts)
            widths.append(min(self._theme.px(WIDEST_COLUMN), widest + pad))
        spare = room - sum(widths)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width + max(0, spare // max(1, len(widths))))

    def _restyle(self) -> None:
        theme = self._theme
        self.setFont(theme.font("body"))
        self.horizontalHeader().setFont(theme.font("caption_bold"))
        height = self.fontMetrics().height() + 2 * theme.px(ROW_PAD)
        self.verticalHeader().setDefaultSectionSize(max(theme.px(30), height))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.tokens.win)
        palette.setColor(QPalette.ColorRole.Text, theme.tokens.text)
        self.setPalette(palette)


class TableBlock(QWidget):
    """A large table within an answer: some rows, scrolling inside, and a line about them."""

    opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view = TableView(theme, self)
        self._size = Label("", theme, "caption", "text3", parent=self)
        self._open = Button("Open", theme, "quiet", "table-2", small=True, parent=self)
        self._open.setAccessibleName("Open the table in a window")
        self._copy = Button("Copy", theme, "quiet", "copy", small=True, parent=self)
        self._copy.setAccessibleName("Copy the table")
        self._open.clicked.connect(lambda: self.opened.emit(self.view.table_model().table))
        self._copy.clicked.connect(self._copy_all)
        self.installEventFilter(self)

    def set_table(self, table: Table) -> None:
        """Show this table."""
        self.view.set_table(table)
        self._size.setText(f"{len(table.rows):,} rows · {len(table.head):,} columns")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lays its parts out when it gets another size."""
        if watched is self and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        foot = max(self._theme.px(30), self._open.sizeHint().height() + 6)
        width, height = self.width(), self.height()
        self.view.setGeometry(1, 1, width - 2, height - foot - 2)
        left = width - 6
        for button in (self._open, self._copy):
            size = button.sizeHint()
            left -= size.width()
            button.setGeometry(left, height - foot + (foot - size.height()) // 2, *size.toTuple())
        label = self._size.sizeHint()
        self._size.setGeometry(
            self._theme.px(12), height - foot + (foot - label.height()) // 2, left - 20,
            label.height(),
        )  # fmt: skip
        self.view._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        round_rect(painter, QRectF(self.rect()), 9, tokens.win, tokens.line)
        hairline(painter, 0, self.view.geometry().bottom() + 1, self.width(), tokens.line)

    def _copy_all(self) -> None:
        self.view.clearSelection()
        self.view.copy()


class TableSheet(QDialog):
    """One table in a window of its own."""

    def __init__(
        self,
        table: Table,
        theme: Theme,
        parent: QWidget | None = None,
        on_check: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_check = on_check
        self.setWindowTitle("Table")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 600)
        self.view = TableView(theme)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 12)
        box.addWidget(self.view)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(
            Label(
                f"{len(table.rows):,} rows · {len(table.head):,} columns", theme, "caption", "text3"
            )
        )
        row.addStretch()
        self.words = Label("", theme, "small", "text2")
        row.addWidget(self.words)
        self.check = Button("Check figures", theme, icon="scan-eye")
        self.check.setVisible(on_check is not None)
        self.check.clicked.connect(self._check)
        row.addWidget(self.check)
        copy = Button("Copy", theme, icon="copy")
        close = Button("Close", theme)
        copy.clicked.connect(self.view.copy)
        close.clicked.connect(self.close)
        row.addWidget(copy)
        row.addWidget(close)
        box.addLayout(row)
        self.view.set_table(table)

    def _check(self) -> None:
        if self._on_check is not None and self._on_check():
            self.close()
        else:
            self.words.setText("This table holds no figures.")
