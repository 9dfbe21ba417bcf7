"""Time along the width of a widget, mirrored where reading goes from right to left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

STEPS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0)


class Axis:
    """Seconds to logical pixels of `widget` and back. Both ends keep `margin` pixels free."""

    def __init__(self, widget: QWidget, seconds: float, margin: float = 0.0) -> None:
        self._width = max(1.0, widget.width() - 2 * margin)
        self._seconds = max(seconds, 1e-6)
        self._margin = margin
        self._is_mirrored = widget.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def x(self, second: float) -> float:
        """Where a moment lies."""
        along = second / self._seconds * self._width
        return self._margin + (self._width - along if self._is_mirrored else along)

    def second(self, x: float) -> float:
        """The moment at a place, held within the axis."""
        along = x - self._margin
        if self._is_mirrored:
            along = self._width - along
        return min(max(0.0, along / self._width), 1.0) * self._seconds

    def ticks(self, least_px: float) -> list[float]:
        """Round moments at least so far apart, the beginning included."""
        step = next(
            (s for s in STEPS_S if s / self._seconds * self._width >= least_px), STEPS_S[-1]
        )
        return [index * step for index in range(int(self._seconds / step + 1e-6) + 1)]
