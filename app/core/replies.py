"""What came of one request to the engine, collected from its events. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from inference import (
    ConstraintReport,
    Event,
    Failed,
    Finished,
    FinishReason,
    Prepared,
    Receipt,
    Revised,
    Statistics,
    Thought,
    TokenText,
    ToolCallEvent,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer with what came along, or a `problem` in a sentence.

    `reason` and `statistics` are None for an answer that failed.
    """

    text: str = ""
    receipt: Receipt | None = None
    problem: str = ""
    thought: str = ""
    calls: tuple[ToolCallEvent, ...] = ()
    reason: FinishReason | None = None
    statistics: Statistics | None = None
    constraint: ConstraintReport | None = None


class ReplyBuilder:
    """Takes the events of one request in order; `take` gives the reply with the last of them."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._thoughts: list[str] = []
        self._calls: list[ToolCallEvent] = []
        self._receipt: Receipt | None = None

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._pieces)

    def take(self, event: Event) -> Reply | None:
        """The whole reply once it is there."""
        match event:
            case Prepared():
                self._receipt = event.receipt
            case TokenText():
                self._pieces.append(event.text)
            case Revised():
                self._pieces = [event.text]
            case Thought():
                self._thoughts.append(event.text)
            case ToolCallEvent():
                self._calls.append(event)
            case Finished():
                return self._finished(event)
            case Failed():
                return Reply(
                    self.text,
                    self._receipt,
                    f"{event.message} {event.action}".strip(),
                    "".join(self._thoughts),
                    tuple(self._calls),
                )
        return None

    def _finished(self, event: Finished) -> Reply:
        return Reply(
            self.text,
            event.receipt if event.receipt.items else self._receipt,
            "",
            "".join(self._thoughts),
            tuple(self._calls),
            event.reason,
            event.statistics,
            event.constraint,
        )
