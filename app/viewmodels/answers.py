"""Makes answers, one after the other, for whichever conversation asked.

An answer goes on while another conversation is shown. Its turn is saved before it is begun and
every 250 ms; the request is built on the reader's thread, because that opens files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge, Keyed
from app.core.asking import Asked
from app.core.conversation import ErrorInfo, Turn, active_path
from app.core.loop import open_calls, rest_of, to_be_asked_again
from app.core.reading import MediaReader
from app.core.tools.values import ToolSpec
from app.viewmodels.asking_work import asking_work
from app.viewmodels.desk import Desk
from app.viewmodels.errors import KEPT
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.phases import Progress, Stage, entered, phase_of, tokens_per_s
from app.viewmodels.running import Running
from app.viewmodels.tool_loop import ToolLoop
from app.viewmodels.tools import ToolsViewModel
from app.viewmodels.values import Phase
from inference import Event, Thought, TokenText

SAVE_MS = 250
GRACE_MS = 200  # how long a stopped answer waits for the engine's figures
Clock = Callable[[], float]


class Answers(QObject):
    """Running and waiting answers. Signals name the conversation first, then the turn."""

    begun = Signal(str, str)
    text_appended = Signal(str, str, str)
    thought_appended = Signal(str, str, str)
    turn_changed = Signal(str, str)
    phase_changed = Signal(str)
    ended = Signal(str, str)
    calling = Signal(str, str)  # the model waits for its tools; the engine is free meanwhile
    _asked = Signal(str, object, str)
    _opening = Signal(str, int, int)

    def __init__(
        self,
        desk: Desk,
        bridge: EngineBridge,
        models: ModelsViewModel,
        reader: MediaReader,
        tools: ToolsViewModel,
        loop: ToolLoop,
        clock: Clock = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bridge = bridge
        self._models = models
        self._reader = reader
        self._tools = tools
        self._loop = loop
        self._clock = clock
        self._active: Running | None = None
        self._waiting: deque[Running] = deque()
        self._calling: dict[str, Running] = {}
        self._jobs = 0
        self._shown: dict[str, Phase] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.tick)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.timeout.connect(self._give_up)
        bridge.events.connect(self._on_events)
        models.changed.connect(self._on_models_changed)
        loop.changed.connect(self._on_calls_changed)
        loop.finished.connect(self._on_calls_finished)
        self._asked.connect(self._on_asked)
        self._opening.connect(self._on_opening)

    def start(self, conversation_id: str, turn: Turn, *, is_continued: bool = False) -> None:
        """Make the answer for a model turn that is the active leaf and in state streaming."""
        now = self._clock()
        # After its last results an answer is not gone on with, but begun with another round.
        is_continued = is_continued and rest_of(turn) != ("", "")
        running = Running(conversation_id, to_be_asked_again(turn), is_continued)
        budget = turn.settings.thinking_budget if turn.settings else None
        running.progress = Progress("waiting", now, now, budget=budget)
        self._desk.set_busy(conversation_id, True)
        if open_calls(running.turn):
            self._call(running)
        else:
            self._waiting.append(running)
        self.begun.emit(conversation_id, turn.id)
        self._timer.start()
        self._next()
        self._show_phases()

    def stop(self, conversation_id: str) -> None:
        """Stop the conversation's answer and keep its text; settled within 300 ms."""
        for running in list(self._waiting):
            if running.conversation_id == conversation_id:
                self._waiting.remove(running)
                self._settle_stopped(running)
        if conversation_id in self._calling:
            self._loop.stop(conversation_id)
            self._settle_stopped(self._calling.pop(conversation_id))
        active = self._active
        if active is None or active.conversation_id != conversation_id:
            return
        if not active.key.startswith("answer") or self._grace.isActive():
            self._settle_stopped(active)
            return
        active.progress = entered(active.progress, "stopping", self._clock())
        self._bridge.cancel(active.key)
        self._grace.start(GRACE_MS)
        self._show_phases()

    def stop_now(self, conversation_id: str) -> None:
        """Stop without waiting for the engine's figures."""
        self.stop(conversation_id)
        if self._active is not None and self._active.conversation_id == conversation_id:
            self._give_up()

    def close(self) -> None:
        """Stop everything and save what was written; the last thing to be called."""
        for conversation_id in self.running_ids():
            self.stop_now(conversation_id)
        self._timer.stop()

    def is_running(self, conversation_id: str) -> bool:
        """Whether an answer of this conversation is being made or waits for its turn."""
        return self._find(conversation_id) is not None

    def is_calling(self, conversation_id: str) -> bool:
        """Whether the model waits for results of its calls."""
        return conversation_id in self._calling

    def allow(self, conversation_id: str, turn_id: str, place: int, choice: str) -> None:
        """The person's word about a waiting call: a permission, or "dont"."""
        self._loop.answer(conversation_id, turn_id, place, choice)

    def running_ids(self) -> frozenset[str]:
        """Conversations with an answer being made or waiting."""
        return frozenset(each.conversation_id for each in self._everything())

    @property
    def needs_engine(self) -> bool:
        """Whether an answer is being made or waits for the engine, not only for its tools."""
        return self._active is not None or bool(self._waiting)

    def live_turn(self, conversation_id: str) -> Turn | None:
        """The turn being written, newer than the desk's."""
        running = self._find(conversation_id)
        return None if running is None else running.turn

    def phase(self, conversation_id: str) -> Phase | None:
        """What is going on in this conversation, None when nothing is."""
        running = self._find(conversation_id)
        if running is None:
            return None
        if running in self._waiting and self._models.state == "loading":
            return self._models.phase
        return phase_of(running.progress, self._clock())

    def speed(self) -> float:
        """Tokens a second right now, 0 when nothing is being written."""
        return 0.0 if self._active is None else tokens_per_s(self._active.progress)

    def tick(self) -> None:
        """Save what is new and show what time has changed; called every 250 ms."""
        if self._active is not None and self._active.is_dirty:
            self._active.is_dirty = False
            self._desk.stream(self._active.turn)
        self._show_phases()

    def _find(self, conversation_id: str) -> Running | None:
        return next((r for r in self._everything() if r.conversation_id == conversation_id), None)

    def _everything(self) -> list[Running]:
        active = [self._active] if self._active else []
        return [*self._waiting, *self._calling.values(), *active]

    # --- beginning ---------------------------------------------------------------------------

    def _next(self) -> None:
        """Begin the answer that has waited longest, if the model can take it."""
        if self._active is not None or not self._waiting:
            return
        state = self._models.state
        if state == "none" and self._models.current is not None:
            self._models.reload()  # its next word calls this again
            return
        if state == "loading":
            return
        running = self._waiting.popleft()
        self._active = running
        if state != "ready":
            self._fail(running, self._models.error or _no_model())
            return
        self._jobs += 1
        running.key = f"asking {self._jobs}"
        running.begin_request()
        running.progress = entered(running.progress, "preparing", self._clock())
        self._reader.call(self._asking(running))

    def _asking(self, running: Running) -> Callable[[], None]:
        conversation = self._desk.get(running.conversation_id)
        path = tuple(t for t in active_path(conversation) if t.id != running.turn.id)
        return asking_work(
            running,
            conversation,
            (*path, running.turn),
            self._reader,
            tuple(spec.tool for spec in self._offered(running)),
            self._models.senses,
            self._models.folder,
            self._opening.emit,
            self._asked.emit,
        )

    def _on_opening(self, key: str, index: int, total: int) -> None:
        active = self._active
        if active is not None and active.key == key:
            active.progress = replace(
                entered(active.progress, "opening", self._clock()), index=index, total=total
            )
            self._show_phases()

    def _on_asked(self, key: str, asked: object, digest: str) -> None:
        active = self._active
        if active is None or active.key != key:
            return  # stopped meanwhile
        if isinstance(asked, ErrorInfo):
            self._fail(active, asked)
            return
        assert isinstance(asked, Asked)
        active.key = f"answer {self._jobs}"
        active.turn = replace(active.turn, model_digest=digest)
        active.left_out = asked.left_out
        progress = entered(active.progress, "preparing", self._clock())
        active.progress = replace(progress, media=asked.media)
        self._bridge.submit(asked.request, active.key)
        self._show_phases()

    # --- going on ----------------------------------------------------------------------------

    def _on_events(self, batch: list[Keyed]) -> None:
        now = self._clock()
        for key, event in batch:
            active = self._active
            if active is None or active.key != key:
                continue  # an answer that was given up
            before = active.turn
            active.take(event, now)
            self._tell(active, before, event)
            if active.is_settled:
                self._settle(active)
            elif active.is_calling:
                self._active = None
                self._call(active)
                self.turn_changed.emit(active.conversation_id, active.turn.id)
                self._next()
        self._show_stage()

    def _tell(self, active: Running, before: Turn, event: Event) -> None:
        """What an event changed: pieces first, so that a later look at the turn agrees."""
        turn, where = active.turn, (active.conversation_id, active.turn.id)
        match event:
            case TokenText():
                self.text_appended.emit(*where, turn.text[len(before.text) :])
                has_changed = not before.text or turn.thought_s != before.thought_s
            case Thought():
                self.thought_appended.emit(*where, turn.thought[len(before.thought) :])
                has_changed = not before.thought or event.closed
            case _:
                has_changed = turn is not before and not active.is_settled
        if has_changed:
            self.turn_changed.emit(*where)

    def _on_models_changed(self) -> None:
        if self._models.state in ("ready", "failed"):
            self._next()
        self._show_phases()

    # --- tools -------------------------------------------------------------------------------

    def _offered(self, running: Running) -> tuple[ToolSpec, ...]:
        settings = running.turn.settings or self._desk.get(running.conversation_id).settings
        current = self._models.current
        return self._tools.offered(settings, current is not None and current.key == BUNDLED_KEY)

    def _call(self, running: Running) -> None:
        """Let the calls be run; the engine is free for others until they have results."""
        self._calling[running.conversation_id] = running
        self._desk.update_turn(running.conversation_id, running.turn)
        running.is_dirty = False
        self._loop.begin(running.conversation_id, running.turn, self._offered(running))
        self.calling.emit(running.conversation_id, running.turn.id)

    def _on_calls_changed(self, conversation_id: str, turn: Turn) -> None:
        running = self._calling.get(conversation_id)
        if running is None:
            return
        running.turn = turn
        stage: Stage = "asking" if self._loop.is_asking(conversation_id) else "calling"
        running.progress = entered(running.progress, stage, self._clock())
        self._desk.update_turn(conversation_id, turn)
        self.turn_changed.emit(conversation_id, turn.id)
        self._show_phases()

    def _on_calls_finished(self, conversation_id: str, turn: Turn) -> None:
        running = self._calling.pop(conversation_id, None)
        if running is None:
            return
        running.turn, running.is_continued = turn, False
        running.progress = entered(running.progress, "waiting", self._clock())
        self._desk.update_turn(conversation_id, turn)
        self._waiting.appendleft(running)
        self.turn_changed.emit(conversation_id, turn.id)
        self._next()
        self._show_phases()

    # --- ending ------------------------------------------------------------------------------

    def _give_up(self) -> None:
        """The engine has not ended in time; its answer is what there is, whatever comes later."""
        if self._active is not None:
            self._settle_stopped(self._active)

    def _settle_stopped(self, running: Running) -> None:
        running.stop(self._clock())
        self._settle(running)

    def _fail(self, running: Running, error: ErrorInfo) -> None:
        running.is_stopped = True
        running.turn = replace(running.turn, state="failed", error=error)
        self._settle(running)

    def _settle(self, running: Running) -> None:
        conversation_id, turn = running.conversation_id, running.turn
        self._grace.stop()
        self._desk.update_turn(conversation_id, turn)
        if running is self._active:
            self._active = None
        self._desk.set_busy(conversation_id, False)
        self.turn_changed.emit(conversation_id, turn.id)
        self.ended.emit(conversation_id, turn.id)
        self._next()
        if not self._everything():
            self._timer.stop()
        self._show_phases()

    # --- phases ------------------------------------------------------------------------------

    def _show_stage(self) -> None:
        """Between ticks only another stage is worth a word at once."""
        active = self._active
        if active is None:
            return
        shown = self._shown.get(active.conversation_id)
        if shown is None or shown.text != phase_of(active.progress, self._clock()).text:
            self._show_phases()

    def _show_phases(self) -> None:
        self._name_queue()
        phases = {each: self.phase(each) for each in self.running_ids()}
        current = {each: phase for each, phase in phases.items() if phase is not None}
        before, self._shown = self._shown, current
        for each in current.keys() | before.keys():
            if current.get(each) != before.get(each):
                self.phase_changed.emit(each)

    def _name_queue(self) -> None:
        """Tell each waiting answer whom it waits for."""
        if self._active is None:
            return
        title = self._desk.get(self._active.conversation_id).title
        for each in self._waiting:
            each.progress = replace(each.progress, waits_for=f"the answer in “{title}”")


def _no_model() -> ErrorInfo:
    return ErrorInfo(
        "There is no model to answer.",
        "None has been chosen yet.",
        KEPT,
        "Choose a model",
        "choose_model",
    )
