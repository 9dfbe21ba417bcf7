"""Asks one question of several copies in turn, on the borrowed engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.asking import Asked, Senses
from app.core.conversation import Conversation, ErrorInfo, Turn
from app.core.model_folders import read_facts
from app.core.reading import MediaReader
from app.viewmodels.asking_work import asking_work
from app.viewmodels.borrowing import Borrowing
from app.viewmodels.comparison_values import SideState
from app.viewmodels.desk import Desk
from app.viewmodels.running import Running
from app.viewmodels.values import Phase
from inference import Event

SAVE_MS = 250
SAFE = "The other answer is kept."


@dataclass(frozen=True, slots=True)
class Side:
    """A copy to be asked, and the turn that its answer becomes."""

    name: str
    folder: Path
    turn: Turn


class ComparisonRun(QObject):
    """One run from beginning to end. `progressed` tells of every change, `ended` comes once."""

    progressed = Signal()
    ended = Signal(str)  # a sentence
    _asked = Signal(str, object, str)

    def __init__(
        self,
        conversation: Conversation,
        question: Turn,
        sides: tuple[Side, ...],
        desk: Desk,
        borrowing: Borrowing,
        reader: MediaReader,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._conversation, self._question, self._sides = conversation, question, sides
        self._desk, self._borrowing, self._reader, self._clock = desk, borrowing, reader, clock
        self._at = -1
        self._state: SideState = "waiting"
        self._running: Running | None = None
        self._has_ended = False
        self._asked.connect(self._on_asked)
        self._timer = QTimer(self)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self._save)

    @property
    def is_held_up(self) -> bool:
        """Whether an answer or a model being loaded comes first."""
        return self._borrowing.is_waiting

    def live(self, number: int) -> tuple[SideState | None, Turn | None]:
        """What goes on at a side: its state unless it is settled, and its turn if newer."""
        if self._has_ended or number < self._at:
            return None, None
        if number > self._at:
            return "waiting", None
        return self._state, self._running.turn if self._running is not None else None

    def start(self) -> None:
        """Begin as soon as the engine is free."""
        self._desk.set_busy(self._conversation.id, True)
        self._borrowing.begin(self._phase("waits"), self._next, self._on_lost)
        self.progressed.emit()

    def stop(self, sentence: str = "The comparison was stopped.") -> None:
        """End now; what was written so far is kept."""
        if self._has_ended:
            return
        running = self._running
        if running is not None and not running.is_settled:
            running.stop(self._clock())
            self._settle(running)
        self._end(sentence)

    def abandon(self) -> None:
        """End now, because the conversation was deleted: nothing is kept."""
        if self._running is not None:
            self._running.is_stopped = True
        self._end("The comparison was stopped, because its conversation was deleted.")

    # --- one side after the other ------------------------------------------------------------

    def _next(self) -> None:
        self._at += 1
        self._running = None
        if self._at == len(self._sides):
            self._end("The copies were compared.")
            return
        side = self._sides[self._at]
        self._show("loading", "is being loaded")
        self._borrowing.load(side.folder, lambda problem: self._on_loaded(side, problem))

    def _on_loaded(self, side: Side, problem: str) -> None:
        running = self._running = Running(self._conversation.id, side.turn)
        self._desk.add_turn(self._conversation.id, side.turn)
        if problem:
            self._fail(running, ErrorInfo(f"{side.name} could not be loaded.", problem, SAFE))
            return
        running.key = f"{side.turn.id} asking"
        self._show("answering", "is answering")
        self._timer.start()
        facts = read_facts(side.folder)
        self._reader.call(
            asking_work(
                running,
                self._conversation,
                (self._question, side.turn),
                self._reader,
                (),
                Senses(facts.sees, facts.hears),
                side.folder,
                lambda _key, _index, _total: None,
                self._asked.emit,
            )
        )

    def _on_asked(self, key: str, asked: object, digest: str) -> None:
        running = self._running
        if running is None or running.key != key or self._has_ended:
            return  # stopped meanwhile
        if isinstance(asked, ErrorInfo):
            self._fail(running, asked)
            return
        assert isinstance(asked, Asked)
        running.turn = replace(running.turn, model_digest=digest)
        running.left_out = asked.left_out
        self._borrowing.ask(
            replace(asked.request, session=""),
            lambda _reply: self._on_answered(running),
            lambda event: self._on_event(running, event),
        )

    def _on_event(self, running: Running, event: Event) -> None:
        running.take(event, self._clock())
        self.progressed.emit()

    def _on_answered(self, running: Running) -> None:
        self._settle(running)
        self._next()

    def _fail(self, running: Running, error: ErrorInfo) -> None:
        running.turn = replace(running.turn, state="failed", error=error)
        self._settle(running)
        self._next()

    def _settle(self, running: Running) -> None:
        """Keep an answer that has ended."""
        self._timer.stop()
        self._desk.update_turn(self._conversation.id, running.turn)

    def _save(self) -> None:
        running = self._running
        if running is not None and running.is_dirty:
            running.is_dirty = False
            self._desk.stream(running.turn)

    def _on_lost(self) -> None:
        self.stop("The comparison was stopped, because another model was chosen.")

    def _end(self, sentence: str) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        self._timer.stop()
        self._borrowing.end()
        self._desk.set_busy(self._conversation.id, False)
        self.ended.emit(sentence)

    def _show(self, state: SideState, words: str) -> None:
        self._state = state
        self._borrowing.show(self._phase(words))
        self.progressed.emit()

    def _phase(self, words: str) -> Phase:
        number = max(0, self._at)
        name = self._sides[min(number, len(self._sides) - 1)].name
        return Phase(
            f"Comparing: {name} {words}",
            f"{number + 1} of {len(self._sides)}",
            share=number / len(self._sides),
            is_busy=True,
        )
