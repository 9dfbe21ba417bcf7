"""The rows of a document's pages: thumbnails, check boxes, how each page is sent."""

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
from PySide6.QtGui import QContextMenuEvent, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.core.pyramid import Pixels
from app.viewmodels.pages import PageMode, PagesViewModel, PageView
from app.viewmodels.words import count
from app.widgets import icons
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

MODES: tuple[tuple[PageMode, str], ...] = (
    ("text", "Text"),
    ("picture", "Picture"),
    ("both", "Both"),
)
_NAMES = dict(MODES)
THUMBNAIL = QSize(48, 62)
Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_BOX = QStyle.SubElement.SE_ItemViewItemCheckIndicator


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

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row, and over its box one that can be seen on every ground."""
        super().paint(painter, option, index)
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        view = option.widget
        if not isinstance(view, QWidget):
            return
        place = view.style().subElementRect(_BOX, styled, view).toRectF()
        is_on = index.data(_Role.CheckStateRole) == Qt.CheckState.Checked
        tokens = self._theme.tokens
        if is_on:
            round_rect(painter, place, 3, tokens.accfill)
            icons.draw(painter, "check", place.adjusted(1, 1, -1, -1), tokens.onfill, 3.5)
        else:
            round_rect(painter, place, 3, tokens.control, tokens.text3)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for every page."""
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
