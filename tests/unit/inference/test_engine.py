"""The engine thread: order, events, cancelling, failures that end nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inference import (
    Audio,
    Engine,
    EngineClosedError,
    Event,
    Failed,
    Finished,
    Image,
    Job,
    Loading,
    Message,
    Notice,
    Prefill,
    Prepared,
    Prompt,
    ReadingMedia,
    Request,
    Sampling,
    Text,
    Thought,
    TokenText,
    Video,
    load,
)
from inference.prompt.parse import StreamParser

DATA = Path(__file__).parents[2] / "parity" / "data"
GREEDY = Sampling(temperature=0)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(dtype="float32") as engine:
        job = engine.load(DATA / "e", drafter=DATA / "e-assistant")
        assert job.wait(60)
        assert job.error is None
        yield engine


def ask(engine: Engine, *parts: object, **options: object) -> list[Event]:
    events: list[Event] = []
    settings = {"max_tokens": 12, "sampling": GREEDY, **options}
    request = Request([Message("user", parts)], **settings)  # type: ignore[arg-type]
    assert engine.submit(request, events.append).wait(60)
    return events


def text_of(events: list[Event]) -> str:
    return "".join(e.text for e in events if isinstance(e, TokenText))


def test_loading_reports_progress() -> None:
    events: list[Event] = []
    with Engine() as engine:
        engine.load(DATA / "moe", on_event=events.append).wait(60)
        assert engine.status().model
    fractions = [e.fraction for e in events if isinstance(e, Loading)]
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert fractions == sorted(fractions)


def test_an_answer_with_every_sense(engine: Engine) -> None:
    noise = np.random.default_rng(0)
    picture = noise.integers(0, 255, (60, 90, 3), np.uint8)
    events = ask(
        engine,
        Image(picture, "chart.png"),
        Video([picture, picture], [0.0, 1.0], "clip.mp4"),
        Text("What?"),
        Audio(noise.normal(0, 0.1, 16000).astype(np.float32), "memo.wav"),
        image_tokens=70,
    )
    names = [e.name for e in events if isinstance(e, ReadingMedia)]
    assert names == ["chart.png", "clip.mp4", "memo.wav"]
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.statistics.generated_tokens > 0
    assert last.statistics.prompt_tokens == last.receipt.prompt_tokens
    assert [e.receipt for e in events if isinstance(e, Prepared)] == [last.receipt]
    kinds = [i.kind for i in last.receipt.items]
    assert kinds == ["image", "video", "text", "audio"]
    done = [e for e in events if isinstance(e, Prefill)]
    assert done[-1].done == done[-1].total == last.statistics.prompt_tokens


def test_answers_are_repeatable_and_drafting_changes_nothing(engine: Engine) -> None:
    plain = ask(engine, Text("Tell me"), max_tokens=60)
    drafted = ask(engine, Text("Tell me"), max_tokens=60, use_drafter=True)
    assert text_of(plain) == text_of(drafted) != ""
    assert isinstance(drafted[-1], Finished)
    assert drafted[-1].statistics.drafted_tokens > 0


def test_a_second_turn_reuses_the_first(engine: Engine) -> None:
    events = ask(engine, Text("a long first question " * 10), session="s", max_tokens=8)
    again = ask(engine, Text("a long first question " * 10), session="s", max_tokens=8)
    assert isinstance(again[-1], Finished)
    statistics = again[-1].statistics
    assert statistics.reused_tokens > statistics.prompt_tokens * 0.9
    assert text_of(again) == text_of(events)


def test_conversations_do_not_share_state(engine: Engine) -> None:
    """More conversations than are kept; each gives what it gives alone."""
    questions = [f"{chr(97 + i)} question about {i} " * 8 for i in range(7)]
    alone = [text_of(ask(engine, Text(q))) for q in questions]
    mixed = [text_of(ask(engine, Text(q), session=f"c{i}")) for i, q in enumerate(questions)]
    again = [text_of(ask(engine, Text(q), session=f"c{i}")) for i, q in enumerate(questions)]
    assert alone == mixed == again


def test_cancel_stops_between_tokens(engine: Engine) -> None:
    events: list[Event] = []
    started = threading.Event()

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, TokenText):
            started.set()

    request = Request(
        [Message("user", (Text("x"),))],
        max_tokens=3000,
        sampling=Sampling(seed=1, repetition_guard=False),
    )
    job = engine.submit(request, listen)
    assert started.wait(30)
    job.cancel()
    assert job.wait(10)
    assert isinstance(events[-1], Finished)
    if events[-1].reason != "stop":
        assert events[-1].reason == "cancelled"


def test_a_job_cancelled_while_it_waits_does_nothing(engine: Engine) -> None:
    events: list[Event] = []
    first = engine.submit(Request([Message("user", (Text("x"),))], max_tokens=50), events.append)
    second_events: list[Event] = []
    second = engine.submit(Request([Message("user", (Text("y"),))]), second_events.append)
    second.cancel()
    assert first.wait(60)
    assert second.wait(60)
    assert isinstance(second_events[-1], Finished)
    assert second_events[-1].reason == "cancelled"
    assert second_events[-1].statistics.generated_tokens == 0


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Audio(np.zeros(31 * 16000, np.float32)), "30"),
        (Audio(np.zeros(0, np.float32)), "sound|recording|empty"),
        (Image(np.zeros((0, 4, 3), np.uint8)), "picture"),
        (Image(np.zeros((4, 4), np.uint8)), "picture|RGB"),
        (Video([np.zeros((4, 4, 3), np.uint8)] * 61, list(range(61))), "60 frames"),
        (Video([np.zeros((4, 4, 3), np.uint8)] * 2, [0.0]), "time"),
        (Image(np.zeros((8, 8, 3), np.uint8), soft_tokens=99), "99"),
    ],
)
def test_wrong_media_are_one_clear_sentence(engine: Engine, part: object, words: str) -> None:
    import re

    events = ask(engine, part, Text("?"))
    assert isinstance(events[-1], Failed)
    assert re.search(words, events[-1].message, re.IGNORECASE), events[-1].message
    assert events[-1].detail == ""
    assert text_of(ask(engine, Text("still there"))) != ""


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 600, 3), (600, 1, 3)])
def test_extreme_pictures_are_read(engine: Engine, shape: tuple[int, ...]) -> None:
    events = ask(engine, Image(np.zeros(shape, np.uint8)), Text("?"), image_tokens=70)
    assert isinstance(events[-1], Finished)


def test_a_picture_takes_the_budget_of_the_folder_unless_told(engine: Engine) -> None:
    picture = Image(np.zeros((200, 300, 3), np.uint8))

    def soft_tokens(**options: object) -> int:
        prepared = next(e for e in ask(engine, picture, **options) if isinstance(e, Prepared))
        return prepared.receipt.items[0].soft_tokens

    assert soft_tokens() == soft_tokens(image_tokens=70) <= 70 < soft_tokens(image_tokens=140)


def test_a_picture_too_long_for_the_position_table_is_refused(engine: Engine) -> None:
    """At 280 soft tokens a one-pixel strip is 840 patches long; this model knows 512 positions."""
    events = ask(engine, Image(np.zeros((1, 10000, 3), np.uint8)), Text("?"), image_tokens=280)
    assert isinstance(events[-1], Failed)
    assert "840 patches" in events[-1].message


def test_sound_is_refused_by_a_model_without_hearing() -> None:
    frame = np.zeros((48, 48, 3), np.uint8)
    with Engine(dtype="float32") as engine:
        engine.load(DATA / "dense").wait(60)
        events = ask(engine, Audio(np.zeros(16000, np.float32), "memo.wav"))
        assert isinstance(events[-1], Failed)
        assert "memo.wav" in events[-1].message
        clip = Video([frame], [0.0], "clip.mp4", sound=np.zeros(16000, np.float32))
        events = ask(engine, clip, Text("?"))
        assert isinstance(events[-1], Finished)
        assert any("clip.mp4" in what for what in events[-1].receipt.dropped)


def test_a_thinking_budget_closes_the_thought(engine: Engine) -> None:
    """After a tool result with thinking on, the answer begins inside a thought."""
    from inference import ToolCall, ToolResult

    events: list[Event] = []
    messages = [
        Message("user", (Text("sum"),)),
        Message("model", (ToolCall("add", {"a": 1}),)),
        Message("tool", (ToolResult("add", "2"),)),
    ]
    request = Request(messages, thinking=True, thinking_budget=5, max_tokens=40, sampling=GREEDY)
    assert engine.submit(request, events.append).wait(60)
    thoughts = [e for e in events if isinstance(e, Thought)]
    assert any(e.closed for e in thoughts)
    assert any(isinstance(e, Notice) and "budget of 5" in e.text for e in events)
    assert isinstance(events[-1], Finished)
    assert 5 <= events[-1].statistics.thought_tokens <= 7


def test_an_answer_goes_on_as_if_it_had_not_been_cut(engine: Engine) -> None:
    messages = [Message("user", (Text("Count."),)), Message("model", (Text("One, two, thr"),))]
    events: list[Event] = []
    request = Request(messages, sampling=GREEDY, max_tokens=12, continue_last=True)
    assert engine.submit(request, events.append).wait(60)
    model = load(DATA / "e", "float32")
    asked = model.prepare(messages[:1])
    begun = model.tokenizer.encode("One, two, thr")
    whole = Prompt.from_token_ids([*asked.token_ids, *begun])
    parser = StreamParser(model.tokenizer.control, model.tokenizer.stream)
    steps = model.stream(whole, max_tokens=12, sampling=GREEDY)
    pieces: list[Event] = [event for step in steps for event in parser.feed(step.token_id)]
    assert text_of(events) == text_of([*pieces, *parser.finish("length")])
    assert isinstance(events[-1], Finished)


def test_what_the_engine_holds_is_told(engine: Engine) -> None:
    held = engine.status()
    assert held.sees
    assert held.hears
    assert held.context_tokens == load(DATA / "e").config.text.max_positions
    assert held.image_tokens in (70, 140, 280, 560, 1120)
    with Engine(dtype="float32") as empty:
        assert empty.status().context_tokens == 0
        assert not empty.status().sees


def test_failures_name_the_cause_and_leave_the_engine_alive() -> None:
    with Engine() as engine:
        events: list[Event] = []
        job = engine.submit(Request([Message("user", (Text("x"),))]), events.append)
        assert job.wait(10)
        assert isinstance(events[-1], Failed)
        assert "No model" in events[-1].message
        bad = engine.load(DATA / "nowhere")
        assert bad.wait(10)
        assert bad.error is not None
        good = engine.load(DATA / "dense")
        assert good.wait(60)
        assert good.error is None


def test_a_listener_that_raises_ends_only_its_job(engine: Engine) -> None:
    def broken(_event: Event) -> None:
        raise RuntimeError("listener")

    job = engine.submit(Request([Message("user", (Text("x"),))], max_tokens=3), broken)
    assert job.wait(30)
    assert job.error is not None
    assert text_of(ask(engine, Text("still there"))) != ""


def test_a_closed_engine_refuses_work() -> None:
    engine = Engine()
    engine.close()
    engine.close()
    with pytest.raises(EngineClosedError):
        engine.load(DATA / "e")


def test_raw_prompts_are_checked() -> None:
    from inference import Prompt, PromptError, load

    model = load(DATA / "e")
    for ids in ([], [1.5], [-1], [2**31], ["a"], [True]):
        with pytest.raises(PromptError):
            Prompt.from_token_ids(ids)  # type: ignore[arg-type]
    for ids, words in (
        ([2, 384], "vocabulary"),
        ([2, 5, 300], "placeholders"),
        ([2] * 4096, "4,096"),
    ):
        with pytest.raises(PromptError, match=words):
            model.logits(Prompt.from_token_ids(ids))


def test_a_plain_mapping_works_like_the_values() -> None:
    from inference import load

    model, frame = load(DATA / "dense"), np.zeros((48, 48, 3), np.uint8)
    parts = [
        {"type": "video", "frames": [frame], "times": [0.0], "sound": np.zeros(16000, np.float32)},
        {"type": "text", "text": "What?"},
    ]
    prompt = model.prepare([{"role": "user", "content": parts}])
    clip = Video([frame], [0.0], sound=np.zeros(16000, np.float32))
    same = model.prepare([Message("user", (clip, Text("What?")))])
    assert prompt.token_ids == same.token_ids
    assert prompt.receipt.dropped == same.receipt.dropped != ()


@pytest.mark.parametrize("wrong", [{"max_tokens": 0}, {"thinking_budget": 0}, {"max_tokens": -5}])
def test_counts_below_one_are_refused(engine: Engine, wrong: dict[str, int]) -> None:
    (failed,) = ask(engine, Text("x"), **wrong)
    assert isinstance(failed, Failed)
    assert "at least one token" in failed.message


def test_loading_can_be_stopped() -> None:
    with Engine() as engine:
        jobs: list[Job] = []
        ready = threading.Event()

        def stop(event: Event) -> None:
            if isinstance(event, Loading) and event.fraction > 0:
                assert ready.wait(10)
                jobs[0].cancel()

        jobs.append(engine.load(DATA / "dense", on_event=stop))
        ready.set()
        assert jobs[0].wait(60)
        assert "stopped" in str(jobs[0].error)
        assert engine.status().model == ""
        assert engine.load(DATA / "dense").wait(60)
        assert engine.status().model


def test_a_load_stopped_before_it_begins_keeps_the_model() -> None:
    with Engine() as engine:
        engine.load(DATA / "dense").wait(60)
        name = engine.status().model
        begun, go_on = threading.Event(), threading.Event()

        def hold(_event: Event) -> None:
            begun.set()
            assert go_on.wait(30)

        busy = engine.submit(Request([Message("user", (Text("x"),))], max_tokens=2), hold)
        assert begun.wait(30)
        waiting = engine.load(DATA / "e")
        waiting.cancel()
        go_on.set()
        assert busy.wait(30)
        assert waiting.wait(30)
        assert engine.status().model == name
        assert waiting.error is not None
