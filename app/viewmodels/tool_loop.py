"""Runs the calls of answers: what needs no permission at once, the rest when the person allows it.

Calls run one after the other on a thread of their own. Nothing runs without a decision made here,
from the permissions as they are at that moment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.core.background import Background
from app.core.conversation import AllowedBy, Attachment, Conversation, ToolRecord, Turn, active_path
from app.core.loop import open_calls
from app.core.tools.calling import NEVER, REFUSED, TOO_MANY, answered, checked, run
from app.core.tools.file_access import Blobs, FileAccess
from app.core.tools.values import MOST_CALLS, Surroundings, ToolSpec
from app.intake.runner import Runner
from app.viewmodels.desk import Desk
from app.viewmodels.tools import ToolsViewModel

Clock = Callable[[], float]


class Worker(Protocol):
    """A thread that runs pieces of work."""

    def call(self, work: Callable[[], None]) -> None: ...
    def close(self, timeout_s: float) -> bool: ...


@dataclass(slots=True)
class _Loop:
    """The calls of one answer. `offered` are the tools that the model was told of."""

    turn: Turn
    offered: dict[str, ToolSpec]
    stopped: threading.Event = field(default_factory=threading.Event)


class ToolLoop(QObject):
    """`changed` tells a turn's newer self, `finished` that every call has its result."""

    changed = Signal(str, object)  # conversation, turn
    finished = Signal(str, object)
    _ran = Signal(str, object, int, object)  # conversation, loop, place, record

    def __init__(
        self,
        desk: Desk,
        tools: ToolsViewModel,
        blobs: Blobs,
        make_runner: Callable[[], Runner],
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._tools, self._blobs, self._clock = desk, tools, blobs, clock
        self._runner = make_runner()
        self._thread: Worker = Background("tools")
        self._loops: dict[str, _Loop] = {}
        self._ran.connect(self._on_ran)

    def begin(self, conversation_id: str, turn: Turn, offered: tuple[ToolSpec, ...]) -> None:
        """Take up the open calls of a turn. Ends with `finished`, perhaps at once."""
        by_name = {spec.name: spec for spec in offered}
        loop = _Loop(turn, by_name)
        self._loops[conversation_id] = loop
        known = self._tools.specs
        tools = list(turn.tools)
        for count, place in enumerate(open_calls(turn)):
            record = replace(tools[place], state="waiting")
            made = checked(record, by_name.get(record.name), is_known=record.name in known)
            tools[place] = made if count < MOST_CALLS else answered(record, TOO_MANY, "refused")
        loop.turn = replace(turn, tools=tuple(tools))
        self._go_on(conversation_id, loop)

    def answer(self, conversation_id: str, turn_id: str, place: int, choice: str) -> None:
        """The person's word about a waiting call; "dont" refuses this one call.

        A word that was not offered, or about a call that no longer waits, changes nothing.
        """
        loop = self._loops.get(conversation_id)
        if loop is None or loop.turn.id != turn_id or not 0 <= place < len(loop.turn.tools):
            return
        record = loop.turn.tools[place]
        spec = loop.offered.get(record.name)
        if record.state != "waiting" or spec is None:
            return
        conversation = self._desk.get(conversation_id)
        decision = self._tools.decision(spec, conversation, loop.turn)
        if choice == "dont":
            self._set(loop, place, replace(answered(record, REFUSED, "refused"),
                                           allowed_by="person"))  # fmt: skip
        elif decision.verdict != "ask" or choice not in decision.choices:
            return
        elif choice == "once":
            self._start(conversation_id, loop, place, spec, "once")
        elif choice == "conversation":
            self._desk.set_grants(conversation_id, (*conversation.grants, spec.key))
        else:
            self._tools.set_standing(spec.key, choice)
        self._go_on(conversation_id, loop)

    def stop(self, conversation_id: str) -> None:
        """Forget the calls of a conversation; what runs is ended."""
        loop = self._loops.pop(conversation_id, None)
        if loop is not None:
            loop.stopped.set()

    def is_asking(self, conversation_id: str) -> bool:
        """Whether a call waits for the person and none runs."""
        loop = self._loops.get(conversation_id)
        states = {record.state for record in loop.turn.tools} if loop else set()
        return "waiting" in states and "running" not in states

    def close(self, timeout_s: float) -> None:
        """Stop everything; the last thing to be called."""
        for conversation_id in list(self._loops):
            self.stop(conversation_id)
        self._runner.abort()
        if self._thread.close(timeout_s):
            self._runner.close()

    # --- going on -------------------------------------------------------------------------------

    def _go_on(self, conversation_id: str, loop: _Loop) -> None:
        """Run or refuse what is decided; tell what changed, and when everything is done."""
        for place in open_calls(loop.turn):
            record = loop.turn.tools[place]
            if record.state == "waiting":
                self._decide(conversation_id, loop, place, record)
        if self._loops.get(conversation_id) is not loop:
            return
        if open_calls(loop.turn):
            self.changed.emit(conversation_id, loop.turn)
        else:
            del self._loops[conversation_id]
            self.finished.emit(conversation_id, loop.turn)

    def _decide(self, conversation_id: str, loop: _Loop, place: int, record: ToolRecord) -> None:
        spec = loop.offered[record.name]
        conversation = self._desk.get(conversation_id)
        decision = self._tools.decision(spec, conversation, loop.turn)
        if decision.verdict == "run":
            self._start(conversation_id, loop, place, spec, decision.by)
        elif decision.verdict == "refuse":
            self._set(loop, place, replace(answered(record, NEVER, "refused"),
                                           allowed_by=decision.by))  # fmt: skip

    def _start(
        self, conversation_id: str, loop: _Loop, place: int, spec: ToolSpec, by: AllowedBy
    ) -> None:
        record = replace(loop.turn.tools[place], state="running", allowed_by=by)
        self._set(loop, place, record)
        around = self._around(self._desk.get(conversation_id), loop)
        clock = self._clock

        def work() -> None:
            done = run(record, spec, around, clock)
            self._ran.emit(conversation_id, loop, place, done)

        self._thread.call(work)

    def _around(self, conversation: Conversation, loop: _Loop) -> Surroundings:
        """What a call may look at: files sent on the way to this answer, and those of the pane."""
        sent: list[Attachment] = [
            each for turn in active_path(conversation) for each in turn.attachments
        ]
        return Surroundings(
            (*sent, *conversation.materials),
            conversation.work.tables,
            FileAccess(self._blobs, self._runner, loop.stopped.is_set),
            is_called_off=loop.stopped.is_set,
        )

    def _set(self, loop: _Loop, place: int, record: ToolRecord) -> None:
        tools = list(loop.turn.tools)
        tools[place] = record
        loop.turn = replace(loop.turn, tools=tuple(tools))

    def _on_ran(self, conversation_id: str, loop: _Loop, place: int, record: ToolRecord) -> None:
        if self._loops.get(conversation_id) is loop:
            self._set(loop, place, record)
            self._go_on(conversation_id, loop)
