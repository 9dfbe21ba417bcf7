"""The toolbar of what is shown: the chat's, or that of a place that belongs to no conversation."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.widgets.mode_rows import Place


class BarStack(QWidget):
    """One bar at a time, each as high as it wants to be."""

    def __init__(self, usual: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = usual
        self._others: dict[Place, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(usual)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, place: Place, bar: QWidget) -> None:
        """The bar of a place."""
        self._others[place] = bar
        self._column.addWidget(bar)
        bar.hide()

    def show_for(self, place: Place) -> None:
        """The bar of that place; the chat's for every pane of a conversation."""
        shown = self._others.get(place, self._usual)
        for bar in (self._usual, *self._others.values()):
            bar.setVisible(bar is shown)

    def sizeHint(self) -> QSize:
        """That of the bar shown."""
        return self._column.sizeHint()
