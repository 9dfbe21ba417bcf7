"""The senses of a copy as small signs: untested, passed, failed, or not there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.viewmodels.model_values import SenseView
from app.widgets import icons
from app.widgets.theme import Theme

SIGNS = {"sees": "eye", "hears": "ear", "watches": "film"}
ABSENT_SIGNS = {"sees": "eye-off", "hears": "ear-off", "watches": "film"}
COLOURS = {"untested": "text3", "passed": "ok", "failed": "bad", "absent": "text3"}
ICON, STEP, MARK = 15, 22, 11


class SenseSigns(QWidget):
    """One sign for each sense, and a check mark behind them when every one was tested."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._senses: tuple[SenseView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_senses(self, senses: tuple[SenseView, ...]) -> None:
        """Other senses, or another outcome."""
        if senses == self._senses:
            return
        self._senses = senses
        self.setAccessibleName("Senses: " + "; ".join(sense.words for sense in senses))
        self.updateGeometry()
        self.update()

    @property
    def is_proved(self) -> bool:
        """Whether every sense that is there passed its test."""
        there = [sense for sense in self._senses if sense.state != "absent"]
        return bool(there) and all(sense.state == "passed" for sense in there)

    def sizeHint(self) -> QSize:
        """Signs and mark in a row."""
        steps = len(self._senses) + 1
        return QSize(self._theme.px(STEP) * steps, self._theme.px(20))

    def event(self, event: QEvent) -> bool:
        """The tooltip of the sign under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            sense = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), sense.words if sense else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The signs."""
        painter = QPainter(self)
        for number, sense in enumerate(self._senses):
            is_absent = sense.state == "absent"
            name = (ABSENT_SIGNS if is_absent else SIGNS)[sense.name]
            colour = self._theme.colour(COLOURS[sense.state])
            area = self._area(number)
            icons.draw(painter, name, area, colour)
            if sense.state == "failed":
                self._paint_cross(painter, area)
        if self.is_proved:
            icons.draw(painter, "check", self._area(len(self._senses)), self._theme.tokens.ok)

    def _paint_cross(self, painter: QPainter, area: QRectF) -> None:
        """A small cross at the sign's lower end: never colour alone."""
        side = self._theme.px(MARK)
        corner = QRectF(0, 0, side, side)
        corner.moveCenter(area.bottomRight() - QPointF(1, 1))
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.raised)
        painter.drawEllipse(corner)
        painter.restore()
        icons.draw(painter, "circle-x", corner, self._theme.tokens.bad)

    def _area(self, number: int) -> QRectF:
        px, step = self._theme.px(ICON), self._theme.px(STEP)
        left = number * step
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - px
        return QRectF(left, (self.height() - px) / 2, px, px)

    def _at(self, x: int) -> SenseView | None:
        for number, sense in enumerate(self._senses):
            area = self._area(number).adjusted(-4, 0, 4, 0)
            if area.left() <= x <= area.right():
                return sense
        return None
