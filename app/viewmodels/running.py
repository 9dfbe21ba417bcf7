"""One answer while it is made: its turn, its progress, what events do to them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.core.asking import compacted, with_left_out
from app.core.conversation import Turn, TurnState
from app.core.loop import BREAK
from app.core.tools.calling import LIMIT_NOTICE, record_of
from app.core.tools.values import MOST_ROUNDS
from app.viewmodels.errors import answer_error
from app.viewmodels.phases import Progress, advanced
from app.viewmodels.stats import added_up
from inference import (
    Event,
    Failed,
    Finished,
    FinishReason,
    Notice,
    Prepared,
    Receipt,
    Revised,
    Thought,
    TokenText,
    ToolCallEvent,
)

_STATES: dict[FinishReason, TurnState] = {
    "length": "length",
    "cancelled": "stopped",
    "memory": "stopped",
}


@dataclass(slots=True)
class Running:
    """`turn` holds everything written so far; `key` names the engine's job once there is one.

    An answer may take several requests: `text_base` and `thought_base` are how much of the turn
    was there before the present one. `is_calling`: the model waits for results of its calls.
    """

    conversation_id: str
    turn: Turn
    is_continued: bool = False
    key: str = ""
    progress: Progress = field(default_factory=Progress)
    left_out: tuple[str, ...] = ()
    is_dirty: bool = False  # there is text that the store has not got
    is_calling: bool = False
    is_stopped: bool = False  # read by the thread that opens files
    thought_began: float | None = None
    text_base: int = 0
    thought_base: int = 0

    def begin_request(self) -> None:
        """Another request for this turn: what it writes comes after what there is."""
        self.is_calling = False
        self.text_base, self.thought_base = len(self.turn.text), len(self.turn.thought)

    def take(self, event: Event, now: float) -> None:
        """Apply one event to turn and progress. `Finished` and `Failed` settle the turn."""
        self.progress = advanced(self.progress, event, now)
        turn = self.turn
        match event:
            case Prepared():
                self.turn = replace(turn, receipt=self._receipt(event.receipt))
            case TokenText():
                self._end_thought(now)
                text = self._joined(turn.text, self.text_base, event.text)
                self.turn = replace(self.turn, text=text)
                self.is_dirty = True
            case Thought():
                self._think(event, now)
            case ToolCallEvent():
                self._call(event)
            case Revised():
                head = turn.text[: self.text_base]
                self.turn = replace(turn, text=self._joined(head, self.text_base, event.text))
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
        self.is_stopped = True
        self._end_thought(now)
        tools = tuple(
            replace(r, state="stopped") if r.state == "running" else r for r in self.turn.tools
        )
        self.turn = replace(self.turn, state="stopped", finish="cancelled", tools=tools)

    @property
    def is_settled(self) -> bool:
        """Whether the answer has ended, one way or another."""
        return self.turn.state != "streaming"

    def _receipt(self, received: Receipt) -> Receipt:
        return with_left_out(compacted(received), self.left_out)

    def _joined(self, before: str, base: int, piece: str) -> str:
        """The piece behind what there is, apart from what an earlier request wrote."""
        is_first = len(before) == base and base > 0 and self._round() > 0
        return before + (BREAK if is_first and not self.is_continued else "") + piece

    def _round(self) -> int:
        """Rounds of calls that are over."""
        return max((r.round + 1 for r in self.turn.tools), default=0)

    def _call(self, event: ToolCallEvent) -> None:
        turn = self.turn
        asked = [r for r in turn.tools if r.state == "waiting"]
        number = asked[-1].round if asked else self._round()
        record = record_of(
            event.call,
            round_number=number,
            text_at=len(turn.text),
            thought_at=len(turn.thought),
            problem=event.problem,
        )
        self.turn = replace(turn, tools=(*turn.tools, record))
        self.is_dirty = True

    def _think(self, event: Thought, now: float) -> None:
        if self.thought_began is None:
            self.thought_began = now
        thought = self.turn.thought
        if event.text:
            thought = self._joined(thought, self.thought_base, event.text)
        self.turn = replace(
            self.turn,
            thought=thought,
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
        turn = self.turn
        receipt = self._receipt(event.receipt) if event.receipt.items else turn.receipt
        statistics = added_up(turn.statistics if turn.tools else None, event.statistics)
        self.turn = replace(turn, statistics=statistics, receipt=receipt)
        is_open = any(record.state == "waiting" for record in turn.tools)
        if event.reason == "tool_calls" and is_open and self._round() <= MOST_ROUNDS:
            self._place_calls()
            self.is_calling = True
            return
        if event.reason == "tool_calls" and is_open:
            tools = tuple(
                replace(r, state="limit") if r.state == "waiting" else r for r in turn.tools
            )
            notices = (*turn.notices, LIMIT_NOTICE)
            self.turn = replace(self.turn, tools=tools, notices=notices)
        self.turn = replace(
            self.turn, state=_STATES.get(event.reason, "complete"), finish=event.reason
        )

    def _place_calls(self) -> None:
        """All that was written in this request stands before the results of its calls."""
        text_at, thought_at = len(self.turn.text), len(self.turn.thought)
        tools = tuple(
            replace(r, text_at=text_at, thought_at=thought_at) if r.state == "waiting" else r
            for r in self.turn.tools
        )
        self.turn = replace(self.turn, tools=tools)
