"""Dense pages of text: the vision tower learns to read from them, many characters a second."""

from __future__ import annotations

import numpy as np

from assets.tiny.train.palette import (
    BASELINE,
    CELL,
    DARK,
    HUES,
    LIGHT,
    ROW,
    TEXT,
    TITLE,
    WORDS,
    Canvas,
    Colour,
    text_width,
)

WIDTH, HEIGHT = 6, 3  # cells; pages are small so that attention is cheap
LOOSE = 0.05  # this share of pages stands off the grid


def random_string(rng: np.random.Generator) -> str:
    """Mostly numbers as charts print them, and the closed list of words."""
    chance = rng.random()
    if chance < 0.7:
        digits = "".join(str(int(d)) for d in rng.integers(0, 10, int(rng.integers(1, 4))))
        return digits + ("%" if rng.random() < 0.3 else "")
    if chance < 0.96:
        return str(rng.choice(WORDS))
    return "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(2, 7)))).title()


def random_page(rng: np.random.Generator) -> Canvas:
    """Lines of strings over plain, pale or coloured ground."""
    theme = DARK if rng.random() < 0.25 else LIGHT
    ground = theme.card if rng.random() < 0.7 else theme.paper
    canvas = Canvas(WIDTH * CELL, HEIGHT * CELL, ground)
    hues = list(HUES.values())
    loose = bool(rng.random() < LOOSE)
    pitch = ROW * int(rng.integers(2, 4))
    first = int(rng.integers(16, 40)) if loose else BASELINE + ROW * int(rng.integers(0, 3))
    for y in range(first, HEIGHT * CELL - 2, pitch):
        _line(rng, canvas, y, loose, hues, (theme.ink, theme.soft))
    return canvas


def _line(
    rng: np.random.Generator,
    canvas: Canvas,
    y: int,
    loose: bool,
    hues: list[Colour],
    inks: tuple[Colour, Colour],
) -> None:
    gap_most = int(rng.choice([16, 40, 120]))
    x, free = int(rng.integers(0, 40)), 0
    while x < canvas.width - 12:
        words = random_string(rng)
        size = TITLE if rng.random() < 0.1 and words[0].isalpha() else TEXT
        wide = text_width(words, size)
        if not loose:  # either the middle or the left end stands on a multiple of 8
            half = wide // 2 if rng.random() < 0.8 else 0
            x = -(-(x + half) // 8) * 8 - half
        if rng.random() < 0.25 and x - free > 16:  # a mark before the text, as in legends and bars
            hue = hues[int(rng.integers(len(hues)))]
            drop = int(rng.integers(0, 10))
            canvas.box((free + 2, y - 14 - drop, x - int(rng.integers(4, 12)), y + drop), hue, 4)
        canvas.text((x, y), words, inks[int(rng.random() < 0.4)], size)
        free = x + wide
        x = free + int(rng.integers(6, gap_most))
