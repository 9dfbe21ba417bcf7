"""The canvas: a picture that can be zoomed and moved, and rectangles drawn on it to ask about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from app.core import crops
from app.core.crops import Crop
from app.core.pyramid import level_for
from app.viewmodels.image import ImageViewModel
from app.viewmodels.words import size_pixels
from app.widgets.control import KEYBOARD_REASONS
from app.widgets.image import overlay, view_geometry
from app.widgets.image.canvas_keys import CanvasKeys
from app.widgets.image.canvas_pointer import CanvasPointer
from app.widgets.image.ground import Ground, draw_pixels
from app.widgets.paint import focus_ring
from app.widgets.theme import Theme

WHEEL_STEP = 1.0015  # zoom for each unit of a turning wheel; a notch has 120


class Canvas(QGraphicsView):
    """Shows the picture of an ImageViewModel. Scene coordinates are pixels of the picture.

    A drag draws a crop, with Space or the middle button it moves the picture, with Ctrl it moves
    the crop; handles pull its edges. `ask_wanted`: Return was pressed.
    """

    zoom_changed = Signal()
    ask_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._surface = QGraphicsScene(self)
        self.setScene(self._surface)
        self._ground = Ground(theme)
        self._keys = CanvasKeys(self, vm)
        self._is_fitted = True
        self._shown_size = (0, 0)
        self._boxes_hidden = False
        self.pointer = CanvasPointer(self, vm)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        vm.picture_changed.connect(self._on_picture)
        vm.changed.connect(self._on_changed)
        vm.seen_changed.connect(self.redraw)
        vm.boxes_changed.connect(self.redraw)
        vm.box_lit.connect(self._on_lit)
        theme.changed.connect(self._on_theme)
        self._on_picture()

    # --- zoom ------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Logical screen pixels for each pixel of the picture."""
        return self.transform().m11()

    @property
    def is_fitted(self) -> bool:
        """Whether the picture keeps fitting when the room changes."""
        return self._is_fitted

    def fit(self) -> None:
        """Show the whole picture."""
        self._is_fitted = True
        self._apply(view_geometry.fit(QSizeF(*self._vm.size), QSizeF(self.viewport().size())))
        width, height = self._vm.size
        self.centerOn(width / 2, height / 2)

    def fit_crop(self) -> None:
        """Show the crop in force as large as it goes."""
        if self._vm.crop is not None:
            self.show_area(self._vm.crop, is_fitted=True)

    def show_area(self, area: Crop, is_fitted: bool = False) -> None:
        """Bring a part of the picture into view, so large that it fits if that is wanted."""
        middle = QPointF((area[0] + area[2]) / 2, (area[1] + area[3]) / 2)
        if is_fitted:
            self._is_fitted = False
            size = QSizeF(*crops.size_of(area))
            self._apply(view_geometry.fit(size, QSizeF(self.viewport().size()), 40))
        elif self.viewport().rect().contains(self.place(area).toRect()):
            return
        self.centerOn(middle)
        self.redraw()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that the point `at` of the viewport, its middle if None, stays where it is."""
        held_at = at if at is not None else QRectF(self.viewport().rect()).center()
        point = self.on_picture(held_at)
        self._is_fitted = False
        self._apply(view_geometry.held(zoom))
        now = self._in_view().map(point)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(now.x() - held_at.x()))
        down.setValue(down.value() + round(now.y() - held_at.y()))
        self.redraw()

    def zoom_in(self) -> None:
        """One step nearer."""
        self.set_zoom(self.zoom * view_geometry.STEP)

    def zoom_out(self) -> None:
        """One step farther."""
        self.set_zoom(self.zoom / view_geometry.STEP)

    def scroll_by(self, right: int, down: int) -> None:
        """Move the view."""
        across, bar = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + right)
        bar.setValue(bar.value() + down)

    @property
    def has_crop(self) -> bool:
        """Whether a part is asked about."""
        return self._vm.crop is not None

    # --- coordinates -----------------------------------------------------------------------------

    def on_picture(self, point: QPointF) -> QPointF:
        """A point of the viewport as one of the picture."""
        inverse, _ = self._in_view().inverted()
        return inverse.map(point)

    def place(self, area: Crop) -> QRectF:
        """Where a part of the picture lies in the viewport."""
        left, top, right, bottom = area
        return self._in_view().mapRect(QRectF(left, top, right - left, bottom - top))

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def are_boxes_shown(self) -> bool:
        """Whether evidence boxes are drawn."""
        return not self._boxes_hidden

    def show_boxes(self, are_shown: bool) -> None:
        """Draw evidence boxes or not."""
        self._boxes_hidden = not are_shown
        self.redraw()

    def drawBackground(self, painter: QPainter, _rect: QRectF | object) -> None:
        """The picture, painted once for each zoom and place."""
        painter.save()
        painter.setWorldTransform(QTransform())
        target = self.place(crops.whole(*self._vm.size)) if self._vm.size[0] else QRectF()
        size, ratio = self.viewport().size(), self.devicePixelRatioF()
        painter.drawPixmap(0, 0, self._ground.painted(size, ratio, target))
        painter.restore()

    def drawForeground(self, painter: QPainter, _rect: QRectF | object) -> None:
        """Crops, boxes, and the rectangle being drawn, in pixels of the screen."""
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = QRectF(self.viewport().rect())
        if self._vm.size[0] and self._vm.levels:
            self._draw_seen(painter, view)
            self._draw_crops(painter, view)
            if not self._boxes_hidden and not self._vm.is_seen_shown:
                lit, boxes = self._vm.lit_box, self._vm.boxes
                overlay.draw_boxes(painter, boxes, lit, self.place, view, self._theme)
            self._draw_rubber(painter, view)
            self._draw_seen_words(painter, view)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and a ring where the keyboard is."""
        super().paintEvent(event)
        if self.hasFocus() and self._keys.has_ring:
            painter = QPainter(self.viewport())
            focus_ring(
                painter, QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 4, self._theme
            )

    def _draw_seen(self, painter: QPainter, view: QRectF) -> None:
        if not self._vm.is_seen_shown or not self._vm.seen:
            return
        area = self.place(self._vm.crop or crops.whole(*self._vm.size))
        made = self._vm.seen
        needed = area.width() * self.devicePixelRatioF()
        draw_pixels(painter, made[level_for(made, needed)], area, view)

    def _draw_seen_words(self, painter: QPainter, view: QRectF) -> None:
        if not self._vm.is_seen_shown:
            return
        words = self._vm.seen_problem or "Making it as the model gets it…"
        if self._vm.seen:
            height, width, _ = self._vm.seen[0].shape
            words = f"As the model gets it: {size_pixels(width, height)}"
        overlay.draw_words(painter, words, view, self._theme)

    def _draw_crops(self, painter: QPainter, view: QRectF) -> None:
        nest = self._vm.nest
        if not nest:
            return
        area = self.place(nest[-1])
        overlay.draw_shade(painter, area, self.place(crops.whole(*self._vm.size)))
        for outer in nest[:-1]:
            overlay.draw_outer_crop(painter, self.place(outer))
        is_drawing = self.pointer.is_drawing
        overlay.draw_crop(painter, area, has_handles=not is_drawing)
        if not is_drawing:
            words = size_pixels(*crops.size_of(nest[-1]))
            overlay.draw_size(painter, words, area, view, self._theme)

    def _draw_rubber(self, painter: QPainter, view: QRectF) -> None:
        made = self.pointer.rubber()
        if made is None:
            return
        area = self.place(made)
        overlay.draw_crop(painter, area, has_handles=False)
        overlay.draw_size(painter, size_pixels(*crops.size_of(made)), area, view, self._theme)

    # --- pointer ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins a drag."""
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on with it."""
        self.pointer.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends it."""
        self.pointer.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fits the crop under the pointer, else the picture, into the view."""
        crop, point = self._vm.crop, self.on_picture(event.position())
        if crop is not None and crops.contains(crop, (point.x(), point.y())):
            self.fit_crop()
        else:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms where the pointer is, else it scrolls."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        turned = event.angleDelta().y() or event.pixelDelta().y()
        self.set_zoom(self.zoom * WHEEL_STEP**turned, event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Two fingers that part or close zoom where they are."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom * (1 + event.value()), event.position())
                return True
            if event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
                self.set_zoom(1.0, event.position()) if self._is_fitted else self.fit()
                return True
        return super().viewportEvent(event)

    def box_at(self, at: QPointF) -> str:
        """The id of the evidence box under a point of the viewport, "" for none."""
        if self._boxes_hidden or self._vm.is_seen_shown:
            return ""
        view = QRectF(self.viewport().rect())
        return overlay.box_at(self._vm.boxes, at, self.place, view, self._theme)

    def ask(self) -> None:
        """The question can be asked now."""
        self.ask_wanted.emit()

    def paste(self) -> None:
        """For the command of the Edit menu: the clipboard may hold a picture."""
        self.paste_wanted.emit()

    # --- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Crop, zoom and moving about by keys; the rest goes to the pane."""
        if not self._keys.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space was let go."""
        if not self._keys.release(event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Shows the ring when the focus came from the keyboard."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self._keys.has_ring = event.reason() in KEYBOARD_REASONS  # type: ignore[attr-defined]
        self.redraw()

    def focusOutEvent(self, event: object) -> None:
        """Takes the ring away; Space is not held any more."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.pointer.set_space_held(False)
        self.redraw()

    # --- reactions -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What fits keeps fitting."""
        super().resizeEvent(event)
        self.fit() if self._is_fitted else self._apply(self.zoom)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """All of it is painted anew: tags and handles do not move with the picture alone."""
        super().scrollContentsBy(dx, dy)
        self.redraw()

    def _apply(self, zoom: float) -> None:
        """Zoom, and the room around the picture that tags and handles need."""
        width, height = self._vm.size
        room = view_geometry.MARGIN / zoom
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._surface.setSceneRect(QRectF(-room, -room, width + 2 * room, height + 2 * room))
        self._vm.want_detail(max(width, height) * zoom * self.devicePixelRatioF())
        self.zoom_changed.emit()
        self.redraw()

    def _on_picture(self) -> None:
        self._ground.set_levels(self._vm.levels)
        size = self._vm.size
        is_other = size != self._shown_size
        self._shown_size = size
        if is_other or self._is_fitted:
            self.fit()
        self._on_changed()

    def _on_changed(self) -> None:
        width, height = self._vm.size
        words = [self._vm.name or "No picture"]
        if width:
            words.append(f"{width} by {height} pixels")
        crop = self._vm.crop
        if crop is not None:
            wide, tall = crops.size_of(crop)
            words.append(f"part of {wide} by {tall} pixels at {crop[0]}, {crop[1]}")
        self.setAccessibleName(", ".join(words))
        self.redraw()

    def _on_lit(self, box_id: str) -> None:
        for box in self._vm.boxes:
            if box.id == box_id:
                self.show_area(box.crop)
        self.redraw()

    def _on_theme(self) -> None:
        self._ground.forget()
        self.redraw()

    def redraw(self) -> None:
        """Paint everything anew."""
        self.viewport().update()

    def _in_view(self) -> QTransform:
        return self.viewportTransform()
