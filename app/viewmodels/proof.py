"""Proof of senses for the window: runs the tests, keeps their results, warns where one failed.

The model in use is tested in the gaps between answers. For another copy the engine is borrowed.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.core.asking import Senses
from app.core.conversation import ErrorInfo
from app.core.model_digest import model_digest
from app.core.model_folders import read_facts
from app.core.proof.book import ProofBook
from app.core.proof.tasks import Task, make_tasks
from app.core.proof.values import TITLES, ProofResult, Sense
from app.core.replies import Reply
from app.viewmodels.borrowing import Borrowing
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.proof_values import Kind, ProofSummary, end_sentence, summed, warned
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.values import Phase
from inference import Request

_log = logging.getLogger(__name__)
Call = Callable[[Callable[[], None]], None]
MakeTasks = Callable[[Senses], tuple[Task, ...]]


@dataclass(slots=True)
class _Run:
    folder: Path
    name: str
    owner: str
    is_own: bool  # the model in use: nothing has to be loaded
    has_engine: bool = False  # borrowed, or being waited for
    digest: str = ""
    waiting: deque[Task] = field(default_factory=deque)
    task: Task | None = None
    results: dict[Sense, ProofResult] = field(default_factory=dict)
    total: int = 0
    began: float = 0.0


class ProofViewModel(QObject):
    """Tests one copy at a time. `call` runs work on a thread that may wait for files."""

    changed = Signal()  # a summary, the progress or a warning
    ended = Signal(object, str)  # Path of the folder, a sentence
    problem = Signal(object)  # ErrorInfo: a result could not be kept
    _made = Signal(str, str, object)  # owner, digest, tasks
    _digested = Signal(object, str)  # folder, digest

    def __init__(
        self,
        side: SideRequests,
        borrowing: Borrowing,
        models: ModelsViewModel,
        book: ProofBook,
        call: Call,
        clock: Callable[[], float] = monotonic,
        make: MakeTasks = make_tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._side, self._borrowing, self._models = side, borrowing, models
        self._book, self._call, self._clock, self._make = book, call, clock, make
        self._run: _Run | None = None
        self._runs = 0
        self._digests: dict[Path, str] = {}
        self._asked: set[Path] = set()
        self._new: set[Path] = set()
        self._shown_folder: Path | None = None
        self._is_closed = False
        self._made.connect(self._on_made)
        self._digested.connect(self._on_digested)
        models.changed.connect(self._on_models_changed)

    # --- what is known -----------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a copy is being tested."""
        return self._run is not None

    @property
    def folder(self) -> Path | None:
        """The copy being tested."""
        return None if self._run is None else self._run.folder

    @property
    def progress(self) -> tuple[int, int]:
        """How many tests are done, of how many."""
        run = self._run
        return (0, 0) if run is None else (len(run.results), run.total)

    @property
    def is_held_up(self) -> bool:
        """Whether an answer comes first."""
        run = self._run
        if run is None:
            return False
        return self._side.is_waiting if run.is_own else self._borrowing.is_waiting

    @property
    def phase(self) -> str:
        """Like "Testing Gemma 4 E2B: reads a number in a picture"; "" when nothing is tested."""
        run = self._run
        if run is None:
            return ""
        if self.is_held_up:
            return f"{run.name} is tested after this answer"
        if run.task is None:
            return f"Testing {run.name}"
        title = TITLES[run.task.sense]
        return f"Testing {run.name}: {title[:1].lower()}{title[1:]}"

    def summary(self, folder: Path) -> ProofSummary:
        """What is known of the copy in `folder`; untested until its weights were looked at."""
        run = self._run
        digest = self._digest(folder)
        results = self._book.results(digest) if digest else {}
        is_running = run is not None and run.folder == folder
        task = run.task if run is not None and is_running else None
        return summed(results, task.sense if task else None, is_running=is_running)

    def warnings(self, *kinds: Kind) -> tuple[ErrorInfo, ...]:
        """What failed tests of the model in use say about materials of these kinds."""
        folder = self._models.folder
        digest = self._digest(folder) if folder is not None else ""
        return warned(self._book.results(digest), kinds) if digest else ()

    def refresh(self, folder: Path) -> None:
        """Look at the weights again: they were installed, quantized or replaced."""
        self._book.catch_up()
        self._digests.pop(folder, None)
        self._asked.discard(folder)
        self._digest(folder)

    def test_when_used(self, folder: Path) -> None:
        """Test a copy that was just installed as soon as it is the one in use."""
        self.refresh(folder)
        self._new.add(folder)
        self._on_models_changed()

    def _digest(self, folder: Path) -> str:
        """The digest if it is known; else it is found out and `changed` follows."""
        if folder not in self._digests and folder not in self._asked and not self._is_closed:
            self._asked.add(folder)
            self._call(lambda: self._digested.emit(folder, model_digest(folder)))
        return self._digests.get(folder, "")

    def _on_digested(self, folder: Path, digest: str) -> None:
        self._digests[folder] = digest
        self.changed.emit()

    def _on_models_changed(self) -> None:
        run, folder = self._run, self._models.folder
        if run is not None and run.is_own and folder != run.folder:
            self._end("The test was stopped, because another model was chosen.")
        if folder in self._new and self._models.state == "ready" and self._run is None:
            self._new.discard(folder)
            self.test(folder)
        if folder != self._shown_folder:  # another model: other warnings
            self._shown_folder = folder
            self.changed.emit()

    # --- testing -----------------------------------------------------------------------------

    def test(self, folder: Path | None = None) -> None:
        """Test the copy in `folder`, or the one in use; ignored while one is being tested."""
        folder = folder or self._models.folder
        if folder is None or self._run is not None or self._is_closed:
            return
        is_own = folder == self._models.folder
        if not is_own and not self._borrowing.is_free:
            self.ended.emit(folder, "The model is busy with a comparison. Test it afterwards.")
            return
        self._runs += 1
        current = self._models.current
        name = current.name if is_own and current is not None else read_facts(folder).name
        run = self._run = _Run(folder, name, f"proof {self._runs}", is_own)
        make = self._make

        def work() -> None:
            facts = read_facts(folder)
            tasks = make(Senses(facts.sees, facts.hears))
            self._made.emit(run.owner, model_digest(folder), tasks)

        self._call(work)
        self.changed.emit()

    def stop(self) -> None:
        """End the test; senses tested so far keep their results."""
        if self._run is not None:
            done, total = self.progress
            self._end(f"The test was stopped after {done} of {total} tests.")

    def close(self) -> None:
        """The last thing to be called."""
        self._is_closed = True
        if self._run is not None:
            self._end("")

    def _on_made(self, owner: str, digest: str, tasks: tuple[Task, ...]) -> None:
        run = self._run
        if run is None or run.owner != owner:
            return  # stopped meanwhile
        run.digest, run.waiting, run.total = digest, deque(tasks), len(tasks)
        self._digests[run.folder] = digest
        if run.is_own:
            self._next(run)
            return
        if not self._borrowing.is_free:
            self._end("The model is busy with a comparison. Test it afterwards.")
            return
        run.has_engine = True
        self._borrowing.begin(self._loading(run), lambda: self._load(run), self._lose)
        self.changed.emit()

    def _load(self, run: _Run) -> None:
        def done(problem: str) -> None:
            if self._run is run:
                self._end(problem) if problem else self._next(run)

        self._borrowing.load(run.folder, done)

    def _loading(self, run: _Run) -> Phase:
        return Phase(f"Loading {run.name} to test it", is_busy=True)

    def _next(self, run: _Run) -> None:
        run.task = None
        while run.waiting:
            task = run.waiting.popleft()
            if task.request is not None:
                self._ask(run, task, task.request)
                return
            self._keep(run, task.unasked())
        self._end(end_sentence(run.results))

    def _ask(self, run: _Run, task: Task, request: Request) -> None:
        run.task, run.began = task, self._clock()

        def done(reply: Reply) -> None:
            if self._run is not run:
                return
            # Without the time that answers took which came first.
            took = reply.statistics.total_s if reply.statistics else self._clock() - run.began
            self._keep(run, task.judge(reply, took))
            if self._run is run:
                self._next(run)

        if run.is_own:
            self._side.ask(request, done, run.owner)
        else:
            share = len(run.results) / max(1, run.total)
            self._borrowing.show(Phase(self.phase, share=share, is_busy=True))
            self._borrowing.ask(request, done)
        self.changed.emit()

    def _keep(self, run: _Run, result: ProofResult) -> None:
        run.results[result.sense] = result
        try:
            self._book.put(run.digest, run.name, result)
        except OSError as error:
            _log.warning("a result of a test was not kept: %s", error)
            self.problem.emit(
                ErrorInfo(
                    "The result of a test could not be kept.",
                    f"{error.strerror or error}.",
                    "It holds until Facet is closed.",
                )
            )
        self.changed.emit()

    def _lose(self) -> None:
        self._end("The test was stopped, because another model was chosen.")

    def _end(self, sentence: str) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        if run.is_own:
            self._side.drop(run.owner)
        elif run.has_engine:
            self._borrowing.end()
        self.changed.emit()
        if sentence:
            self.ended.emit(run.folder, sentence)
