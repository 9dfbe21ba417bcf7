"""What can go wrong with the store, in words for people."""

from __future__ import annotations

import errno
import sqlite3

from app.core.conversation import ErrorInfo
from inference import FacetError


class StoreError(FacetError):
    """A conversation could not be read or written; what was stored before is untouched."""


class StoreFullError(StoreError):
    """The disk is full: nothing of the last write was kept, all earlier ones were."""


class StoreReadOnlyError(StoreError):
    """The store was opened for reading only; `Store.notices` says why."""


FULL = StoreFullError(
    "The disk is full, so the newest words could not be saved. Everything saved before is safe.",
    "Free some space; Facet tries again by itself.",
)
DAMAGED = StoreError(
    "A part of the conversation file cannot be read.",
    "Quit and open Facet again: it repairs the file and keeps a copy of the damaged one.",
)
READ_ONLY = StoreReadOnlyError(
    "The conversations are open for reading only, so this change was not saved.",
    "See the note at the top of the window.",
)


def translated(error: sqlite3.Error | OSError) -> StoreError:
    """The error as the store raises it."""
    text = str(error)
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return FULL
        return StoreError(f"A file could not be read or saved: {error.strerror or text}.")
    if "disk is full" in text:
        return FULL
    if "readonly" in text:
        return READ_ONLY
    if "malformed" in text or "not a database" in text or "disk I/O" in text:
        return DAMAGED
    return StoreError(f"The conversation file gave an error: {text}.", "Try again.")


def error_info(error: Exception) -> ErrorInfo:
    """Any exception of a store call as the error form shows it."""
    if isinstance(error, StoreFullError):
        return ErrorInfo(
            what="The disk is full.",
            why="There was no room for the newest words.",
            safe="Everything saved before is safe. Facet tries again every second.",
        )
    if isinstance(error, FacetError):
        return ErrorInfo(what=error.message, safe=error.action)
    return ErrorInfo(
        what="Something could not be saved.",
        why="An unexpected error occurred.",
        safe="What was saved before is untouched.",
        detail=f"{type(error).__name__}: {error}",
    )
