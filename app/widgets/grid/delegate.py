"""Paints a cell of the checked grid, and the field a value is typed into."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.viewmodels.figure_rows import GridRow, RowState
from app.widgets import icons
from app.widgets.grid.model import CHECK, FIGURE, NUMBER, VALUE, FigureModel
from app.widgets.indicators import FRAMES_PER_S, TURN_MS, draw_ring
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

ROW, PAD, BAR, ICON, GAP, CHEVRON, INDENT = 30, 12, 3, 13, 5, 12, 18

# icon, colour of icon and word, ground of the value
STATES: dict[RowState, tuple[str, str, str]] = {
    "confirmed": ("check", "ok", ""),
    "differs": ("triangle-alert", "warn", "warnsoft"),
    "not found": ("circle-x", "bad", "badsoft"),
    "computed": ("calculator", "text2", ""),
    "by hand": ("hand", "acc", ""),
    "unchecked": ("circle-dashed", "text3", ""),
    "checking": ("", "acc", ""),
}


class FigureDelegate(QStyledItemDelegate):
    """Draws rows by hand, so that they look the same on every system."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frame = 0  # of the spinner

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # fmt: skip  # noqa: E501
        """As wide as its words."""
        del option
        row = _row(index)
        return QSize(self.width_of(row, index.column()), self._theme.px(ROW))

    def width_of(self, row: GridRow, column: int) -> int:
        """What a cell needs across."""
        theme = self._theme
        texts = (row.number, row.label, row.value, row.word)
        metrics = _metrics(theme, "small_medium" if column == CHECK else "body_medium")
        width = metrics.horizontalAdvance(texts[column]) + 2 * theme.px(PAD)
        if column == CHECK:
            width += theme.px(ICON) + GAP - theme.px(PAD) // 2
        if column == FIGURE and row.kind == "group":
            width += theme.px(CHEVRON) + 4
        return width + 2

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Ground, words, icon, hairline."""
        rect, row = QRectF(option.rect), _row(index)
        painter.save()
        self._paint_ground(painter, rect, row, option, index)
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        pad = self._theme.px(PAD)
        match index.column():
            case 0:
                self._words(
                    painter, rect, row.number, "body", "text2", Qt.AlignmentFlag.AlignHCenter
                )
            case 1:
                self._paint_name(painter, rect.adjusted(4, 0, -4, 0), row, is_mirrored)
            case 2:
                is_own = row.state == "by hand"
                style = "body_medium" if is_own else "body"
                inner = rect.adjusted(4, 0, -pad, 0)
                self._words(painter, inner, row.value, style, "acc" if is_own else "text",
                            Qt.AlignmentFlag.AlignRight)  # fmt: skip
            case _:
                self._paint_state(painter, rect.adjusted(pad / 2, 0, -4, 0), row, is_mirrored)
        painter.restore()

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """A field in the cell's place."""
        del option
        name = "Value" if index.column() == VALUE else "Name"
        return CellField(f"{name} of {_row(index).label}", self._theme, index.column(), parent)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The whole cell."""
        del index
        editor.setGeometry(option.rect)

    # --- parts -----------------------------------------------------------------------------------

    def _paint_ground(
        self,
        painter: QPainter,
        rect: QRectF,
        row: GridRow,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens = self._theme.tokens
        column = index.column()
        soft = STATES[row.state][2] if row.kind != "group" else ""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.accsoft)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, tokens.hover)
        if soft and column == VALUE:
            painter.fillRect(rect, self._theme.colour(soft))
            if self._theme.is_contrast_high:
                round_rect(painter, rect, 0, edge=self._theme.colour(STATES[row.state][1]))
        if STATES[row.state][2] and column == NUMBER:
            is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            left = rect.right() - BAR + 1 if is_mirrored else rect.left()
            bar = QRectF(left, rect.top(), BAR, rect.height())
            painter.fillRect(bar, self._theme.colour(STATES[row.state][1]))
        if index.row() + 1 < index.model().rowCount():
            hairline(painter, rect.left(), rect.bottom(), rect.width() + 1, tokens.line)

    def _paint_name(self, painter: QPainter, rect: QRectF, row: GridRow, is_mirrored: bool) -> None:
        theme = self._theme
        if row.kind == "group":
            px = theme.px(CHEVRON)
            left = rect.right() - px if is_mirrored else rect.left() - 2
            closed = "chevron-left" if is_mirrored else "chevron-right"
            name = "chevron-down" if row.is_open else closed
            icons.draw(painter, name, QRectF(left, rect.top(), px, rect.height()),
                       theme.tokens.text2)  # fmt: skip
            rect = _inset(rect, px + 2, is_mirrored)
        elif row.is_child:
            rect = _inset(rect, theme.px(INDENT), is_mirrored)
        style = "body" if row.is_child else "body_medium"
        self._words(painter, rect, row.label, style, "text", Qt.AlignmentFlag.AlignLeft)

    def _paint_state(
        self, painter: QPainter, rect: QRectF, row: GridRow, is_mirrored: bool
    ) -> None:
        theme = self._theme
        icon, colour, _ = STATES[row.state]
        px = theme.px(ICON)
        left = rect.right() - px if is_mirrored else rect.left()
        place = QRectF(left, rect.top() + (rect.height() - px) / 2, px, px)
        if icon:
            icons.draw(painter, icon, place, theme.colour(colour))
        elif theme.is_motion_reduced:
            for number in range(3):
                dot = QRectF(place.left() + number * px / 2.6, place.center().y() - 1.5, 3, 3)
                round_rect(painter, dot, 1.5, theme.tokens.acc)
        else:
            draw_ring(painter, place, 0.3, theme, self.frame * 1000 / FRAMES_PER_S / TURN_MS % 1.0)
        self._words(painter, _inset(rect, px + GAP, is_mirrored), row.word, "small_medium", colour,
                    Qt.AlignmentFlag.AlignLeft)  # fmt: skip

    def _words(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        style: str,
        colour: str,
        align: Qt.AlignmentFlag,
    ) -> None:
        font = self._theme.font(style)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        metrics = _metrics(self._theme, style)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
        # Values stay at the end of the line also where writing runs the other way.
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | _visual(painter, align)), shown)


class CellField(QLineEdit):
    """The field over a cell: no frame but the accent's."""

    def __init__(self, name: str, theme: Theme, column: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setFrame(False)
        self.setFont(theme.font("body"))
        self.setTextMargins(theme.px(PAD) - 4, 0, theme.px(PAD) - 4, 0)
        if column == VALUE:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.tokens.win)
        palette.setColor(QPalette.ColorRole.Text, theme.tokens.text)
        self.setPalette(palette)
        self.setAutoFillBackground(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field with its frame."""
        super().paintEvent(event)
        round_rect(QPainter(self), QRectF(self.rect()), 2, edge=self._theme.tokens.acc, width=2.0)


def _row(index: QModelIndex | QPersistentModelIndex) -> GridRow:
    model = index.model()
    assert isinstance(model, FigureModel)
    return model.rows[index.row()]


def _inset(rect: QRectF, by: float, is_mirrored: bool) -> QRectF:
    return rect.adjusted(0, 0, -by, 0) if is_mirrored else rect.adjusted(by, 0, 0, 0)


def _visual(painter: QPainter, align: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
    if painter.layoutDirection() != Qt.LayoutDirection.RightToLeft:
        return align
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    return {left: right, right: left}.get(align, align)


def _metrics(theme: Theme, style: str) -> QFontMetrics:
    return QFontMetrics(theme.font(style))
