"""The memory guard: the order of its steps, what it says, and when it does not act."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from inference.api import Event, Finished, FinishReason, Notice, Receipt, Statistics
from inference.generate.guard import MemoryGuard, MemoryReading, Pressure, Reliefs
from tests.fakes.memory import ScriptedSensor

STATISTICS = Statistics(0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)


class Watched:
    """A guard with everything it can reach; `deeds` is what happened, in order."""

    def __init__(self, levels: Iterable[Pressure], *, has_anything: bool = True) -> None:
        self.deeds: list[str] = []
        self.events: list[Event] = []
        self.now = 0.0
        self.is_cancelled = False
        self.sensor = ScriptedSensor(levels, interval_s=1.0)
        self._has_anything = has_anything
        reliefs = Reliefs(*(self._relief(name) for name in ("clear", "drop", "end")))
        self.guard = MemoryGuard(
            self.sensor, reliefs, self._hear, lambda: self.is_cancelled, lambda: self.now
        )

    def _relief(self, name: str):  # type: ignore[no-untyped-def]
        def act() -> bool:
            self.deeds.append(name)
            return self._has_anything

        return act

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Notice):
            self.deeds.append(f"said {event.text.split(':')[0].split(' because')[0]}")

    def finish(self, reason: FinishReason) -> Finished:
        self.guard.on_event(Finished(reason, STATISTICS, Receipt((), 0)))
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last


def test_nothing_happens_while_memory_is_well() -> None:
    watched = Watched(["normal"])
    assert watched.guard.chunk(512) == 512
    assert not watched.guard.cancelled()
    assert watched.finish("stop").reason == "stop"
    assert watched.deeds == []


def test_all_steps_in_their_order_each_with_its_sentence() -> None:
    watched = Watched(["critical"])
    sizes = [watched.guard.chunk(128) for _ in range(4)]
    assert sizes == [64, 32, 32, 32]
    assert watched.guard.cancelled()
    assert watched.finish("cancelled").reason == "memory"
    assert watched.guard.must_unload
    assert watched.deeds == [
        "clear",
        "said Memory is getting short",
        "drop",
        "said Memory is short",
        "said Memory is short",
        "said The answer was stopped",
        "end",
        "clear",
        "said The model was let go to make room; it is loaded again with the next question.",
    ]
    assert len({e.text for e in watched.events if isinstance(e, Notice)}) == 5


@pytest.mark.parametrize(
    ("levels", "deeds"),
    [
        (["critical", "normal"], ["clear"]),
        (["critical", "critical", "normal"], ["clear", "drop"]),
    ],
)
def test_steps_end_as_soon_as_memory_is_well(levels: list[Pressure], deeds: list[str]) -> None:
    watched = Watched(levels)
    assert watched.guard.chunk(512) == 512
    assert [deed for deed in watched.deeds if not deed.startswith("said")] == deeds


def test_a_warning_never_stops_an_answer() -> None:
    watched = Watched(["warning"])
    assert [watched.guard.chunk(256) for _ in range(5)] == [128, 64, 32, 32, 32]
    for _ in range(5):
        watched.now += 2
        assert not watched.guard.cancelled()


def test_a_smaller_chunk_is_tried_before_the_next_halving() -> None:
    watched = Watched(["critical", "critical", "critical", "critical", "normal"])
    assert [watched.guard.chunk(512) for _ in range(3)] == [256, 256, 256]


def test_while_tokens_are_written_there_is_no_chunk_to_halve() -> None:
    watched = Watched(["critical"])
    assert watched.guard.cancelled()
    assert not any("smaller pieces" in e.text for e in watched.events if isinstance(e, Notice))


def test_memory_is_looked_at_once_a_second_between_tokens() -> None:
    watched = Watched(["normal"])
    for _ in range(30):
        watched.guard.cancelled()
        watched.now += 0.1
    assert watched.sensor.reads == 3


def test_what_gave_nothing_is_not_said() -> None:
    watched = Watched(["critical", "critical", "normal"], has_anything=False)
    watched.guard.chunk(512)
    assert watched.deeds == ["clear", "drop"]


def test_the_model_stays_when_ending_the_answer_was_enough() -> None:
    watched = Watched(["critical", "critical", "critical", "critical", "normal"])
    assert watched.guard.cancelled()
    assert watched.finish("cancelled").reason == "memory"
    assert not watched.guard.must_unload


def test_stopping_by_hand_is_no_matter_of_memory() -> None:
    watched = Watched(["normal"])
    watched.is_cancelled = True
    assert watched.guard.cancelled()
    assert watched.finish("cancelled").reason == "cancelled"


@pytest.mark.parametrize(
    ("used", "limit", "pressure", "level"),
    [
        (0, 0, "normal", "normal"),
        (84, 100, "normal", "normal"),
        (86, 100, "normal", "warning"),
        (96, 100, "normal", "critical"),
        (10, 100, "warning", "warning"),
        (10, 100, "critical", "critical"),
        (96, 100, "warning", "critical"),
        (10**12, 0, "normal", "normal"),
    ],
)
def test_the_worse_of_both_signs_counts(
    used: int, limit: int, pressure: Pressure, level: Pressure
) -> None:
    assert MemoryReading(used, limit, pressure).level == level
