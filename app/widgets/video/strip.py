"""The strip: one small picture for each second that is watched, to be left out or asked about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.viewmodels.clip_cost import FrameView
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets import icons
from app.widgets.announcing import announce
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme
from app.widgets.video.lane import Lane
from app.widgets.video.pictures import filling
from app.widgets.video.strip_geometry import (
    FRAME_HEIGHT,
    LOW_HEIGHT,
    TICK_EVERY,
    StripGeometry,
)

HOVER_MS = 150
RADIUS = 3.0
LEFT_OUT_SHARE = 0.28
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
}


class FrameStrip(Lane):
    """Shows the frames of the window and lets the person choose among them.

    Arrow keys go from second to second, with Shift they choose a range, Space leaves the frame
    or the range out. A click does the same to one frame, with Shift to all up to it; dragging
    chooses a range.
    """

    hovered = Signal(object, QRectF)  # the FrameView under the pointer or None, and its place
    range_changed = Signal(object)  # (first, last) seconds, or None

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._frames: tuple[FrameView, ...] = ()
        self._clip_id = ""
        self._pictures: dict[int, QPixmap] = {}
        self._range: tuple[int, int] | None = None  # seconds; the first one stays
        self._anchor: int | None = None  # second clicked last
        self._pressed: int | None = None
        self._is_dragging = False
        self._hovered: int | None = None
        self._frame_height = float(FRAME_HEIGHT)
        self._lit: int | None = None  # second that an answer's link points at
        self._hover_timer = QTimer(self)
        self._hover_timer.setSingleShot(True)
        self._hover_timer.setInterval(HOVER_MS)
        self._hover_timer.timeout.connect(self._tell_hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view_model.changed.connect(self.refresh)
        view_model.frame_arrived.connect(self._on_frame)
        view_model.current_changed.connect(lambda _second: self._on_current())
        theme.changed.connect(self._restyle)
        self.refresh()

    # --- what it shows -----------------------------------------------------------------------

    @property
    def geometry_now(self) -> StripGeometry:
        """Where the frames lie."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return StripGeometry(
            max(1, self.width()),
            len(self._frames),
            self._theme.scale,
            self._frame_height,
            is_mirrored,
        )

    @property
    def range(self) -> tuple[int, int] | None:
        """The chosen range, first and last second in order."""
        if self._range is None:
            return None
        return min(self._range), max(self._range)

    def set_range(self, chosen: tuple[int, int] | None) -> None:
        """Choose a range of seconds, or none."""
        if chosen is not None and chosen[0] == chosen[1]:
            chosen = None
        if chosen != self._range:
            self._range = chosen
            self.range_changed.emit(self.range)
            self.update()

    def set_low(self, is_low: bool) -> None:
        """Lower frames, where the pane has little height."""
        height = float(LOW_HEIGHT if is_low else FRAME_HEIGHT)
        if height != self._frame_height:
            self._frame_height = height
            self._pictures.clear()
            self.updateGeometry()
            self.update()

    def light(self, second: int | None) -> None:
        """The pointer is over a moment of an answer: show which frame that is."""
        if second != self._lit:
            self._lit = second
            self.update()

    def refresh(self) -> None:
        """Look at the clip again."""
        clip = self._model.clip
        if clip is not None and clip.id != self._clip_id:  # its seconds look different
            self._clip_id = clip.id
            self._pictures.clear()
            self._anchor = None
            self.set_range(None)
        frames = self._model.frames()
        seconds = {frame.second for frame in frames}
        if self._range is not None and not set(self._range) <= seconds:
            self.set_range(None)
        self._pictures = {s: p for s, p in self._pictures.items() if s in seconds}
        if len(frames) != len(self._frames):
            self._frames = frames
            self.updateGeometry()
        self._frames = frames
        self._name_it()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(600, round(self.heightForWidth(max(1, self.width()))))

    def hasHeightForWidth(self) -> bool:
        """A narrow strip has more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows at a width."""
        count = max(1, len(self._frames))
        shape = StripGeometry(max(1, width), count, self._theme.scale, self._frame_height)
        return round(shape.height)

    def minimumSizeHint(self) -> QSize:
        """Any width does."""
        return QSize(200, round(self.heightForWidth(max(1, self.width()))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Frames get another width."""
        super().resizeEvent(event)
        self._pictures.clear()
        self.updateGeometry()

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Times, pictures, marks, frames of what is chosen."""
        painter = QPainter(self)
        shape, exposed = self.geometry_now, QRectF(event.rect())
        for index, frame in enumerate(self._frames):
            rect = shape.rect(index)
            if rect.adjusted(0, -shape.tick_height, 0, 3).intersects(exposed):
                self._paint_frame(painter, frame, rect)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.tokens.text3)
        for index, frame in enumerate(self._frames):
            if index % TICK_EVERY == 0:
                painter.drawText(
                    shape.tick_rect(index),
                    Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeading,
                    clock(frame.second),
                )
        self._paint_marks(painter, shape)

    def _paint_frame(self, painter: QPainter, frame: FrameView, rect: QRectF) -> None:
        tokens = self._theme.tokens
        picture = self._picture(frame.second, rect)
        if picture is None:
            round_rect(painter, rect, RADIUS, tokens.track)
        else:
            if frame.is_left_out:
                round_rect(painter, rect, RADIUS, tokens.track)
                painter.setOpacity(LEFT_OUT_SHARE)
            painter.drawPixmap(rect.topLeft(), picture)
            painter.setOpacity(1.0)
        if frame.is_left_out:
            side = min(14.0, rect.width() - 2)
            place = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
            round_rect(painter, place.adjusted(-3, -3, 3, 3), 9, tokens.raised)
            icons.draw(painter, "eye-off", place, tokens.text)
        if self._hovered == frame.second:
            round_rect(painter, rect, RADIUS, tokens.hover)

    def _paint_marks(self, painter: QPainter, shape: StripGeometry) -> None:
        tokens = self._theme.tokens
        chosen = self.range
        for index, frame in enumerate(self._frames):
            rect = shape.rect(index)
            if frame.is_scene:
                x = rect.right() - 2 if shape.is_mirrored else rect.left()
                painter.fillRect(QRectF(x, rect.top() - 6, 2, 5), tokens.text)
            if chosen is not None and chosen[0] <= frame.second <= chosen[1]:
                veil = self._theme.colour("acc")
                veil.setAlphaF(0.22)
                painter.fillRect(rect, veil)
                painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width() + 1, 2),
                                 tokens.acc)  # fmt: skip
            if frame.second == self._lit:
                round_rect(painter, rect, RADIUS, self._theme.tokens.hover, tokens.acc, 3)
            if frame.second == self._model.current:
                round_rect(painter, rect.adjusted(-2, -2, 2, 2), RADIUS + 2, None, tokens.acc, 2)
                if self.has_ring:
                    focus_ring(painter, rect.adjusted(-4, -4, 4, 4), RADIUS + 4, self._theme)

    def _picture(self, second: int, rect: QRectF) -> QPixmap | None:
        found = self._pictures.get(second)
        if found is None:
            pixels = self._model.thumbnail(second)
            if pixels is None:
                return None
            found = filling(pixels, rect.size().toSize(), self.devicePixelRatioF(), RADIUS)
            self._pictures[second] = found
        return found

    # --- the pointer -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click, or the beginning of a range."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        index = self.geometry_now.at(event.position().x(), event.position().y())
        self._pressed = None if index is None else self._frames[index].second
        self._is_dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging chooses a range; otherwise the frame under the pointer is enlarged."""
        at = event.position()
        shape = self.geometry_now
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            second = self._frames[shape.nearest(at.x(), at.y())].second
            if second != self._pressed or self._is_dragging:
                self._is_dragging = True
                self._hover(None)
                self.set_range((self._pressed, second))
            return
        index = shape.at(at.x(), at.y())
        self._hover(None if index is None else self._frames[index].second)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The click is done unless it became a range."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._is_dragging:
            self._is_dragging = False
            return
        index = self.geometry_now.at(event.position().x(), event.position().y())
        if index is None or self._frames[index].second != pressed:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor is not None:
            self._model.leave_out(self._anchor, pressed, self._is_left_out(self._anchor))
        else:
            self._anchor = pressed
            self._model.toggle(pressed)
        self._say(pressed)

    def leaveEvent(self, _event: object) -> None:
        """Nothing is enlarged any more."""
        self._hover(None)

    def _hover(self, second: int | None) -> None:
        if second == self._hovered:
            return
        self._hovered = second
        self.setCursor(
            Qt.CursorShape.ArrowCursor if second is None else Qt.CursorShape.PointingHandCursor
        )
        self.update()
        if second is None:
            self._hover_timer.stop()
            self.hovered.emit(None, QRectF())
        else:
            self._hover_timer.start()

    def _tell_hover(self) -> None:
        for index, frame in enumerate(self._frames):
            if frame.second == self._hovered:
                self.hovered.emit(frame, self.geometry_now.rect(index))

    # --- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Seconds by arrows, rows by up and down, ranges with Shift, Space leaves out."""
        key = Qt.Key(event.key())
        step = STEPS.get(key, 0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            per_row = self.geometry_now.per_row
            step = -per_row if key == Qt.Key.Key_Up else per_row
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            step = -len(self._frames) if key == Qt.Key.Key_Home else len(self._frames)
        if step:
            self._walk(step, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Space:
            self._leave_out_chosen()
        elif key == Qt.Key.Key_Escape and self._range is not None:
            self.set_range(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int, is_range: bool) -> None:
        begin = self._model.current
        self._model.step(step)
        if is_range:
            first = self._range[0] if self._range is not None else begin
            self.set_range((first, self._model.current))
        else:
            self.set_range(None)
        self._anchor = self._model.current
        self._say(self._model.current)

    def _leave_out_chosen(self) -> None:
        chosen = self.range
        if chosen is None:
            self._model.toggle(self._model.current)
        else:
            inside = [f for f in self._frames if chosen[0] <= f.second <= chosen[1]]
            self._model.leave_out(*chosen, not all(f.is_left_out for f in inside))
        self._say(self._model.current)

    # --- words -------------------------------------------------------------------------------

    def describe(self, second: int) -> str:
        """A frame in words, like "1:20, frame 39 of 60, left out"."""
        for frame in self._frames:
            if frame.second == second:
                said = f"{clock(second)}, frame {frame.number} of {len(self._frames)}"
                said += ", left out" if frame.is_left_out else ""
                return said + (", another scene begins" if frame.is_scene else "")
        return clock(second)

    def _say(self, second: int) -> None:
        self._name_it()
        announce(self, self.describe(second), False)

    def _name_it(self) -> None:
        self.setAccessibleName(f"Frames: {self.describe(self._model.current)}")
        self.setAccessibleDescription(
            "Arrow keys go from second to second, Shift chooses a range, Space leaves it out."
        )

    def _is_left_out(self, second: int) -> bool:
        return any(frame.second == second and frame.is_left_out for frame in self._frames)

    # --- changes -----------------------------------------------------------------------------

    def _on_frame(self, second: int) -> None:
        self._pictures.pop(second, None)
        self._frames = self._model.frames()
        self.update()

    def _on_current(self) -> None:
        self._name_it()
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def place_of(self, second: int) -> QPoint:
        """The middle of a frame, for pointers and tests."""
        for index, frame in enumerate(self._frames):
            if frame.second == second:
                return self.geometry_now.rect(index).center().toPoint()
        raise KeyError(second)
