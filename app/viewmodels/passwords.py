"""Files that ask for a password while they are read: one question after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.core.reading import MediaReader

Answer = Callable[[str | None], None]


@dataclass(frozen=True, slots=True, eq=False)
class Locked:
    """A file that waits for its password. `was_wrong`: one was given already."""

    name: str
    was_wrong: bool
    answer: Answer


class Passwords(QObject):
    """Brings the reader's questions to the window's thread. Passwords are kept nowhere."""

    changed = Signal()
    _wanted = Signal(object)

    def __init__(self, reader: MediaReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Locked] = deque()
        self._wanted.connect(self._on_wanted)
        reader.on_locked = self._on_locked

    @property
    def current(self) -> Locked | None:
        """The file that is asked about, None for none."""
        return self._waiting[0] if self._waiting else None

    def answer(self, password: str | None) -> None:
        """The password of the current file; None leaves it unread."""
        if self._waiting:
            self._waiting.popleft().answer(password)
            self.changed.emit()

    def _on_locked(self, name: str, was_wrong: bool, answer: Answer) -> None:
        self._wanted.emit(Locked(name, was_wrong, answer))

    def _on_wanted(self, locked: Locked) -> None:
        # A wrong password is asked for again before the next file is.
        self._waiting.appendleft(locked) if locked.was_wrong else self._waiting.append(locked)
        self.changed.emit()
