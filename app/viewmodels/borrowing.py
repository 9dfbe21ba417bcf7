"""The engine lent to somebody who asks other copies of a model; afterwards the one in use is back.

Questions of conversations wait meanwhile and are answered by the model they were asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.bridge import EngineBridge, Keyed
from app.core.replies import Reply, ReplyBuilder
from app.viewmodels.answers import Answers
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.values import Phase
from inference import Event, Failed, Loading, Request

OnLoaded = Callable[[str], None]  # a problem in a sentence, "" for none
OnReply = Callable[[Reply], None]


class Borrowing(QObject):
    """One borrower at a time. Nothing is called back after `end` or once the loan is lost."""

    _count = 0

    def __init__(
        self,
        bridge: EngineBridge,
        answers: Answers,
        models: ModelsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._answers, self._models = bridge, answers, models
        self._began: Callable[[], None] | None = None
        self._lost: Callable[[], None] | None = None
        self._is_ours = False
        self._in_engine: Path | None = None  # what the engine holds while it is ours
        self._on_loaded: OnLoaded | None = None
        self._on_reply: OnReply | None = None
        self._on_event: Callable[[Event], None] | None = None
        self._folder = Path()
        self._reply = ReplyBuilder()
        self._phase = Phase()
        self._key = ""
        bridge.events.connect(self._on_events)
        answers.ended.connect(self._try)
        models.changed.connect(self._try)
        models.reclaimed.connect(self._on_reclaimed)

    @property
    def is_free(self) -> bool:
        """Whether nobody has borrowed the engine or waits for it."""
        return self._began is None and not self._is_ours

    @property
    def is_waiting(self) -> bool:
        """Whether an answer or a model being loaded comes first."""
        return self._began is not None

    def begin(self, phase: Phase, began: Callable[[], None], lost: Callable[[], None]) -> None:
        """Call `began` once the engine is ours; `lost` if the person takes it back for a model."""
        assert self.is_free
        self._phase, self._began, self._lost = phase, began, lost
        self._try()

    def show(self, phase: Phase) -> None:
        """What is going on now."""
        self._phase = phase
        if self._is_ours:
            self._models.lend(phase)

    def load(self, folder: Path, done: OnLoaded) -> None:
        """Have the copy in `folder` in the engine. `done` may be called at once."""
        if folder == self._in_engine:
            done("")
            return
        self._in_engine = None
        self._folder, self._on_loaded = folder, done
        self._bridge.load(folder, self._next_key())

    def ask(
        self, request: Request, done: OnReply, on_event: Callable[[Event], None] | None = None
    ) -> None:
        """Ask what is in the engine; `on_event` hears every event on the way."""
        self._reply, self._on_reply, self._on_event = ReplyBuilder(), done, on_event
        self._bridge.submit(request, self._next_key())

    def end(self) -> None:
        """Stop what runs and bring back the model in use."""
        self._began = None
        if not self._is_ours:
            return
        self._forget()
        self._models.take_back(is_held=self._in_engine == self._models.folder)

    def close(self) -> None:
        """The program ends: stop what runs, and bring nothing back."""
        self._began = None
        self._forget()

    def _try(self, *_: object) -> None:
        began = self._began
        models = self._models
        is_busy = bool(self._answers.running_ids()) or models.state == "loading"
        if began is None or is_busy:
            return
        self._began = None
        self._is_ours = True
        self._in_engine = models.folder if models.state == "ready" else None
        models.lend(self._phase)
        began()

    def _on_reclaimed(self) -> None:
        lost = self._lost
        if not self._is_ours:
            return
        self._forget()
        if lost is not None:
            lost()

    def _forget(self) -> None:
        """Whatever comes from the engine is not ours any more."""
        self._bridge.cancel(self._key)
        self._key = ""
        self._is_ours = False
        self._on_loaded = self._on_reply = self._on_event = self._lost = None

    def _next_key(self) -> str:
        Borrowing._count += 1
        self._key = f"borrowed {Borrowing._count}"
        return self._key

    def _on_events(self, batch: list[Keyed]) -> None:
        for key, event in batch:
            if key == self._key:
                self._take(event)

    def _take(self, event: Event) -> None:
        if self._on_event is not None:
            self._on_event(event)
        if self._on_reply is not None:
            reply, done = self._reply.take(event), self._on_reply
            if reply is not None:
                self._on_reply = self._on_event = None
                done(reply)
        elif self._on_loaded is not None:
            self._take_load(event, self._on_loaded)

    def _take_load(self, event: Event, done: OnLoaded) -> None:
        match event:
            case Failed():
                self._on_loaded = None
                done(f"{event.message} {event.action}".strip())
            case Loading() if event.fraction >= 1:
                self._on_loaded = None
                self._in_engine = self._folder
                done("")
