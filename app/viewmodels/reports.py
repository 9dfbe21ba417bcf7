"""Exports of conversations: choices, progress, stop, the outcome. The work is on its own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Conversation, ErrorInfo, active_path
from app.reports.options import (
    SUFFIXES,
    Cancelled,
    Progress,
    ReportError,
    ReportOptions,
    suggested_name,
)
from app.reports.surroundings import surroundings
from inference import FacetError

STEP = 0.01  # smaller steps of progress are not worth a signal


class Store(Protocol):
    """What is needed of the store."""

    def load(self, conversation_id: str) -> Conversation:
        """The whole conversation. Raises KeyError for an unknown one."""

    def blob(self, sha256: str) -> Path:
        """Where a stored file lies."""


class Exporter(Protocol):
    """`app.reports.export.export`."""

    def __call__(
        self,
        conversation: Conversation,
        options: ReportOptions,
        path: Path,
        blob: Callable[[str], Path],
        progress: Progress,
    ) -> None:
        """Writes the report, whole or not at all."""


class ReportsViewModel(QObject):
    """One export at a time; the last choices are the next one's defaults."""

    progress_changed = Signal(float)
    running_changed = Signal(bool)
    exported = Signal(object)  # Path
    failed = Signal(object)  # ErrorInfo
    stopped = Signal()
    _reported = Signal(float)
    _ended = Signal(object)  # Path, ErrorInfo, or None when it was stopped

    def __init__(self, store: Store, exporter: Exporter, folder: Path, parent: Any = None) -> None:
        super().__init__(parent)
        self._store = store
        self._exporter = exporter
        self._folder = folder
        self._options = ReportOptions(format="pdf")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._share = 0.0
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)

    @property
    def options(self) -> ReportOptions:
        """The last choices, without title."""
        return self._options

    @property
    def folder(self) -> Path:
        """Where the last report went."""
        return self._folder

    @property
    def is_running(self) -> bool:
        """Whether a report is being made."""
        return self._thread is not None

    @property
    def share(self) -> float:
        """How much of the running export is done."""
        return self._share

    def title_of(self, conversation_id: str) -> str:
        """The title that a report takes unless another is given."""
        return self._store.load(conversation_id).title

    def file_name(self, conversation_id: str, options: ReportOptions) -> str:
        """A name for the file, with its ending."""
        conversation = self._store.load(conversation_id)
        models = [turn.model for turn in active_path(conversation) if turn.model]
        title = options.title.strip() or conversation.title
        model = models[-1] if models else ""
        name = suggested_name(title, model, surroundings().made_at)
        return name + SUFFIXES[options.format]

    def export(self, conversation_id: str, options: ReportOptions, path: Path) -> None:
        """Begins to write the report; while one is running, nothing happens."""
        if self._thread is not None:
            return
        self._options, self._folder = replace(options, title=""), path.parent
        self._stop.clear()
        self._share = 0.0
        self._thread = threading.Thread(
            target=self._work, args=(conversation_id, options, path), name="report"
        )
        self.running_changed.emit(True)
        self._thread.start()

    def cancel(self) -> None:
        """Stops the running export; no file is left."""
        self._stop.set()

    def close(self) -> None:
        """Stops, and waits until nothing is running any more."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    # --- on the thread --------------------------------------------------------------------

    def _work(self, conversation_id: str, options: ReportOptions, path: Path) -> None:
        outcome: Path | ErrorInfo | None = path
        try:
            conversation = self._store.load(conversation_id)
            self._exporter(conversation, options, path, self._store.blob, self._on_progress)
        except Cancelled:
            outcome = None
        except Exception as error:  # whatever it is, the sheet has to say so
            outcome = _explained(error)
        self._ended.emit(outcome)

    def _on_progress(self, share: float) -> None:
        if self._stop.is_set():
            raise Cancelled
        self._reported.emit(share)

    # --- on the window's thread -----------------------------------------------------------

    def _on_reported(self, share: float) -> None:
        if share - self._share >= STEP or share >= 1:
            self._share = share
            self.progress_changed.emit(share)

    def _on_ended(self, outcome: object) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.running_changed.emit(False)
        if outcome is None:
            self.stopped.emit()
        elif isinstance(outcome, ErrorInfo):
            self.failed.emit(outcome)
        else:
            self.exported.emit(outcome)


def _explained(error: Exception) -> ErrorInfo:
    safe = "The conversation is unchanged, and no file was left behind."
    match error:
        case ReportError() | FacetError():
            return ErrorInfo(what=error.message, why=error.action, safe=safe)
        case KeyError():
            return ErrorInfo(what="This conversation no longer exists.", safe=safe)
        case _:
            kind = type(error).__name__
            return ErrorInfo(
                what="The report could not be made.",
                why=f"Facet met a fault of its own ({kind}).",
                safe=safe,
                detail=f"{kind}: {error}",
            )
