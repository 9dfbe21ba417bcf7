"""The engine: one thread that owns every MLX call, a queue of jobs, events out.

`on_event` callbacks run on that thread and must return quickly. A failed job never ends the
thread; whatever state it may have spoiled is thrown away.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import mlx.core as mx

from inference.api import Event, Failed, Loading, Notice, Prepared, Request
from inference.errors import EngineClosedError, FacetError, GenerationError
from inference.generate.answer import Answer
from inference.generate.session import Session
from inference.model import Model, PlePlace, load
from inference.network_loading import DTypeName
from inference.prompt.parse import StreamParser

_log = logging.getLogger(__name__)

_CACHE_BYTES = 256 * 1024 * 1024  # freed buffers MLX may keep for reuse
_SESSIONS = 4  # conversations whose KV cache is kept
_SESSION_BYTES = 2 * 1024**3  # for all of them but the newest

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
    is several times slower. A context manager: leaving it closes the engine and joins its thread.
    """

    def __init__(self, dtype: DTypeName | None = None, ple: PlePlace = "auto") -> None:
        on_gpu = mx.metal.is_available()
        self._dtype: DTypeName | None = dtype or (None if on_gpu else "float32")
        self._ple = ple
        self._memory_limit = _memory_limit() if on_gpu else 0
        self._work: queue.Queue[tuple[Job, Callable[[Job], None]] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._closed = False
        self._current: Job | None = None
        self._model: Model | None = None
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._thread = threading.Thread(target=self._loop, name="facet-engine", daemon=True)
        self._thread.start()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(
        self, folder: Path, *, drafter: Path | None = None, on_event: OnEvent | None = None
    ) -> Job:
        """Replace the model. The old one is let go first, so that both never share memory."""

        def work(job: Job) -> None:
            def report(event: Event) -> None:
                if job.is_cancelled:
                    raise GenerationError("Loading was stopped.", "Choose a model to go on.")
                job._emit(event)

            report(Loading(folder.name, 0.0))
            self._forget()
            model = load(folder, self._dtype, drafter=drafter, ple=self._ple)
            model.warm(report)
            self._model = model

        return self._enqueue(work, on_event)

    def unload(self) -> Job:
        """Let the model go and give its memory back."""
        return self._enqueue(lambda _job: self._forget(), None)

    def submit(self, request: Request, on_event: OnEvent) -> Job:
        """Queue a request. Events end with exactly one `Finished` or `Failed`."""
        return self._enqueue(lambda job: self._answer(request, job), on_event)

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
        self._thread.join(timeout)

    def _enqueue(self, work: Callable[[Job], None], on_event: OnEvent | None) -> Job:
        job = Job(on_event or (lambda _event: None))
        with self._lock:
            if self._closed:
                raise EngineClosedError("The engine was closed.", "Start Facet again.")
            self._work.put((job, work))
        return job

    def _loop(self) -> None:
        mx.set_cache_limit(_CACHE_BYTES)
        while (item := self._work.get()) is not None:
            job, work = item
            self._current = job
            try:
                self._perform(job, work)
            finally:
                self._current = None
                job._done.set()
        self._forget()
        # A stream's own C++ thread must be joined before the interpreter ends, or MLX aborts it.
        mx.synchronize()
        mx.clear_streams()

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
            broken = GenerationError(
                "The model stopped with an unexpected error; your conversation is safe.",
                "Try again; if it happens again, load the model anew.",
            )
            self._fail(job, broken, f"{type(unexpected).__name__}: {unexpected}"[:400])

    @staticmethod
    def _fail(job: Job, error: FacetError, detail: str) -> None:
        job.error = error
        try:
            job._emit(Failed(error.message, error.action, detail))
        except Exception:  # a broken listener must not take the engine with it
            _log.exception("listener failed")

    def _forget(self) -> None:
        self._model = None
        self._sessions.clear()
        mx.clear_cache()

    def _answer(self, request: Request, job: Job) -> None:
        model = self._model
        if model is None:
            raise GenerationError("No model is loaded.", "Choose a model first.")
        _check(request)
        prompt = model.prepare(
            request.messages,
            thinking=request.thinking,
            tools=request.tools,
            image_tokens=request.image_tokens,
            video_tokens=request.video_tokens,
            continue_last=request.continue_last,
        )
        job._emit(Prepared(prompt.receipt))
        drafting = request.use_drafter and model.drafter is not None
        if request.use_drafter and not drafting:
            job._emit(Notice("No draft model is loaded; the answer is made without one."))
        run = model.run(
            prompt,
            max_tokens=request.max_tokens,
            sampling=request.sampling,
            session=self._session(model, request.session),
            use_drafter=drafting,
            on_event=job._emit,
            cancelled=lambda: job.is_cancelled,
        )
        if run.max_tokens < request.max_tokens:
            job._emit(
                Notice(
                    f"The answer can have at most {run.max_tokens:,} tokens: "
                    "the prompt fills the rest of what the model can hold."
                )
            )
        tokenizer = model.tokenizer
        parser = StreamParser(tokenizer.control, tokenizer.stream, prompt.starts_in_thought)
        Answer(
            run=run,
            parser=parser,
            control=tokenizer.control,
            stop_ids=model.stop_ids,
            receipt=prompt.receipt,
            on_event=job._emit,
            thinking_budget=request.thinking_budget,
            repetition_guard=request.sampling.repetition_guard,
        ).play()

    def _session(self, model: Model, name: str) -> Session | None:
        """The conversation's state, made on first use; the least recently used ones are dropped."""
        if not name:
            return None
        session = self._sessions.pop(name, None) or model.new_session()
        others = sum(other.size_bytes for other in self._sessions.values())
        while len(self._sessions) >= _SESSIONS or others > _SESSION_BYTES:
            _, oldest = self._sessions.popitem(last=False)
            others -= oldest.size_bytes
        self._sessions[name] = session
        return session


def _memory_limit() -> int:
    """The working set that the system recommends to a program on the GPU, in bytes."""
    return int(mx.device_info().get("max_recommended_working_set_size", 0))


def _check(request: Request) -> None:
    """Raise GenerationError for a count that no run can have."""
    budget = request.thinking_budget
    for name, value in (("longest answer", request.max_tokens), ("thinking budget", budget)):
        if value is not None and value < 1:
            raise GenerationError(f"The {name} must be at least one token.", "Change the setting.")
