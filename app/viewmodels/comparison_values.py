"""A comparison ready to be shown: one side for each copy, with what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.comparison.values import ComparedCopy
from app.core.conversation import Turn
from app.viewmodels.words import count, gigabytes, speed
from inference import Statistics

SideState = Literal[
    "waiting", "loading", "answering", "complete", "length", "stopped", "failed", "not asked"
]
_WORDS: dict[SideState, str] = {
    "waiting": "waits",
    "loading": "is being loaded",
    "answering": "is answering",
    "complete": "",
    "length": "ended at the token limit",
    "stopped": "was stopped",
    "failed": "failed",
    "not asked": "was not asked",
}


@dataclass(frozen=True, slots=True)
class SideView:
    """One copy and its answer. `facts` are pairs like ("Speed", "41 tok/s"), the same for both."""

    name: str
    size: str = ""
    state: SideState = "waiting"
    text: str = ""
    thought: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()  # what this copy was not given
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The state in words, "" for a complete answer."""
        return _WORDS[self.state]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ("waiting", "loading", "answering")


def side_view(copy: ComparedCopy, turn: Turn | None, state: SideState | None = None) -> SideView:
    """The view of a side; `state` says what is going on now, else the turn tells."""
    size = gigabytes(copy.size_bytes) if copy.size_bytes else ""
    if turn is None:
        return SideView(copy.name, size, state or "not asked")
    problem = f"{turn.error.what} {turn.error.why}".strip() if turn.error is not None else ""
    dropped = turn.receipt.dropped if turn.receipt is not None else ()
    return SideView(
        copy.name,
        size,
        state or _settled(turn),
        turn.text,
        turn.thought,
        problem,
        (*dropped, *turn.notices),
        facts(turn.statistics, size),
    )


def _settled(turn: Turn) -> SideState:
    match turn.state:
        case "complete":
            return "complete"
        case "length":
            return "length"
        case "failed":
            return "failed"
    return "stopped"


def facts(statistics: Statistics | None, size: str) -> tuple[tuple[str, str], ...]:
    """What was measured; a dash for what was not."""
    known = statistics or Statistics()
    first = known.first_token_s
    return (
        ("Speed", speed(known.decode_tokens_per_s) if known.decode_tokens_per_s else "–"),
        ("First word", f"{first:.1f} s" if first else "–"),
        ("Memory", gigabytes(known.peak_memory_bytes) if known.peak_memory_bytes else "–"),
        ("Length", count(known.generated_tokens, "token") if known.generated_tokens else "–"),
        ("Weights", size or "–"),
    )
