"""What keys do on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.core import crops
from app.viewmodels.image import ImageViewModel

if TYPE_CHECKING:
    from app.widgets.image.canvas import Canvas

SCROLL = 48  # pixels of the screen for an arrow key where there is no crop
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_Alt, _Shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_Other = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class CanvasKeys:
    """Arrows move the crop by 1 px, with Shift by 10, with Alt its right and bottom edges.

    C begins a crop, Escape goes back to the one around it, Return asks. + - 0 1 zoom, Z shows the
    crop large, Page Up and Page Down show another picture or page.
    """

    def __init__(self, canvas: Canvas, vm: ImageViewModel) -> None:
        self._canvas, self._vm = canvas, vm
        self.has_ring = False

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        key = Qt.Key(event.key())
        if event.modifiers() & _Other:
            return False  # commands of the window
        if key in _ARROWS:
            self._arrow(_ARROWS[key], event.modifiers())
            return True
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._canvas.pointer.set_space_held(True)
            return True
        if key == Qt.Key.Key_Escape:
            return self._canvas.pointer.cancel() or self._vm.clear_crop()
        return self._act(key)

    def release(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._canvas.pointer.set_space_held(False)
        return True

    def _arrow(self, way: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        far = crops.LONG_NUDGE if modifiers & _Shift else crops.NUDGE
        right, down = way[0] * far, way[1] * far
        if self._vm.crop is None:
            self._canvas.scroll_by(way[0] * SCROLL, way[1] * SCROLL)
        elif modifiers & _Alt:
            self._vm.grow_crop(right, down)
        else:
            self._vm.nudge_crop(right, down)

    def _act(self, key: Qt.Key) -> bool:
        canvas, vm = self._canvas, self._vm
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_C: vm.start_crop,
            Qt.Key.Key_Z: canvas.fit_crop,
            Qt.Key.Key_Plus: canvas.zoom_in,
            Qt.Key.Key_Equal: canvas.zoom_in,
            Qt.Key.Key_Minus: canvas.zoom_out,
            Qt.Key.Key_0: canvas.fit,
            Qt.Key.Key_1: lambda: canvas.set_zoom(1.0),
            Qt.Key.Key_PageUp: lambda: self._turn(-1),
            Qt.Key.Key_PageDown: lambda: self._turn(1),
            Qt.Key.Key_Return: canvas.ask,
            Qt.Key.Key_Enter: canvas.ask,
        }
        action = actions.get(key)
        if action is None:
            return False
        action()
        return True

    def _turn(self, by: int) -> None:
        if self._vm.is_document:
            self._vm.show_page(self._vm.page + by)
        else:
            self._vm.step(by)
