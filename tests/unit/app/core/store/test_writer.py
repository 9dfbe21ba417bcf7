"""The writer: in order, on its own thread, through errors and full disks."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.core.store import Store, Writer
from app.core.store.errors import FULL
from tests.fakes.stored import conversation, turn

LONG_S = 20.0


class FakeStore:
    """Writes down what it is told. `room` cleared is a full disk; `gate` cleared is a slow one."""

    def __init__(self) -> None:
        self.said: list[object] = []
        self.room = threading.Event()
        self.gate = threading.Event()
        self.started = threading.Event()
        self.room.set()
        self.gate.set()
        self.chores = 0

    def say(self, word: object) -> None:
        self.started.set()
        self.gate.wait(LONG_S)
        if not self.room.is_set():
            raise FULL
        self.said.append(word)

    def fail(self) -> None:
        raise KeyError("unknown")

    def stream(self, turn_id: str, text: str, thought: str, thought_tokens: int) -> None:
        assert (thought, thought_tokens) == ("", 0)
        self.say((turn_id, text))

    def idle(self) -> bool:
        self.chores = max(0, self.chores - 1)
        return self.chores > 0


@pytest.fixture
def fake() -> FakeStore:
    return FakeStore()


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
def writer(fake: FakeStore, errors: list[Exception]) -> Iterator[Writer]:
    writer = Writer(fake, errors.append)
    yield writer
    fake.gate.set()
    writer.close()


def test_calls_run_in_order(writer: Writer, fake: FakeStore) -> None:
    for number in range(200):
        writer.call(fake.say, number)
    assert writer.flush(LONG_S)
    assert fake.said == list(range(200))


def test_the_caller_does_not_wait(writer: Writer, fake: FakeStore) -> None:
    fake.gate.clear()
    writer.call(fake.say, "slow")
    assert fake.started.wait(LONG_S)
    writer.call(fake.say, "later")
    assert not writer.flush(0.01)
    fake.gate.set()
    assert writer.flush(LONG_S)
    assert fake.said == ["slow", "later"]


def test_an_error_is_reported_and_the_rest_goes_on(
    writer: Writer, fake: FakeStore, errors: list[Exception]
) -> None:
    writer.call(fake.fail)
    writer.call(fake.say, "after")
    assert writer.flush(LONG_S)
    assert fake.said == ["after"]
    assert [type(error) for error in errors] == [KeyError]


def test_updates_of_one_turn_that_wait_become_one(writer: Writer, fake: FakeStore) -> None:
    fake.gate.clear()
    writer.call(fake.say, "busy")
    assert fake.started.wait(LONG_S)
    for number in range(9):
        writer.call(fake.stream, "t", f"text {number}", "", 0)
    writer.call(fake.stream, "u", "other", "", 0)
    writer.call(fake.stream, "t", "last", "", 0)
    fake.gate.set()
    assert writer.flush(LONG_S)
    assert fake.said == ["busy", ("t", "text 8"), ("u", "other"), ("t", "last")]


def test_a_full_disk_loses_nothing(
    writer: Writer, fake: FakeStore, errors: list[Exception]
) -> None:
    fake.room.clear()
    writer.call(fake.say, "first")
    writer.call(fake.say, "second")
    assert not writer.flush(0.05)
    assert fake.said == []
    fake.room.set()
    assert writer.flush(LONG_S)
    assert fake.said == ["first", "second"]
    assert errors == [FULL]


def test_closing_on_a_full_disk_ends_and_says_what_is_lost(
    fake: FakeStore, errors: list[Exception]
) -> None:
    fake.room.clear()
    writer = Writer(fake, errors.append)
    writer.call(fake.say, "first")
    writer.call(fake.say, "second")
    assert writer.close() == 2


def test_closing_finishes_what_is_queued(fake: FakeStore, errors: list[Exception]) -> None:
    writer = Writer(fake, errors.append)
    for number in range(50):
        writer.call(fake.say, number)
    assert writer.close() == 0
    assert len(fake.said) == 50
    writer.call(fake.say, "too late")
    assert len(fake.said) == 50


def test_chores_are_done_in_between(fake: FakeStore, errors: list[Exception]) -> None:
    fake.chores = 5
    writer = Writer(fake, errors.append)
    writer.call(fake.say, "x")
    writer.flush(LONG_S)
    while fake.chores:
        assert writer.flush(LONG_S)
    writer.close()
    assert fake.said == ["x"]


def test_an_error_in_the_listener_stops_nothing(fake: FakeStore) -> None:
    def listen(error: Exception) -> None:
        raise RuntimeError("the window is gone") from error

    writer = Writer(fake, listen)
    writer.call(fake.fail)
    writer.call(fake.say, "after")
    assert writer.close() == 0
    assert fake.said == ["after"]


def test_with_a_real_store(store: Store, errors: list[Exception]) -> None:
    writer = Writer(store, errors.append)
    writer.call(store.create, conversation("c", turn("t", role="model", state="streaming")))
    for number in range(20):
        writer.call(store.stream, "t", f"words {number}", "", 0)
    writer.call(store.update_turn, "c", turn("t", "all the words", role="model"))
    assert writer.flush(LONG_S)
    assert store.load("c").turns[0].text == "all the words"
    assert writer.close() == 0
    assert errors == []


def test_it_says_how_much_a_full_disk_has_not_taken(writer: Writer, fake: FakeStore) -> None:
    writer.call(fake.say, "one")
    assert writer.unwritten(LONG_S) == 0
    fake.room.clear()
    writer.call(fake.say, "two")
    writer.call(fake.say, "three")
    assert writer.unwritten(0.05) == 2
    fake.room.set()
    assert writer.unwritten(LONG_S) == 0
    assert fake.said == ["one", "two", "three"]
