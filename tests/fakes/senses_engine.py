"""SensesEngine: passes or fails each test of the proof of senses, as a test wants it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

from app.core.asking import Senses
from app.core.proof.tasks import Task, make_tasks
from app.core.proof.values import Sense
from inference import (
    Event,
    Failed,
    Finished,
    Prepared,
    Receipt,
    ReceiptItem,
    Request,
    Thought,
    TokenText,
    ToolCall,
    ToolCallEvent,
)
from tests.fakes.hand_engine import STATISTICS, HandEngine, HandJob

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EVERYTHING = Receipt(
    tuple(ReceiptItem(kind, kind, 66, 64) for kind in ("image", "video", "audio")), 200
)
NOTHING = Receipt((ReceiptItem("text", "user", 9),), 20, ("the picture was left out.",))


class SensesEngine(HandEngine):
    """Knows the tasks it is asked, fails the senses in `fails`, and breaks down at `breaks`.

    Media of the senses in `loses` do not reach it. With `answers_by_itself` off, the test lets
    each answer come. `make` is what a view-model makes its tasks with.
    """

    def __init__(
        self,
        fails: Collection[Sense] = (),
        *,
        breaks: Collection[Sense] = (),
        loses: Collection[Sense] = (),
        answers_by_itself: bool = True,
        seed: int = 3,
    ) -> None:
        super().__init__()
        self.fails, self.breaks, self.loses = fails, breaks, loses
        self.answers_by_itself = answers_by_itself
        self.asked: list[Sense] = []
        self.tested: list[Path] = []  # what was in the engine for each of them
        self._seed = seed
        self._tasks: list[Task] = []

    def make(self, senses: Senses) -> tuple[Task, ...]:
        """The same tests every time, and the engine knows their answers."""
        tasks = make_tasks(senses, seed=self._seed)
        self._tasks += tasks
        return tasks

    def submit(self, request: Request, on_event: Callable[[Event], None]) -> HandJob:
        job = super().submit(request, on_event)
        task = self.task(request)
        if task is not None:
            self.asked.append(task.sense)
            self.tested.append(self.loaded[-1])
        if task is not None and self.answers_by_itself:
            job.say(*self.events(task))
        return job

    def task(self, request: Request) -> Task | None:
        """The test that a request belongs to."""
        return next((task for task in self._tasks if task.request is request), None)

    def events(self, task: Task) -> list[Event]:
        """What is said to a test."""
        if task.sense in self.breaks:
            return [Failed("The model stopped with an unexpected error.", "Try again.")]
        receipt = NOTHING if task.sense in self.loses else EVERYTHING
        said: list[Event] = [Prepared(receipt)]
        if task.sense == "json_thinking":
            said.append(Thought("A parcel.", closed=True))
        is_right = task.sense not in self.fails
        if task.sense == "tool":
            expression = task.shown.partition("expression=")[2].rstrip(")")
            call = ToolCall("calculate", {"expression": expression if is_right else "1 + 1"})
            said.append(ToolCallEvent(call))
        else:
            said.append(TokenText(right(task) if is_right else wrong(task)))
        return [*said, Finished("stop", STATISTICS, receipt)]


def right(task: Task) -> str:
    """A right answer, as a model might word it."""
    match task.sense:
        case "picture":
            return f"The number is **{task.shown}**."
        case "chart":
            rows = (pair.split(" ") for pair in task.shown.split(", "))
            return "| Day | Value |\n| --- | --- |\n" + "".join(
                f"| {label} | {value} |\n" for label, value in rows
            )
        case "sound":
            return " ".join(_WORDS[int(digit)] for digit in task.shown.split())
    return task.shown


def wrong(task: Task) -> str:
    """An answer that is wrong in one place."""
    match task.sense:
        case "json" | "json_thinking":
            return json.dumps(json.loads(task.shown) | {"weight_kg": 99})
        case "chart":
            return right(task).replace(task.shown.rpartition(" ")[2], "111")
    text = right(task)
    last = max(index for index, letter in enumerate(text) if letter.isalnum())
    if task.sense == "sound":
        return f"{text} one"
    return text[:last] + ("1" if text[last] != "1" else "2") + text[last + 1 :]
