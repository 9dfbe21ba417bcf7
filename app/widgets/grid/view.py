"""The table of figures: moving, editing, folding and copying by keyboard and pointer."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.viewmodels.figure_rows import GridRow
from app.viewmodels.figures import FiguresViewModel
from app.widgets.grid.delegate import PAD, ROW, FigureDelegate
from app.widgets.grid.header import FigureHeader
from app.widgets.grid.model import CHECK, FIGURE, HEADS, NUMBER, VALUE, FigureModel
from app.widgets.indicators import FRAMES_PER_S
from app.widgets.theme import Theme

NUMBER_PX, LEAST_NAME_PX, LEAST_VALUE_PX = 34, 84, 64
MEASURED = 400  # rows that columns are fitted to
MOST_VALUE_SHARE = 0.42  # of the width


class FigureView(QTableView):
    """Rows of figures. What it cannot do itself it says by signals."""

    copy_asked = Signal()
    menu_asked = Signal(QPoint)  # on the screen
    remove_asked = Signal()
    undo_asked = Signal()

    def __init__(
        self, figures: FiguresViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figures, self._theme = figures, theme
        self._is_following = False
        self._current = ("", FIGURE)  # row and column before the rows changed
        self.setAccessibleName("Figures")
        self.figure_model = FigureModel(figures, self)
        self.cells = FigureDelegate(theme, self)
        self.setModel(self.figure_model)
        self.setItemDelegate(self.cells)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalHeader(FigureHeader(theme, self))
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // FRAMES_PER_S)
        self._timer.timeout.connect(self._turn)
        self.figure_model.modelAboutToBeReset.connect(self._remember)
        self.figure_model.modelReset.connect(self._recall)
        self.figure_model.dataChanged.connect(self._on_rows_changed)
        figures.chosen_changed.connect(self.follow)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.follow()

    # --- which row -------------------------------------------------------------------------------

    def row_at(self, index: QModelIndex) -> GridRow | None:
        """The row under an index."""
        return self.figure_model.rows[index.row()] if index.isValid() else None

    def chosen_rows(self) -> tuple[str, ...]:
        """The ids of the selected rows, from the top."""
        places = sorted({index.row() for index in self.selectedIndexes()})
        return tuple(self.figure_model.rows[place].id for place in places)

    def follow(self) -> None:
        """Select the row that the view-model has chosen."""
        place = self.figure_model.place_of(self._figures.chosen)
        if place < 0:
            if not self._figures.chosen:
                self.clearSelection()
            return
        if self.currentIndex().row() == place and self.selectionModel().isRowSelected(place):
            return
        self._is_following = True
        column = max(FIGURE, self.currentIndex().column())
        self.selectionModel().setCurrentIndex(
            self.figure_model.index(place, column),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.scrollTo(self.currentIndex())
        self._is_following = False

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell the view-model which figure the card is about."""
        super().selectionChanged(selected, deselected)
        row = self.row_at(self.currentIndex())
        if row is not None and not self._is_following and self.chosen_rows():
            self._figures.choose("" if row.kind == "group" else row.id)

    # --- keys and pointer ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return edits or unfolds, arrows unfold, Delete removes, and the usual shortcuts."""
        if self.state() == QAbstractItemView.State.EditingState:
            return  # the field's own keys come by here as well
        row = self.row_at(self.currentIndex())
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif row is not None and row.kind == "group" and self._folds(row, key):
            self._figures.toggle(row.id)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and row is not None:
            self.edit_value(row.id) if self.currentIndex().column() != FIGURE else self.edit(
                self.currentIndex()
            )
        else:
            super().keyPressEvent(event)

    def edit_value(self, row_id: str) -> None:
        """Open the field over a figure's value."""
        self._edit(row_id, VALUE)

    def edit_name(self, row_id: str) -> None:
        """Open the field over a figure's name."""
        self._edit(row_id, FIGURE)

    def _edit(self, row_id: str, column: int) -> None:
        index = self.figure_model.index(self.figure_model.place_of(row_id), column)
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)

    def _folds(self, row: GridRow, key: int) -> bool:
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ahead = Qt.Key.Key_Left if is_mirrored else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if is_mirrored else Qt.Key.Key_Left
        either = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        return key in either or key == (back if row.is_open else ahead)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a group opens or closes it."""
        super().mouseReleaseEvent(event)
        row = self.row_at(self.indexAt(event.position().toPoint()))
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if row is not None and row.kind == "group" and is_plain:
            self._figures.toggle(row.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row under the pointer, or of the current one."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_asked.emit(self.viewport().mapToGlobal(corner))
        else:
            self.menu_asked.emit(event.globalPos())

    # --- sizes -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Number, value and check as wide as they need; the name takes the rest."""
        width, theme = self.viewport().width(), self._theme
        number, needed, check = self._needed()
        value = min(needed, int(width * MOST_VALUE_SHARE))
        least = theme.px(LEAST_NAME_PX)
        if width - number - value - check < least:  # a value that long is cut first
            value = max(theme.px(LEAST_VALUE_PX), width - number - check - least)
        sizes = (number, max(least, width - number - value - check), value, check)
        for column, size in enumerate(sizes):
            self.setColumnWidth(column, size)

    def least_width(self) -> int:
        """What the columns need across without long names and values, scroll bar included."""
        number, _, check = self._needed()
        name_and_value = self._theme.px(LEAST_NAME_PX) + self._theme.px(LEAST_VALUE_PX)
        return number + name_and_value + check + self.verticalScrollBar().sizeHint().width()

    def _needed(self) -> tuple[int, int, int]:
        """Widths of the columns of numbers, values and checks that hold all their words."""
        theme, rows = self._theme, self.figure_model.rows[:MEASURED]
        heads = self.horizontalHeader().fontMetrics()
        number, value, check = (
            max([heads.horizontalAdvance(HEADS[column]) + 2 * theme.px(PAD),
                 *(self.cells.width_of(row, column) for row in rows)])
            for column in (NUMBER, VALUE, CHECK)
        )  # fmt: skip
        return max(theme.px(NUMBER_PX), number - theme.px(PAD)), value, check

    def whole_height(self) -> int:
        """What all rows need down."""
        rows = self.figure_model.rowCount() * self.verticalHeader().defaultSectionSize()
        return int(self.horizontalHeader().sizeHint().height()) + rows

    def _remember(self) -> None:
        row = self.row_at(self.currentIndex())
        self._current = (row.id if row is not None else "", self.currentIndex().column())

    def _recall(self) -> None:
        """The same row is current in the new rows."""
        row_id, column = self._current
        place = self.figure_model.place_of(row_id) if row_id else -1
        if place >= 0:
            self._is_following = True
            self.setCurrentIndex(self.figure_model.index(place, column))
            self._is_following = False
        self._on_rows_changed()

    def _on_rows_changed(self, *_: object) -> None:
        self.fit()
        self.follow()
        is_turning = any(row.state == "checking" for row in self.figure_model.rows)
        if is_turning and not self._theme.is_motion_reduced:
            self._timer.start()
        else:
            self._timer.stop()
        self.updateGeometry()

    def _turn(self) -> None:
        self.cells.frame += 1
        for place, row in enumerate(self.figure_model.rows):
            if row.state == "checking":
                self.viewport().update(self.visualRect(self.figure_model.index(place, CHECK)))

    def _restyle(self) -> None:
        theme = self._theme
        self.setFont(theme.font("body"))
        height = max(theme.px(ROW), self.fontMetrics().height() + 2 * theme.px(6))
        self.verticalHeader().setDefaultSectionSize(height)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.tokens.win)
        palette.setColor(QPalette.ColorRole.Text, theme.tokens.text)
        self.setPalette(palette)
        self.fit()
        self.viewport().update()
