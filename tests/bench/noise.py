"""How much other work of the machine there is in a figure: a loop of known length, measured.

The loop does the same sum again and again. Its fastest round is what the sum costs; whatever later
rounds take beyond that was somebody else's time. A step of the window that is late by no more than
this was not late because of the window.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from time import perf_counter, thread_time

ROUND_MS = 4.0
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Noise:
    """What the machine took away: milliseconds per round, and the share of time we were served."""

    round_ms: float
    p99_ms: float
    worst_ms: float
    share: float

    def __str__(self) -> str:
        return (
            f"noise: a {self.round_ms:.1f} ms loop takes {self.p99_ms:.1f} ms at the 99th "
            f"percentile, {self.worst_ms:.1f} ms at worst; {self.share:.0%} of the time was ours"
        )


def pin(core: int = 0) -> None:
    """Stay on one core, where the system can be told so."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


def measure(seconds: float = SECONDS) -> Noise:
    """Run the loop for some seconds."""
    count = _fitting()
    end = perf_counter() + seconds
    rounds: list[float] = []
    began, computed = perf_counter(), thread_time()
    while perf_counter() < end:
        started = perf_counter()
        _sum(count)
        rounds.append((perf_counter() - started) * 1_000)
    share = (thread_time() - computed) / (perf_counter() - began)
    rounds.sort()
    return Noise(rounds[0], rounds[int(0.99 * (len(rounds) - 1))], rounds[-1], share)


def _fitting() -> int:
    count, best = 1_000, 0.0
    while best < ROUND_MS:
        count *= 2
        best = min(_timed(count) for _ in range(5))
    return round(count * ROUND_MS / best)


def _timed(count: int) -> float:
    started = perf_counter()
    _sum(count)
    return (perf_counter() - started) * 1_000


def _sum(count: int) -> int:
    total = 0
    for number in range(count):
        total += number & 7
    return total
