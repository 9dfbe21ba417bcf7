"""The runs of a benchmark: their order, what they measure, what is left out, how it is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.asking import Senses
from app.core.benchmark.run import CSV_COLUMNS, Benchmark, run, to_csv
from app.core.benchmark.said import change_said, figure_said, lines, task_line
from app.core.benchmark.tasks import BenchmarkRun, order, request_of
from app.core.benchmark.values import BenchmarkResult, Figure, Measurement, TaskResult
from app.core.replies import Reply
from inference import Audio, Image, Request, Statistics, Video

EVERYTHING = Senses(sees=True, hears=True)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def answered(speeds: Iterable[float]) -> Iterable[Reply]:
    for speed in speeds:
        yield Reply("x", statistics=Statistics(generated_tokens=64, decode_tokens_per_s=speed))


def measured(*speeds: float) -> TaskResult:
    return TaskResult("text", tuple(Measurement(decode_tokens_per_s=s) for s in speeds))


def test_runs_come_in_rounds() -> None:
    assert [(each.task, each.number) for each in order(EVERYTHING, runs=2)] == [
        ("text", 1),
        ("picture", 1),
        ("clip", 1),
        ("sound", 1),
        ("text", 2),
        ("picture", 2),
        ("clip", 2),
        ("sound", 2),
    ]


def test_the_media_are_those_that_are_promised() -> None:
    (picture, _), (clip, _), (sound, _) = (
        request_of(BenchmarkRun(task, 1)).messages[0].parts for task in ("picture", "clip", "sound")
    )
    assert isinstance(picture, Image)
    assert request_of(BenchmarkRun("picture", 1)).image_tokens == 280
    assert isinstance(clip, Video)
    assert len(clip.frames) == len(clip.times_s) == 60
    assert isinstance(sound, Audio)
    assert sound.samples.shape == (30 * 16_000,)
    assert sound.samples.dtype == np.float32


def test_every_run_has_other_media_but_the_same_ones_every_time() -> None:
    first, again, second = (
        request_of(BenchmarkRun("picture", n)).messages[0].parts[0] for n in (1, 1, 2)
    )
    assert isinstance(first, Image)
    assert isinstance(again, Image)
    assert isinstance(second, Image)
    assert np.array_equal(first.pixels, again.pixels)
    assert not np.array_equal(first.pixels, second.pixels)


def test_the_warm_up_is_not_measured() -> None:
    benchmark = Benchmark(EVERYTHING, ("text",), runs=3)
    replies = iter(answered([1.0, 10.0, 30.0, 20.0]))
    seen = [(each, benchmark.done) for each in run(benchmark, lambda _request: next(replies))]
    assert seen[0] == (None, 0)
    assert [done for _, done in seen[1:]] == [0, 1, 2]
    result = benchmark.result("m", "a computer", NOW)
    assert result.speed == 20.0
    text = result.task("text")
    assert text is not None
    assert text.decode == Figure(20.0, 10.0, 30.0)


def test_what_the_model_cannot_do_is_said_and_not_asked() -> None:
    benchmark = Benchmark(Senses(sees=True, hears=False), runs=1)
    asked: list[Request] = []

    def ask(request: Request) -> Reply:
        asked.append(request)
        return next(iter(answered([5.0])))

    list(run(benchmark, ask))
    assert len(asked) == 1 + 3
    sound = benchmark.result("m", "c", NOW).task("sound")
    assert sound == TaskResult("sound", (), "This model cannot hear.")
    assert task_line(sound) == "30 s of sound: This model cannot hear."


def test_a_task_that_fails_is_not_asked_again() -> None:
    benchmark = Benchmark(EVERYTHING, ("text", "clip"), runs=3)
    asked: list[str] = []

    def ask(_request: Request) -> Reply:
        name = "warm" if benchmark.current is None else benchmark.current.task
        asked.append(name)
        return Reply(problem="Too long.") if name == "clip" else next(iter(answered([5.0])))

    list(run(benchmark, ask))
    assert asked == ["warm", "text", "clip", "text", "text"]
    result = benchmark.result("m", "c", NOW)
    assert lines(result)[1] == "A clip of 60 frames: Too long."


def test_what_fails_at_once_ends_it() -> None:
    benchmark = Benchmark(EVERYTHING)
    asked = list(run(benchmark, lambda _request: Reply(problem="No model is loaded.")))
    assert asked == [None]
    result = benchmark.result("m", "c", NOW)
    assert result.speed is None
    assert all(task.problem == "No model is loaded." for task in result.tasks)


@given(st.lists(st.floats(0.01, 9999), min_size=1, max_size=9))
def test_the_median_lies_in_the_range(speeds: list[float]) -> None:
    figure = measured(*speeds).decode
    assert figure is not None
    assert figure.low <= figure.median <= figure.high


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (None, "–"),
        (Figure(41.23, 40.8, 41.9), "41.2 (40.8–41.9) tokens/s"),
        (Figure(412.3, 412.1, 412.4), "412 tokens/s"),
        (Figure(0.0432, 0.0431, 0.05), "0.0432 (0.0431–0.05) tokens/s"),
    ],
)
def test_figures_are_said_with_their_range(figure: Figure | None, said: str) -> None:
    assert figure_said(figure, "tokens/s" if figure else "") == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (20.0, "10 % faster than the baseline"),
        (40.0, "45 % slower than the baseline"),
        (22.1, "as the baseline"),
    ],
)
def test_a_change_is_said(before: float, said: str) -> None:
    assert change_said(measured(22.0), measured(before)) == said
    assert change_said(measured(22.0), None) == ""


def test_the_table_has_a_line_for_each_run() -> None:
    result = BenchmarkResult("2026-09-01", "Gemma, 4", "a Mac", (measured(1.5, 2.5),))
    rows = list(csv.reader(io.StringIO(to_csv(result))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [row[1] for row in rows[1:]] == ["Gemma, 4"] * 2
    assert [row[CSV_COLUMNS.index("decode_tokens_per_s")] for row in rows[1:]] == ["1.500", "2.500"]
