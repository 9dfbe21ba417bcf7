"""What the person must be told and belongs to no conversation: damage, read-only, a full disk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core.conversation import ErrorInfo
from app.core.store import error_info


class NoticesViewModel(QObject):
    """Notices in order of arrival; the same one is not shown twice."""

    changed = Signal()
    announced = Signal(str, bool)
    _raised = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[ErrorInfo] = []
        self._raised.connect(self.add)

    def items(self) -> tuple[ErrorInfo, ...]:
        """What is to be shown."""
        return tuple(self._items)

    def report(self, error: Exception) -> None:
        """A failure of a write, from any thread."""
        self._raised.emit(error_info(error))

    def add(self, info: ErrorInfo) -> None:
        """Show a notice."""
        if info in self._items:
            return
        self._items.append(info)
        self.changed.emit()
        self.announced.emit(info.what, True)

    def dismiss(self, index: int) -> None:
        """The person has read it."""
        if 0 <= index < len(self._items):
            del self._items[index]
            self.changed.emit()
