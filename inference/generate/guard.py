"""The memory guard: looks at memory while an answer is made, and gives way step by step.

The steps, each taken only if the one before was not enough: freed buffers are given back; states of
other conversations and copies for edits are dropped; chunks of the prompt are halved; the answer is
stopped with what is written kept; the model is let go. Each is one sentence to the user.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from inference.api import Event, Finished, Notice

Pressure = Literal["normal", "warning", "critical"]
Step = Literal["clear", "drop", "halve", "stop", "unload"]

_SOFT, _HARD = 0.85, 0.95  # shares of the limit; see Level
_SMALLEST_CHUNK = 32

_SENTENCES: dict[Step, str] = {
    "clear": "Memory is getting short: freed working memory was given back to the system.",
    "drop": "Memory is short: what other conversations had in memory was dropped; their next "
    "question is read from the start.",
    "halve": "Memory is short: the prompt is read in smaller pieces, which takes a little longer.",
    "stop": "The answer was stopped because memory is nearly full; what was written is kept. "
    "Close other programs, or ask again in a shorter conversation.",
    "unload": "The model was let go to make room; it is loaded again with the next question.",
}


@dataclass(frozen=True, slots=True)
class MemoryReading:
    """What a sensor sees: bytes that MLX holds, what it may hold (0: no limit is known), and how
    the system feels."""

    used_bytes: int
    limit_bytes: int
    pressure: Pressure

    @property
    def level(self) -> Pressure:
        """The worse of the system's own word and the share of the limit that is used."""
        share = self.used_bytes / self.limit_bytes if self.limit_bytes else 0.0
        if self.pressure == "critical" or share >= _HARD:
            return "critical"
        return "warning" if self.pressure == "warning" or share >= _SOFT else "normal"


class MemorySensor(Protocol):
    """Where readings come from: the system, or a fake. `interval_s`: how often to ask at most
    while tokens are written; before each chunk of the prompt it is asked anyway."""

    @property
    def interval_s(self) -> float: ...
    def read(self) -> MemoryReading: ...


@dataclass(frozen=True, slots=True)
class Reliefs:
    """What the engine can do: each returns whether there was anything to give up."""

    clear: Callable[[], bool]
    drop: Callable[[], bool]
    end_conversation: Callable[[], bool]


class MemoryGuard:
    """Watches one answer. `cancelled` and `on_event` take the places of the job's own.

    A warning makes the first three steps; only a critical reading stops an answer. Whatever was
    once given up stays so until the answer is done.
    """

    def __init__(
        self,
        sensor: MemorySensor,
        reliefs: Reliefs,
        on_event: Callable[[Event], None],
        cancelled: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sensor = sensor
        self._reliefs = reliefs
        self._emit = on_event
        self._cancelled = cancelled
        self._clock = clock
        self._looked_at = float("-inf")
        self._waiting: list[Step] = ["clear", "drop", "halve", "stop"]
        self._divisor = 1
        self._has_stopped = False
        self.must_unload = False

    def cancelled(self) -> bool:
        """Whether to end now; looks at memory when the sensor's interval has passed."""
        if self._cancelled() or self._has_stopped:
            return True
        if self._clock() - self._looked_at >= self._sensor.interval_s:
            self._look(chunk=0)
        return self._has_stopped

    def chunk(self, wanted: int) -> int:
        """Tokens for the next chunk of the prompt; looks at memory each time."""
        self._look(wanted)
        return max(min(wanted, _SMALLEST_CHUNK), wanted // self._divisor)

    def on_event(self, event: Event) -> None:
        """Pass an event on. The end of an answer that was stopped here says so."""
        if isinstance(event, Finished) and event.reason == "cancelled" and self._has_stopped:
            self._after_stop()
            event = Finished("memory", event.statistics, event.receipt, event.constraint)
        self._emit(event)

    def _look(self, chunk: int) -> None:
        """Take steps until memory is well, or the next step cannot be taken yet."""
        self._looked_at = self._clock()
        halved = False
        while (level := self._sensor.read().level) != "normal" and self._waiting:
            step = self._waiting[0]
            if step == "halve" and chunk:
                if halved:
                    return  # whether that was enough is seen when the smaller chunk was read
                halved = chunk // (self._divisor * 2) >= _SMALLEST_CHUNK
                if halved:
                    self._halve()
                    continue
            if step == "stop" and level != "critical":
                return
            self._waiting.pop(0)
            self._take(step)

    def _halve(self) -> None:
        if self._divisor == 1:
            self._emit(Notice(_SENTENCES["halve"]))
        self._divisor *= 2

    def _take(self, step: Step) -> None:
        """One step; a sentence only if it changed anything."""
        if step == "clear":
            did = self._reliefs.clear()
        elif step == "drop":
            did = self._reliefs.drop()
        else:
            did = self._has_stopped = step == "stop"
        if did:
            self._emit(Notice(_SENTENCES[step]))

    def _after_stop(self) -> None:
        """If ending the answer gave nothing back, the model has to go too."""
        self._reliefs.end_conversation()
        self._reliefs.clear()
        if self._sensor.read().level == "critical":
            self.must_unload = True
            self._emit(Notice(_SENTENCES["unload"]))
