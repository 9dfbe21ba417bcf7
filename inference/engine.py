"""The engine: one thread that owns every MLX call, a queue of jobs, events out.

`on_event` callbacks run on that thread and must return quickly. A failed job never ends the
thread; whatever state it may have spoiled is thrown away.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import mlx.core as mx

from inference.answering import Answering
from inference.api import Event, Failed, Loading, Notice, Request
from inference.checkpoint import Folder
from inference.distributed.lead import Lead
from inference.errors import EngineClosedError, FacetError, GenerationError, RanksError
from inference.generate.constraint.worker import Constraints, VocabularySource
from inference.generate.guard import MemorySensor
from inference.generate.heap import give_back
from inference.hub.machine import Machine, this_machine
from inference.hub.machine_sensor import system_sensor
from inference.model import Model, PlePlace, load, load_divided
from inference.network_loading import DTypeName
from inference.residence import Sessions, check_room, guard, let_go_of_towers

_log = logging.getLogger(__name__)

_CPU_CACHE_BYTES = 16 * 1024 * 1024  # of freed buffers for reuse: a CPU allocates quickly
_STUCK_S = 3.0  # for a sum that waits for a computer which is gone
_TOWERS_IDLE_S = 300.0  # without a picture or a sound, until the towers are let go

OnEvent = Callable[[Event], None]


class Job:
    """Handle on one piece of work; safe to use from any thread."""

    def __init__(self, on_event: OnEvent) -> None:
        self.error: FacetError | None = None
        self._emit = on_event
        self._cancel = threading.Event()
        self._done = threading.Event()

    def cancel(self) -> None:
        """Ask to stop; takes effect between tokens, prefill chunks and pictures."""
        self._cancel.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the job ended; False when `timeout` seconds passed first."""
        return self._done.wait(timeout)

    @property
    def done(self) -> bool:
        return self._done.is_set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine holds and does right now.

    `memory_limit_bytes` is what the GPU may use, 0 where there is none. The rest describes the
    model: tokens it can hold, its own picture budget, its senses; zeros without a model.
    """

    model: str
    busy: bool
    waiting: int
    active_memory_bytes: int
    memory_limit_bytes: int = 0
    context_tokens: int = 0
    image_tokens: int = 0
    sees: bool = False
    hears: bool = False


class Engine:
    """Loads one model at a time and answers requests in the order they come.

    `dtype` None keeps the type of the file on a GPU and takes float32 on a CPU, where bfloat16
    is several times slower. With `lead` this is rank 0 of several computers, each of which holds
    its share. `machine` and `sensor` take the places of this computer and its memory. A context
    manager: leaving it closes the engine and joins its thread.
    """

    def __init__(
        self,
        dtype: DTypeName | None = None,
        ple: PlePlace = "auto",
        lead: Lead | None = None,
        *,
        machine: Machine | None = None,
        sensor: MemorySensor | None = None,
    ) -> None:
        on_gpu = mx.metal.is_available()
        self._dtype: DTypeName | None = dtype or (None if on_gpu else "float32")
        self._ple = ple
        self._lead = lead
        if lead is not None:
            lead.on_lost = self._on_lost
        self._machine = machine or this_machine()
        self._memory_limit = self._machine.gpu_bytes if on_gpu else 0
        self._sensor = sensor or system_sensor(self._memory_limit)
        self._loaded_from: tuple[Path, Path | None] | None = None
        self._put_away: tuple[Path, Path | None] | None = None  # let go for want of memory
        self._work: queue.Queue[tuple[Job, Callable[[Job], None]] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._closed = False
        self._current: Job | None = None
        self._model: Model | None = None
        self._sessions = Sessions()
        self._constraints = Constraints()
        self._thread = threading.Thread(target=self._loop, name="facet-engine", daemon=True)
        self._thread.start()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(
        self,
        folder: Path,
        *,
        drafter: Path | None = None,
        despite_memory: bool = False,
        on_event: OnEvent | None = None,
    ) -> Job:
        """Replace the model. The old one is let go first, so that both never share memory.

        One that cannot fit is refused (NoRoomError) before its weights are read, unless it is to
        be loaded `despite_memory`.
        """
        return self._enqueue(
            lambda job: self._replace(folder, drafter, job, despite_memory), on_event
        )

    def unload(self) -> Job:
        """Let the model go and give its memory back."""
        return self._enqueue(lambda _job: self._forget(), None)

    def let_go_of_towers(self) -> Job:
        """Give back the memory of the parts that see and hear; they are read again when needed.

        It also happens by itself, some minutes after the last picture or sound.
        """
        return self._enqueue(lambda _job: self._let_go_of_towers(), None)

    def submit(self, request: Request, on_event: OnEvent) -> Job:
        """Queue a request. Events end with exactly one `Finished` or `Failed`."""
        return self._enqueue(lambda job: self._answer(request, job), on_event)

    def expect_constraints(self) -> None:
        """Schemas or tools will be used: make ready for them beside loading, without waiting.

        Without this the first request with one of them waits some seconds for the vocabulary.
        """
        self._constraints.expect()

    def status(self) -> EngineStatus:
        model = self._model
        held = EngineStatus(
            model="",
            busy=self._current is not None,
            waiting=self._work.qsize(),
            active_memory_bytes=int(mx.get_active_memory()),
            memory_limit_bytes=self._memory_limit,
        )
        if model is None:
            return held
        return replace(
            held,
            model=model.name,
            context_tokens=model.config.text.max_positions,
            image_tokens=model.folder.defaults.image_tokens,
            sees=model.config.vision is not None,
            hears=model.config.audio is not None,
        )

    def close(self, timeout: float | None = None) -> None:
        """Cancel what runs, drop what waits, join the thread. May be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._work.put(None)
        current = self._current
        if current is not None:
            current.cancel()
        is_stuck = self._lead is not None and self._lead.lost is not None
        self._thread.join(_STUCK_S if is_stuck else timeout)

    def _replace(self, folder: Path, drafter: Path | None, job: Job, despite_memory: bool) -> None:
        def report(event: Event) -> None:
            if job.is_cancelled:
                raise GenerationError("Loading was stopped.", "Choose a model to go on.")
            job._emit(event)

        report(Loading(folder.name, 0.0))
        self._forget()
        check = (lambda _folder: None) if despite_memory else check_room(self._machine)
        self._model = self._loaded(folder, drafter, report, check)
        self._model.working_bytes = self._machine.working_bytes
        self._loaded_from = (folder, drafter)

    def _loaded(
        self,
        folder: Path,
        drafter: Path | None,
        report: OnEvent,
        check: Callable[[Folder], None],
    ) -> Model:
        if self._lead is None:
            model = load(folder, self._dtype, drafter=drafter, ple=self._ple, check=check)
            self._constraints.attach(_vocabulary(model))
            model.warm(report)
            return model
        if drafter is not None:
            raise GenerationError(
                "A draft model cannot be used when several computers share the model.",
                "Go on without one.",
            )
        model = load_divided(folder, self._dtype, self._lead, ple=self._ple, on_event=report)
        self._constraints.attach(_vocabulary(model))
        model.warm()
        others = [int(each["active"]) for each in self._lead.ask({"do": "memory"})]
        report(Loading(model.name, 1.0))
        report(Notice(_shared(int(mx.get_active_memory()), others)))
        return model

    def _on_lost(self, error: RanksError) -> None:
        """A rank is gone (told on another thread): what runs may wait for it for ever."""
        current = self._current
        if current is not None and not current.wait(_STUCK_S):
            self._fail(current, error, "")
            current._done.set()

    def _enqueue(self, work: Callable[[Job], None], on_event: OnEvent | None) -> Job:
        job = Job(on_event or (lambda _event: None))
        with self._lock:
            if self._closed:
                raise EngineClosedError("The engine was closed.", "Start Facet again.")
            if self._lead is not None and self._lead.lost is not None:
                self._fail(job, self._lead.lost, "")
                job._done.set()
                return job
            self._work.put((job, work))
        return job

    def _loop(self) -> None:
        on_gpu = mx.metal.is_available()
        mx.set_cache_limit(self._machine.working_bytes if on_gpu else _CPU_CACHE_BYTES)
        while (item := self._next()) is not None:
            job, work = item
            self._current = job
            try:
                self._perform(job, work)
            finally:
                self._current = None
                job._done.set()
        self._forget()
        self._constraints.close()
        if self._lead is not None:
            self._lead.close()
        # A stream's own C++ thread must be joined before the interpreter ends, or MLX aborts it.
        mx.synchronize()
        mx.clear_streams()

    def _next(self) -> tuple[Job, Callable[[Job], None]] | None:
        """The next piece of work, None at the end. Idle for long, the towers are let go."""
        try:
            return self._work.get(timeout=_TOWERS_IDLE_S)
        except queue.Empty:
            self._let_go_of_towers()
            return self._work.get()

    def _let_go_of_towers(self) -> None:
        if self._model is not None:
            let_go_of_towers(self._model)

    def _perform(self, job: Job, work: Callable[[Job], None]) -> None:
        """Run one job; every failure becomes one `Failed` event."""
        try:
            if self._closed:
                raise EngineClosedError("The engine was closed before this could start.")
            work(job)
        except FacetError as error:
            self._fail(job, error, "")
        except MemoryError:
            self._sessions.clear()
            short = GenerationError(
                "There is not enough memory for this.",
                "Close other programs, or use a shorter conversation or a smaller model.",
            )
            self._fail(job, short, "MemoryError")
        except Exception as unexpected:
            # MLX reports GPU and allocation faults as RuntimeError; caches may be half written.
            _log.exception("job failed")
            self._sessions.clear()
            if self._lead is not None:
                self._fail(job, self._lead.broken(unexpected), f"{type(unexpected).__name__}")
                return
            broken = GenerationError(
                "The model stopped with an unexpected error; your conversation is safe.",
                "Try again; if it happens again, load the model anew.",
            )
            self._fail(job, broken, f"{type(unexpected).__name__}: {unexpected}"[:400])

    @staticmethod
    def _fail(job: Job, error: FacetError, detail: str) -> None:
        if job.done:
            return  # given up when a rank was lost
        job.error = error
        try:
            job._emit(Failed(error.message, error.action, detail))
        except Exception:  # a broken listener must not take the engine with it
            _log.exception("listener failed")

    def _forget(self) -> None:
        had_model = self._model is not None
        self._constraints.attach(None)
        self._model = self._put_away = None
        self._sessions.clear()
        if had_model and self._lead is not None:
            with suppress(RanksError):  # one that is gone holds nothing
                self._lead.tell({"do": "unload"})
        mx.clear_cache()
        if had_model:
            give_back()

    def _answer(self, request: Request, job: Job) -> None:
        if self._model is None and self._put_away is not None:
            self._replace(*self._put_away, job, despite_memory=True)
        model = self._model
        if model is None:
            raise GenerationError("No model is loaded.", "Choose a model first.")
        session = self._sessions.of(model, request.session)
        if self._lead is not None:  # room is made on all computers or on none
            Answering(
                model, request, session, self._constraints, job._emit, lambda: job.is_cancelled
            ).play()
            return
        watch = guard(
            self._sensor, model, self._sessions, session, job._emit, lambda: job.is_cancelled
        )
        try:
            Answering(
                model,
                request,
                session,
                self._constraints,
                watch.on_event,
                watch.cancelled,
                watch.chunk,
            ).play()
        finally:
            self._constraints.cancelled = _never  # or it would hold the guard, and that the model
        if watch.must_unload:
            del model, session, watch  # or what they hold would stay
            self._forget()
            self._put_away = self._loaded_from


def _never() -> bool:
    """Nothing runs that could be called off."""
    return False


def _shared(own: int, others: Sequence[int]) -> str:
    """How much of the model each computer holds, in a sentence."""
    rest = [f"{size / 1e9:.2f} GB on computer {i}" for i, size in enumerate(others, start=2)]
    return (
        f"{len(rest) + 1} computers share the model: {own / 1e9:.2f} GB on this one, "
        f"{', '.join(rest)}."
    )


def _vocabulary(model: Model) -> VocabularySource:
    stops = tuple(sorted(model.stop_ids))
    return VocabularySource(model.folder.tokenizer_file, model.config.text.vocab, stops)
