"""The countdown of a take, and the round button that begins one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.viewmodels.recorder import LONGEST_S, Recorder
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

SIDE, NARROW_SIDE = 196, 148
STROKE = 7.0
BUTTON = 72
FULL = 360 * 16  # Qt counts sixteenths of a degree
TOP = 90 * 16


class CountdownRing(QWidget):
    """What is left of the thirty seconds, as an arc and as a number."""

    def __init__(self, recorder: Recorder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recorder, self._theme = recorder, theme
        self._side = SIDE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        recorder.heard.connect(self.refresh)
        recorder.changed.connect(self.refresh)
        theme.changed.connect(self.updateGeometry)

    def set_narrow(self, is_narrow: bool) -> None:
        """Smaller where there is little room."""
        self._side = NARROW_SIDE if is_narrow else SIDE
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A square that grows with the text."""
        side = self._theme.px(self._side)
        return QSize(side, side)

    def refresh(self) -> None:
        """Time goes by."""
        self.setAccessibleName(f"{self._recorder.left_s:.0f} seconds left")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track, the rest of the time from the top, the seconds."""
        painter, tokens = QPainter(self), self._theme.tokens
        recorder = self._recorder
        colour = tokens.mwarn if recorder.is_ending else tokens.rec
        if recorder.state == "paused":
            colour = tokens.text3
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = STROKE / 2 + 1
        circle = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setPen(QPen(tokens.track, STROKE))
        painter.drawEllipse(circle)
        left = recorder.left_s
        if left > 0:
            pen = QPen(colour, STROKE)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(circle, TOP, round(FULL * left / LONGEST_S))
        number, words = self._theme.line_height("timer"), self._theme.line_height("small")
        top = (self.height() - number - words) / 2
        painter.setPen(tokens.text)
        painter.setFont(self._theme.font("timer"))
        centre = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(0, top, self.width(), number), centre, f"{left:.1f}")
        painter.setPen(tokens.text2)
        painter.setFont(self._theme.font("small"))
        under = QRectF(0, top + number, self.width(), words)
        painter.drawText(under, centre, "seconds left")


class RecordButton(Control):
    """The round button with the microphone."""

    ring_radius = BUTTON / 2

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Record", theme, parent)
        self.setToolTip("Record (R)")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A circle."""
        return QSize(BUTTON, BUTTON)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The one filled thing of an empty pane."""
        painter, tokens = QPainter(self), self.theme.tokens
        rect = QRectF(self.rect())
        if not self.isEnabled():
            painter.setOpacity(0.45)
        round_rect(painter, rect, BUTTON / 2, tokens.accfill)
        if self.isDown() or self.is_hovered():
            shade = tokens.pressed if self.isDown() else tokens.hover
            round_rect(painter, rect, BUTTON / 2, shade)
        icons.draw(painter, "mic", rect.adjusted(22, 22, -22, -22), tokens.onfill)
