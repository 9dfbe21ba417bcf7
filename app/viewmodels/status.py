"""Speed and memory for the status bar, looked up once a second."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge
from app.core.conversation import Turn
from app.viewmodels.answers import Answers
from app.viewmodels.values import Status

POLL_MS = 1000
_STEP_BYTES = 10_000_000  # smaller changes of memory are not worth painting


class StatusMeter(QObject):
    """The speed of the answer being written, else of the last one shown."""

    changed = Signal()

    def __init__(
        self, bridge: EngineBridge, answers: Answers, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._answers = answers
        self._last_speed = 0.0
        self.value = Status()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def set_last(self, answer: Turn | None) -> None:
        """The newest answer of what is shown."""
        statistics = answer.statistics if answer is not None else None
        self._last_speed = statistics.decode_tokens_per_s if statistics is not None else 0.0
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        held = self._bridge.status()
        used = held.active_memory_bytes // _STEP_BYTES * _STEP_BYTES
        value = Status(self._answers.speed() or self._last_speed, used, held.memory_limit_bytes)
        if value != self.value:
            self.value = value
            self.changed.emit()

    def close(self) -> None:
        """Ask the engine no more."""
        self._timer.stop()
