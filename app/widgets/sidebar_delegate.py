"""How a row of the sidebar is drawn, measured and edited in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QTextLayout
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.core.conversation import Hit
from app.viewmodels.values import Row
from app.widgets import icons
from app.widgets.indicators import FRAMES_PER_S, TURN_MS, draw_ring
from app.widgets.paint import focus_ring, round_rect
from app.widgets.sidebar_model import ITEM_ROLE, Heading, Index, SidebarModel
from app.widgets.theme import Theme

MARGIN, PAD = 10, 8
MARKUP = frozenset("*#`|_")  # of Markdown; noise in a line of eleven pixels
ROW_HEIGHT, HEADING_HEIGHT, FIRST_HEADING_HEIGHT = 44, 33, 24


class SidebarDelegate(QStyledItemDelegate):
    """Two lines a conversation; the open one on `sel`, the walked one with the focus ring."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.current_id = ""
        self.frame = 0  # of the spinner
        self.is_ring_shown = False
        self._sizes: tuple[QSize, ...] = ()
        self.measure()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Grows with the text. Asked for each of thousands of rows, so it only looks up."""
        model = index.model()
        if isinstance(model, SidebarModel) and model.is_heading(index.row()):
            return self._sizes[0] if index.row() == 0 else self._sizes[1]
        return self._sizes[2]

    def measure(self) -> None:
        """To be called when text has another size."""
        lines = self._metrics("body").height() + self._metrics("caption").height()
        heights = (
            self._theme.px(FIRST_HEADING_HEIGHT),
            self._theme.px(HEADING_HEIGHT),
            max(self._theme.px(ROW_HEIGHT), lines + 10),
        )
        self._sizes = tuple(QSize(0, height) for height in heights)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws a heading or a conversation."""
        item = index.data(ITEM_ROLE)
        area: QRect = option.rect
        rect = QRectF(area.adjusted(MARGIN, 0, -MARGIN, 0))
        state = option.state
        painter.save()
        if isinstance(item, Heading):
            self._paint_heading(painter, rect, item)
        elif isinstance(item, Row):
            is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            model = index.model()
            hit = model.hits.get(item.id) if isinstance(model, SidebarModel) else None
            self._paint_row(painter, rect, item, is_hovered, hit)
        if self.is_ring_shown and state & QStyle.StateFlag.State_HasFocus:
            if isinstance(item, Heading):
                rect = rect.adjusted(0, rect.height() - self._theme.px(24), 0, 0)
            focus_ring(painter, rect, 6, self._theme)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A native text field over the title."""
        field = QLineEdit(parent)
        field.setFont(self._theme.font("body"))
        is_folder = isinstance(index.data(ITEM_ROLE), Heading)
        field.setAccessibleName("Name of the folder" if is_folder else "Title of the conversation")
        return field

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """As wide as the row."""
        area: QRect = option.rect
        gap = 0 if area.height() < self._theme.px(40) else 4
        editor.setGeometry(area.adjusted(MARGIN, gap, -MARGIN, -gap))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return ends the edit and goes no further: it must not open the row as well."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            handled = super().eventFilter(watched, event)
            return handled or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return super().eventFilter(watched, event)

    def _paint_heading(self, painter: QPainter, rect: QRectF, item: Heading) -> None:
        tokens = self._theme.tokens
        line = QRectF(
            rect.left() + PAD,
            rect.bottom() - self._theme.px(22),
            rect.width() - 2 * PAD,
            self._theme.px(16),
        )
        painter.setPen(tokens.text3)
        painter.setFont(self._theme.font("caption_bold"))
        if item.folder_id is not None:
            px = self._theme.px(12)
            mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
            closed = "chevron-left" if mirrored else "chevron-right"
            name = "chevron-down" if item.is_open else closed
            box = self._start(line, px, painter)
            icons.draw(painter, name, box, tokens.text3)
            line = self._without_start(line, px + 4, painter)
            if not item.is_open or not item.count:
                count = str(item.count)
                painter.drawText(line, self._align(painter, end=True), count)
                line = self._without_end(
                    line, self._metrics("caption_bold").horizontalAdvance(count) + 6, painter
                )
        title = self._metrics("caption_bold").elidedText(
            item.title, Qt.TextElideMode.ElideRight, int(line.width())
        )
        painter.drawText(line, self._align(painter), title)

    def _paint_row(
        self, painter: QPainter, rect: QRectF, row: Row, is_hovered: bool, hit: Hit | None
    ) -> None:
        tokens = self._theme.tokens
        is_current = row.id == self.current_id
        if is_current:
            round_rect(painter, rect, 6, tokens.sel)
        elif is_hovered:
            round_rect(painter, rect, 6, tokens.hover)
        upper = self._metrics("body").height()
        lower = self._metrics("caption").height()
        top = rect.top() + (rect.height() - upper - lower) / 2
        text = QRectF(rect.left() + PAD, top, rect.width() - 2 * PAD, upper)
        text = self._paint_mark(painter, text, row)
        style = "body_medium" if is_current or row.is_unread else "body"
        painter.setFont(self._theme.font(style))
        painter.setPen(tokens.text)
        title = self._metrics(style).elidedText(
            row.title, Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, self._align(painter), title)
        below = QRectF(rect.left() + PAD, top + upper, rect.width() - 2 * PAD, lower)
        painter.setPen(tokens.text2 if is_current else tokens.text3)
        painter.setFont(self._theme.font("caption"))
        if hit is not None:
            self._paint_snippet(painter, below, hit)
            return
        caption = self._metrics("caption").elidedText(
            row.caption, Qt.TextElideMode.ElideRight, int(below.width())
        )
        painter.drawText(below, self._align(painter), caption)

    def _paint_mark(self, painter: QPainter, line: QRectF, row: Row) -> QRectF:
        """The spinner or the dot at the end of the title; gives what is left of the line."""
        if row.is_running:
            px = self._theme.px(12)
            start = (self.frame * (1000 / FRAMES_PER_S) / TURN_MS) % 1.0
            draw_ring(painter, self._end(line, px, painter), 0.3, self._theme, start, 1.5)
        elif row.is_unread:
            px = 6
            round_rect(painter, self._end(line, px, painter), 3, self._theme.tokens.acc)
        else:
            return line
        return self._without_end(line, px + 6, painter)

    def _paint_snippet(self, painter: QPainter, area: QRectF, hit: Hit) -> None:
        """One line of the text around the hit, the found words stronger."""
        text, spans = _from_first(hit)
        text = _cut(text, self._metrics("caption_bold"), int(area.width()))
        layout = QTextLayout(text, self._theme.font("caption"))
        formats = []
        for start, end in spans:
            part = QTextLayout.FormatRange()
            part.start, part.length = start, max(0, min(end, len(text)) - start)
            part.format.setFontWeight(600)
            part.format.setForeground(self._theme.tokens.text)
            formats.append(part)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setNumColumns(len(text))
        layout.endLayout()
        painter.setClipRect(area)
        layout.draw(painter, area.topLeft())

    def _metrics(self, style: str) -> QFontMetrics:
        return QFontMetrics(self._theme.font(style))

    @staticmethod
    def _align(painter: QPainter, end: bool = False) -> Qt.AlignmentFlag:
        is_right = (painter.layoutDirection() == Qt.LayoutDirection.RightToLeft) != end
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter

    @staticmethod
    def _start(line: QRectF, width: float, painter: QPainter) -> QRectF:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = line.right() - width if mirrored else line.left()
        return QRectF(left, line.top() + (line.height() - width) / 2, width, width)

    @staticmethod
    def _end(line: QRectF, width: float, painter: QPainter) -> QRectF:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = line.left() if mirrored else line.right() - width
        return QRectF(left, line.top() + (line.height() - width) / 2, width, width)

    @staticmethod
    def _without_start(line: QRectF, width: float, painter: QPainter) -> QRectF:
        if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return line.adjusted(0, 0, -width, 0)
        return line.adjusted(width, 0, 0, 0)

    @staticmethod
    def _without_end(line: QRectF, width: float, painter: QPainter) -> QRectF:
        if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return line.adjusted(width, 0, 0, 0)
        return line.adjusted(0, 0, -width, 0)


def _cut(text: str, metrics: QFontMetrics, width: int) -> str:
    """As much as fits, ending in a whole word. Measured bold, so that it fits with its hits."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    shorter = cut.rstrip("…").rpartition(" ")[0]
    return f"{shorter or cut.rstrip('…')}…"


def _from_first(hit: Hit, lead: int = 12) -> tuple[str, list[tuple[int, int]]]:
    """The snippet on one line, beginning shortly before its first found word."""
    begin = max(0, hit.spans[0][0] - lead) if hit.spans else 0
    kept: list[str] = ["…"] if begin else []
    places: dict[int, int] = {}  # of each place in the snippet, its place in what is kept
    for place in range(begin, len(hit.snippet)):
        letter = hit.snippet[place]
        places[place] = len(kept)
        if letter.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
        elif letter not in MARKUP:
            kept.append(letter)
    places[len(hit.snippet)] = len(kept)
    spans = [(places[start], places[end]) for start, end in hit.spans if end in places]
    return "".join(kept), spans
