"""The grid's rows for Qt: words to show, what may be edited, what assistive technology reads."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.viewmodels.figure_rows import GridRow
from app.viewmodels.figures import FiguresViewModel

Index = QModelIndex | QPersistentModelIndex
NUMBER, FIGURE, VALUE, CHECK = range(4)
HEADS = ("#", "Figure", "Value", "Check")


class FigureModel(QAbstractTableModel):
    """Follows the view-model. Rows that stay keep their index, so that editing goes on."""

    def __init__(self, figures: FiguresViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._figures = figures
        self.rows: tuple[GridRow, ...] = figures.rows()
        figures.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Take over the rows as they are now."""
        rows = self._figures.rows()
        if rows == self.rows:
            return
        if [row.id for row in rows] == [row.id for row in self.rows]:
            before, self.rows = self.rows, rows
            for at, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(at, 0), self.index(at, CHECK))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def place_of(self, row_id: str) -> int:
        """The number of the row with this id, -1 for none."""
        return next((at for at, row in enumerate(self.rows) if row.id == row_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """Groups, figures and computed rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number, figure, value, check."""
        return 0 if parent.isValid() else len(HEADS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names and values of figures may be edited, sums may not."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_cell = index.isValid() and index.column() in (FIGURE, VALUE)
        if is_cell and self.rows[index.row()].kind == "figure":
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, tooltips and what is read out."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        cells = (row.number, row.label, row.value, row.word)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return cells[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return (row.tip or None) if index.column() == CHECK else _name(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return cells[index.column()] or HEADS[index.column()]
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.tip if index.column() == CHECK else ""
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """What the person typed."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row = self.rows[index.row()]
        if row.kind != "figure" or str(value) == self.data(index):
            return False
        if index.column() == FIGURE:
            self._figures.rename(row.id, str(value))
        elif index.column() == VALUE:
            self._figures.edit(row.id, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of columns."""
        if orientation != Qt.Orientation.Horizontal or section >= len(HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ("Number", "Figure", "Value", "Check")[section]
        return None


def _name(row: GridRow) -> str:
    where = f"{row.group}: {row.label}" if row.group and row.kind == "figure" else row.label
    return f"{where} · {row.rating}" if row.rating else where
