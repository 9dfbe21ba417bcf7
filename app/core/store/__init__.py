"""Conversations on disk: one SQLite file, media by content, backups, and repair."""

from app.core.store.backups import Backup
from app.core.store.errors import (
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    error_info,
)
from app.core.store.store import Store
from app.core.store.writer import Writer

__all__ = [
    "Backup",
    "Store",
    "StoreError",
    "StoreFullError",
    "StoreReadOnlyError",
    "Writer",
    "error_info",
]
