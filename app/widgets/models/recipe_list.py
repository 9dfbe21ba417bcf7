"""The recipes of a quantization: one is chosen; the arrow keys go from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.quantizing import RecipeView
from app.widgets.control import Control
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme

ROW = 40


class RecipeRow(Control):
    """Name, what it means, the size it would have."""

    ring_radius = None

    def __init__(self, recipe: RecipeView, theme: Theme, parent: QWidget | None = None) -> None:
        name = f"{recipe.label}: {recipe.detail} {recipe.size} {recipe.saved}"
        super().__init__(name, theme, parent)
        self.recipe = recipe
        self.setAccessibleDescription(recipe.problem)
        self.setToolTip(recipe.problem or recipe.detail)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines of words."""
        lines = self._height("body_medium") + self._height("caption") + 8
        return QSize(360, max(self.theme.px(ROW), lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A radio mark, words at the start, size at the end."""
        painter = QPainter(self)
        tokens, rect = self.theme.tokens, self.rect()
        if self.isChecked():
            round_rect(painter, QRectF(rect), 6, tokens.accsoft)
        if self.is_hovered() or self.isDown():
            round_rect(painter, QRectF(rect), 6, tokens.hover)
        if self.has_keyboard_focus:
            focus_ring(painter, QRectF(rect), 6, self.theme)
        self._paint_mark(painter)
        top = (rect.height() - self._height("body_medium") - self._height("caption")) // 2
        upper = QRect(0, top, rect.width(), self._height("body_medium"))
        lower = QRect(0, upper.bottom() + 1, rect.width(), self._height("caption"))
        size = self._end_width()
        self._text(painter, upper, self.recipe.label, "body_medium", "text", size)
        self._text(painter, lower, self.recipe.problem or self.recipe.detail, "caption",
                   "warn" if self.recipe.problem else "text2", size)  # fmt: skip
        self._end(painter, upper, self.recipe.size, "body", "text")
        self._end(painter, lower, self.recipe.saved, "caption", "text2")

    def _paint_mark(self, painter: QPainter) -> None:
        tokens, px = self.theme.tokens, self.theme.px(15)
        area = self._placed(QRect(10, (self.height() - px) // 2, px, px))
        fill = tokens.accfill if self.isChecked() else tokens.control
        edge = None if self.isChecked() else tokens.line2
        round_rect(painter, QRectF(area), px / 2, fill, edge)
        if self.isChecked():
            dot = QRectF(0, 0, px * 0.4, px * 0.4)
            dot.moveCenter(QRectF(area).center())
            round_rect(painter, dot, dot.width() / 2, tokens.onfill)

    def _text(
        self, painter: QPainter, area: QRect, text: str, style: str, colour: str, end: int
    ) -> None:
        start = 10 + self.theme.px(15) + 10
        room = QRect(start, area.top(), area.width() - start - end - 18, area.height())
        painter.setFont(self.theme.font(style))
        painter.setPen(self.theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._placed(room), int(side), shown)

    def _end(self, painter: QPainter, area: QRect, text: str, style: str, colour: str) -> None:
        painter.setFont(self.theme.font(style))
        painter.setPen(self.theme.colour(colour))
        side = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(10, 0, -10, 0), int(side), text)

    def _end_width(self) -> int:
        return QFontMetrics(self.theme.font("body")).horizontalAdvance("88.8 GB") + 10

    def _height(self, style: str) -> int:
        return QFontMetrics(self.theme.font(style)).height()

    def _placed(self, area: QRect) -> QRect:
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return area
        return QRect(self.width() - area.x() - area.width(), area.y(), area.width(), area.height())


class RecipeList(QWidget):
    """All recipes."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self.rows: list[RecipeRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.setAccessibleName("Recipes")

    def set_recipes(self, recipes: list[RecipeView], key: str) -> None:
        """Other recipes, or another choice."""
        if [row.recipe for row in self.rows] != recipes:
            for row in self.rows:
                self._group.removeButton(row)
                row.hide()
                row.deleteLater()
            self.rows = [RecipeRow(recipe, self._theme, self) for recipe in recipes]
            for row in self.rows:
                self._group.addButton(row)
                self._column.addWidget(row)
                row.clicked.connect(lambda _=False, one=row.recipe.key: self.chosen.emit(one))
        for row in self.rows:
            row.setChecked(row.recipe.key == key)
            row.setEnabled(not row.recipe.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        at = next((i for i, row in enumerate(self.rows) if row.hasFocus()), None)
        if step is None or at is None or not 0 <= at + step < len(self.rows):
            super().keyPressEvent(event)
            return
        row = self.rows[at + step]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        if row.isEnabled():
            row.click()
