"""One answer while it is made: its turn, its progress, what events do to them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.core.asking import compacted, with_left_out
from app.core.conversation import ToolRecord, Turn, TurnState
from app.viewmodels.errors import answer_error
from app.viewmodels.phases import Progress, advanced
from inference import (
    Event,
    Failed,
    Finished,
    FinishReason,
    Notice,
    Prepared,
    Receipt,
    Thought,
    TokenText,
    ToolCallEvent,
)

_STATES: dict[FinishReason, TurnState] = {"length": "length", "cancelled": "stopped"}
_TOOLS_NOT_RUN = "The model asked for a tool. Facet does not run tools yet."


@dataclass(slots=True)
class Running:
    """`turn` holds everything written so far; `key` names the engine's job once there is one."""

    conversation_id: str
    turn: Turn
    is_continued: bool = False
    key: str = ""
    progress: Progress = field(default_factory=Progress)
    left_out: tuple[str, ...] = ()
    is_dirty: bool = False  # there is text that the store has not got
    thought_began: float | None = None

    def take(self, event: Event, now: float) -> None:
        """Apply one event to turn and progress. `Finished` and `Failed` settle the turn."""
        self.progress = advanced(self.progress, event, now)
        turn = self.turn
        match event:
            case Prepared():
                self.turn = replace(turn, receipt=self._receipt(event.receipt))
            case TokenText():
                self._end_thought(now)
                self.turn = replace(self.turn, text=turn.text + event.text)
                self.is_dirty = True
            case Thought():
                self._think(event, now)
            case ToolCallEvent():
                call = event.call
                record = ToolRecord(call.name, dict(call.arguments), call_id=call.call_id)
                self.turn = replace(turn, tools=(*turn.tools, record))
                self.is_dirty = True
            case Notice():
                self.turn = replace(turn, notices=(*turn.notices, event.text))
            case Finished():
                self._finish(event, now)
            case Failed():
                self._end_thought(now)
                self.turn = replace(self.turn, state="failed", error=answer_error(event))

    def stop(self, now: float) -> None:
        """Settle the turn as stopped, without the engine's figures."""
        self._end_thought(now)
        self.turn = replace(self.turn, state="stopped", finish="cancelled")

    @property
    def is_settled(self) -> bool:
        """Whether the answer has ended, one way or another."""
        return self.turn.state != "streaming"

    def _receipt(self, received: Receipt) -> Receipt:
        return with_left_out(compacted(received), self.left_out)

    def _think(self, event: Thought, now: float) -> None:
        if self.thought_began is None:
            self.thought_began = now
        self.turn = replace(
            self.turn,
            thought=self.turn.thought + event.text,
            thought_tokens=self.turn.thought_tokens + event.tokens,
        )
        self.is_dirty = True
        if event.closed:
            self._end_thought(now)

    def _end_thought(self, now: float) -> None:
        if self.thought_began is not None:
            spent = now - self.thought_began
            self.turn = replace(self.turn, thought_s=self.turn.thought_s + spent)
            self.thought_began = None

    def _finish(self, event: Finished, now: float) -> None:
        self._end_thought(now)
        notices = self.turn.notices
        if event.reason == "tool_calls":
            notices = (*notices, _TOOLS_NOT_RUN)
        receipt = self._receipt(event.receipt) if event.receipt.items else self.turn.receipt
        self.turn = replace(
            self.turn,
            state=_STATES.get(event.reason, "complete"),
            finish=event.reason,
            statistics=event.statistics,
            receipt=receipt,
            notices=notices,
        )
