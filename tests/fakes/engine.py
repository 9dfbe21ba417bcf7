"""FakeEngine: the engine's interface with a script instead of a model.

Events are delivered on a second thread, as the real engine does, so that code which forgets the
border between threads fails here too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from inference import (
    EngineStatus,
    Event,
    FacetError,
    Failed,
    Finished,
    Loading,
    Receipt,
    Request,
    Statistics,
)

OnEvent = Callable[[Event], None]
EMPTY_RECEIPT = Receipt(items=(), prompt_tokens=0)


class FakeJob:
    """One running script. `hold` keeps it running after its last event until it is cancelled."""

    def __init__(
        self,
        script: Sequence[Event],
        on_event: OnEvent | None,
        *,
        error: FacetError | None = None,
        hold: bool = False,
        finish_when_cancelled: bool = True,
    ) -> None:
        self.error: FacetError | None = None
        self._script = script
        self._on_event = on_event or (lambda _event: None)
        self._outcome = error
        self._hold = hold
        self._finish_when_cancelled = finish_when_cancelled
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake engine")
        self._thread.start()

    @property
    def done(self) -> bool:
        return self._ended.is_set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def join(self) -> None:
        self.cancel()
        self._thread.join()

    def _run(self) -> None:
        for event in self._script:
            self._on_event(event)
        if self._hold:
            self._cancelled.wait()
            if self._finish_when_cancelled:
                self._on_event(Finished("cancelled", Statistics(), EMPTY_RECEIPT))
        if self._outcome is not None:
            self.error = self._outcome
            self._on_event(Failed(self._outcome.message, self._outcome.action))
        self._ended.set()


class FakeEngine:
    """Answers every request with the same events and remembers what it was asked."""

    def __init__(
        self,
        answer: Sequence[Event] = (),
        *,
        load_error: FacetError | None = None,
        answer_error: FacetError | None = None,
        hold_load: bool = False,
        hold_answer: bool = False,
    ) -> None:
        self.requests: list[Request] = []
        self.loaded: list[tuple[Path, Path | None]] = []
        self.despite_memory = False  # of the newest load
        self._answer = answer
        self._load_error = load_error
        self._answer_error = answer_error
        self._hold_load = hold_load
        self._hold_answer = hold_answer
        self.jobs: list[FakeJob] = []

    def load(
        self,
        folder: Path,
        *,
        drafter: Path | None = None,
        despite_memory: bool = False,
        on_event: OnEvent | None = None,
    ) -> FakeJob:
        self.despite_memory = despite_memory
        self.loaded.append((folder, drafter))
        script = (Loading(folder.name, 0.5), Loading(folder.name, 1.0))
        return self._started(
            FakeJob(
                script,
                on_event,
                error=self._load_error,
                hold=self._hold_load,
                finish_when_cancelled=False,
            )
        )

    def submit(self, request: Request, on_event: OnEvent) -> FakeJob:
        self.requests.append(request)
        return self._started(
            FakeJob(self._answer, on_event, error=self._answer_error, hold=self._hold_answer)
        )

    def unload(self) -> FakeJob:
        return self._started(FakeJob((), None))

    def status(self) -> EngineStatus:
        busy = any(not job.done for job in self.jobs)
        return EngineStatus("fake", busy, 0, 0, sees=True, hears=True)

    def close(self, timeout: float | None = None) -> None:
        del timeout
        for job in self.jobs:
            job.join()

    def __enter__(self) -> FakeEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _started(self, job: FakeJob) -> FakeJob:
        self.jobs.append(job)
        return job
