"""What every drawing shares: colours, the closed list of labels, and a canvas that knows its text.

Text is set glyph by glyph at whole pixels with Pillow's own face, so a picture is the same
everywhere and the box of each character is known exactly: the vision tower learns from it.
Drawings stand on a grid of cells of 48 pixels, the patch of pixels that becomes one soft token.
Baselines stand at 15 modulo 16, so that a digit fills one row of patches, and centred text is
centred on a multiple of 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

CELL = 48  # one soft token: 3 x 3 patches of 16 pixels
TEXT, TITLE, BIG = 20, 24, 32  # pixels; the only sizes
ROW, BASELINE = 16, 15  # baselines are BASELINE modulo ROW
SMOOTH = 2  # shapes are drawn larger and reduced

_GROUPS = {
    "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "days": "Mon Tue Wed Thu Fri Sat Sun",
    "quarters": "Q1 Q2 Q3 Q4",
    "years": "2019 2020 2021 2022 2023 2024 2025 2026",
    "regions": "North South East West Centre Coast Europe Asia Africa America",
    "cities": "Berlin Paris London Madrid Rome Vienna Oslo Lisbon Dublin Prague",
    "fruit": "Apples Pears Plums Grapes Lemons Cherries Melons Kiwis",
    "drinks": "Coffee Tea Cocoa Milk Juice Water Soda",
    "shop": "Shoes Shirts Coats Hats Bags Books Toys Games Tools Lamps",
    "teams": "Sales Support Design Finance Legal Research Service Office",
    "channels": "Online Store Phone Email Mobile Partner Direct Social",
    "power": "Solar Wind Hydro Gas Coal Nuclear",
    "plans": "Free Basic Plus Pro Team Gold",
}
LABEL_GROUPS = {name: tuple(members.split()) for name, members in _GROUPS.items()}
LABELS = tuple(label for group in LABEL_GROUPS.values() for label in group)
TITLES = (
    *("Revenue", "Orders", "Visitors", "Profit", "Users", "Costs", "Budget", "Members"),
    *("Downloads", "Tickets", "Growth", "Output", "Returns", "Demand", "Traffic", "Energy"),
)
WORDS = (*LABELS, *TITLES)

Colour = tuple[int, int, int]
HUES: dict[str, Colour] = {
    "blue": (47, 111, 222),
    "orange": (232, 132, 60),
    "green": (42, 157, 111),
    "red": (214, 69, 80),
    "purple": (128, 90, 213),
    "yellow": (236, 184, 46),
    "teal": (36, 160, 178),
    "pink": (219, 98, 160),
}


@dataclass(frozen=True)
class Theme:
    paper: Colour
    card: Colour
    ink: Colour
    soft: Colour
    rule: Colour


LIGHT = Theme((243, 244, 247), (255, 255, 255), (31, 36, 48), (92, 100, 114), (224, 228, 234))
DARK = Theme((20, 23, 31), (30, 35, 46), (240, 242, 247), (165, 172, 186), (56, 63, 78))


@dataclass(frozen=True)
class Text:
    """A string on the canvas: characters with the pixel in the middle of each.

    Attributes:
        middles: one x a character, in pixels.
        y: middle of a digit's height, in pixels.
    """

    words: str
    middles: tuple[int, ...]
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        return (self.middles[0] + self.middles[-1]) // 2, self.y


@dataclass
class Canvas:
    """Shapes first, larger and reduced; then text at the final size."""

    width: int
    height: int
    paper: Colour
    texts: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._large = Image.new("RGB", (self.width * SMOOTH, self.height * SMOOTH), self.paper)
        self.draw = ImageDraw.Draw(self._large)
        self._strings: list[tuple[np.ndarray, int, int, Colour]] = []

    def box(
        self, box: tuple[float, float, float, float], colour: Colour, radius: float = 0
    ) -> None:
        """Left, top, right, bottom in pixels; right and bottom are outside."""
        left, top, right, bottom = (round(edge * SMOOTH) for edge in box)
        if right > left and bottom > top:
            corner = min(radius * SMOOTH, (right - left) / 2, (bottom - top) / 2)
            self.draw.rounded_rectangle((left, top, right - 1, bottom - 1), corner, colour)

    def wedge(
        self,
        centre: tuple[float, float],
        radius: float,
        angles: tuple[float, float],
        colour: Colour,
    ) -> None:
        """A slice between two angles in degrees, clockwise from three o'clock."""
        x, y, r = centre[0] * SMOOTH, centre[1] * SMOOTH, radius * SMOOTH
        self.draw.pieslice((x - r, y - r, x + r, y + r), *angles, fill=colour)

    def disc(self, centre: tuple[float, float], radius: float, colour: Colour) -> None:
        x, y, r = centre[0] * SMOOTH, centre[1] * SMOOTH, radius * SMOOTH
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float) -> None:
        scaled = [(x * SMOOTH, y * SMOOTH) for x, y in points]
        self.draw.line(scaled, colour, round(width * SMOOTH), joint="curve")

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.draw.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=colour)

    def text(
        self, at: tuple[int, int], words: str, colour: Colour, size: int = TEXT, anchor: str = "l"
    ) -> Text:
        """Sets `words` with its left end, middle or right end ("l", "m", "r") at x, baseline y."""
        alpha, middles = string_mask(words, size)
        wide = text_width(words, size)
        left = at[0] - {"l": 0, "m": wide // 2, "r": wide}[anchor]
        self._strings.append((alpha, left - _PAD, at[1] - size, colour))
        text = Text(words, tuple(left + m for m in middles), at[1] - round(size * 0.36))
        self.texts.append(text)
        return text

    def pixels(self) -> np.ndarray:
        """The finished picture, uint8 [height, width, 3]."""
        image = np.array(self._large.reduce(SMOOTH))
        for alpha, left, top, colour in self._strings:
            _blend(image, alpha, left, top, colour)
        return image


_PAD = 4  # pixels beside a string, for glyphs that reach over their advance


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


@cache
def _glyph(character: str, size: int) -> tuple[np.ndarray, int]:
    """Alpha float32 [size * 4 / 3, advance + 2 pad], and the advance in pixels."""
    advance = round(font(size).getlength(character))
    image = Image.new("L", (advance + 2 * _PAD, size * 4 // 3))
    ImageDraw.Draw(image).text((_PAD, size), character, 255, font(size), "ls")
    return np.asarray(image, np.float32) / 255, advance


def text_width(words: str, size: int = TEXT) -> int:
    return sum(_glyph(character, size)[1] for character in words)


@lru_cache(maxsize=8192)
def string_mask(words: str, size: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """Alpha of a whole string, and the middle of each character from the string's left end."""
    glyphs = [_glyph(character, size) for character in words]
    total = sum(advance for _alpha, advance in glyphs)
    alpha = np.zeros((size * 4 // 3, total + 2 * _PAD), np.float32)
    left, middles = 0, []
    for mask, advance in glyphs:
        part = alpha[:, left : left + mask.shape[1]]
        np.maximum(part, mask, out=part)
        middles.append(left + advance // 2)
        left += advance
    return alpha, tuple(middles)


def _blend(image: np.ndarray, alpha: np.ndarray, left: int, top: int, colour: Colour) -> None:
    """Lays a colour over the picture in place; what would stand outside is cut."""
    height, width = image.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + alpha.shape[1]), min(height, top + alpha.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = image[y0:y1, x0:x1].astype(np.float32)
    weight = alpha[y0 - top : y1 - top, x0 - left : x1 - left, None]
    part += weight * (np.array(colour, np.float32) - part)
    image[y0:y1, x0:x1] = np.rint(part)


def snapped(y: float) -> int:
    """The nearest baseline at or above y (that is, not lower on the picture)."""
    return int((y - BASELINE) // ROW) * ROW + BASELINE


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of the first colour over the second."""
    return tuple(round(a * share + b * (1 - share)) for a, b in zip(colour, other, strict=True))
