"""What a benchmark measures: one value for each run of a task, median and range of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal, get_args

from inference import Statistics

TaskName = Literal["text", "picture", "clip", "sound"]
TASKS: tuple[TaskName, ...] = get_args(TaskName)
TITLES: dict[TaskName, str] = {
    "text": "Text",
    "picture": "One picture",
    "clip": "A clip of 60 frames",
    "sound": "30 s of sound",
}
RUNS = 3


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run. Seconds, tokens a second, bytes; 0 where there was nothing to measure."""

    prompt_tokens: int = 0
    generated_tokens: int = 0
    media_s: float = 0.0
    first_token_s: float = 0.0
    prefill_tokens_per_s: float = 0.0
    decode_tokens_per_s: float = 0.0
    total_s: float = 0.0
    peak_memory_bytes: int = 0

    @classmethod
    def of(cls, statistics: Statistics) -> Measurement:
        """The part of an answer's statistics that a benchmark is about."""
        return cls(
            statistics.prompt_tokens,
            statistics.generated_tokens,
            statistics.media_s,
            statistics.first_token_s,
            statistics.prefill_tokens_per_s,
            statistics.decode_tokens_per_s,
            statistics.total_s,
            statistics.peak_memory_bytes,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of several runs and how far they lie apart."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The runs of one task. `problem` says in a sentence why there are none, or fewer."""

    task: TaskName
    runs: tuple[Measurement, ...] = ()
    problem: str = ""

    def figure(self, value: Callable[[Measurement], float]) -> Figure | None:
        """Median and range over the runs that have the value; None when none has."""
        values = [each for run in self.runs if (each := value(run)) > 0]
        return Figure(median(values), min(values), max(values)) if values else None

    @property
    def decode(self) -> Figure | None:
        """Tokens a second while the answer is written."""
        return self.figure(lambda run: run.decode_tokens_per_s)

    @property
    def prefill(self) -> Figure | None:
        """Tokens a second while the prompt is read, without towers."""
        return self.figure(lambda run: run.prefill_tokens_per_s)

    @property
    def first_token(self) -> Figure | None:
        """Seconds until the first token, media included."""
        return self.figure(lambda run: run.first_token_s)


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """One benchmark of one model. `date` is ISO 8601 with its time zone."""

    date: str
    model: str = ""
    machine: str = ""
    tasks: tuple[TaskResult, ...] = ()

    def task(self, name: TaskName) -> TaskResult | None:
        """The result of one task, None where it was not run."""
        return next((each for each in self.tasks if each.task == name), None)

    @property
    def speed(self) -> float | None:
        """Tokens a second in answers to text: the one figure for this model on this computer."""
        text = self.task("text")
        figure = text.decode if text is not None else None
        return None if figure is None else figure.median
