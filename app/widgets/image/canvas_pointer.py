"""What the pointer does on the canvas: draw a crop, pull and move it, move the picture, choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.core import crops
from app.core.crops import Crop
from app.viewmodels.image import ImageViewModel
from app.widgets.image import view_geometry

if TYPE_CHECKING:
    from app.widgets.image.canvas import Canvas

Shape = Qt.CursorShape
_EDGE_SHAPES = {
    "tl": Shape.SizeFDiagCursor,
    "br": Shape.SizeFDiagCursor,
    "tr": Shape.SizeBDiagCursor,
    "bl": Shape.SizeBDiagCursor,
    "l": Shape.SizeHorCursor,
    "r": Shape.SizeHorCursor,
    "t": Shape.SizeVerCursor,
    "b": Shape.SizeVerCursor,
}


class CanvasPointer:
    """One drag at a time. Points of the viewport come in, pixels of the picture go out."""

    def __init__(self, canvas: Canvas, vm: ImageViewModel) -> None:
        self._canvas, self._vm = canvas, vm
        self._is_space_held = False
        self._pressed: QPointF | None = None  # where a drag began, in the viewport
        self._panned_from: QPointF | None = None
        self._drawn_from: tuple[float, float] | None = None  # on the picture
        self._drawn_to: tuple[float, float] | None = None
        self._moved_from: Crop | None = None
        self._edges = ""

    @property
    def is_drawing(self) -> bool:
        """Whether a rectangle is being drawn."""
        return self._drawn_to is not None

    def press(self, event: QMouseEvent) -> None:
        """Begins to move the picture, the crop or an edge of it, or to draw a crop."""
        at = event.position()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._is_space_held):
            self._panned_from = at
            self._canvas.viewport().setCursor(Shape.ClosedHandCursor)
        elif is_left:
            self._pressed = at
            crop = self._vm.crop
            if crop is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._moved_from = crop
            elif crop is not None:
                self._edges = view_geometry.edges_at(self._canvas.place(crop), at)
        event.accept()

    def move(self, at: QPointF) -> None:
        """Goes on with what the press began."""
        if self._panned_from is not None:
            way = self._panned_from - at
            self._panned_from = at
            self._canvas.scroll_by(round(way.x()), round(way.y()))
        elif self._pressed is not None:
            self._drag(self._pressed, at)
        else:
            self._show_shape(at)

    def release(self, at: QPointF) -> None:
        """Ends it: a rectangle becomes the crop, a click chooses a box."""
        start, end = self._drawn_from, self._drawn_to
        is_click = self._pressed is not None and not (self._edges or self._moved_from or end)
        self.cancel()
        if start is not None and end is not None:
            self._vm.draw_crop(start, end)
        elif is_click:
            self._vm.choose_box(self._canvas.box_at(at))
        self._show_shape(at)

    def cancel(self) -> bool:
        """Forgets a drag that is under way; whether a rectangle was being drawn."""
        was_drawing = self.is_drawing
        self._forget()
        self._canvas.redraw()
        return was_drawing

    def set_space_held(self, is_held: bool) -> None:
        """While Space is held, a drag moves the picture."""
        self._is_space_held = is_held
        viewport = self._canvas.viewport()
        self._show_shape(QPointF(viewport.mapFromGlobal(viewport.cursor().pos())))

    def rubber(self) -> Crop | None:
        """The crop that letting go would make."""
        if self._drawn_from is None or self._drawn_to is None:
            return None
        outer = crops.nest_at(self._vm.nest, self._drawn_from)
        within = outer[-1] if outer else crops.whole(*self._vm.size)
        return crops.drawn(self._drawn_from, self._drawn_to, within)

    def _forget(self) -> None:
        self._pressed = self._panned_from = None
        self._drawn_from = self._drawn_to = self._moved_from = None
        self._edges = ""

    def _drag(self, began: QPointF, at: QPointF) -> None:
        if self._moved_from is not None:
            self._move_crop(self._moved_from, began, at)
        elif self._edges:
            self._vm.pull_crop(self._edges, self._on_picture(at))
        elif self._vm.can_crop and self._is_far(began, at):
            self._drawn_from, self._drawn_to = self._on_picture(began), self._on_picture(at)
            self._canvas.redraw()

    def _move_crop(self, before: Crop, began: QPointF, at: QPointF) -> None:
        crop = self._vm.crop
        if crop is None:
            return
        start, now = self._on_picture(began), self._on_picture(at)
        right = round(before[0] + now[0] - start[0]) - crop[0]
        down = round(before[1] + now[1] - start[1]) - crop[1]
        self._vm.nudge_crop(right, down)

    def _is_far(self, began: QPointF, at: QPointF) -> bool:
        least = QApplication.startDragDistance() / 2
        return self.is_drawing or (at - began).manhattanLength() >= least

    def _show_shape(self, at: QPointF) -> None:
        crop = self._vm.crop
        edges = view_geometry.edges_at(self._canvas.place(crop), at) if crop is not None else ""
        if self._is_space_held:
            shape = Shape.OpenHandCursor
        elif edges:
            shape = _EDGE_SHAPES[edges]
        elif self._canvas.box_at(at):
            shape = Shape.PointingHandCursor
        else:
            shape = Shape.CrossCursor if self._vm.can_crop else Shape.ArrowCursor
        self._canvas.viewport().setCursor(shape)

    def _on_picture(self, at: QPointF) -> tuple[float, float]:
        point = self._canvas.on_picture(at)
        return point.x(), point.y()
