"""What the vision tower should know about each place of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.tiny.train.palette import CELL, WORDS, Text
from assets.tiny.train.panels import Item

PATCH = 16
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%.,:"
CLASSES = len(CHARACTERS) + 1  # 0: no character
SLOTS = 2  # halves of a patch: two digits of 12 pixels can share one
DIGIT_CLASSES = 11  # 10: no digit
IGNORED = -100
NO_FRAME = (IGNORED,) * 3
_CHARACTER = {character: index for index, character in enumerate(CHARACTERS, 1)}
_WORD = {word: index for index, word in enumerate(WORDS, 1)}

Grid = NDArray[np.int64]


@dataclass(frozen=True)
class Targets:
    """Classes of one picture of h x w cells.

    Attributes:
        characters: [3h, 3w, SLOTS], the character whose middle stands in that half patch.
        words: [h, w], the word of the closed list whose middle stands in the cell, 0: none.
        values: [h, w, 3], hundreds, tens and ones of the value that belongs to the label there.
        pointers: [h, w, 3], the patch where each digit of that value stands, counted along rows.
        frame: classes of shape, colour and digit in a frame of a clip, or IGNORED.
    """

    characters: Grid
    words: Grid
    values: Grid
    pointers: Grid
    frame: tuple[int, int, int] = NO_FRAME


def targets(
    cells: tuple[int, int],
    texts: list[Text],
    items: list[Item] | tuple[()] = (),
    frame: tuple[int, int, int] = NO_FRAME,
) -> Targets:
    """Targets of a picture of (width, height) cells."""
    width, height = cells
    characters = np.zeros((3 * height, 3 * width, SLOTS), np.int64)
    words = np.zeros((height, width), np.int64)
    values = np.full((height, width, 3), IGNORED, np.int64)
    pointers = values.copy()
    for text in texts:
        row = text.y // PATCH
        if not 0 <= row < 3 * height:
            continue
        for character, x in zip(text.words, text.middles, strict=True):
            half = x * SLOTS // PATCH
            if character != " " and 0 <= half < 3 * width * SLOTS:
                at = (row, half // SLOTS, half % SLOTS)
                characters[at] = characters[at] or _CHARACTER[character]
        index = _WORD.get(text.words)
        x, y = text.middle[0] // CELL, text.y // CELL
        if index and 0 <= x < width:
            words[y, x] = IGNORED if words[y, x] else index
    for item in items:
        x, y = item.label.middle[0] // CELL, item.label.y // CELL
        values[y, x] = value_digits(item.value.words)
        places = [
            m // PATCH
            for m, character in zip(item.value.middles, item.value.words, strict=True)
            if character.isdigit()
        ]
        row = item.value.y // PATCH * 3 * width
        pointers[y, x, 3 - len(places) :] = [row + column for column in places]
    return Targets(characters, words, values, pointers, frame)


def value_digits(value: str) -> tuple[int, int, int]:
    """Hundreds, tens and ones of a printed value; absent places are 10."""
    digits = [int(c) for c in value if c.isdigit()]
    padded = [DIGIT_CLASSES - 1] * (3 - len(digits)) + digits
    return padded[0], padded[1], padded[2]
