"""Engine events reach the GUI thread in order, complete, and at most every 33 ms."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge, Keyed, merged
from inference import (
    EngineClosedError,
    Failed,
    Finished,
    Loading,
    Message,
    Notice,
    Prefill,
    Prepared,
    ReadingMedia,
    Receipt,
    Request,
    Statistics,
    Text,
    Thought,
    TokenText,
)
from tests.fakes.engine import FakeEngine
from tests.fakes.hand_engine import HandEngine, HandJob, OnEvent

REQUEST = Request([Message("user", (Text("Hello"),))])
END = Finished("stop", Statistics(), Receipt((), 0))


def test_pieces_are_joined_and_their_tokens_added() -> None:
    events: list[Keyed] = [
        ("a", TokenText("a", 1)),
        ("a", TokenText("b", 2)),
        ("a", TokenText("c")),
    ]
    assert merged(events) == [("a", TokenText("abc", 4))]


def test_of_progress_only_the_latest_is_kept() -> None:
    events: list[Keyed] = [
        ("a", Prefill(1, 9, 0)),
        ("a", Prefill(5, 9, 0)),
        ("a", ReadingMedia("x", 1, 2)),
        ("a", ReadingMedia("y", 2, 2)),
        ("a", Loading("m", 0.1)),
        ("a", Loading("m", 1.0)),
    ]
    assert merged(events) == [events[1], events[3], events[5]]


def test_other_events_and_other_jobs_are_borders() -> None:
    events: list[Keyed] = [
        ("a", Thought("x", 1)),
        ("a", Thought("y", 1)),
        ("a", Thought("", 1, closed=True)),
        ("a", Thought("z", 1)),
        ("a", TokenText("1")),
        ("b", TokenText("2")),
        ("a", TokenText("3")),
        ("a", Notice("n")),
        ("a", TokenText("4")),
        ("a", END),
    ]
    assert merged(events) == [
        ("a", Thought("xy", 3, closed=True)),
        ("a", Thought("z", 1)),
        *events[4:],
    ]


def test_events_arrive_on_the_gui_thread_in_order(qtbot: QtBot) -> None:
    script = [Prepared(Receipt((), 3)), *(TokenText(f"{i} ") for i in range(500)), END]
    bridge = EngineBridge(FakeEngine(script))
    got: list[Keyed] = []
    threads: set[threading.Thread] = set()

    def on_events(batch: list[Keyed]) -> None:
        threads.add(threading.current_thread())
        got.extend(batch)

    bridge.events.connect(on_events)
    bridge.submit(REQUEST, "one")
    qtbot.waitUntil(lambda: bool(got) and got[-1] == ("one", END))
    bridge.close()
    assert threads == {threading.main_thread()}
    assert {key for key, _ in got} == {"one"}
    texts = [event for _, event in got if isinstance(event, TokenText)]
    assert "".join(t.text for t in texts) == "".join(f"{i} " for i in range(500))
    assert sum(t.tokens for t in texts) == 500


def test_a_burst_is_one_delivery(qtbot: QtBot) -> None:
    engine = HandEngine()
    bridge = EngineBridge(engine)
    batches: list[list[Keyed]] = []
    bridge.events.connect(batches.append)
    bridge.submit(REQUEST, "one")
    engine.job.text(*["many", "words", "in", "one", "go"])
    assert batches == []  # the loop has not run
    qtbot.waitUntil(lambda: len(batches) == 1)
    assert len(batches[0]) == 1
    bridge.close()


def test_jobs_are_cancelled_by_key(qtbot: QtBot) -> None:
    engine = HandEngine()
    bridge = EngineBridge(engine)
    ended: list[str] = []
    bridge.events.connect(lambda batch: ended.extend(key for key, _ in batch))
    bridge.submit(REQUEST, "one")
    bridge.submit(REQUEST, "two")
    bridge.cancel("two")
    bridge.cancel("unknown")
    qtbot.waitUntil(lambda: ended == ["two"])
    assert [job.is_cancelled for job in engine.jobs] == [False, True]
    bridge.cancel("two")  # it has ended
    bridge.close()


def test_nothing_is_delivered_after_closing(qtbot: QtBot) -> None:
    engine = HandEngine()
    bridge = EngineBridge(engine)
    got: list[object] = []
    bridge.events.connect(got.append)
    bridge.submit(REQUEST, "one")
    engine.job.text("late")
    bridge.close()
    qtbot.wait(50)
    assert got == []
    assert engine.is_closed
    assert engine.job.is_cancelled


class _ClosedEngine(HandEngine):
    def submit(self, request: Request, on_event: OnEvent) -> HandJob:
        del request, on_event
        raise EngineClosedError("The engine was closed.", "Start Facet again.")


def test_a_closed_engine_is_a_failed_job(qtbot: QtBot) -> None:
    bridge = EngineBridge(_ClosedEngine())
    with qtbot.waitSignal(bridge.events) as signal:
        bridge.submit(REQUEST, "one")
    assert signal.args == [[("one", Failed("The engine was closed.", "Start Facet again."))]]
    bridge.close()


@pytest.mark.parametrize("fraction", [0.5, 1.0])
def test_loading_is_told(qtbot: QtBot, fraction: float, tmp_path: Path) -> None:
    engine = HandEngine(loads_by_itself=False)
    bridge = EngineBridge(engine)
    bridge.load(tmp_path, "load 1")
    with qtbot.waitSignal(bridge.events) as signal:
        engine.loads[-1].say(Loading("m", fraction))
    assert signal.args == [[("load 1", Loading("m", fraction))]]
    bridge.close()
