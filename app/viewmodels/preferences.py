"""Preferences as observable state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.conversation import ErrorInfo
from app.core.preferences import Preferences, PreferencesFile


class PreferencesViewModel(QObject):
    """The person's preferences; each change is saved at once and shown even if that fails."""

    changed = Signal()
    failed = Signal(object)  # ErrorInfo

    def __init__(self, file: PreferencesFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._value = file.load()

    @property
    def value(self) -> Preferences:
        """The preferences now."""
        return self._value

    @property
    def notice(self) -> ErrorInfo | None:
        """What was wrong with the file when it was read."""
        return self._file.notice

    def change(self, **changes: Any) -> None:
        """Set fields of `Preferences` by name."""
        value = replace(self._value, **changes)
        if value == self._value:
            return
        self._value = value
        try:
            self._file.save(value)
        except OSError as error:
            self.failed.emit(
                ErrorInfo(
                    "The preferences could not be saved.",
                    f"{error.strerror or error}.",
                    "They hold until Facet is closed.",
                )
            )
        self.changed.emit()
