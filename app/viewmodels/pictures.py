"""Thumbnails for cards; those that the cache has lost are made again in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.reading import MediaReader
from app.core.store import Store


class Pictures(QObject):
    """Files of attachments and small pictures of them."""

    found = Signal(str)  # sha256 of an attachment whose thumbnail is there now

    def __init__(self, store: Store, reader: MediaReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._reader = reader
        self._asked: set[str] = set()

    def thumbnail(self, attachment: Attachment) -> bytes:
        """The thumbnail, empty for kinds that have none and while it is being made."""
        if attachment.kind not in ("image", "video", "document"):
            return b""
        sha256 = attachment.sha256
        data = self._reader.thumbnails.get(sha256)
        if not data and sha256 not in self._asked:
            self._asked.add(sha256)
            self._reader.make_thumbnail(
                attachment, lambda made: self.found.emit(sha256) if made else None
            )
        return data

    def file(self, sha256: str) -> Path:
        """The file as it was given. Raises KeyError."""
        return self._store.blob(sha256)
