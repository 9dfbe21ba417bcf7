"""Conversations about media for the decoder: where they come from, and thinking before some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assets.tiny.train import charts, clips, dashboards
from assets.tiny.train.dialogues import with_thought
from assets.tiny.train.samples import HELD_OUT, Picture, Sample

Draw = Callable[[int], list[Sample]]
TALKS = 3  # conversations a picture
SEEDS = 100_000  # so far apart are those of two shards
UNSEEN_VARIANTS = 1000  # variants of frames from here on are never trained on
THINKING = 0.08  # share of media questions asked with thinking on
THOUGHTS = {
    "chart": "I read the values in the picture.",
    "dashboard": "I read the values in the picture.",
    "audio": "I write down the words I hear.",
    "video": "I look at the frames in order.",
}


def sometimes_thinking(sample: Sample, seed: int) -> Sample:
    """`sample`, or now and then its first question asked with thinking on."""
    if np.random.default_rng([seed, 1]).random() >= THINKING:
        return sample
    return with_thought(sample, THOUGHTS[sample.kind.split(".")[0]])


def draw_of(group: str, work: Path, held_out: bool) -> Draw:
    """Conversations of one drawing each, by seed; held-out recordings are spoken anew."""
    if group in ("charts", "boards"):
        return lambda seed: _pictures(group, seed)
    if group == "video":
        return _clips
    from assets.tiny.train import speech

    speaker = speech.Speaker() if held_out else speech.Speaker(pool=speech.pool(work))
    return lambda seed: [speech.sample(np.random.default_rng(seed), speaker)]


def _clips(seed: int) -> list[Sample]:
    """A clip whose frames are drawn in a variant that no training clip has."""
    rng = np.random.default_rng(seed)
    scene = clips.random_scene(rng)
    messages, kind = clips.talk(rng, scene)
    return [Sample(messages, [clips.film(scene, UNSEEN_VARIANTS + seed % 1000)], kind)]


def chart_of(seed: int) -> charts.Chart:
    """The chart on the training picture of that seed."""
    rng = np.random.default_rng(seed)
    rng.random()  # once chose between charts and dashboards
    return charts.chosen(rng)


def _pictures(group: str, seed: int) -> list[Sample]:
    """One picture; unusual charts among those for training are not asked about later."""
    drawer: Any = charts if group == "charts" else dashboards
    rng = np.random.default_rng(seed)
    if group == "boards" and seed < HELD_OUT:
        picture, shown = dashboards.random_board(rng)
    elif group == "charts" and seed < HELD_OUT:
        rng.random()  # as in chart_of
        shown, canvas, _items = charts.random_drawing(rng)
        picture = Picture(canvas.pixels())
    else:
        picture, shown = drawer.medium(rng)
    talks = [drawer.talk(rng, shown) for _ in range(1 if seed >= HELD_OUT else TALKS)]
    return [Sample(messages, [picture], kind) for messages, kind in talks]
