"""The pages of a document: thumbnails with check boxes, a range, how each is sent, the cost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QIcon,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.core.page_choice import PageMode
from app.core.pyramid import Pixels
from app.viewmodels.pages import PagesViewModel, PageView
from app.viewmodels.words import count
from app.widgets import icons
from app.widgets.controls import IconButton, Label, Segmented
from app.widgets.paint import hairline, vertical_hairline
from app.widgets.theme import Theme

MODES: tuple[tuple[PageMode, str], ...] = (
    ("text", "Text"),
    ("picture", "Picture"),
    ("both", "Both"),
)
_NAMES = dict(MODES)
THUMBNAIL = QSize(48, 62)
HEADER = 44
Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class PageModel(QAbstractListModel):
    """A row for each page: its picture, its words, whether it is sent."""

    refused = Signal()

    def __init__(self, vm: PagesViewModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._pages: tuple[PageView, ...] = ()
        vm.changed.connect(self.refresh)
        vm.thumbnail_arrived.connect(self._on_thumbnail)
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen now; rows stay where only their words changed."""
        pages = self._vm.pages()
        if len(pages) != len(self._pages):
            self.beginResetModel()
            self._pages = pages
            self.endResetModel()
        elif pages != self._pages:
            self._pages = pages
            self.dataChanged.emit(self.index(0), self.index(len(pages) - 1))

    def page(self, row: int) -> PageView:
        """The page of a row."""
        return self._pages[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Every page."""
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        """What is shown, and what is read aloud."""
        page = self._pages[index.row()]
        if role == _Role.DisplayRole:
            sent = f"{_NAMES[page.mode]} · {page.tokens:,}" if page.is_chosen else "not sent"
            return f"{page.number}\n{sent}"
        if role in (_Role.AccessibleTextRole, _Role.ToolTipRole):
            return f"Page {page.number}, {self._caption(page)}"
        if role == _Role.CheckStateRole:
            return Qt.CheckState.Checked if page.is_chosen else Qt.CheckState.Unchecked
        if role == _Role.DecorationRole:
            return self._icon(page.number)
        if role == _Role.FontRole:
            return self._theme.font("small_medium" if page.is_shown else "small")
        if role == _Role.ForegroundRole and not page.is_chosen:
            return self._theme.tokens.text3
        return None

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        """The box was checked, or not any more."""
        if role != _Role.CheckStateRole:
            return False
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        return self._vm.set_chosen(self._pages[index.row()].number, is_on)

    def flags(self, _index: Index) -> Qt.ItemFlag:
        """Pages can be chosen and checked."""
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable

    def _caption(self, page: PageView) -> str:
        if not page.is_chosen:
            return "not sent"
        return f"{_NAMES[page.mode]} · {count(page.tokens, 'token')}"

    def _icon(self, number: int) -> QIcon:
        px = self._theme.px
        return page_icon(
            self._vm.thumbnail(number),
            QSize(px(THUMBNAIL.width()), px(THUMBNAIL.height())),
            self._theme,
        )

    def _on_thumbnail(self, number: int) -> None:
        if 0 < number <= len(self._pages):
            index = self.index(number - 1)
            self.dataChanged.emit(index, index, [_Role.DecorationRole])


class _PageDelegate(QStyledItemDelegate):
    """Rows of one height, so that pages out of sight are not asked for their pictures."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        px = self._theme.px
        return QSize(px(120), px(THUMBNAIL.height()) + 4)


class PageList(QListView):
    """The rows. Space checks, Return and a click show, T, P and B say how a page is sent."""

    mode_wanted = Signal(str)

    def __init__(
        self,
        model: PageModel,
        can_draw: Callable[[], bool],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._can_draw, self._theme = can_draw, theme
        self._delegate = _PageDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setAccessibleName("Pages of the document")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        theme.changed.connect(self._restyle)
        self._restyle()

    def rows(self) -> list[int]:
        """The selected rows, or the current one."""
        chosen = sorted({index.row() for index in self.selectedIndexes()})
        current = self.currentIndex()
        return chosen or ([current.row()] if current.isValid() else [])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """How the pages are sent."""
        if not self._can_draw():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for mode, name in MODES:
            entry = menu.addAction(f"Send as {name.lower()}" if mode != "both" else "Send both")
            entry.triggered.connect(lambda _=False, m=mode: self.mode_wanted.emit(m))
        menu.popup(event.globalPos())

    def _restyle(self) -> None:
        px = self._theme.px
        self.setIconSize(QSize(px(THUMBNAIL.width()), px(THUMBNAIL.height())))
        self.setSpacing(1)
        palette = QPalette(self.palette())
        tokens = self._theme.tokens
        palette.setColor(QPalette.ColorRole.Base, tokens.bar)
        palette.setColor(QPalette.ColorRole.Text, tokens.text)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Highlight, tokens.accsoft)
            palette.setColor(group, QPalette.ColorRole.HighlightedText, tokens.text)
        self.setPalette(palette)


class PagePicker(QWidget):
    """A range, the pages, how the selected ones are sent, and what all of it costs."""

    def __init__(self, vm: PagesViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self.range = QLineEdit()
        self.range.setAccessibleName("Pages to send, like 1-3, 7")
        self.range.setPlaceholderText("1-3, 7")
        self.every = IconButton("rotate-ccw", "Send every page", theme, 24, 14)
        self.model = PageModel(vm, theme, self)
        self.list = PageList(self.model, lambda: vm.can_draw, theme)
        self.modes = Segmented("Send as", [name for _, name in MODES], theme)
        self.summary = Label("", theme, "caption", "text2")
        self.summary.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen."""
        if not self.range.hasFocus() or not self._vm.problem:
            self.range.setText(self._vm.range_text)
        self.modes.setVisible(self._vm.can_draw)
        self.summary.setText(self._vm.problem or self._vm.summary)
        self.summary.set_colour("warn" if self._vm.problem else "text2")
        self._show_mode()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the lines towards the canvas and between the parts."""
        painter, tokens = QPainter(self), self._theme.tokens
        painter.fillRect(self.rect(), tokens.bar)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        vertical_hairline(
            painter, 0 if is_mirrored else self.width() - 1, 0, self.height(), tokens.line
        )
        hairline(painter, 0, self._theme.px(HEADER) - 1, self.width(), tokens.line)

    def _lay_out(self) -> None:
        px = self._theme.px
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 10, 1)
        head.setSpacing(8)
        head.addWidget(Label("Pages", self._theme, "body", "text2"))
        head.addWidget(self.range, 1)
        head.addWidget(self.every)
        header = QWidget()
        header.setLayout(head)
        header.setFixedHeight(px(HEADER))
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.setSpacing(6)
        foot.addWidget(self.modes)
        foot.addWidget(self.summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.range.editingFinished.connect(self._on_range)
        self.every.clicked.connect(self._vm.choose_all)
        self.list.clicked.connect(self._on_shown)
        self.list.activated.connect(self._on_shown)
        self.list.selectionModel().currentChanged.connect(self._on_shown)
        self.list.selectionModel().selectionChanged.connect(self._show_mode)
        self.list.mode_wanted.connect(self._set_mode)
        self.modes.chosen.connect(lambda number: self._set_mode(MODES[number][0]))
        self._vm.changed.connect(self.refresh)

    def _on_range(self) -> None:
        if self.range.text().strip() != self._vm.range_text:
            self._vm.set_range(self.range.text())

    def _on_shown(self, index: QModelIndex, _before: object = None) -> None:
        if index.isValid():
            self._vm.show(self.model.page(index.row()).number)

    def _set_mode(self, mode: PageMode) -> None:
        rows = self.list.rows() or [
            row for row in range(self.model.rowCount()) if self.model.page(row).is_shown
        ]
        self._vm.set_mode([self.model.page(row).number for row in rows], mode)

    def _show_mode(self) -> None:
        rows = self.list.rows() or [
            row for row in range(self.model.rowCount()) if self.model.page(row).is_shown
        ]
        modes = {self.model.page(row).mode for row in rows if row < self.model.rowCount()}
        if len(modes) == 1:
            names = [mode for mode, _ in MODES]
            self.modes.set_index(names.index(modes.pop()))


def page_icon(pixels: Pixels | None, size: QSize, theme: Theme) -> QIcon:
    """A page in the middle of a place of `size`; the sign of a page while there is none."""
    ratio = 2.0
    made = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    if pixels is None:
        side = size.width() // 2
        sign = icons.pixmap("file-text", side, theme.tokens.text3, ratio)
        painter.drawPixmap(QPoint((size.width() - side) // 2, (size.height() - side) // 2), sign)
    else:
        _draw_page(painter, pixels, size, theme)
    painter.end()
    icon = QIcon(made)
    icon.addPixmap(made, QIcon.Mode.Selected)
    return icon


def _draw_page(painter: QPainter, pixels: Pixels, size: QSize, theme: Theme) -> None:
    height, width, _ = pixels.shape
    rows = pixels.copy()
    image = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    share = min((size.width() - 2) / width, (size.height() - 2) / height)
    area = QSize(max(1, round(width * share)), max(1, round(height * share)))
    place = QPoint((size.width() - area.width()) // 2, (size.height() - area.height()) // 2)
    smooth = image.scaled(
        area * 2,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    smooth.setDevicePixelRatio(2.0)
    painter.drawImage(place, smooth)
    painter.setPen(theme.tokens.line2)
    painter.drawRect(place.x(), place.y(), area.width() - 1, area.height() - 1)
