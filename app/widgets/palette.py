"""The command palette: type a few letters, press Return. Commands, conversations, models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.widgets import icons
from app.widgets.announcing import announce
from app.widgets.fuzzy import match
from app.widgets.labels import Label
from app.widgets.paint import round_rect
from app.widgets.popover import Popover
from app.widgets.search_field import SearchField
from app.widgets.sidebar_model import Index
from app.widgets.theme import Theme

WIDTH, ROW_HEIGHT, MOST_ROWS_SHOWN, MOST_FOUND = 560, 34, 10, 60
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be done. `kind` says what it is, `detail` stands at the right."""

    text: str
    run: Callable[[], object]
    kind: str = "Command"
    detail: str = ""
    icon: str = ""
    words: str = ""  # found by these as well


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the letters that were found in it."""

    entry: Entry
    places: tuple[int, ...] = ()


def find(entries: Sequence[Entry], typed: str) -> list[Found]:
    """The entries that fit, best first; their order where nothing is typed."""
    if not typed.strip():
        return [Found(entry) for entry in entries[:MOST_FOUND]]
    scored: list[tuple[float, int, Found]] = []
    for number, entry in enumerate(entries):
        direct = match(typed, entry.text)
        by_words = match(typed, entry.words) if entry.words and direct is None else None
        if direct is not None:
            scored.append((direct[0], -number, Found(entry, direct[1])))
        elif by_words is not None:
            scored.append((by_words[0] - 10, -number, Found(entry)))
    scored.sort(key=lambda item: (item[0], item[1]), reverse=True)
    return [found for _, _, found in scored[:MOST_FOUND]]


class _FoundModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[Found] = []

    def show_found(self, found: list[Found]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        found = self.found[index.row()]
        if role == ENTRY_ROLE:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (found.entry.text, found.entry.kind, found.entry.detail)
            return ", ".join(part for part in parts if part)
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(ENTRY_ROLE)
        if not isinstance(found, Found):
            return
        tokens = self._theme.tokens
        area: QRect = option.rect
        view = self.parent()
        is_current = isinstance(view, QListView) and view.currentIndex() == index
        rect = QRectF(area)
        painter.save()
        if is_current:
            round_rect(painter, rect, 6, tokens.sel)
        is_mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        px = self._theme.px(16)
        left = rect.right() - 10 - px if is_mirrored else rect.left() + 10
        if found.entry.icon:
            box = QRectF(left, rect.top(), px, rect.height())
            icons.draw(painter, found.entry.icon, box, tokens.text2)
        font = self._theme.font("small")
        painter.setFont(font)
        painter.setPen(tokens.text2)
        detail = found.entry.detail
        width = QFontMetrics(font).horizontalAdvance(detail)
        inner = (
            rect.adjusted(10, 0, -20 - px, 0) if is_mirrored else rect.adjusted(20 + px, 0, -10, 0)
        )
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignTrailing, detail)
        room = (
            inner.adjusted(width + 12, 0, 0, 0)
            if is_mirrored
            else inner.adjusted(0, 0, -width - 12, 0)
        )
        self._paint_text(painter, room, found)
        painter.restore()

    def _paint_text(self, painter: QPainter, room: QRectF, found: Found) -> None:
        font = self._theme.font("body")
        metrics = QFontMetrics(font)
        text = metrics.elidedText(
            found.entry.text, Qt.TextElideMode.ElideRight, int(room.width()) - 4
        )
        layout = QTextLayout(text, font)
        formats = []
        for place in found.places:
            if place < len(text):
                part = QTextLayout.FormatRange()
                part.start, part.length = place, 1
                part.format.setFontWeight(QFont.Weight.DemiBold)
                part.format.setForeground(self._theme.tokens.acc)
                formats.append(part)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room.width())
        layout.endLayout()
        painter.setPen(self._theme.tokens.text)
        layout.draw(painter, room.topLeft() + QPointF(0, (room.height() - line.height()) / 2))


class Palette(Popover):
    """Opens over the window with the entries of that moment."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, "Command palette", theme, width=WIDTH)
        self._entries: Sequence[Entry] = ()
        self.field = SearchField("Command, conversation or model", "Type a command", theme)
        self._model = _FoundModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(theme, self.list))
        self.list.setAccessibleName("Found")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = Label("", theme, "small", "text2")
        self.body.setSpacing(6)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.body.addWidget(self._nothing)
        self.field.text_changed.connect(self._on_text)
        self.field.returned.connect(lambda _shift: self._run(self.list.currentIndex().row()))
        self.field.moved.connect(self._move)
        self.field.left.connect(self.close_card)
        self.list.clicked.connect(lambda index: self._run(index.row()))
        theme.changed.connect(self._restyle)
        self._restyle()

    def open_with(self, entries: Sequence[Entry]) -> None:
        """Shows the palette with nothing typed."""
        self._entries = entries
        self.field.clear()
        self._on_text("")
        self.open_under(None)

    def found(self) -> list[str]:
        """What is listed now."""
        return [found.entry.text for found in self._model.found]

    def _on_text(self, typed: str) -> None:
        self._model.show_found(find(self._entries, typed))
        count = self._model.rowCount()
        self.list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self._nothing.setText(f"Nothing with “{typed}”")
        self._nothing.setContentsMargins(10, 4, 10, 8)
        self.list.setCurrentIndex(self._model.index(0, 0))
        rows = min(max(count, 1), MOST_ROWS_SHOWN)
        self.list.setFixedHeight(rows * self.theme.px(ROW_HEIGHT))
        self.place()
        if typed:
            self._announce()

    def _move(self, by: int) -> None:
        count = self._model.rowCount()
        if count:
            row = (self.list.currentIndex().row() + by) % count
            self.list.setCurrentIndex(self._model.index(row, 0))
            self.list.viewport().update()
            self._announce()

    def _announce(self) -> None:
        """The field keeps the keyboard, so that the list has to be read out."""
        spoken = self.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        announce(self.field.edit, str(spoken or self._nothing.text()))

    def _run(self, row: int) -> None:
        if 0 <= row < self._model.rowCount():
            entry = self._model.found[row].entry
            self.close_card()  # first, so that the focus is where the command expects it
            entry.run()

    def _restyle(self) -> None:
        palette = QPalette(self.list.palette())
        palette.setColor(QPalette.ColorRole.Base, self.theme.tokens.raised)
        self.list.setPalette(palette)
