"""The sidebar's rows for Qt: sections and folders as headings, conversations under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.core.conversation import Hit
from app.viewmodels.values import Row, Section

ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
MIME_TYPE = "application/x-facet-conversation"

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """The label above a section; a folder's can be closed and dropped on."""

    title: str
    folder_id: str | None = None
    is_open: bool = True
    count: int = 0


Item = Heading | Row


class SidebarModel(QAbstractListModel):
    """Flattens sections. Signals say what the person did; the view-model decides."""

    renamed = Signal(str, str)  # conversation, title
    folder_renamed = Signal(str, str)
    dropped = Signal(str, object)  # conversation, folder or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._closed: set[str] = set()
        self._sections: Sequence[Section] = ()
        self.hits: dict[str, Hit] = {}

    def show_sections(self, sections: Sequence[Section], hits: Sequence[Hit] = ()) -> None:
        """Takes new sections. Without a change of order only the rows that differ are redrawn."""
        self._sections = sections
        self.hits = {hit.conversation_id: hit for hit in reversed(hits) if hit.turn_id}
        items = self._flattened()
        if [_identity(item) for item in items] != [_identity(item) for item in self._items]:
            self.beginResetModel()
            self._items = items
            self.endResetModel()
            return
        for number, (old, new) in enumerate(zip(self._items, items, strict=True)):
            if old != new:
                self._items[number] = new
                self.dataChanged.emit(self.index(number), self.index(number))

    def item(self, index: Index) -> Item | None:
        """What stands in a row."""
        return self._items[index.row()] if index.isValid() else None

    def is_heading(self, row: int) -> bool:
        """Whether a row is a heading; quicker than asking for its data."""
        return isinstance(self._items[row], Heading)

    def index_of(self, conversation_id: str) -> QModelIndex:
        """The first row of a conversation; an invalid index if it is not shown."""
        for number, item in enumerate(self._items):
            if isinstance(item, Row) and item.id == conversation_id:
                return self.index(number)
        return QModelIndex()

    def running(self) -> list[QModelIndex]:
        """Rows whose answer is being written."""
        return [
            self.index(number)
            for number, item in enumerate(self._items)
            if isinstance(item, Row) and item.is_running
        ]

    def set_folder_open(self, folder_id: str, is_open: bool) -> None:
        """Shows or hides the rows of a folder."""
        (self._closed.discard if is_open else self._closed.add)(folder_id)
        self.show_sections(self._sections, list(self.hits.values()))

    def index_of_folder(self, folder_id: str) -> QModelIndex:
        """The heading of a folder."""
        for number, item in enumerate(self._items):
            if isinstance(item, Heading) and item.folder_id == folder_id:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Headings and conversations."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Plain text for assistive technology; the item itself for the delegate."""
        item = self.item(index)
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(item)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(item, Row):
            return item.title
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A name typed in place. Empty ones change nothing."""
        item = self.item(index)
        title = str(value).strip()
        if item is None or role != Qt.ItemDataRole.EditRole or not title or title == item.title:
            return False
        if isinstance(item, Row):
            self.renamed.emit(item.id, title)
        elif item.folder_id is not None:
            self.folder_renamed.emit(item.folder_id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Conversations and folders can be walked to; headings of days only drawn."""
        item = self.item(index)
        flag = Qt.ItemFlag
        walked = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable
        if isinstance(item, Row):
            return walked | flag.ItemIsDragEnabled | flag.ItemIsDropEnabled
        if isinstance(item, Heading) and item.folder_id is not None:
            return walked | flag.ItemIsDropEnabled
        return flag.ItemIsDropEnabled if isinstance(item, Heading) else flag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """Conversations alone; files go to the window."""
        return [MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of the dragged conversations."""
        ids = [item.id for index in indexes if isinstance(item := self.item(index), Row)]
        data = QMimeData()
        data.setData(MIME_TYPE, "\n".join(ids).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """They move."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index
    ) -> bool:
        """On anything that stands for a folder or for none."""
        return data.hasFormat(MIME_TYPE) and self.item(parent) is not None

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index
    ) -> bool:
        """Into the folder that was dropped on, or out of all."""
        item = self.item(parent)
        if item is None or not data.hasFormat(MIME_TYPE):
            return False
        for conversation_id in bytes(data.data(MIME_TYPE).data()).decode().splitlines():
            self.dropped.emit(conversation_id, item.folder_id)
        return False  # true would let Qt remove the dragged row itself

    def _flattened(self) -> list[Item]:
        items: list[Item] = []
        for section in self._sections:
            is_open = section.folder_id is None or section.folder_id not in self._closed
            items.append(Heading(section.title, section.folder_id, is_open, len(section.rows)))
            if is_open:
                items.extend(section.rows)
        return items


def _identity(item: Item) -> tuple[str, str | None, bool]:
    if isinstance(item, Row):
        return (item.id, None, True)
    return (item.title, item.folder_id, item.is_open)


def _spoken(item: Item) -> str:
    if isinstance(item, Heading):
        if item.folder_id is None:
            return item.title
        state = "open" if item.is_open else "closed"
        return f"Folder {item.title}, {state}, {item.count} conversations"
    words = [item.title, item.caption]
    words += ["pinned"] if item.is_pinned else []
    words += ["answer running"] if item.is_running else []
    words += ["unread"] if item.is_unread else []
    return ", ".join(word for word in words if word)
