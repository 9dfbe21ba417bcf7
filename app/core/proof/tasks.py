"""The tests: for each sense one request with a known answer, and the judge of what comes back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from app.core.asking import Senses
from app.core.bundled import ASSETS
from app.core.proof import judging
from app.core.proof.values import SENSES, TESTS, ProofResult, Sense, SenseState
from app.core.replies import Reply
from inference import Audio, Image, Message, Part, Request, Sampling, Text, Tool, Video

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOUNDS = ASSETS / "proof"
RATE_HZ = 16_000
NUMBER_DIGITS, SPOKEN_DIGITS = 6, 5
_PAUSE_S, _EDGE_S = 0.12, 0.2  # between spoken digits, and of silence at the ends
_THOUGHT_TOKENS = 400

ASK_NUMBER = "Which number is in this picture? Answer with the number alone."
ASK_BARS = "Write the chart as a table."
ASK_DIGITS = "Write down the digits."
ASK_ORDER = "Which digit does each frame show? Answer with the digits alone, in order."
LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri")
CITIES = ("Berlin", "Paris", "London", "Madrid", "Rome", "Vienna", "Oslo", "Lisbon", "Dublin")
CALCULATOR = Tool(
    "calculate",
    "Work out an expression.",
    {
        "type": "object",
        "properties": {
            "expression": {"type": "string", "description": "An expression such as 12 * 7"}
        },
        "required": ["expression"],
    },
)
PARCEL = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "weight_kg": {"type": "integer"}},
    "required": ["city", "weight_kg"],
    "additionalProperties": False,
}
_NEEDS: dict[Sense, str] = {"picture": "sees", "chart": "sees", "clip": "sees", "sound": "hears"}
_MEDIA: dict[Sense, str] = {
    "picture": "image",
    "chart": "image",
    "clip": "video",
    "sound": "audio",
}
_UNFINISHED = {"cancelled": "was stopped", "memory": "was ended because memory ran short"}
_ABSENT = {"sees": "This model cannot see.", "hears": "This model cannot hear."}

Judged = tuple[str, str]  # what the model read, and what is wrong with it


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One test. `request` is None where there is nothing to ask: then `reason` says why."""

    sense: Sense
    shown: str = ""
    request: Request | None = None
    judge_reply: Callable[[Reply], Judged] | None = None
    reason: str = ""
    is_absent: bool = False

    def judge(self, reply: Reply, seconds: float = 0.0) -> ProofResult:
        """The result of an answer. A request that failed proves nothing about the sense."""
        if reply.problem or self.judge_reply is None:
            why = f"The {TESTS[self.sense]} could not be run: {reply.problem}".rstrip(": ")
            return self._result("error", "", why, seconds)
        if reply.reason in _UNFINISHED:
            why = f"The {TESTS[self.sense]} {_UNFINISHED[reply.reason]}."
            return self._result("error", "", why, seconds)
        lost = self._lost(reply)
        read, problem = ("", lost) if lost else self.judge_reply(reply)
        state: SenseState = "failed" if problem else "passed"
        return self._result(state, read, problem, seconds)

    def unasked(self) -> ProofResult:
        """The result of a task without a request."""
        return self._result("absent" if self.is_absent else "error", "", self.reason, 0.0)

    def _lost(self, reply: Reply) -> str:
        """A sentence when the medium did not reach the model at all."""
        kind = _MEDIA.get(self.sense)
        if kind is None or reply.receipt is None:
            return ""
        if any(item.kind == kind and item.soft_tokens for item in reply.receipt.items):
            return ""
        return "It did not reach the model: " + (" ".join(reply.receipt.dropped) or "no reason.")

    def _result(self, state: SenseState, read: str, note: str, seconds: float) -> ProofResult:
        date = datetime.now(UTC).isoformat(timespec="seconds")
        return ProofResult(self.sense, state, self.shown, read, note, seconds, date, runtime())


@cache
def runtime() -> str:
    """What the engine computes with, like "MLX 0.32.0"; "" where that cannot be told."""
    try:
        return f"MLX {version('mlx')}"
    except PackageNotFoundError:
        return ""


def make_tasks(
    senses: Senses, wanted: Sequence[Sense] = SENSES, seed: int | None = None
) -> tuple[Task, ...]:
    """A task for each sense that is wanted. `seed` None draws another content every time.

    Pictures are drawn and sounds read here, so call it away from the window's thread.
    """

    def chance(sense: Sense) -> random.Random:
        # Each sense its own, so that it gets the same test whatever else is wanted.
        return random.SystemRandom() if seed is None else random.Random(f"{seed} {sense}")

    return tuple(_task(sense, senses, chance(sense)) for sense in SENSES if sense in wanted)


def _task(sense: Sense, senses: Senses, chance: random.Random) -> Task:
    need = _NEEDS.get(sense)
    if need is not None and not getattr(senses, need):
        return Task(sense, reason=_ABSENT[need], is_absent=True)
    try:
        return _MAKERS[sense](chance)
    except OSError as error:  # a copy of Facet without its test sounds
        return Task(sense, reason=f"The {TESTS[sense]} could not be made: {error.strerror}.")


def _picture(chance: random.Random) -> Task:
    from app.core.proof.drawing import draw_number

    number = str(chance.randint(10 ** (NUMBER_DIGITS - 1), 10**NUMBER_DIGITS - 1))

    def judge(reply: Reply) -> Judged:
        read = judging.number_read(reply.text, NUMBER_DIGITS)
        return read, "" if read == number else "It read another number."

    part = Image(draw_number(number, chance), "number.png")
    return Task("picture", number, _request((part, Text(ASK_NUMBER)), 64), judge)


def _chart(chance: random.Random) -> Task:
    from app.core.proof.drawing import draw_bars

    values = chance.sample(range(120, 990), len(LABELS))
    bars = dict(zip(LABELS, values, strict=True))

    def judge(reply: Reply) -> Judged:
        read = judging.bars_read(reply.text, LABELS)
        said = ", ".join(f"{label} {value}" for label, value in read.items())
        right = sum(judging.bars_agree({k: bars[k]}, read) for k in LABELS)
        problem = "" if right == len(bars) else f"It read {right} of {len(bars)} bars."
        return said or judging.shortened(reply.text), problem

    part = Image(draw_bars("Visitors", bars), "chart.png")
    shown = ", ".join(f"{label} {value}" for label, value in bars.items())
    return Task("chart", shown, _request((part, Text(ASK_BARS)), 256), judge)


def _sound(chance: random.Random) -> Task:
    digits = [str(chance.randrange(10)) for _ in range(SPOKEN_DIGITS)]
    part = Audio(spoken(digits), "digits.flac")
    return _row("sound", digits, _request((Text(ASK_DIGITS), part), 64))


def _clip(chance: random.Random) -> Task:
    from app.core.proof.drawing import draw_frame

    digits = [str(digit) for digit in range(1, 5)]
    while digits in (sorted(digits), sorted(digits, reverse=True)):  # a guess would find these
        chance.shuffle(digits)
    frames = [draw_frame(digit, chance) for digit in digits]
    part = Video(frames, [float(second) for second in range(len(frames))], "digits.mp4")
    return _row("clip", digits, _request((part, Text(ASK_ORDER)), 64))


def _row(sense: Sense, digits: Sequence[str], request: Request) -> Task:
    shown = " ".join(digits)

    def judge(reply: Reply) -> Judged:
        read = judging.digits_read(reply.text)
        if not read:
            return judging.shortened(reply.text), "It wrote down no digits."
        return read, "" if read == shown else "It read other digits."

    return Task(sense, shown, request, judge)


def spoken(digits: Sequence[str]) -> NDArray[np.float32]:
    """The bundled digits one after the other: float32 mono at 16 kHz. Raises OSError."""
    import numpy as np
    import soundfile

    edge = np.zeros(round(_EDGE_S * RATE_HZ), np.float32)
    pause = np.zeros(round(_PAUSE_S * RATE_HZ), np.float32)
    pieces = [edge]
    for digit in digits:
        path = SOUNDS / f"{digit}.flac"
        with path.open("rb") as file:  # soundfile's own errors name no reason
            pcm, rate = soundfile.read(file, dtype="float32")
        if rate != RATE_HZ or pcm.ndim != 1:
            raise OSError(None, f"{path.name} is not as it was made")
        pieces += [pcm, pause]
    return np.concatenate([*pieces, edge])


def _json(chance: random.Random) -> Task:
    return _parcel("json", chance, thinking=False)


def _json_thinking(chance: random.Random) -> Task:
    return _parcel("json_thinking", chance, thinking=True)


def _parcel(sense: Sense, chance: random.Random, *, thinking: bool) -> Task:
    city, weight = chance.choice(CITIES), chance.randint(2, 39)
    wanted = {"city": city, "weight_kg": weight}
    question = (
        f"A parcel of {weight} kg goes to {city}. "
        'Answer in JSON with the keys "city" and "weight_kg".'
    )
    request = replace(
        _request((Text(question),), 96 + (_THOUGHT_TOKENS if thinking else 0)),
        thinking=thinking,
        thinking_budget=_THOUGHT_TOKENS if thinking else None,
        schema=PARCEL,
    )

    def judge(reply: Reply) -> Judged:
        return judging.shortened(reply.text), judging.json_problem(reply, wanted)

    return Task(sense, json.dumps(wanted), request, judge)


def _tool(chance: random.Random) -> Task:
    expression = f"{chance.randint(12, 99)} {chance.choice('+*')} {chance.randint(12, 99)}"
    request = replace(_request((Text(f"What is {expression}?"),), 96), tools=(CALCULATOR,))

    def judge(reply: Reply) -> Judged:
        problem = judging.call_problem(reply, CALCULATOR.name, expression)
        return judging.call_read(reply), problem

    return Task("tool", f"{CALCULATOR.name}(expression={expression})", request, judge)


def _request(parts: tuple[Part, ...], max_tokens: int) -> Request:
    """Alone in its conversation, always the likeliest token: nothing else is touched."""
    return Request(
        [Message("user", parts)], max_tokens=max_tokens, sampling=Sampling(temperature=0.0, seed=0)
    )


_MAKERS: dict[Sense, Callable[[random.Random], Task]] = {
    "picture": _picture,
    "chart": _chart,
    "sound": _sound,
    "clip": _clip,
    "json": _json,
    "json_thinking": _json_thinking,
    "tool": _tool,
}
