"""What is known of the senses of one copy, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.conversation import ErrorInfo
from app.core.proof.tasks import runtime
from app.core.proof.values import (
    SENSES,
    TITLES,
    ProofResult,
    Sense,
    said,
    tally,
    warning,
)

BadgeState = Literal["passed", "failed", "absent", "error", "untested", "running"]
SummaryState = Literal["untested", "passed", "failed", "running"]
Kind = Literal["image", "video", "audio", "json", "json_thinking", "tools"]

TEST_AGAIN, TEST_COMMAND = "Test again", "test_senses"
_OF_KIND: dict[Kind, tuple[Sense, ...]] = {
    "image": ("picture", "chart"),
    "video": ("clip",),
    "audio": ("sound",),
    "json": ("json",),
    "json_thinking": ("json_thinking",),
    "tools": ("tool",),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """One sense of one copy. `text` is a sentence for the tip and for assistive programs."""

    sense: Sense
    state: BadgeState
    title: str
    text: str = ""
    shown: str = ""
    read: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProofSummary:
    """What is known of one copy. `caption` is like "tested 24 Nov", "" for never tested.

    `state` is "failed" when any sense failed. `passed` of `present` senses passed.
    """

    state: SummaryState = "untested"
    caption: str = ""
    badges: tuple[Badge, ...] = ()
    passed: int = 0
    present: int = 0

    def of(self, kind: Kind) -> BadgeState:
        """The state of all senses that a kind of material needs, the worst first."""
        states = [each.state for each in self.badges if each.sense in _OF_KIND[kind]]
        order: tuple[BadgeState, ...] = ("running", "failed", "error", "untested", "passed")
        return next((state for state in order if state in states), "absent")


def summed(
    results: Mapping[Sense, ProofResult], running: Sense | None, *, is_running: bool
) -> ProofSummary:
    """The summary of kept results, `running` being the sense that is tested right now."""
    badges = tuple(_badge(sense, results.get(sense), running == sense) for sense in SENSES)
    passed, present = tally(results.values())
    state: SummaryState = "untested"
    if is_running:
        state = "running"
    elif any(each.state == "failed" for each in results.values()):
        state = "failed"
    elif passed:
        state = "passed"
    return ProofSummary(state, _caption(results), badges, passed, present)


def _badge(sense: Sense, result: ProofResult | None, is_running: bool) -> Badge:
    title = TITLES[sense]
    if is_running:
        return Badge(sense, "running", title, f"{title}: being tested.")
    if result is None:
        return Badge(sense, "untested", title, f"{title}: not tested yet.")
    return Badge(sense, result.state, title, said(result), result.shown, result.read, result.note)


def _caption(results: Mapping[Sense, ProofResult]) -> str:
    tested = [each for each in results.values() if each.state in ("passed", "failed")]
    if not tested:
        return ""
    newest = max(tested, key=lambda each: each.date)
    other = newest.runtime and runtime() and newest.runtime != runtime()
    return f"tested {newest.day}" + (f" with {newest.runtime}" if other else "")


def warned(results: Mapping[Sense, ProofResult], kinds: tuple[Kind, ...]) -> tuple[ErrorInfo, ...]:
    """One warning for each kind of material that needs a sense which failed."""
    found = []
    for kind in dict.fromkeys(kinds):
        failed = [results[s] for s in _OF_KIND[kind] if s in results and warning(results[s])]
        if failed:
            found.append(ErrorInfo(warning(failed[0]), action=TEST_AGAIN, command=TEST_COMMAND))
    return tuple(found)


def end_sentence(results: Mapping[Sense, ProofResult]) -> str:
    """What a test came to."""
    passed, present = tally(results.values())
    if not present:
        return "Nothing of this copy could be tested."
    if passed == present:
        return f"All {present} tests passed."
    return f"{passed} of {present} tests passed."
