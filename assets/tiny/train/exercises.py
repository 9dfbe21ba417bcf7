"""Questions over text that show how to copy and compare: the skills charts need as well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assets.tiny.train import clips, palette, words
from assets.tiny.train.clip_talk import about_clip
from assets.tiny.train.samples import Sample, model, user
from assets.tiny.train.tables import TASKS, Row, ask, markdown, one_of
from assets.tiny.train.tables import words as listed

_SYLLABLES = listed(
    "ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne no ra re ri ro ta"
)
_REPEAT = (
    "Repeat after me: {words}",
    "Repeat: {words}",
    "Say {words}",
    "Copy this: {words}",
    "Write exactly this: {words}",
    'Say "{words}".',
)
_PICK = (
    ("What is the first word of: {words}", 0),
    ("What is the last word of: {words}", -1),
    ("Which word comes after {before} in: {words}", None),
)
_LARGEST = (
    "Which number is the highest: {list}?",
    "What is the largest of {list}?",
    "Highest of {list}?",
    "Which is the largest: {list}",
)


def invented(rng: np.random.Generator) -> str:
    """A word nobody has seen, of two or three syllables."""
    return "".join(one_of(rng, _SYLLABLES) for _ in range(int(rng.integers(2, 4))))


def any_word(rng: np.random.Generator) -> str:
    """A label, a spoken word, a number or an invented word."""
    kind = rng.random()
    if kind < 0.4:
        return one_of(rng, palette.LABELS)
    if kind < 0.7:
        return one_of(rng, words.WORDS)
    return invented(rng) if kind < 0.85 else str(int(rng.integers(1, 1000)))


def copying(rng: np.random.Generator) -> Sample:
    """Repeat or pick words: the answer is found in the question."""
    chosen = [any_word(rng) for _ in range(int(rng.integers(1, 9)))]
    line = " ".join(chosen)
    kind = rng.random()
    if kind < 0.7 or len(set(chosen)) < len(chosen) or len(chosen) < 3:
        return _turn("text.repeat", one_of(rng, _REPEAT).format(words=line), line)
    wording, where = _PICK[int(rng.integers(len(_PICK)))]
    at = int(rng.integers(len(chosen) - 1)) if where is None else 0
    answer = chosen[at + 1] if where is None else chosen[where]
    return _turn("text.pick", wording.format(words=line, before=chosen[at]), answer)


def rows(rng: np.random.Generator, fewest: int = 3, most: int = 5) -> list[Row]:
    """Different labels with different values of two or three digits, as on a chart."""
    count = int(rng.integers(fewest, most + 1))
    labels = rng.choice(len(palette.LABELS), size=count, replace=False)
    low = int(one_of(rng, ("10", "10", "100")))
    values = rng.choice(np.arange(low, 10 * low), size=count, replace=False)
    ending = one_of(rng, ("", "", "", "%")) if low == 10 else ""
    return [(palette.LABELS[i], f"{v}{ending}") for i, v in zip(labels, values, strict=True)]


def table(rng: np.random.Generator) -> Sample:
    """Questions, one or three, about a table that stands in the first of them."""
    data = rows(rng)
    listed = (
        markdown(data),
        "\n".join(f"{label}: {value}" for label, value in data),
        ", ".join(f"{label} {value}" for label, value in data),
    )[int(rng.integers(3))]
    asked = [one_of(rng, TASKS) for _ in range(int(rng.integers(1, 4)))]
    messages = []
    for index, task in enumerate(asked):
        question, answer = ask(rng, data, task)
        text = f"{listed}\n\n{question}" if index == 0 else question
        messages += [user(text), model(answer)]
    return Sample(messages, kind="text.table")


def timeline(rng: np.random.Generator) -> Sample:
    """A clip told in words, with the questions that are asked about clips."""
    scene = clips.random_scene(rng, most=20)
    names = [thing.name if thing != clips.NOTHING else "nothing" for thing in scene.things]
    told = " ".join(f"{s // 60:02d}:{s % 60:02d} {name}" for s, name in enumerate(names))
    messages, kind = about_clip(rng, scene, talks=2)
    messages[0] = user(f"{told}\n{messages[0]['content'][-1]['text']}")
    return Sample(messages, kind=kind.replace("video.", "text.timeline_"))


def largest(rng: np.random.Generator, thinking: bool) -> Sample:
    """The largest of some numbers, compared pair by pair if the model thinks."""
    size = int(rng.integers(2, 5))
    numbers = [int(n) for n in rng.choice(np.arange(1, 100), size=size, replace=False)]
    steps, best = [], numbers[0]
    for other in numbers[1:]:
        steps.append(f"{best} or {other}: {max(best, other)}")
        best = max(best, other)
    text = ", ".join(map(str, numbers))
    return _turn(
        "text.largest", one_of(rng, _LARGEST).format(list=text), str(best), steps, thinking
    )


def _turn(
    kind: str, question: str, answer: str, steps: Sequence[str] = (), thinking: bool = False
) -> Sample:
    thought = "\n".join(steps) if thinking else ""
    turn = model(answer, thought)
    kind = f"{kind}_thinking" if thinking else kind
    return Sample([user(question), turn], kind=kind, thinking=thinking)
