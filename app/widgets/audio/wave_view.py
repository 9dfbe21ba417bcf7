"""The wave of a whole recording, with the part that is sent between two handles."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.speech.splitting import PEAKS_PER_S
from app.viewmodels.audio import CURRENT, AudioViewModel
from app.viewmodels.words import clock
from app.widgets.audio.axis import Axis
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme

HEIGHT, LOW_HEIGHT = 132, 84
MARGIN = 14
PITCH, BAR_PX = 3.4, 2.0
LEAST = 1.0
QUIETEST = 0.05
HANDLE_PX, HIT_PX = 3, 16
STEP_S, LARGE_STEP_S = 0.1, 1.0
TICK_PX = 62


class WaveView(QWidget):
    """A click plays from there. Handles stand at the ends of what is sent of a short recording."""

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._bars: QPixmap | None = None  # all bars, in the colour of what is sent
        self._drawn_for: tuple[object, ...] = ()
        self.start = TrimHandle("Start of the part that is sent", theme, self)
        self.end = TrimHandle("End of the part that is sent", theme, self)
        self._dragged: tuple[float, float] | None = None
        for handle in (self.start, self.end):
            handle.dragged.connect(partial(self._on_drag, handle))
            handle.dropped.connect(self._on_drop)
            handle.stepped.connect(partial(self._on_step, handle))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view_model.changed.connect(self.refresh)
        view_model.listening.position_changed.connect(lambda _second: self.update())
        view_model.listening.changed.connect(self.update)
        theme.changed.connect(self.refresh)
        self.refresh()

    @property
    def trim_shown(self) -> tuple[float, float]:
        """The part between the handles, also while one is being dragged."""
        return self._dragged or self._model.recordings.trim

    def refresh(self) -> None:
        """Look at the recording again."""
        recordings = self._model.recordings
        has_handles = recordings.recording is not None and not recordings.is_long
        for handle in (self.start, self.end):
            handle.setVisible(has_handles)
        self.setAccessibleName(f"Wave of {recordings.name}")
        self._place()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wave and scale."""
        return QSize(620, self._wave_height() + 4 + round(self._theme.line_height("tick")))

    def minimumSizeHint(self) -> QSize:
        """Bars are drawn as there is room."""
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The handles keep their moments."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, what is left out in grey, pieces, the moment that is heard, the scale."""
        painter, tokens = QPainter(self), self._theme.tokens
        recording = self._model.recordings.recording
        if recording is None:
            return
        axis, high = self._axis(), self._wave_height()
        self._draw_bars()
        if self._bars is not None:
            start, end = self.trim_shown
            if self._model.recordings.is_long:
                start, end = 0.0, recording.seconds
            left, right = sorted((axis.x(start), axis.x(end)))
            painter.drawPixmap(0, 0, self._bars)
            veil = QColor(tokens.win)
            veil.setAlphaF(0.72)
            painter.fillRect(QRectF(0, 0, left, high), veil)
            painter.fillRect(QRectF(right, 0, self.width() - right, high), veil)
        self._paint_cuts(painter, axis, high)
        if self._model.listening.key == CURRENT or self._is_piece_played():
            x = axis.x(self._model.listening.position)
            painter.fillRect(QRectF(round(x) - 1, 0, 2, high), tokens.acc)
        painter.setFont(self._theme.font("tick"))
        painter.setPen(tokens.text3)
        for second in axis.ticks(TICK_PX):
            place = QRectF(axis.x(second) - 30, high + 4, 60, self.height() - high - 4)
            words = f"{second:.0f} s" if recording.seconds < 90 else clock(second)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._model.play_from(self._axis().second(event.position().x()))

    # --- inside ------------------------------------------------------------------------------

    def _wave_height(self) -> int:
        return LOW_HEIGHT if self._model.recordings.is_long else HEIGHT

    def _axis(self) -> Axis:
        recording = self._model.recordings.recording
        return Axis(self, recording.seconds if recording is not None else 1.0, MARGIN)

    def _is_piece_played(self) -> bool:
        return self._model.listening.key.startswith("piece ")

    def _paint_cuts(self, painter: QPainter, axis: Axis, high: int) -> None:
        """Where the recording is cut; the piece that questions are about on a soft ground."""
        if not self._model.recordings.is_long:
            return
        pieces, chosen = self._model.hearing.shown_pieces, self._model.hearing.chosen_piece
        tokens = self._theme.tokens
        for index, piece in enumerate(pieces):
            left, right = sorted((axis.x(piece.start_s), axis.x(piece.end_s)))
            if index == chosen:
                frame = QRectF(left, 0.5, right - left, high - 1)
                round_rect(painter, frame, 4, edge=tokens.acc, width=1.5)
            if index:
                middle = (left + axis.x(pieces[index - 1].end_s)) / 2
                painter.fillRect(QRectF(round(middle), 0, 1, high), tokens.text3)

    def _draw_bars(self) -> None:
        """Made once for a recording, size and look."""
        wave, high = self._model.recordings.wave, self._wave_height()
        gain = self._model.recordings.gain_db
        ratio = self.devicePixelRatioF()
        now = (id(wave), gain, self.width(), high, ratio, self._theme.tokens.text2.rgba())
        if now == self._drawn_for:
            return
        self._drawn_for = now
        self._bars = None
        if wave is None or not len(wave):
            return
        picture = QPixmap(round(self.width() * ratio), round(high * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        axis, middle = self._axis(), high / 2
        seconds = len(wave) / PEAKS_PER_S
        columns = max(1, int((self.width() - 2 * MARGIN) / PITCH))
        size = np.abs(wave).max(axis=1)
        edges = np.linspace(0, len(size), columns + 1).astype(int)[:-1]
        heights = np.maximum.reduceat(size, np.minimum(edges, len(size) - 1))
        factor = 10 ** (gain / 20)
        full = max(float(size.max()) * factor, QUIETEST, 0.5 if gain else 0.0)
        for column, height in enumerate(heights.tolist()):
            half = max(LEAST, min(1.0, height * factor / full) * (middle - 4))
            x = axis.x(column / columns * seconds)
            bar = QRectF(x, middle - half, BAR_PX, 2 * half)
            painter.fillRect(bar, self._theme.tokens.text2)
        painter.end()
        self._bars = picture

    def _place(self) -> None:
        axis, high = self._axis(), self._wave_height()
        for handle, second in zip((self.start, self.end), self.trim_shown, strict=True):
            handle.setGeometry(QRect(round(axis.x(second)) - HIT_PX // 2, 0, HIT_PX, high))
            handle.tell(second)
        self.end.raise_()

    def _on_drag(self, handle: TrimHandle, x: float) -> None:
        second = round(self._axis().second(handle.x() + x) * 20) / 20
        start, end = self.trim_shown
        if handle is self.start:
            self._dragged = (min(second, end - 0.1), end)
        else:
            self._dragged = (start, max(second, start + 0.1))
        self._place()
        self.update()

    def _on_drop(self) -> None:
        dragged, self._dragged = self._dragged, None
        if dragged is not None:
            self._model.recordings.set_trim(*dragged)
        self._place()

    def _on_step(self, handle: TrimHandle, seconds: float) -> None:
        start, end = self._model.recordings.trim
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            seconds = -seconds
        if handle is self.start:
            self._model.recordings.set_trim(min(start + seconds, end - 0.5), end)
        else:
            self._model.recordings.set_trim(start, max(end + seconds, start + 0.5))


class TrimHandle(QWidget):
    """One end of what is sent; the arrow keys move it by a tenth of a second, with Shift by one."""

    dragged = Signal(float)  # x within the handle
    dropped = Signal()
    stepped = Signal(float)  # seconds

    def __init__(self, name: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._theme = name, theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(name)

    def tell(self, second: float) -> None:
        """Where it is."""
        words = f"{self._name}, {second:.1f} s"
        if words != self.accessibleName():
            self.setAccessibleName(words)
            self.setToolTip(f"{second:.1f} s")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A bar with a grip."""
        painter, tokens = QPainter(self), self._theme.tokens
        x = (self.width() - HANDLE_PX) / 2
        round_rect(painter, QRectF(x, 0, HANDLE_PX, self.height()), 1.5, tokens.acc)
        grip = QRectF(x - 3, self.height() / 2 - 12, HANDLE_PX + 6, 24)
        round_rect(painter, grip, 4, tokens.acc)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), 4, self._theme)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Held from now on."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves with the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Stays there."""
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys."""
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = keys.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        is_large = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self.stepped.emit(step * (LARGE_STEP_S if is_large else STEP_S))
