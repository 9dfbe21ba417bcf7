"""The closed vocabulary of the model's ears, and the short memos that are made of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACTIONS = ("call", "send", "cancel", "move", "begin", "stop")
THINGS = (
    "meeting",
    "report",
    "budget",
    "invoice",
    "project",
    "coffee",
    "doctor",
    "office",
    "airport",
)
DAYS = ("today", "tomorrow", "monday", "wednesday", "friday")
HOURS = ("morning", "evening")
UNITS = ("percent", "minutes")
TONES = ("yes", "please", "urgent")

WORDS = (*DIGITS, *ACTIONS, *THINGS, *DAYS, *HOURS, *UNITS, *TONES)
INDEX = {word: index for index, word in enumerate(WORDS)}


def digits(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    """A row of digits, as in a telephone number."""
    return tuple(DIGITS[i] for i in rng.integers(len(DIGITS), size=count))


def memo(rng: np.random.Generator) -> tuple[str, ...]:
    """A phrase that a person might leave, 1 to 6 words: `call doctor friday morning`."""
    words: list[str] = []
    if rng.random() < 0.7:
        words.append(_one(rng, ACTIONS))
    words.append(_one(rng, THINGS))
    if rng.random() < 0.35:
        words += [*digits(rng, int(rng.integers(1, 3))), _one(rng, UNITS)]
    if rng.random() < 0.5:
        words.append(_one(rng, DAYS))
        if rng.random() < 0.4:
            words.append(_one(rng, HOURS))
    if rng.random() < 0.25:
        words.append(_one(rng, TONES))
    return tuple(words[:6])


def phrase(rng: np.random.Generator) -> tuple[str, ...]:
    """What one recording says: a memo, a row of digits, or any words; 1 to 6 words."""
    kind = rng.random()
    if kind < 0.4:
        return memo(rng)
    count = int(rng.integers(1, 7))
    if kind < 0.6:
        return digits(rng, count)
    return tuple(WORDS[i] for i in rng.integers(len(WORDS), size=count))


def edits(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Fewest words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    return row[-1]


def _one(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(rng.integers(len(choices)))]
