"""One copy of a model as a row: what it is, its size, fit, senses, speed, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.viewmodels.model_values import CopyView, MenuCommand
from app.widgets.buttons import IconButton
from app.widgets.labels import Label
from app.widgets.models.columns import PAD_END, Columns, columns
from app.widgets.models.fit_chip import FitChip
from app.widgets.models.row_action import RowAction
from app.widgets.models.senses import SenseSigns
from app.widgets.theme import Theme

MENU: dict[MenuCommand, str] = {
    "details": "Details…",
    "reveal": "Show in folder",
    "verify": "Verify the files",
    "test": "Test senses",
    "benchmark": "Benchmark…",
    "quantize": "Quantize…",
    "compare": "Compare on my file…",
    "forget": "Take off the list",
    "remove": "Remove…",
}
STARTS_PART = {"test", "forget", "remove"}


class CopyRow(QWidget):
    """Shows a copy; `acted` carries what was wanted of it."""

    acted = Signal(str, str)  # key, command
    left = Signal(int)  # Up or Down was pressed: -1 or 1

    def __init__(self, copy: CopyView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._copy = copy
        self._columns: Columns = columns(900, theme)
        self.is_first = self.is_last = False
        self.fit = FitChip(theme, self)
        self.senses = SenseSigns(theme, self)
        self.action = RowAction(theme, self)
        self.menu_button = IconButton("ellipsis", "More", theme, size=28, icon_px=16, parent=self)
        self._why = Label("", theme, "caption", "warn", parent=self)
        self._why.setWordWrap(True)
        self.menu_button.clicked.connect(self._show_menu)
        self.action.acted.connect(lambda command: self.acted.emit(self._copy.key, command))
        for part in _focusable(self):
            part.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.arrange)
        self.set_copy(copy)

    @property
    def copy(self) -> CopyView:
        """What is shown."""
        return self._copy

    def set_copy(self, copy: CopyView) -> None:
        """Another state of the same copy."""
        self._copy = copy
        self.fit.set_fit(copy.fit)
        self.senses.set_senses(copy.senses)
        self.action.set_copy(copy)
        self.menu_button.setVisible(bool(copy.menu))
        self.menu_button.set_icon("ellipsis", f"More for {copy.name}")
        self._why.setText(_why(copy))
        self._why.set_colour("bad" if copy.state == "failed" else "warn")
        self.setAccessibleName(
            ", ".join(
                part
                for part in (copy.name, copy.caption, copy.bytes_text, copy.fit.text, copy.speed,
                             _why(copy))
                if part
            )
        )  # fmt: skip
        self.arrange()
        self.update()

    def arrange(self) -> None:
        """Puts the parts into their columns."""
        self._columns = columns(max(self.width(), 1), self._theme)
        height = self._wanted_height()
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
        row = QRect(0, 0, self.width(), self._columns.row_height)
        if self._columns.is_stacked:
            self._arrange_stacked(row)
        else:
            self._arrange_line(row)
        start = self._columns.name
        why = QRect(start, self._columns.row_height - 8, self.width() - start - PAD_END, 0)
        why.setHeight(self._why_height())
        self._why.setGeometry(self._mirrored(why))
        self._why.setVisible(why.height() > 0)

    def sizeHint(self) -> QSize:
        """A row of 52, more where something has to be said."""
        return QSize(400, self._wanted_height())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as the button's."""
        if self._copy.menu:
            self.menu().popup(event.globalPos())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Up and Down go to the same place in the next row; a button alone would walk as Tab."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            return False
        self.left.emit(step)
        return True

    def focus_like(self, other: CopyRow) -> None:
        """Takes the keyboard at the place where another row has it."""
        places = ("fit", "action", "menu_button")
        focus = self.window().focusWidget()
        held = next((name for name in places if _holds(getattr(other, name), focus)), "fit")
        reason = Qt.FocusReason.TabFocusReason
        wanted: QWidget = getattr(self, held)
        if held == "action":
            inside = [w for w in _focusable(wanted) if w.isVisible()]
            wanted = inside[0] if inside else self.menu_button
        (wanted if wanted.isVisible() and wanted.isEnabled() else self.menu_button).setFocus(reason)

    def menu(self) -> QMenu:
        """What can be done with the copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in MENU:
            if command not in self._copy.menu:
                continue
            if command in STARTS_PART and menu.actions():
                menu.addSeparator()
            entry = menu.addAction(MENU[command])
            entry.setObjectName(command)
            entry.triggered.connect(
                lambda _=False, wanted=command: self.acted.emit(self._copy.key, wanted)
            )
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges the parts."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words, and the soft ground of the copy in use."""
        painter = QPainter(self)
        if self._copy.state in ("in_use", "loading"):
            self._paint_ground(painter)
        places, row = self._columns, self._columns.row_height
        line = row // 2 if places.is_stacked else row
        title_height = round(self._theme.line_height("body_bold"))
        caption_height = round(self._theme.line_height("caption"))
        top = (line - title_height - caption_height) // 2 if not places.is_stacked else 6
        width = self._words_width()
        self._text(painter, QRect(places.name, top, width, title_height), self._copy.title,
                   "body_bold", "text")  # fmt: skip
        caption = QRect(places.name, top + title_height, width, caption_height)
        is_used = self._copy.state in ("in_use", "loading")
        self._text(painter, caption, self._copy.caption, "caption", "text2" if is_used else "text3")
        if places.is_stacked:
            area = QRect(places.name, row // 2, places.size_end, row - row // 2)
        else:
            area = QRect(0, 0, places.size_end, row)
        is_end = not places.is_stacked
        self._text(painter, area, self._copy.bytes_text, "body", "text2", at_end=is_end)
        if places.speed >= 0:
            colour = "text" if self._copy.is_speed_measured else "text2"
            room = QRect(places.speed, 0, self._theme.px(100), row)
            self._text(painter, room, self._copy.speed, "body", colour)

    def _paint_ground(self, painter: QPainter) -> None:
        """The ground follows the card's rounded corners where the row is its first or last."""
        rect, colour = QRectF(self.rect()), self._theme.tokens.accsoft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if self.is_first or self.is_last:
            painter.drawRoundedRect(rect, 9, 9)
        if not self.is_first:
            painter.drawRect(rect.adjusted(0, 0, 0, -rect.height() / 2))
        if not self.is_last:
            painter.drawRect(rect.adjusted(0, rect.height() / 2, 0, 0))
        painter.restore()

    def _text(
        self, painter: QPainter, area: QRect, text: str, style: str, colour: str,
        *, at_end: bool = False,
    ) -> None:  # fmt: skip
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.colour(colour))
        side = Qt.AlignmentFlag.AlignTrailing if at_end else Qt.AlignmentFlag.AlignLeading
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(
            self._mirrored(area), int(side | Qt.AlignmentFlag.AlignVCenter), shown
        )  # fmt: skip

    def _arrange_line(self, row: QRect) -> None:
        places = self._columns
        self._centre(self.fit, places.fit, row)
        self._centre(self.senses, places.senses, row)
        end = self.width() - PAD_END
        if not self.menu_button.isHidden():
            size = self.menu_button.sizeHint()
            end -= size.width() - 6
            self._centre(self.menu_button, end, row)
            end -= 4
        start = places.senses + self.senses.sizeHint().width() + 8
        if places.speed >= 0:
            start = places.speed + self._theme.px(90)
        self.action.setGeometry(self._mirrored(QRect(start, 0, end - start, row.height())))

    def _arrange_stacked(self, row: QRect) -> None:
        """Two lines: name and buttons, then size, fit and senses."""
        places, half = self._columns, row.height() // 2
        lower = QRect(0, half, self.width(), row.height() - half)
        self._centre(self.fit, places.fit, lower)
        self._centre(self.senses, places.senses, lower)
        upper = QRect(0, 4, self.width(), half)
        end = self.width() - PAD_END
        if not self.menu_button.isHidden():
            size = self.menu_button.sizeHint()
            end -= size.width() - 6
            self._centre(self.menu_button, end, upper)
            end -= 4
        start = places.name + self._words_width() + 8
        self.action.setGeometry(self._mirrored(QRect(start, 4, max(0, end - start), half)))

    def _words_width(self) -> int:
        places = self._columns
        if not places.is_stacked:
            sizes = QFontMetrics(self._theme.font("body"))
            taken = sizes.horizontalAdvance(self._copy.bytes_text) + 8
            return max(40, places.size_end - places.name - taken)
        share = 0.42 if self._is_wide_action() else 0.6
        return int((self.width() - places.name) * share)

    def _is_wide_action(self) -> bool:
        return self._copy.progress is not None or bool(self._copy.fit.note)

    def _centre(self, part: QWidget, left: int, row: QRect) -> None:
        size = part.sizeHint()
        top = row.top() + (row.height() - size.height()) // 2
        part.setGeometry(self._mirrored(QRect(left, top, size.width(), size.height())))

    def _show_menu(self) -> None:
        button = self.menu_button
        self.menu().popup(button.mapToGlobal(QPoint(0, button.height())))

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return area
        return QRect(self.width() - area.x() - area.width(), area.y(), area.width(), area.height())

    def _wanted_height(self) -> int:
        why = self._why_height()
        return self._columns.row_height + (why + 4 if why else 0)

    def _why_height(self) -> int:
        if not self._why.text():
            return 0
        room = max(80, self.width() - self._columns.name - PAD_END)
        return max(0, self._why.heightForWidth(room))


def _why(copy: CopyView) -> str:
    """What went wrong, why, and what is safe."""
    if copy.problem is None:
        return ""
    problem = copy.problem
    return " ".join(part for part in (problem.what, problem.why, problem.safe) if part)


def _holds(part: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (focus is part or part.isAncestorOf(focus))


def _focusable(part: QWidget) -> list[QWidget]:
    return [w for w in part.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
