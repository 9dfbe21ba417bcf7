"""The left side: search, conversations in sections and folders, trash, new conversation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.library import LibraryViewModel
from app.viewmodels.values import Row
from app.widgets import icons
from app.widgets.buttons import IconButton
from app.widgets.control import Control
from app.widgets.labels import Hairline, Label
from app.widgets.mode_rows import ModeRows, Place
from app.widgets.paint import round_rect, vertical_hairline
from app.widgets.search_field import SearchField
from app.widgets.sidebar_list import SidebarList
from app.widgets.sidebar_model import Heading, SidebarModel
from app.widgets.theme import Theme

NARROWEST, WIDTH, WIDEST = 200, 240, 320
TOP_HEIGHT, FOOTER_HEIGHT = 52, 44


class RowButton(Control):
    """A whole row that can be pressed: an icon and a word."""

    ring_radius = 6.0

    def __init__(self, icon: str, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, theme, parent)
        self._icon = icon
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A row of the sidebar."""
        self.setFont(self.theme.font("body"))
        height = max(self.theme.px(28), self.fontMetrics().height() + 8)
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 48, height)

    def minimumSizeHint(self) -> QSize:
        """May be cut."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Hover ground, icon, words."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        if self.isDown() or self.is_hovered():
            round_rect(painter, rect, 6, tokens.pressed if self.isDown() else tokens.hover)
        px = self.theme.px(16)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.width() - 6 - px if is_mirrored else 6.0
        icons.draw(painter, self._icon, QRectF(left, 0, px, rect.height()), tokens.text2)
        painter.setFont(self.theme.font("body"))
        painter.setPen(tokens.text)
        room = rect.adjusted(8, 0, -14 - px, 0) if is_mirrored else rect.adjusted(14 + px, 0, -8, 0)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, text)


class Sidebar(QWidget):
    """Shows a library and calls its verbs."""

    hide_wanted = Signal()
    settings_wanted = Signal()
    export_wanted = Signal(str)
    purge_wanted = Signal(str)
    pane_wanted = Signal(str)
    hit_opened = Signal(str)  # what was searched for, after its conversation was opened

    def __init__(
        self,
        library: LibraryViewModel,
        theme: Theme,
        panes: Sequence[tuple[Place, QKeySequence]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._modes = ModeRows(panes, theme, self) if panes else None
        self._library = library
        self._theme = theme
        self._folders_before: set[str] | None = None
        self.rows = SidebarModel(self)
        self.list = SidebarList(self.rows, theme)
        self.search = SearchField("Search all conversations", "Search", theme)
        self._hide = IconButton("panel-left", "Hide the sidebar", theme)
        self._trash = IconButton("trash-2", "Show the trash", theme)
        self._trash.setCheckable(True)
        self._settings = IconButton("settings", "Settings", theme)
        self._new = RowButton("plus", "New conversation", theme)
        self._empty = Label("", theme, "small", "text3")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._connect()
        self._on_changed()

    def set_pane(self, pane: Place) -> None:
        """Which pane is shown."""
        if self._modes is not None:
            self._modes.set_current(pane)

    def focus_search(self) -> None:
        """Puts the keyboard into the search field."""
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.edit.selectAll()

    def rename(self, conversation_id: str) -> None:
        """Lets the person type another title in place."""
        if not self.list.rename(conversation_id):
            self.search.clear()
            self.list.rename(conversation_id)

    def name_next_folder(self) -> None:
        """Lets the person name the folder that is about to appear."""
        self._folders_before = {folder.id for folder in self._library.folders()}

    def fill_folders(self, menu: QMenu, row: Row) -> None:
        """The folders a conversation can go to; the one it is in is checked."""
        library = self._library
        for folder in library.folders():
            entry = _add(menu, folder.name, lambda f=folder.id: library.move(row.id, f))
            entry.setCheckable(True)
            entry.setChecked(folder.id == row.folder_id)
        if library.folders():
            menu.addSeparator()
        outside = _add(menu, "No folder", lambda: library.move(row.id, None))
        outside.setEnabled(row.folder_id is not None)

    def menu_for(self, item: Row | Heading) -> QMenu:
        """What can be done with a row. Everything here is in the menu bar as well."""
        menu = QMenu(self)
        if isinstance(item, Heading):
            self._fill_folder_menu(menu, item)
        elif self._library.is_trash_shown:
            _add(menu, "Restore", lambda: self._library.restore(item.id))
            _add(menu, "Delete for good…", lambda: self.purge_wanted.emit(item.id))
        else:
            self._fill_menu(menu, item)
        return menu

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline towards the content."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.side)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = 0 if is_mirrored else self.width() - 1
        vertical_hairline(painter, x, 0, self.height(), tokens.line)

    def sizeHint(self) -> QSize:
        """The width of a fresh window."""
        return QSize(WIDTH, 600)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 0, 8, 0)
        top.setSpacing(6)
        if self._modes is None:
            top.addWidget(self.search)
        else:
            top.addStretch(1)
        top.addWidget(self._hide)
        self._top = QWidget()
        self._top.setLayout(top)
        footer = QHBoxLayout()
        footer.setContentsMargins(10, 0, 8, 0)
        footer.setSpacing(2)
        footer.addWidget(self._new)
        footer.addWidget(self._trash)
        footer.addWidget(self._settings)
        self._footer = QWidget()
        self._footer.setLayout(footer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        if self._modes is not None:
            below = QHBoxLayout()
            below.setContentsMargins(10, 4, 10, 8)
            below.addWidget(self.search)
            column.addWidget(self._modes)
            column.addLayout(below)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(Hairline(self._theme))
        column.addWidget(self._footer)
        self._empty.setContentsMargins(16, 24, 16, 0)
        self._measure()

    def _measure(self) -> None:
        self._top.setFixedHeight(max(self._theme.px(TOP_HEIGHT), TOP_HEIGHT))
        self._footer.setFixedHeight(max(self._theme.px(FOOTER_HEIGHT), FOOTER_HEIGHT))
        self.update()

    def _connect(self) -> None:
        library = self._library
        library.changed.connect(self._on_changed)
        library.current_changed.connect(self.list.set_current_id)
        self._theme.changed.connect(self._measure)
        self.search.text_changed.connect(self._on_query)
        self.search.returned.connect(self.list.open_first)
        self.search.moved.connect(self._on_moved)
        self.search.left.connect(self.list.setFocus)
        self.list.opened.connect(self._on_opened)
        self.list.edited.connect(self._on_changed)
        self.list.trash_wanted.connect(self._on_trash)
        self.list.menu_wanted.connect(self._on_menu)
        self.list.left_upwards.connect(self.focus_search)
        self.rows.renamed.connect(library.rename)
        self.rows.folder_renamed.connect(library.rename_folder)
        self.rows.dropped.connect(library.move)
        self._new.clicked.connect(lambda: library.new_conversation())
        self._hide.clicked.connect(self.hide_wanted)
        if self._modes is not None:
            self._modes.chosen.connect(self.pane_wanted)
        self._settings.clicked.connect(self.settings_wanted)
        self._trash.toggled.connect(self._on_trash_shown)

    def _on_changed(self) -> None:
        if self.list.is_editing():  # new rows would take the field away; they come when it closes
            return
        library = self._library
        hits = library.hits if library.query else []
        self.rows.show_sections(library.sections(), hits)
        self.list.set_current_id(library.current_id)
        self._trash.setChecked(library.is_trash_shown)
        if not self.search.edit.hasFocus() and self.search.text != library.query:
            self.search.set_text(library.query)
        self._say_when_empty()
        self._name_new_folder()

    def _name_new_folder(self) -> None:
        if self._folders_before is None:
            return
        for folder in self._library.folders():
            if folder.id not in self._folders_before:
                self._folders_before = None
                self.list.rename_folder(folder.id)
                return

    def _say_when_empty(self) -> None:
        text = ""
        if not any(
            isinstance(self.rows.item(self.rows.index(n)), Row | Heading)
            for n in range(self.rows.rowCount())
        ):
            if self._library.query:
                text = f"Nothing with “{self._library.query}”"
            elif self._library.is_trash_shown:
                text = "The trash is empty"
            else:
                text = "Your conversations will be listed here"
        self._empty.setText(text)
        self._empty.setVisible(bool(text))

    def _on_query(self, text: str) -> None:
        self._library.query = text

    def _on_moved(self, by: int) -> None:
        if by > 0:
            self.list.focus_first()

    def _on_opened(self, conversation_id: str) -> None:
        hit = self.rows.hits.get(conversation_id)
        self._library.open(conversation_id)
        if hit is not None and hit.spans:
            start, end = hit.spans[0]
            self.hit_opened.emit(hit.snippet[start:end])

    def _on_trash(self, conversation_id: str) -> None:
        if self._library.is_trash_shown:
            self.purge_wanted.emit(conversation_id)
        else:
            self._library.trash(conversation_id)

    def _on_trash_shown(self, is_shown: bool) -> None:
        name = "Show the conversations" if is_shown else "Show the trash"
        self._trash.set_icon("trash-2", name)
        if self._library.is_trash_shown != is_shown:
            self._library.is_trash_shown = is_shown

    def _on_menu(self, item: Row | Heading, place: QPoint) -> None:
        menu = self.menu_for(item)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.popup(place)

    def _fill_menu(self, menu: QMenu, row: Row) -> None:
        library = self._library
        _add(menu, "Open", lambda: library.open(row.id))
        _add(menu, "Rename…", lambda: self.rename(row.id))
        pin = "Unpin" if row.is_pinned else "Pin"
        _add(menu, pin, lambda: library.set_pinned(row.id, not row.is_pinned))
        self.fill_folders(menu.addMenu("Move to folder"), row)
        menu.addSeparator()
        _add(menu, "Export report…", lambda: self.export_wanted.emit(row.id))
        menu.addSeparator()
        _add(menu, "Move to Trash", lambda: library.trash(row.id))

    def _fill_folder_menu(self, menu: QMenu, heading: Heading) -> None:
        folder_id = heading.folder_id
        if folder_id is None:
            return
        _add(menu, "Rename folder…", lambda: self.list.rename_folder(folder_id))
        _add(
            menu,
            "Remove folder, keep its conversations",
            lambda: self._library.remove_folder(folder_id),
        )


def _add(menu: QMenu, text: str, action: object) -> QAction:
    entry = menu.addAction(text)
    entry.triggered.connect(lambda _checked=False: action())  # type: ignore[operator]
    return entry
