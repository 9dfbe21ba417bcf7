"""Short clips of 432 x 336 pixels (63 soft tokens a frame): shapes and digits, one at a time."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assets.tiny.train.palette import CELL, HUES, Canvas, Colour, text_width
from assets.tiny.train.samples import Clip, Sample, model, user
from assets.tiny.train.tables import one_of

WIDTH, HEIGHT = 9, 7  # cells
SHAPES = ("circle", "square", "triangle", "star")
SHOWN = ("circle", "triangle")  # in clips; the tower learned on all shapes, and on digits
COLOURS = ("red", "blue", "green", "yellow", "purple", "orange")
PAPERS: tuple[Colour, ...] = ((255, 255, 255), (243, 244, 247), (250, 246, 238), (236, 242, 250))
INK: Colour = (31, 36, 48)
DIGIT_SIZE = 180  # pixels
VARIANTS = 24  # placements in training clips; few, so that soft tokens of frames can be kept

TASKS = ("when", "order", "at")
WHEN = (
    "When does the {thing} appear?",
    "When is the {thing} shown first?",
    "At what time does the {thing} appear?",
    "When can I see the {thing}?",
)
ORDER = (
    "In which order do the shapes appear?",
    "List the shapes in order.",
    "Which shapes appear, in order?",
    "What happens in this clip?",
)
AT = (
    "What is shown at {time}?",
    "What can I see at {time}?",
    "What is on screen at {time}?",
)


@dataclass(frozen=True)
class Thing:
    """What one frame shows: nothing, a coloured shape, or a digit."""

    shape: str = ""
    colour: str = ""
    digit: int | None = None

    @property
    def index(self) -> int:
        """0 nothing, 1 to 24 shapes, 25 to 34 digits."""
        if self.digit is not None:
            return 25 + self.digit
        if not self.shape:
            return 0
        return 1 + SHAPES.index(self.shape) * len(COLOURS) + COLOURS.index(self.colour)

    @property
    def parts(self) -> tuple[int, int, int]:
        """Classes of shape, colour and digit; 0 where there is none."""
        return (
            ("", *SHAPES).index(self.shape),
            ("", *COLOURS).index(self.colour),
            0 if self.digit is None else self.digit + 1,
        )

    @property
    def name(self) -> str:
        return str(self.digit) if self.digit is not None else f"{self.colour} {self.shape}"


NOTHING = Thing()


def random_thing(rng: np.random.Generator) -> Thing:
    """A coloured shape of those that the tower tells apart well."""
    return Thing(str(rng.choice(SHOWN)), str(rng.choice(COLOURS)))


def any_thing(rng: np.random.Generator) -> Thing:
    """A coloured shape of all, or a digit: what the tower sees."""
    if rng.random() < 0.4:
        return Thing(digit=int(rng.integers(10)))
    return Thing(str(rng.choice(SHAPES)), str(rng.choice(COLOURS)))


def draw_frame(thing: Thing, variant: int) -> NDArray[np.uint8]:
    """The thing somewhere near the middle; ground, size and place follow from `variant`.

    Odd variants have the traces of lossy compression, as frames of real files do.
    """
    rng = np.random.default_rng((variant, thing.index))
    canvas = Canvas(WIDTH * CELL, HEIGHT * CELL, PAPERS[variant // 2 % len(PAPERS)])
    x = canvas.width / 2 + float(rng.integers(-70, 71))
    y = canvas.height / 2 + float(rng.integers(-40, 41))
    if thing.digit is not None:
        wide = text_width(str(thing.digit), DIGIT_SIZE)
        canvas.text((round(x - wide / 2), round(y + 64)), str(thing.digit), INK, DIGIT_SIZE)
    elif thing.shape:
        _shape(canvas, thing, x, y, float(rng.integers(70, 116)))
    clean = canvas.pixels()
    return _compressed(clean, int(rng.integers(40, 95))) if variant % 2 else clean


def _compressed(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def _shape(canvas: Canvas, thing: Thing, x: float, y: float, radius: float) -> None:
    colour = HUES[thing.colour]
    if thing.shape == "circle":
        canvas.disc((x, y), radius, colour)
    elif thing.shape == "square":
        half = radius * 0.88
        canvas.box((x - half, y - half, x + half, y + half), colour, 10)
    elif thing.shape == "triangle":
        canvas.polygon(_corners(x, y + radius * 0.2, [radius] * 3), colour)
    else:
        canvas.polygon(_corners(x, y, [radius, radius * 0.42] * 5), colour)


def _corners(x: float, y: float, radii: list[float]) -> list[tuple[float, float]]:
    turns = [2 * math.pi * i / len(radii) - math.pi / 2 for i in range(len(radii))]
    return [(x + r * math.cos(t), y + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]


@dataclass(frozen=True)
class Scene:
    """What a clip shows, second by second."""

    things: tuple[Thing, ...]

    @property
    def shown(self) -> list[Thing]:
        """Each thing once, in order of appearance."""
        return list(dict.fromkeys(thing for thing in self.things if thing != NOTHING))


def random_scene(rng: np.random.Generator, most: int = 60) -> Scene:
    """One to three things, each on screen for some seconds, with pauses between some of them."""
    longest = min(most, int(rng.choice([10, 20, 32, 60], p=[0.7, 0.22, 0.07, 0.01])))
    seconds = int(rng.integers(4, longest + 1))
    count = 1 if rng.random() < 0.4 else int(rng.integers(2, min(3, seconds // 2) + 1))
    things: list[Thing] = []
    while len(things) < count:
        thing = random_thing(rng)
        if thing not in things:
            things.append(thing)
    first = 0 if count > 1 and rng.random() < 0.5 else 1
    starts = np.sort(rng.choice(np.arange(first, seconds), count, replace=False))
    line = [NOTHING] * seconds
    for i, start in enumerate(starts):
        end = int(starts[i + 1]) if i + 1 < count else seconds
        if rng.random() < 0.4:
            end = int(rng.integers(start + 1, end + 1))
        line[int(start) : end] = [things[i]] * (end - int(start))
    return Scene(tuple(line))


def film(scene: Scene, variant: int) -> Clip:
    """One frame a second; frames of one variant share their ground, and equal frames are equal."""
    frames = {thing: draw_frame(thing, variant) for thing in set(scene.things)}
    return Clip(
        tuple(frames[thing] for thing in scene.things),
        tuple(float(second) for second in range(len(scene.things))),
    )


def medium(rng: np.random.Generator, most: int = 60) -> tuple[Clip, Scene]:
    """A random clip and what it shows."""
    scene = random_scene(rng, most)
    return film(scene, int(rng.integers(VARIANTS))), scene


def talk(rng: np.random.Generator, scene: Scene) -> tuple[list[dict[str, Any]], str]:
    """One to three questions about a clip with their answers, and the kind of the first."""
    messages: list[dict[str, Any]] = []
    tasks = [
        str(task) for task in rng.choice(TASKS, int(rng.choice([1, 2, 3])), p=(0.5, 0.25, 0.25))
    ]
    for task in tasks:
        question, answer = ask(rng, scene, task)
        messages += [user(question, *(() if messages else ("video",))), model(answer)]
    return messages, f"video.{tasks[0]}"


def ask(rng: np.random.Generator, scene: Scene, task: str) -> tuple[str, str]:
    """A question of kind "when", "order" or "at", and its answer."""
    if task == "order":
        return one_of(rng, ORDER), ", ".join(thing.name for thing in scene.shown)
    if task == "when":
        thing = scene.shown[int(rng.integers(len(scene.shown)))]
        return one_of(rng, WHEN).format(thing=thing.name), clock(scene.things.index(thing))
    second = int(rng.integers(len(scene.things)))
    thing = scene.things[second]
    return one_of(rng, AT).format(time=clock(second)), thing.name if thing != NOTHING else "nothing"


def clock(second: int) -> str:
    return f"{second // 60}:{second % 60:02d}"


def sample(rng: np.random.Generator) -> Sample:
    clip, scene = medium(rng)
    messages, kind = talk(rng, scene)
    return Sample(messages, [clip], kind)
