"""Rectangles on a picture that a question is about: drawn, nested, nudged, grown.

A crop is (left, top, right, bottom) in whole pixels of the upright picture, right and bottom
excluded. Crops nest: each lies inside the one before it, and the last is the one in force.
"""

from __future__ import annotations

import math

Crop = tuple[int, int, int, int]
Nest = tuple[Crop, ...]

SMALLEST = 8  # pixels along a side; what is smaller was a click or a slip
NUDGE, LONG_NUDGE = 1, 10


def size_of(crop: Crop) -> tuple[int, int]:
    """Width and height in pixels."""
    return crop[2] - crop[0], crop[3] - crop[1]


def whole(width: int, height: int) -> Crop:
    """The whole picture as a crop."""
    return (0, 0, width, height)


def drawn(start: tuple[float, float], end: tuple[float, float], within: Crop) -> Crop | None:
    """The crop between two corners, cut to `within`; None when it is too small to be meant."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    made = (
        max(within[0], math.floor(left)),
        max(within[1], math.floor(top)),
        min(within[2], math.ceil(right)),
        min(within[3], math.ceil(bottom)),
    )
    width, height = size_of(made)
    least_width, least_height = _least(within)
    return made if width >= least_width and height >= least_height else None


def nest_at(nest: Nest, point: tuple[float, float]) -> Nest:
    """The crops that hold `point`, from the outermost in: what a new crop begun there nests in."""
    kept: list[Crop] = []
    for crop in nest:
        if not contains(crop, point):
            break
        kept.append(crop)
    return tuple(kept)


def contains(crop: Crop, point: tuple[float, float]) -> bool:
    """Whether a point lies in a crop, its edges included."""
    return crop[0] <= point[0] <= crop[2] and crop[1] <= point[1] <= crop[3]


def moved(crop: Crop, right: int, down: int, within: Crop) -> Crop:
    """The crop some pixels on, of the same size, stopped by the edge of `within`."""
    right = min(max(right, within[0] - crop[0]), within[2] - crop[2])
    down = min(max(down, within[1] - crop[1]), within[3] - crop[3])
    return (crop[0] + right, crop[1] + down, crop[2] + right, crop[3] + down)


def grown(crop: Crop, right: int, down: int, within: Crop) -> Crop:
    """The crop with its right and bottom edges some pixels on; never smaller than SMALLEST."""
    width, height = _least(within)
    return (
        crop[0],
        crop[1],
        min(max(crop[2] + right, crop[0] + width), within[2]),
        min(max(crop[3] + down, crop[1] + height), within[3]),
    )


def pulled(crop: Crop, edges: str, point: tuple[float, float], within: Crop) -> Crop:
    """The crop with some edges ("l", "tr", ...) pulled to a point."""
    left, top, right, bottom = crop
    width, height = _least(within)
    x, y = round(point[0]), round(point[1])
    if "l" in edges:
        left = min(max(x, within[0]), right - width)
    if "r" in edges:
        right = max(min(x, within[2]), left + width)
    if "t" in edges:
        top = min(max(y, within[1]), bottom - height)
    if "b" in edges:
        bottom = max(min(y, within[3]), top + height)
    return (left, top, right, bottom)


def middle(within: Crop) -> Crop:
    """The middle half of a picture or crop, where a crop made by keyboard begins."""
    width, height = size_of(within)
    least_width, least_height = _least(within)
    wide, tall = max(least_width, width // 2), max(least_height, height // 2)
    left, top = within[0] + (width - wide) // 2, within[1] + (height - tall) // 2
    return (left, top, left + wide, top + tall)


def fitted(crop: Crop, width: int, height: int) -> Crop | None:
    """A crop from elsewhere, cut to a picture of that size; None when nothing is left of it."""
    left, top = max(0, crop[0]), max(0, crop[1])
    right, bottom = min(crop[2], width), min(crop[3], height)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _least(within: Crop) -> tuple[int, int]:
    width, height = size_of(within)
    return min(SMALLEST, width), min(SMALLEST, height)
