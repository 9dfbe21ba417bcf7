"""The demonstration model is tested with the real engine: what it can and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from app.core.asking import Senses
from app.core.bundled import bundled_model
from app.core.proof.run import run
from app.core.proof.tasks import make_tasks
from app.core.proof.values import Sense
from inference import Engine, Event, Failed, Finished, Request

# Its domain is charts of one style, spoken digits and a calculator; see assets/tiny/README.md.
CAN: tuple[Sense, ...] = ("chart", "sound", "tool")
CANNOT: tuple[Sense, ...] = ("picture", "json")
SEED = 0


@pytest.fixture
def engine() -> Iterator[Engine]:
    folder = bundled_model()
    if folder is None:
        pytest.skip("this copy lacks the demonstration model")
    with Engine(dtype="float32") as engine:
        assert engine.load(folder).wait(60)
        yield engine


def results(engine: Engine, senses: tuple[Sense, ...]) -> dict[Sense, str]:
    def ask(request: Request) -> Iterator[Event]:
        events: SimpleQueue[Event] = SimpleQueue()
        engine.submit(request, events.put)
        while True:
            event = events.get(timeout=120)
            yield event
            if isinstance(event, Finished | Failed):
                return

    return {each.sense: each.state for each in run(ask, make_tasks(Senses(), senses, SEED))}


def test_it_passes_what_it_was_made_for(engine: Engine) -> None:
    assert results(engine, CAN) == dict.fromkeys(CAN, "passed")


def test_it_fails_what_it_never_learned(engine: Engine) -> None:
    assert results(engine, CANNOT) == dict.fromkeys(CANNOT, "failed")
