"""Cycles of objects are collected on the window's thread alone.

Python collects on whichever thread happens to allocate. A QObject that is destroyed on another
thread than its own leaves its timers behind; the next one to fire ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from app.core.collection import collect_due

TICK_MS = 500


class Collector(QObject):
    """Takes the place of Python's collector from now until `close`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(TICK_MS)

    def close(self) -> None:
        """Python collects again, on any thread: nothing of Qt's may be left to collect."""
        self._timer.stop()
        gc.collect()
        gc.enable()
