"""The list of conversations: walked by arrows, opened by Return or a click, dragged, renamed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPalette, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.viewmodels.values import Row
from app.widgets.control import KEYBOARD_REASONS
from app.widgets.indicators import FRAMES_PER_S
from app.widgets.sidebar_delegate import SidebarDelegate
from app.widgets.sidebar_model import Heading, SidebarModel
from app.widgets.theme import Theme


class SidebarList(QListView):
    """Says what the person did with a row; changes nothing itself but which folders are open."""

    opened = Signal(str)
    menu_wanted = Signal(object, QPoint)  # Row or Heading, place on the screen
    trash_wanted = Signal(str)
    left_upwards = Signal()
    edited = Signal()  # the field over a name was closed

    def __init__(self, model: SidebarModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._delegate = SidebarDelegate(theme, self)
        self._spin = QTimer(self)
        self._spin.setInterval(1000 // FRAMES_PER_S)
        self._spin.timeout.connect(self._on_spin)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        # Later, when the view has left the state of editing.
        self._delegate.closeEditor.connect(lambda: QTimer.singleShot(0, self, self.edited.emit))
        self.setAccessibleName("Conversations")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(True)  # a drop lands on a row, never between two
        self.setDropIndicatorShown(True)
        theme.changed.connect(self._restyle)
        model.modelReset.connect(self._on_rows_changed)
        model.dataChanged.connect(self._on_rows_changed)
        self._restyle()

    def set_current_id(self, conversation_id: str) -> None:
        """Marks the open conversation and brings it into view."""
        self._delegate.current_id = conversation_id
        index = self._rows.index_of(conversation_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def rename(self, conversation_id: str) -> bool:
        """Opens the field over a title; False if the row is not shown."""
        return self._edit(self._rows.index_of(conversation_id))

    def rename_folder(self, folder_id: str) -> bool:
        """Opens the field over a folder's name."""
        return self._edit(self._rows.index_of_folder(folder_id))

    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def focus_first(self) -> None:
        """Goes to the first row that can be opened."""
        for number in range(self._rows.rowCount()):
            index = self._rows.index(number)
            if isinstance(self._rows.item(index), Row):
                self.setCurrentIndex(index)
                break
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def open_first(self) -> None:
        """Opens the first conversation, as Return in the search field does."""
        for number in range(self._rows.rowCount()):
            item = self._rows.item(self._rows.index(number))
            if isinstance(item, Row):
                self.opened.emit(item.id)
                return

    def step(self, by: int, from_id: str) -> None:
        """Opens the conversation before or after another one."""
        at = self._rows.index_of(from_id).row() + by
        while 0 <= at < self._rows.rowCount():
            item = self._rows.item(self._rows.index(at))
            if isinstance(item, Row):
                self.opened.emit(item.id)
                return
            at += by

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, Left and Right close and open folders, Up from the top leaves."""
        index = self.currentIndex()
        item = self._rows.item(index)
        key = event.key()
        self._show_ring(True)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item is not None:
            self._activate(index)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and isinstance(item, Heading):
            is_open = (key == Qt.Key.Key_Right) != (
                self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            )
            self._set_open(item, is_open)
        elif key == Qt.Key.Key_Up and self._is_first(index):
            self.left_upwards.emit()
        elif key == Qt.Key.Key_Delete and isinstance(item, Row):
            self.trash_wanted.emit(item.id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The ring is for the keyboard only."""
        self._show_ring(False)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens; the end of a drag does not come here."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index == self.currentIndex():
            self._activate(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click renames."""
        self._edit(self.indexAt(event.position().toPoint()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse under the pointer, by the keyboard under the row."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        item = self._rows.item(index)
        if item is None:
            return
        place = event.globalPos()
        if not by_mouse:
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        self.menu_wanted.emit(item, place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows which row the keyboard is on."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.focus_first()
        self._show_ring(event.reason() in KEYBOARD_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes the ring away."""
        super().focusOutEvent(event)
        self._show_ring(False)

    def _activate(self, index: QModelIndex) -> None:
        item = self._rows.item(index)
        if isinstance(item, Row):
            self.opened.emit(item.id)
        elif isinstance(item, Heading):
            self._set_open(item, not item.is_open)

    def _set_open(self, heading: Heading, is_open: bool) -> None:
        if heading.folder_id is not None and heading.is_open != is_open:
            self._rows.set_folder_open(heading.folder_id, is_open)
            self.setCurrentIndex(self._rows.index_of_folder(heading.folder_id))

    def _edit(self, index: QModelIndex) -> bool:
        if not index.isValid():
            return False
        self.scrollTo(index)
        self.setCurrentIndex(index)
        self.edit(index)
        return True

    def _is_first(self, index: QModelIndex) -> bool:
        walked = Qt.ItemFlag.ItemIsSelectable
        return not any(
            self._rows.flags(self._rows.index(number)) & walked for number in range(index.row())
        )

    def _show_ring(self, is_shown: bool) -> None:
        self._delegate.is_ring_shown = is_shown
        self.viewport().update()

    def _on_rows_changed(self) -> None:
        if self._rows.running():
            self._spin.start()
        else:
            self._spin.stop()
        index = self._rows.index_of(self._delegate.current_id)
        if index.isValid() and not self.currentIndex().isValid():
            self.setCurrentIndex(index)

    def _on_spin(self) -> None:
        if self._theme.is_motion_reduced:
            return
        self._delegate.frame += 1
        for index in self._rows.running():
            self.viewport().update(self.visualRect(index))

    def _restyle(self) -> None:
        self._delegate.measure()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, self._theme.tokens.side)
        palette.setColor(QPalette.ColorRole.Text, self._theme.tokens.text)
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
