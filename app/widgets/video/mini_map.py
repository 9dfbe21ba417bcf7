"""The whole file as a bar, with the window of at most 60 seconds that is watched on it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core import clips
from app.core.clips import Window
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme
from app.widgets.video.lane import Lane

HEIGHT = 18
HANDLE_WIDTH, HANDLE_HEIGHT, HIT = 2, 8, 12
COMMIT_MS = 120  # a window that is being dragged is stored when it rests
Part = Literal["start", "end", "whole"]


class MiniMap(Lane):
    """Drag the window or one of its ends; it snaps to seconds. Arrow keys move it."""

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._window = view_model.window
        self._part: Part | None = None
        self._grip = 0.0  # seconds from the pointer to the start of what it drags
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COMMIT_MS)
        self._timer.timeout.connect(self._commit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(
            "Arrow keys move the window by a second, with Shift by ten, with Alt its end."
        )
        view_model.changed.connect(self.refresh)
        theme.changed.connect(self.update)
        self.refresh()

    @property
    def window_shown(self) -> Window:
        """The window as it is drawn: while it is dragged, ahead of the clip's."""
        return self._window

    def refresh(self) -> None:
        """Look at the clip again, unless the person is dragging."""
        if self._part is None and not self._timer.isActive():
            self._window = self._model.window
        self._name_it()
        self.update()

    def sizeHint(self) -> QSize:
        """A low bar with room for the ring."""
        return QSize(200, HEIGHT + 4)

    # --- measures ----------------------------------------------------------------------------

    @property
    def _length(self) -> int:
        clip = self._model.clip
        return 1 if clip is None else clips.whole_seconds(clip.seconds)

    def window_rect(self) -> QRectF:
        """Where the window is drawn."""
        share = self.width() / self._length
        left, width = self._window.start * share, len(self._window) * share
        width = max(width, 2.0 * HANDLE_WIDTH + 4)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - width
        left = min(left, self.width() - width)
        return QRectF(left, 2, width, HEIGHT)

    def _second_at(self, x: float) -> float:
        across = self.width() - x if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x
        return across / max(1, self.width()) * self._length

    def _part_at(self, at: QPointF) -> Part | None:
        rect = self.window_rect()
        half = min(HIT / 2, rect.width() / 3)
        left, right = rect.left(), rect.right()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left, right = right, left
        if abs(at.x() - left) <= half:
            return "start"
        if abs(at.x() - right) <= half:
            return "end"
        return "whole" if rect.left() < at.x() < rect.right() else None

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, window, handles, the moment that is lit."""
        painter, tokens = QPainter(self), self._theme.tokens
        round_rect(painter, QRectF(0, 2, self.width(), HEIGHT), 4, tokens.track)
        rect = self.window_rect()
        round_rect(painter, rect, 4, tokens.accsoft, tokens.acc, 1.5)
        for x in (rect.left() + 3, rect.right() - 3 - HANDLE_WIDTH):
            top = rect.center().y() - HANDLE_HEIGHT / 2
            round_rect(painter, QRectF(x, top, HANDLE_WIDTH, HANDLE_HEIGHT), 1, tokens.acc)
        if self.has_ring:
            focus_ring(painter, QRectF(self.rect()), 5, self._theme)

    # --- the pointer -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window or an end; beside it, the window comes to the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        part, second = self._part_at(at), self._second_at(at.x())
        if part is None:
            self._preview(self._moved(second - len(self._window) / 2))
            part = "whole"
        self._part = part
        self._grip = second - (self._window.end if part == "end" else self._window.start)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        at = event.position()
        if self._part is None:
            shapes = {"start": Qt.CursorShape.SizeHorCursor, "end": Qt.CursorShape.SizeHorCursor}
            part = self._part_at(at)
            free = Qt.CursorShape.OpenHandCursor if part else Qt.CursorShape.ArrowCursor
            self.setCursor(shapes.get(part or "", free))
            return
        second = self._second_at(at.x()) - self._grip
        self._preview(self._dragged(self._part, second))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The window stays where it was let go."""
        if self._part is not None:
            self._part = None
            self._commit()

    def _dragged(self, part: Part, second: float) -> Window:
        if part == "start":
            return clips.with_start(self._window, second)
        if part == "end":
            return clips.with_end(self._window, second, float(self._length))
        return self._moved(second)

    def _moved(self, start: float) -> Window:
        return clips.moved_to(self._window, start, float(self._length))

    def _preview(self, window: Window) -> None:
        if window != self._window:
            self._window = window
            self._timer.start()
            self._name_it()
            self.update()

    def _commit(self) -> None:
        self._timer.stop()
        before, wanted = self._model.window, self._window
        if wanted.start != before.start and len(wanted) == len(before):
            self._model.move_window(wanted.start)
        elif wanted.start != before.start:
            self._model.set_start(wanted.start)
        if self._model.window.end != wanted.end:
            self._model.set_end(wanted.end)
        self.refresh()

    # --- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the window, with Alt its end; Home and End go to the file's ends."""
        step = self.step_of(event)
        held = event.modifiers()
        step *= 10 if held & Qt.KeyboardModifier.ShiftModifier else 1
        window = self._window
        if step and held & Qt.KeyboardModifier.AltModifier:
            self._preview(clips.with_end(window, window.end + step, float(self._length)))
        elif step:
            self._preview(self._moved(window.start + step))
        elif event.key() == Qt.Key.Key_Home:
            self._preview(self._moved(0))
        elif event.key() == Qt.Key.Key_End:
            self._preview(self._moved(self._length))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was chosen by keys is kept."""
        super().focusOutEvent(event)
        if self._timer.isActive():
            self._commit()

    def _name_it(self) -> None:
        window = self._window
        self.setAccessibleName(
            f"Window {clock(window.start)} to {clock(window.end)} of {clock(self._length)}"
        )
