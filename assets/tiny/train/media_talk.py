"""Conversations about media for the decoder: where they come from, and thinking before some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from assets.tiny.train import clips
from assets.tiny.train.dialogues import with_thought
from assets.tiny.train.samples import HELD_OUT, Sample

Draw = Callable[[int], list[Sample]]
TALKS = 3  # conversations a picture
DASHBOARDS = 0.15  # share of pictures that are dashboards; they cost ten times as much
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
    if group == "charts":
        return _charts
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


def _charts(seed: int) -> list[Sample]:
    from assets.tiny.train import charts, dashboards

    rng = np.random.default_rng(seed)
    if rng.random() < DASHBOARDS:
        picture, shown = dashboards.medium(rng, large=bool(rng.random() < 0.15))
        talks = [dashboards.talk(rng, shown) for _ in range(1 if seed >= HELD_OUT else TALKS)]
    else:
        picture, chart = charts.medium(rng)
        talks = [charts.talk(rng, chart) for _ in range(1 if seed >= HELD_OUT else TALKS)]
    return [Sample(messages, [picture], kind) for messages, kind in talks]
