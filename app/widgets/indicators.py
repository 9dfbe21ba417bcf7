"""Things that show a state and cannot be pressed: spinner, ring, bar, chip."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import icons
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

Tone = Literal["ok", "warn", "bad", "acc", "plain"]

TURN_MS = 900  # one turn of the spinner
FRAMES_PER_S = 12
FULL_ARC = 360 * 16  # Qt counts sixteenths of a degree


def draw_ring(
    painter: QPainter,
    rect: QRectF,
    share: float,
    theme: Theme,
    start: float = 0.0,
    width: float = 2.0,
    colour: QColor | None = None,
) -> None:
    """An arc of `share` of the circle from the top, `start` of a turn on, over the track."""
    inset = width / 2
    circle = rect.adjusted(inset, inset, -inset, -inset)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.tokens.track, width))
    painter.drawEllipse(circle)
    pen = QPen(colour or theme.tokens.acc, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    begin = round(FULL_ARC * (0.25 - start))
    painter.drawArc(circle, begin, -round(FULL_ARC * min(max(share, 0.0), 1.0)))
    painter.restore()


class Spinner(QWidget):
    """Turns while shown. Stands still as three dots where motion is reduced.

    Always beside words that say what is going on, so it has no name of its own.
    """

    def __init__(self, theme: Theme, px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._px = px
        self._frame = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // FRAMES_PER_S)
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._px)
        return QSize(side, side)

    def showEvent(self, event: QShowEvent) -> None:
        """Begins to turn."""
        super().showEvent(event)
        if not self._theme.is_motion_reduced:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stops: nothing moves that cannot be seen."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A third of the circle, or three dots."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._theme.is_motion_reduced:
            dot = rect.width() / 5
            for number in range(3):
                left = number * 2 * dot
                top = (rect.height() - dot) / 2
                round_rect(painter, QRectF(left, top, dot, dot), dot / 2, self._theme.tokens.acc)
            return
        start = self._frame * (1000 / FRAMES_PER_S) / TURN_MS
        draw_ring(painter, rect, 0.3, self._theme, start % 1.0)

    def _turn(self) -> None:
        self._frame += 1
        self.update()


class Ring(QWidget):
    """A share of a circle."""

    def __init__(self, theme: Theme, px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._px = px
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_share(self, share: float) -> None:
        """0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._px)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track and the share on it."""
        draw_ring(QPainter(self), QRectF(self.rect()), self._share, self._theme)


class Bar(QWidget):
    """A share of a line. `colour` names a token."""

    def __init__(
        self, theme: Theme, height: int = 4, width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self._colour = "accfill"
        self.setFixedHeight(height)
        if width:
            self.setFixedWidth(width)
        theme.changed.connect(self.update)

    def set_share(self, share: float, colour: str = "accfill") -> None:
        """0 to 1, in the colour of a token."""
        if (share, colour) != (self._share, self._colour):
            self._share, self._colour = share, colour
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track and the share on it, from the side where reading begins."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        edge = self._theme.tokens.line2 if self._theme.is_contrast_high else None
        round_rect(painter, rect, radius, self._theme.tokens.track, edge)
        if self._share <= 0:
            return
        width = max(rect.height(), rect.width() * min(self._share, 1.0))
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.width() - width if is_mirrored else 0.0
        filled = QRectF(left, 0, width, rect.height())
        round_rect(painter, filled, radius, self._theme.colour(self._colour))


class Chip(QWidget):
    """A word on the soft ground of its tone, with an icon: state is never colour alone."""

    def __init__(
        self,
        text: str,
        theme: Theme,
        tone: Tone = "plain",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._theme, self._tone, self._icon = text, theme, tone, icon
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_state(self, text: str, tone: Tone = "plain", icon: str = "") -> None:
        """Another state."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        self.setFont(self._theme.font("small_medium"))
        width = self.fontMetrics().horizontalAdvance(self._text) + self._theme.px(12)
        if self._icon:
            width += self._theme.px(12) + 4
        return QSize(width, max(self._theme.px(20), self.fontMetrics().height() + 4))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, word."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        ground, colour = {
            "ok": (tokens.oksoft, tokens.ok),
            "warn": (tokens.warnsoft, tokens.warn),
            "bad": (tokens.badsoft, tokens.bad),
            "acc": (tokens.accsoft, tokens.acc),
            "plain": (tokens.sunk, tokens.text2),
        }[self._tone]
        edge = tokens.line if self._tone == "plain" else None
        if self._theme.is_contrast_high:
            edge = colour
        rect = QRectF(self.rect())
        round_rect(painter, rect, 5, ground, edge)
        left = float(self._theme.px(6))
        if self._icon:
            px = self._theme.px(12)
            icons.draw(painter, self._icon, QRectF(left, 0, px, rect.height()), colour)
            left += px + 4
        painter.setFont(self._theme.font("small_medium"))
        painter.setPen(colour)
        painter.drawText(
            QRectF(left, 0, rect.width() - left, rect.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._text,
        )
