"""Finished takes: read into their conversation, and found again after the program was killed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Settings, new_id
from app.core.reading import MediaReader, Reading
from app.core.takes import forget, leftovers
from app.viewmodels.desk import Desk

FOUND = "Facet ended while “{}” was being recorded. What was recorded until then is here."


class Takes(QObject):
    """Adds takes to the recordings of their conversation. The file goes once the store has it."""

    added = Signal(str, str)  # conversation, attachment
    problem = Signal(str)
    _read = Signal(object, str, object, bool)

    def __init__(
        self, desk: Desk, reader: MediaReader, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._folder = desk, reader, folder
        self._found: tuple[Path, ...] | None = None
        self._read.connect(self._on_read)

    def add(self, path: Path, conversation_id: str, *, is_found: bool = False) -> None:
        """Read a take into a conversation."""

        def done(reading: Reading) -> None:
            self._read.emit(path, conversation_id, reading, is_found)

        self._reader.read_file(path, new_id(), done)

    def find(self) -> None:
        """Take in what a killed program left, once."""
        if self._found is None:
            self._found = leftovers(self._folder)
            for path in self._found:
                self.add(path, path.parent.name, is_found=True)

    def _on_read(self, path: Path, conversation_id: str, reading: Reading, is_found: bool) -> None:
        attachment = reading.attachment
        if attachment is None:
            self.problem.emit(reading.problem)
            return
        try:
            conversation = self._desk.get(conversation_id)
        except KeyError:  # killed before it was saved, or deleted since
            conversation = self._desk.new(Settings(), "audio")
        if is_found:
            note = FOUND.format(path.stem)
            attachment = replace(attachment, notes=(*attachment.notes, note))
            self.problem.emit(note)
        materials = (*conversation.materials, attachment)
        self._desk.set_materials(conversation.id, materials)
        forget(path)
        self.added.emit(conversation.id, attachment.id)
