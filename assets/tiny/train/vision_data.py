"""Batches of drawings for the vision tower."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from assets.tiny.train import charts, clips, dashboards, pages, vision
from assets.tiny.train.palette import CELL
from assets.tiny.train.vision_heads import Batch, batch
from assets.tiny.train.vision_targets import Targets, targets

Drawing = tuple[NDArray[np.uint8], Targets]
FARTHEST = (22, 12)  # cells: the largest picture that is asked for
SEEDS = 10_000_000  # training draws below, held-out from here


def page(rng: np.random.Generator) -> Drawing:
    canvas = pages.random_page(rng)
    return canvas.pixels(), targets((pages.WIDTH, pages.HEIGHT), canvas.texts)


def chart(rng: np.random.Generator) -> Drawing:
    _chart, canvas, items = charts.random_drawing(rng)
    return canvas.pixels(), targets((charts.WIDTH, charts.HEIGHT), canvas.texts, items)


def frame(rng: np.random.Generator) -> Drawing:
    thing = clips.any_thing(rng) if rng.random() < 0.85 else clips.NOTHING
    goal = targets((clips.WIDTH, clips.HEIGHT), [], frame=thing.parts)
    return clips.draw_frame(thing, int(rng.integers(1_000_000))), goal


def _dashboard(rng: np.random.Generator, large: bool) -> Drawing:
    _charts, canvas, items = dashboards.random_dashboard(rng, large)
    size = (canvas.width // CELL, canvas.height // CELL)
    return canvas.pixels(), targets(size, canvas.texts, items)


def small_dashboard(rng: np.random.Generator) -> Drawing:
    return _dashboard(rng, False)


def large_dashboard(rng: np.random.Generator) -> Drawing:
    return _dashboard(rng, True)


# What is drawn, and how many make a batch of about 2500 patches.
SOURCES: dict[str, tuple[Callable[[np.random.Generator], Drawing], int]] = {
    "page": (page, 20),
    "chart": (chart, 5),
    "frame": (frame, 5),
    "small": (small_dashboard, 2),
    "large": (large_dashboard, 1),
}


def load(name: str, seed: int, count: int = 0) -> tuple[torch.Tensor, torch.Tensor, int, Batch]:
    """Patches, positions, patches a row, and targets of drawings `seed`, `seed` + 1, ..."""
    draw, usual = SOURCES[name]
    drawings = [draw(np.random.default_rng(seed + i)) for i in range(count or usual)]
    pictures = np.stack([pixels for pixels, _targets in drawings])
    rows, columns = pictures.shape[1] // vision.PATCH, pictures.shape[2] // vision.PATCH
    corners = np.zeros((len(drawings), 2), np.int64)
    if name == "page":  # anywhere in the largest picture
        rng = np.random.default_rng(seed)
        room = (FARTHEST[0] - columns // 3 + 1, FARTHEST[1] - rows // 3 + 1)
        corners = 3 * rng.integers(0, room, corners.shape)
    where = vision.positions(rows, columns, corners)
    return vision.patches(pictures), where, columns, batch([t for _pixels, t in drawings])
