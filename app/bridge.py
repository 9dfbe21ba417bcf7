"""Engine events to the GUI thread: collected on the engine's thread, delivered every 33 ms.

Nothing is dropped from texts; neighbouring pieces are joined, and of progress only the latest
word is kept. The first event after a pause is delivered at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inference import (
    EngineStatus,
    Event,
    FacetError,
    Failed,
    Finished,
    Loading,
    Prefill,
    ReadingMedia,
    Request,
    Thought,
    TokenText,
)

_log = logging.getLogger(__name__)

INTERVAL_MS = 33
OnEvent = Callable[[Event], None]
Keyed = tuple[str, Event]


class EngineJob(Protocol):
    """A job of the engine."""

    def cancel(self) -> None: ...


class EnginePort(Protocol):
    """What the window needs of the engine."""

    def load(
        self,
        folder: Path,
        *,
        drafter: Path | None = None,
        despite_memory: bool = False,
        on_event: OnEvent | None = None,
    ) -> EngineJob: ...
    def submit(self, request: Request, on_event: OnEvent) -> EngineJob: ...
    def unload(self) -> EngineJob: ...
    def status(self) -> EngineStatus: ...
    def close(self, timeout: float | None = None) -> None: ...


class EngineBridge(QObject):
    """Wraps an engine; jobs are told apart by keys that the caller chooses."""

    events = Signal(list)  # list[tuple[str, Event]]
    _arrived = Signal()

    def __init__(self, engine: EnginePort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._jobs: dict[str, EngineJob] = {}
        self._inbox = _Inbox(self._arrived.emit)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._deliver)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._delivered_at = 0.0

    def load(self, folder: Path, key: str, *, despite_memory: bool = False) -> None:
        """Load the model in `folder`: `Loading` events up to a fraction of 1, or `Failed`.

        One that does not fit is refused unless it is to be loaded `despite_memory`.
        """
        self._start(
            key,
            lambda on_event: self._engine.load(
                folder, despite_memory=despite_memory, on_event=on_event
            ),
        )

    def submit(self, request: Request, key: str) -> None:
        """Queue a request; its events end with `Finished` or `Failed`."""
        self._start(key, lambda on_event: self._engine.submit(request, on_event))

    def unload(self) -> None:
        """Let the model go."""
        self._engine.unload()

    def cancel(self, key: str) -> None:
        """Ask a job to stop; without effect on one that has ended."""
        job = self._jobs.get(key)
        if job is not None:
            job.cancel()

    def status(self) -> EngineStatus:
        """What the engine holds right now."""
        return self._engine.status()

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop everything and join the engine's thread; no event is delivered afterwards."""
        self._inbox.close()
        self._timer.stop()
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self._engine.close(timeout_s)

    def _start(self, key: str, begin: Callable[[OnEvent], EngineJob]) -> None:
        try:
            self._jobs[key] = begin(lambda event: self._inbox.put(key, event))
        except FacetError as error:  # the engine was closed
            self._inbox.put(key, Failed(error.message, error.action))

    def _on_arrived(self) -> None:
        waited_ms = (monotonic() - self._delivered_at) * 1000
        if waited_ms >= INTERVAL_MS:
            self._deliver()
        elif not self._timer.isActive():
            self._timer.start(max(1, round(INTERVAL_MS - waited_ms)))

    def _deliver(self) -> None:
        batch = self._inbox.take()
        if not batch:
            return
        self._delivered_at = monotonic()
        for key, event in batch:
            if isinstance(event, Finished | Failed) or _is_loaded(event):
                self._jobs.pop(key, None)
        self.events.emit(batch)


class _Inbox:
    """Events between the threads. `wake` is called once for each time it stops being empty."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = Lock()
        self._events: list[Keyed] = []
        self._is_closed = False

    def put(self, key: str, event: Event) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._events.append((key, event))
            # Emitted under the lock, so that after `close` no thread touches the bridge.
            if len(self._events) == 1:
                self._wake()

    def take(self) -> list[Keyed]:
        with self._lock:
            events, self._events = self._events, []
        return merged(events)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._events = []


def merged(events: list[Keyed]) -> list[Keyed]:
    """The same story in fewer events: texts joined with their tokens added, progress latest."""
    done: list[Keyed] = []
    texts: list[str] = []  # pieces of the last event of `done`, joined only once

    def close() -> None:
        if len(texts) > 1:
            key, event = done[-1]
            assert isinstance(event, TokenText | Thought)
            done[-1] = (key, _with_text(event, "".join(texts)))
        texts.clear()

    for key, event in events:
        last = done[-1] if done else None
        joined = _joined(last[1], event) if last is not None and last[0] == key else None
        if joined is None:
            close()
            done.append((key, event))
        else:
            done[-1] = (key, joined)
        if isinstance(event, TokenText | Thought):
            texts.append(event.text)
    close()
    return done


def _joined(last: Event, event: Event) -> Event | None:
    """One event for both, its text not joined yet; None when both are needed."""
    match last, event:
        case TokenText(), TokenText():
            return TokenText(last.text, last.tokens + event.tokens)
        case Thought(closed=False), Thought():
            return Thought(last.text, last.tokens + event.tokens, event.closed)
        case (Prefill(), Prefill()) | (Loading(), Loading()) | (ReadingMedia(), ReadingMedia()):
            return event
    return None


def _with_text(event: TokenText | Thought, text: str) -> TokenText | Thought:
    if isinstance(event, Thought):
        return Thought(text, event.tokens, event.closed)
    return TokenText(text, event.tokens)


def _is_loaded(event: Event) -> bool:
    return isinstance(event, Loading) and event.fraction >= 1
