"""HandEngine: the engine's interface, with a test that says what happens and when.

Events are delivered on a second thread, as the real engine does. `say` returns when the listener
has got them, so that a test needs no sleep: afterwards the bridge has them in its inbox.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from inference import (
    EngineStatus,
    Event,
    Failed,
    Finished,
    FinishReason,
    Loading,
    Prepared,
    Receipt,
    ReceiptItem,
    Request,
    Statistics,
    TokenText,
)

OnEvent = Callable[[Event], None]
PATIENCE_S = 10.0

RECEIPT = Receipt((ReceiptItem("text", "user", 14),), 24)
STATISTICS = Statistics(
    prompt_tokens=1204,
    reused_tokens=1050,
    generated_tokens=312,
    first_token_s=0.8,
    prefill_tokens_per_s=1000.0,
    decode_tokens_per_s=41.2,
    total_s=8.4,
)


class HandJob:
    """A job whose events come from the test. `ends_when_cancelled`: as the real engine does."""

    def __init__(self, on_event: OnEvent | None, *, ends_when_cancelled: bool) -> None:
        self.error = None
        self._on_event = on_event or (lambda _event: None)
        self._ends_when_cancelled = ends_when_cancelled
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._events: queue.Queue[tuple[Event, threading.Event] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="hand engine")
        self._thread.start()

    @property
    def done(self) -> bool:
        return self._ended.is_set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._ends_when_cancelled and not self.done:
            self._events.put((Finished("cancelled", Statistics(), RECEIPT), threading.Event()))

    def wait(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def say(self, *events: Event) -> None:
        """Deliver events on the engine's thread; returns when the listener has them all."""
        for event in events:
            heard = threading.Event()
            self._events.put((event, heard))
            assert heard.wait(PATIENCE_S), "the listener did not return"

    def text(self, *pieces: str) -> None:
        """Write: one token for each piece."""
        self.say(*(TokenText(piece) for piece in pieces))

    def finish(
        self,
        reason: FinishReason = "stop",
        statistics: Statistics = STATISTICS,
        receipt: Receipt = RECEIPT,
    ) -> None:
        """End the answer."""
        self.say(Finished(reason, statistics, receipt))

    def prepare(self, receipt: Receipt = RECEIPT) -> None:
        """The prompt is made."""
        self.say(Prepared(receipt))

    def fail(self, message: str, action: str = "") -> None:
        """End with an error."""
        self.say(Failed(message, action))

    def end(self) -> None:
        """Join the thread."""
        self._events.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._events.get()) is not None:
            event, heard = item
            if not self.done:
                if isinstance(event, Finished | Failed):
                    self._ended.set()
                self._on_event(event)
            heard.set()


class HandEngine:
    """Remembers what it was asked. With `loads_by_itself` models are there at once."""

    def __init__(self, *, loads_by_itself: bool = True, ends_when_cancelled: bool = True) -> None:
        self.requests: list[Request] = []
        self.loaded: list[Path] = []
        self.despite_memory = False  # of the newest load
        self.jobs: list[HandJob] = []
        self.loads: list[HandJob] = []
        self.unloads = 0
        self.is_closed = False
        self.held = EngineStatus("gemma", False, 0, 6_100_000_000, 17_200_000_000, 131_072, 280)
        self.sees = self.hears = True
        self.loads_by_itself = loads_by_itself
        self._ends_when_cancelled = ends_when_cancelled

    @property
    def job(self) -> HandJob:
        """The newest answer's job."""
        return self.jobs[-1]

    @property
    def request(self) -> Request:
        """The newest request."""
        return self.requests[-1]

    def load(
        self,
        folder: Path,
        *,
        drafter: Path | None = None,
        despite_memory: bool = False,
        on_event: OnEvent | None = None,
    ) -> HandJob:
        del drafter
        self.despite_memory = despite_memory
        self.loaded.append(folder)
        job = HandJob(on_event, ends_when_cancelled=False)
        self.loads.append(job)
        if self.loads_by_itself:
            job.say(Loading(folder.name, 0.0), Loading(folder.name, 1.0))
        return job

    def unload(self) -> HandJob:
        self.unloads += 1
        job = HandJob(None, ends_when_cancelled=False)
        self.loads.append(job)
        return job

    def submit(self, request: Request, on_event: OnEvent) -> HandJob:
        self.requests.append(request)
        job = HandJob(on_event, ends_when_cancelled=self._ends_when_cancelled)
        self.jobs.append(job)
        return job

    def status(self) -> EngineStatus:
        held = self.held
        return EngineStatus(
            held.model,
            busy=any(not job.done for job in self.jobs),
            waiting=0,
            active_memory_bytes=held.active_memory_bytes,
            memory_limit_bytes=held.memory_limit_bytes,
            context_tokens=held.context_tokens,
            image_tokens=held.image_tokens,
            sees=self.sees,
            hears=self.hears,
        )

    def close(self, timeout: float | None = None) -> None:
        del timeout
        self.is_closed = True
        for job in (*self.jobs, *self.loads):
            job.end()
