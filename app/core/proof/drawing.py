"""The pictures of the tests: a number, five bars, frames with a digit each.

Drawn with Pillow's own face, so that they are the same everywhere. Sides are multiples of 48
pixels, the part of a picture that becomes one soft token.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageFont import FreeTypeFont, ImageFont

Pixels = NDArray[np.uint8]

CELL = 48  # pixels of one soft token
CHART_CELLS = (11, 6)  # width and height
FRAME_CELLS = (9, 7)
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
INK: Colour = (31, 36, 48)
SOFT: Colour = (92, 100, 114)
RULE: Colour = (224, 228, 234)
BLUE: Colour = (47, 111, 222)
_TEXT, _TITLE, _NUMBER, _DIGIT = 20, 24, 84, 180  # pixels


def draw_number(number: str, chance: random.Random) -> Pixels:
    """The number somewhere near the middle: uint8 [288, 528, 3]."""
    picture = _paper(*CHART_CELLS)
    at = (
        picture.width / 2 + chance.randint(-40, 40),
        picture.height / 2 + chance.randint(-40, 40),
    )
    _write(picture, at, number, _NUMBER, INK, "mm")
    return np.asarray(picture)


def draw_bars(title: str, bars: Mapping[str, int]) -> Pixels:
    """Columns with their values above and labels below: uint8 [288, 528, 3]."""
    from PIL import ImageDraw

    picture = _paper(*CHART_CELLS)
    draw = ImageDraw.Draw(picture)
    floor = 5 * CELL + 2
    reach = floor - CELL - 38
    _write(picture, (24, 31), title, _TITLE, INK, "ls")
    draw.line([(24, floor), (picture.width - 24, floor)], RULE, 2)
    most = max(bars.values())
    for place, (label, value) in enumerate(bars.items()):
        middle = round((1.5 + 2 * place) * CELL)
        top = floor - reach * value / most
        draw.rectangle((middle - 30, round(top), middle + 30, floor), BLUE)
        # On whole rows of patches, so that no digit is cut through.
        above = int((top - 4 - 15) // 16) * 16 + 15
        _write(picture, (middle, above), str(value), _TEXT, INK, "ms")
        _write(picture, (middle, 5 * CELL + 31), label, _TEXT, SOFT, "ms")
    return np.asarray(picture)


def draw_frame(digit: str, chance: random.Random) -> Pixels:
    """One large digit: uint8 [336, 432, 3]."""
    picture = _paper(*FRAME_CELLS)
    at = (
        picture.width / 2 + chance.randint(-40, 40),
        picture.height / 2 + chance.randint(-20, 20),
    )
    _write(picture, at, digit, _DIGIT, INK, "mm")
    return np.asarray(picture)


def _paper(width: int, height: int) -> Picture:
    from PIL import Image

    return Image.new("RGB", (width * CELL, height * CELL), WHITE)


def _write(
    picture: Picture, at: tuple[float, float], text: str, size: int, colour: Colour, anchor: str
) -> None:
    from PIL import ImageDraw

    ImageDraw.Draw(picture).text(at, text, colour, _font(size), anchor)


@cache
def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)
