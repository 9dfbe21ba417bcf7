"""The bar under the player on which the moment is dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.viewmodels.words import clock
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

PER_S = 10  # the bar counts tenths of seconds
KNOB, LINE = 10, 3


class Scrub(QSlider):
    """Seconds from `start` to `end`; dragged by the person, moved by the player."""

    scrubbed = Signal(float)  # by the person

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setAccessibleName("Position")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_span(self, start: float, end: float) -> None:
        """The seconds between which the moment can lie."""
        self.setRange(round(start * PER_S), max(round(start * PER_S) + 1, round(end * PER_S)))

    def set_position(self, second: float) -> None:
        """The player has come here."""
        if not self.isSliderDown():
            self.setValue(round(second * PER_S))
        self.setAccessibleDescription(clock(second))

    def sizeHint(self) -> QSize:
        """High enough to be hit."""
        return QSize(120, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line, what has gone by, the knob."""
        painter, tokens = QPainter(self), self._theme.tokens
        middle, width = self.height() / 2, self.width() - KNOB
        line = QRectF(KNOB / 2, middle - LINE / 2, width, LINE)
        round_rect(painter, line, LINE / 2, tokens.track)
        x = self._share() * width
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        knob_x = width - x if is_mirrored else x
        gone = QRectF(line.right() - x, line.top(), x, LINE) if is_mirrored else QRectF(
            line.left(), line.top(), x, LINE
        )  # fmt: skip
        round_rect(painter, gone, LINE / 2, tokens.text)
        knob = QRectF(knob_x, middle - KNOB / 2, KNOB, KNOB)
        round_rect(painter, knob, KNOB / 2, tokens.onfill)
        if self.hasFocus():
            round_rect(painter, knob.adjusted(-4, -4, 4, 4), KNOB, None, tokens.acc, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where it was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows belong to the pane, which goes by whole seconds."""
        event.ignore()

    def _share(self) -> float:
        return (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())

    def _go(self, x: float) -> None:
        share = min(max(0.0, (x - KNOB / 2) / max(1, self.width() - KNOB)), 1.0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 1.0 - share
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
        self.scrubbed.emit(self.value() / PER_S)
