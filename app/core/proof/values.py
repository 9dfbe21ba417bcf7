"""Results of the proof of senses as frozen values, and how they are said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Sense = Literal["picture", "chart", "sound", "clip", "json", "json_thinking", "tool"]
# absent: this model has no such sense, which is no fault. error: the test could not be run.
SenseState = Literal["passed", "failed", "absent", "error"]

SENSES: tuple[Sense, ...] = ("picture", "chart", "sound", "clip", "json", "json_thinking", "tool")

TITLES: dict[Sense, str] = {
    "picture": "Reads a number in a picture",
    "chart": "Reads the bars of a chart",
    "sound": "Writes down spoken digits",
    "clip": "Tells the order of frames",
    "json": "Writes JSON",
    "json_thinking": "Writes JSON after thinking",
    "tool": "Calls a tool",
}
TESTS: dict[Sense, str] = {
    "picture": "picture test",
    "chart": "chart test",
    "sound": "sound test",
    "clip": "clip test",
    "json": "JSON test",
    "json_thinking": "JSON test with thinking",
    "tool": "tool test",
}
_DISTRUST: dict[Sense, str] = {
    "picture": "Picture answers cannot be trusted.",
    "chart": "Figures read from charts cannot be trusted.",
    "sound": "Answers about sound cannot be trusted.",
    "clip": "Answers about clips cannot be trusted.",
    "json": "JSON answers cannot be trusted.",
    "json_thinking": "JSON answers after thinking cannot be trusted.",
    "tool": "Tool calls cannot be trusted.",
}
LONGEST_SAID = 60  # characters of shown and read in one sentence


@dataclass(frozen=True, slots=True)
class ProofResult:
    """One sense of one copy. `shown` is what the test held, `read` what the model made of it.

    `note` is a sentence: why it is absent or could not be tested, or what was wrong. `date` is
    aware, UTC. `seconds` is how long the test took, `runtime` what it ran on ("MLX 0.32.0").
    """

    sense: Sense
    state: SenseState
    shown: str = ""
    read: str = ""
    note: str = ""
    seconds: float = 0.0
    date: str = ""  # ISO 8601, UTC: JSON keeps it as it is
    runtime: str = ""

    @property
    def day(self) -> str:
        """The local day of the test, like "24 Nov", with its year unless it is this one."""
        return day_said(self.date)


def day_said(date: str) -> str:
    """A day like "24 Nov" from an ISO date, its year added unless it is this one; "" for none."""
    try:
        time = datetime.fromisoformat(date).astimezone()
    except (ValueError, OverflowError, OSError):
        return ""
    year = "" if time.year == datetime.now(time.tzinfo).year else f" {time.year}"
    return f"{time.day} {time:%b}{year}"


def warning(result: ProofResult) -> str:
    """The sentences that stand wherever a failed sense is used; "" unless it has failed."""
    if result.state != "failed":
        return ""
    on = f" on {result.day}" if result.day else ""
    shown, read = cut(result.shown), cut(result.read) or "nothing"
    what = f"The {TESTS[result.sense]} of this copy failed{on}"
    return f"{what}: shown {shown}, read {read}. {_DISTRUST[result.sense]}"


def said(result: ProofResult) -> str:
    """A result in a sentence."""
    test = TESTS[result.sense]
    if result.state == "passed":
        return f"The {test} passed on {result.day}: shown and read {cut(result.shown)}."
    if result.state == "failed":
        shown, read = cut(result.shown), cut(result.read) or "nothing"
        return f"The {test} failed on {result.day}: shown {shown}, read {read}."
    return result.note


def tally(results: Iterable[ProofResult]) -> tuple[int, int]:
    """How many senses passed, of how many that the copy has."""
    present = [each for each in results if each.state != "absent"]
    return sum(each.state == "passed" for each in present), len(present)


def cut(text: str) -> str:
    """A text as one line that is short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SAID else line[: LONGEST_SAID - 1].rstrip() + "…"
