"""The engine and its memory: refusals before loading, stopping and letting go, towers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import mlx.core as mx
import numpy as np

from inference import (
    Engine,
    Event,
    Failed,
    Finished,
    Image,
    Message,
    NoRoomError,
    Notice,
    Request,
    Sampling,
    Text,
    TokenText,
    load,
)
from inference.generate.guard import Pressure
from tests.fakes.memory import ScriptedSensor, mac

MODEL = Path(__file__).parents[2] / "parity" / "data" / "e"
WELL: tuple[Pressure, ...] = ("normal",) * 6
SHORT: tuple[Pressure, ...] = ("critical",) * 4  # clear, drop, no chunk to halve, stop
PICTURE = Image(np.full((96, 96, 3), 200, np.uint8))


def ask(
    engine: Engine, *parts: Text | Image, max_tokens: int = 6, session: str = ""
) -> list[Event]:
    events: list[Event] = []
    request = Request(
        [Message("user", parts or (Text("Hello there"),))],
        max_tokens=max_tokens,
        sampling=Sampling(temperature=0),
        session=session,
    )
    assert engine.submit(request, events.append).wait(60)
    return events


def test_a_model_without_room_is_refused_before_it_is_read_unless_one_insists() -> None:
    heard: list[Event] = []
    with Engine(dtype="float32", machine=mac(1)) as engine:
        job = engine.load(MODEL, on_event=heard.append)
        assert job.wait(60)
        assert isinstance(job.error, NoRoomError)
        [failed] = [event for event in heard if isinstance(event, Failed)]
        assert "was not loaded: it needs about 0.7 GB" in failed.message
        assert "this Mac can give the GPU 0.5 GB" in failed.message
        assert "--load-anyway" in failed.action
        assert engine.status().model == ""
        insisting = engine.load(MODEL, despite_memory=True)
        assert insisting.wait(60)
        assert insisting.error is None
        assert isinstance(ask(engine)[-1], Finished)


def with_sensor(levels: Iterable[Pressure]) -> Engine:
    engine = Engine(dtype="float32", sensor=ScriptedSensor(levels))
    assert engine.load(MODEL).wait(60)
    return engine


def test_an_answer_that_memory_ends_keeps_what_was_written() -> None:
    with with_sensor([*WELL, *SHORT, "normal"]) as engine:
        events = ask(engine, max_tokens=40, session="one")
        [end] = [event for event in events if isinstance(event, Finished)]
        assert end.reason == "memory"
        assert 0 < end.statistics.generated_tokens < 6
        assert text_of(events)
        assert any("what was written is kept" in e.text for e in events if isinstance(e, Notice))
        assert engine.status().model
        after = ask(engine, session="one")
        assert isinstance(after[-1], Finished)
        assert after[-1].reason == "length"
        assert after[-1].statistics.reused_tokens == 0


def test_a_model_let_go_for_memory_is_loaded_again_with_the_next_question() -> None:
    with with_sensor([*SHORT, "critical", "critical", "normal"]) as engine:
        first = ask(engine)
        assert any("loaded again" in e.text for e in first if isinstance(e, Notice))
        assert engine.status().model == ""
        again = ask(engine)
        assert isinstance(again[-1], Finished)
        assert again[-1].reason == "length"
        assert any(isinstance(event, TokenText) for event in again)
        assert engine.status().model


def test_smaller_chunks_give_the_same_answer() -> None:
    words = Text("one two three four five six seven eight nine ten " * 20)
    with with_sensor(["normal"]) as engine:
        plain = ask(engine, words)
    with with_sensor(["warning"]) as engine:
        squeezed = ask(engine, words)
    assert any("smaller pieces" in e.text for e in squeezed if isinstance(e, Notice))
    assert text_of(plain) == text_of(squeezed) != ""


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TokenText))


def test_towers_are_let_go_and_come_back_the_same() -> None:
    model = load(MODEL, "float32")
    assert not model.let_go_of_towers()
    model.warm()
    before = mx.get_active_memory()
    seen = np.array(model.encode_image(PICTURE.pixels))
    assert mx.get_active_memory() > before + 100_000
    assert model.let_go_of_towers()
    assert mx.get_active_memory() < before + 100_000
    assert np.array_equal(np.array(model.encode_image(PICTURE.pixels)), seen)


def test_letting_go_of_towers_by_the_engine_changes_no_answer() -> None:
    with with_sensor(["normal"]) as engine:
        first = ask(engine, PICTURE, Text("What is it?"))
        assert engine.let_go_of_towers().wait(60)
        assert text_of(ask(engine, PICTURE, Text("What is it?"))) == text_of(first)


def test_an_unloaded_model_leaves_nothing_behind() -> None:
    before = mx.get_active_memory()  # of whatever ran earlier in this process
    with with_sensor(["normal"]) as engine:
        ask(engine, PICTURE, Text("What is it?"), session="one")
        assert engine.unload().wait(60)
        assert engine.status().active_memory_bytes < before + 1_000_000


def test_emptied_sessions_answer_as_fresh_ones() -> None:
    model = load(MODEL, "float32")
    session = model.new_session()
    prompt = model.prepare([{"role": "user", "content": "Hello there"}])
    greedy = Sampling(temperature=0)

    def tokens() -> list[int]:
        steps = model.stream(prompt, max_tokens=5, sampling=greedy, session=session, stop_ids=())
        return [step.token_id for step in steps]

    first = tokens()
    session.empty()
    assert session.size_bytes == 0
    assert session.position == 0
    assert tokens() == first
