"""The four tasks, made from fixed seeds: the same for every model and on every computer.

Each run has other pixels and samples, so that nothing is taken from a cache of media.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.asking import Senses
from app.core.benchmark.values import RUNS, TASKS, TaskName
from inference import Audio, Image, Message, Part, Request, Sampling, Text, Video

ANSWER_TOKENS = 64
IMAGE_TOKENS, FRAME_TOKENS = 280, 70
FRAMES = 60
PICTURE_SIZE, FRAME_SIZE = (1080, 1920), (360, 640)
SAMPLE_RATE, SECONDS = 16_000, 30
_NO_SENSE: dict[TaskName, str] = {
    "picture": "This model has no eyes.",
    "clip": "This model has no eyes.",
    "sound": "This model cannot hear.",
}
_QUESTIONS: dict[TaskName, str] = {
    "text": "Continue this list of short notes about the harbour, in the same manner.",
    "picture": "Describe this picture in every detail, from left to right.",
    "clip": "Describe what happens, frame by frame.",
    "sound": "Describe this recording in every detail, from beginning to end.",
}
_NOTE = (
    "{n}. At {h}:{m:02} the ferry from the north quay took {a} passengers and {b} bicycles; the "
    "wind came from the west with {c} knots, and the tide stood {d} cm above the mark."
)
_NOTES = 12  # about 500 tokens


@dataclass(frozen=True, slots=True, eq=False)
class BenchmarkRun:
    """Run `number` (from 1) of a task."""

    task: TaskName
    number: int


def absent(senses: Senses) -> dict[TaskName, str]:
    """The tasks that a model cannot do by its kind, each with the reason."""
    has = {"text": True, "picture": senses.sees, "clip": senses.sees, "sound": senses.hears}
    return {task: _NO_SENSE[task] for task in TASKS if not has[task]}


def order(
    senses: Senses, wanted: Sequence[TaskName] = TASKS, runs: int = RUNS
) -> tuple[BenchmarkRun, ...]:
    """Every run, in rounds: a computer that slows down shows it in the range of every task."""
    missing = absent(senses)
    tasks = [task for task in TASKS if task in wanted and task not in missing]
    return tuple(BenchmarkRun(task, n) for n in range(1, runs + 1) for task in tasks)


def warm_up() -> Request:
    """A short question: what is read for the first time is not measured."""
    return _request((Text("Say hello."),), 4)


def request_of(run: BenchmarkRun, answer_tokens: int = ANSWER_TOKENS) -> Request:
    """What is asked in this run; it costs up to a tenth of a second to draw."""
    source = np.random.default_rng([TASKS.index(run.task), run.number])
    question = Text(_QUESTIONS[run.task])
    parts: tuple[Part, ...]
    match run.task:
        case "text":
            parts = (Text(f"{_notes(source)}\n\n{question.text}"),)
        case "picture":
            parts = (Image(_picture(source, PICTURE_SIZE), "picture"), question)
        case "clip":
            frames = tuple(_picture(source, FRAME_SIZE) for _ in range(FRAMES))
            parts = (Video(frames, tuple(float(i) for i in range(FRAMES)), "clip"), question)
        case "sound":
            parts = (Audio(_sound(source), "sound"), question)
    return _request(parts, answer_tokens)


def _request(parts: tuple[Part, ...], answer_tokens: int) -> Request:
    # Greedy and without the guard: how long the answer gets depends on the model alone.
    sampling = Sampling(temperature=0, repetition_guard=False, seed=0)
    return Request(
        (Message("user", parts),),
        max_tokens=answer_tokens,
        image_tokens=IMAGE_TOKENS,
        video_tokens=FRAME_TOKENS,
        sampling=sampling,
    )


def _notes(source: np.random.Generator) -> str:
    lines = []
    for n in range(1, _NOTES + 1):
        h, m, a, b, c, d = (
            int(x) for x in source.integers([5, 0, 8, 0, 3, 4], [22, 60, 90, 30, 40, 99])
        )
        lines.append(_NOTE.format(n=n, h=h, m=m, a=a, b=b, c=c, d=d))
    return "\n".join(lines)


def _picture(source: np.random.Generator, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Bright bars before a slope, uint8 RGB [H, W, 3]."""
    height, width = size
    slope = np.linspace(20, 120, width, dtype=np.float32)[None, :, None]
    pixels = np.broadcast_to(slope, (height, width, 3)).astype(np.uint8)
    for bar in range(8):
        top = int(source.integers(0, height * 3 // 4))
        left = (2 * bar + 1) * width // 18
        pixels[top:, left : left + width // 18] = source.integers(90, 255, 3, dtype=np.uint8)
    return pixels


def _sound(source: np.random.Generator) -> NDArray[np.float32]:
    """Tones that change every half second, float32 mono at 16 kHz."""
    pitches = source.uniform(150, 900, 2 * SECONDS).repeat(SAMPLE_RATE // 2)
    phase = np.cumsum(2 * np.pi * pitches / SAMPLE_RATE)
    return (0.2 * np.sin(phase)).astype(np.float32)
