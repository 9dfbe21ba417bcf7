"""What happens in the clip: pieces with a text each, under the strip, written by the person."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.core.clip_events import LONGEST_TEXT, ClipEvent
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme
from app.widgets.video.lane import Lane

HEIGHT = 20
GAP = 2
BORDER_HIT = 4  # points to either side of where a piece begins
UNNAMED = "Name this scene"


class EventsLane(Lane):
    """Double click or Return names a piece, dragging a border moves it, Delete joins it."""

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._at = 0  # the piece that the keyboard is on
        self._dragged: int | None = None
        self._edited: ClipEvent | None = None
        self.edit = QLineEdit(self)
        self.edit.setMaxLength(LONGEST_TEXT)
        self.edit.setFrame(False)
        self.edit.setAccessibleName("What happens in this scene")
        self.edit.installEventFilter(self)
        self.edit.editingFinished.connect(self._finish)
        self.edit.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription("Return names the scene, Delete joins it with its neighbour.")
        view_model.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look at the clip again; without pieces there is no lane."""
        events = self._model.scenes.shown()
        self._at = min(self._at, max(0, len(events) - 1))
        self.setVisible(bool(events))
        self._name_it()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(200, max(HEIGHT, self._theme.px(HEIGHT)))

    def rect_of(self, event: ClipEvent) -> QRectF:
        """Where a piece lies."""
        left, right = self._x_of(event.start_s), self._x_of(event.end_s)
        left, right = min(left, right), max(left, right)
        return QRectF(left, 0, max(4.0, right - left - GAP), self.height())

    def _x_of(self, second: float) -> float:
        window = self._model.window
        inside = min(max(second, window.start), window.end)
        x = (inside - window.start) / len(window) * self.width()
        return self.width() - x if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x

    def _second_at(self, x: float) -> float:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            x = self.width() - x
        window = self._model.window
        return window.start + x / max(1, self.width()) * len(window)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A soft ground and the text of each piece."""
        painter, tokens = QPainter(self), self._theme.tokens
        painter.setFont(self._theme.font("caption_bold"))
        for number, event in enumerate(self._model.scenes.shown()):
            rect = self.rect_of(event)
            edge = tokens.acc if self._theme.is_contrast_high else None
            round_rect(painter, rect, 4, tokens.accsoft, edge)
            room = rect.adjusted(6, 0, -4, 0)
            painter.setPen(tokens.acc if event.text else tokens.text2)
            words = painter.fontMetrics().elidedText(
                event.text or UNNAMED, Qt.TextElideMode.ElideRight, int(room.width())
            )
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
            painter.drawText(room, flags, words)
            if self.has_ring and number == self._at:
                focus_ring(painter, rect, 4, self._theme)

    # --- the pointer -------------------------------------------------------------------------

    def _piece_at(self, at: QPointF) -> int | None:
        for number, event in enumerate(self._model.scenes.shown()):
            if self.rect_of(event).contains(at):
                return number
        return None

    def _border_at(self, at: QPointF) -> int | None:
        window = self._model.window
        for number, event in enumerate(self._model.scenes.shown()):
            if event.start_s > window.start and abs(self._x_of(event.start_s) - at.x()) <= (
                BORDER_HIT
            ):
                return number
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a border, or go to where a piece begins."""
        at = event.position()
        self._dragged = self._border_at(at)
        piece = self._piece_at(at)
        if self._dragged is None and piece is not None:
            self._at = piece
            begin = self._model.scenes.shown()[piece].start_s
            self._model.seek(max(begin, self._model.window.start))
            self._name_it()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the border."""
        at = event.position()
        if self._dragged is None or not event.buttons():
            is_border = self._border_at(at) is not None
            shape = Qt.CursorShape.SizeHorCursor if is_border else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            piece = self._piece_at(at)
            self.setToolTip("" if piece is None else self._words(self._model.scenes.shown()[piece]))
            return
        events = self._model.scenes.shown()
        if self._dragged < len(events):
            self._model.scenes.move(events[self._dragged], self._second_at(at.x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Name the piece."""
        piece = self._piece_at(event.position())
        if piece is not None:
            self._at = piece
            self.begin_edit()

    # --- naming ------------------------------------------------------------------------------

    def begin_edit(self) -> None:
        """Write into the piece that the keyboard is on."""
        events = self._model.scenes.shown()
        if self._at >= len(events):
            return
        self._edited = events[self._at]
        rect = self.rect_of(self._edited).toRect()
        rect.setWidth(max(rect.width(), self._theme.px(140)))
        rect.moveRight(min(rect.right(), self.width() - 1))
        self.edit.setFont(self._theme.font("caption"))
        self.edit.setGeometry(rect)
        self.edit.setText(self._edited.text)
        self.edit.selectAll()
        self.edit.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _finish(self) -> None:
        event, self._edited = self._edited, None
        if event is not None:
            self._model.scenes.rename(event, self.edit.text())
            self._leave_edit()

    def _leave_edit(self) -> None:
        had_focus = self.edit.hasFocus()
        self.edit.hide()
        if had_focus:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return takes the text, Escape leaves the old one; neither goes on to the lane."""
        if watched is self.edit and isinstance(event, QKeyEvent):
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and event.key() == Qt.Key.Key_Escape:
                self._edited = None
                self._leave_edit()
                return True
            if is_press and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._finish()
                return True
        return False

    # --- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from piece to piece; Return or F2 names, Delete joins."""
        events = self._model.scenes.shown()
        step = self.step_of(event)
        if step and events:
            self._at = min(max(0, self._at + step), len(events) - 1)
            self._model.seek(max(events[self._at].start_s, self._model.window.start))
            self._name_it()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.begin_edit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._at < len(events):
            self._model.scenes.remove(events[self._at])
        else:
            super().keyPressEvent(event)

    def _words(self, event: ClipEvent) -> str:
        return f"{clock(event.start_s)}–{clock(event.end_s)} {event.text or UNNAMED}"

    def _name_it(self) -> None:
        events = self._model.scenes.shown()
        said = self._words(events[self._at]) if self._at < len(events) else "none"
        self.setAccessibleName(f"Scenes: {said}")
