"""Runs a benchmark over anything that answers requests, and sums up. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.core.asking import Senses
from app.core.benchmark.tasks import (
    ANSWER_TOKENS,
    BenchmarkRun,
    absent,
    order,
    request_of,
    warm_up,
)
from app.core.benchmark.values import (
    RUNS,
    TASKS,
    BenchmarkResult,
    Measurement,
    TaskName,
    TaskResult,
)
from app.core.replies import Reply
from inference import Request

Ask = Callable[[Request], Reply]
CSV_COLUMNS = (
    "date",
    "model",
    "machine",
    "task",
    "run",
    "prompt_tokens",
    "generated_tokens",
    "media_s",
    "first_token_s",
    "prefill_tokens_per_s",
    "decode_tokens_per_s",
    "total_s",
    "peak_memory_bytes",
)


@dataclass(slots=True)
class Benchmark:
    """The runs of one model in their order, and what has come of them so far.

    `next_request` and `take` are called in turn; whoever asks may be a loop or a window.
    """

    senses: Senses
    wanted: Sequence[TaskName] = TASKS
    runs: int = RUNS
    answer_tokens: int = ANSWER_TOKENS
    current: BenchmarkRun | None = None  # None before the first and while warming up
    _waiting: list[BenchmarkRun] = field(default_factory=list)
    _is_warm: bool = False
    _done: dict[TaskName, list[Measurement]] = field(default_factory=dict)
    _problems: dict[TaskName, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._waiting = list(order(self.senses, self.wanted, self.runs))
        missing = absent(self.senses)
        self._problems = {task: missing[task] for task in self.wanted if task in missing}
        self.total = len(self._waiting)

    total: int = 0

    @property
    def done(self) -> int:
        """Runs that are over, of `total`."""
        return self.total - len(self._waiting) - (self.current is not None)

    def next_request(self) -> Request | None:
        """What to ask next; None when everything was asked."""
        if not self._is_warm:
            return warm_up()
        while self._waiting:
            self.current = self._waiting.pop(0)
            if self.current.task not in self._problems:
                return request_of(self.current, self.answer_tokens)
        self.current = None
        return None

    def take(self, reply: Reply) -> None:
        """The reply to the last request. A task that fails once is not asked again."""
        run, self.current = self.current, None
        if run is None:
            self._is_warm = True
            if reply.problem:  # nothing can be asked
                self._problems |= dict.fromkeys(self.wanted, reply.problem)
            return
        if reply.problem:
            self._problems[run.task] = reply.problem
        elif reply.statistics is not None:
            self._done.setdefault(run.task, []).append(Measurement.of(reply.statistics))

    def result(self, model: str, machine: str, now: datetime | None = None) -> BenchmarkResult:
        """What has been measured so far."""
        tasks = tuple(
            TaskResult(task, tuple(self._done.get(task, ())), self._problems.get(task, ""))
            for task in TASKS
            if task in self.wanted
        )
        date = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        return BenchmarkResult(date, model, machine, tasks)


def run(benchmark: Benchmark, ask: Ask) -> Iterator[BenchmarkRun | None]:
    """Ask everything in turn, yielding each run before it is asked. To stop, stop iterating."""
    while (request := benchmark.next_request()) is not None:
        yield benchmark.current
        benchmark.take(ask(request))


def to_csv(result: BenchmarkResult) -> str:
    """One line for each run, with a head line; tasks that were not run have none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for task in result.tasks:
        for number, each in enumerate(task.runs, start=1):
            writer.writerow(
                (
                    result.date,
                    result.model,
                    result.machine,
                    task.task,
                    number,
                    each.prompt_tokens,
                    each.generated_tokens,
                    f"{each.media_s:.4f}",
                    f"{each.first_token_s:.4f}",
                    f"{each.prefill_tokens_per_s:.2f}",
                    f"{each.decode_tokens_per_s:.3f}",
                    f"{each.total_s:.4f}",
                    each.peak_memory_bytes,
                )
            )
    return out.getvalue()
