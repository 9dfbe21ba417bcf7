"""Held-out samples by group, from the generators that the model was trained with.

Their seeds are never trained on: new charts, clips, sentences and combinations, though of the same
fonts, words and synthetic voices. One group speaks with timbres that the model has never heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from assets.tiny.train import charts, clips, dashboards, dialogues, speech
from assets.tiny.train.samples import HELD_OUT, Sample
from assets.tiny.train.speak import UNSEEN

# Seeds from HELD_OUT on are used to watch the training; the bench begins far behind them.
FIRST_SEED = 2 * HELD_OUT
# Of the count: these take longer to answer, a clip a second or more for every frame of it.
SHARE = {"dashboards": 0.4, "long": 0.3, "video": 0.8, "long video": 0.04}
SHORT_CLIP, LONG_CLIP = 10, 60  # frames at most


def groups() -> dict[str, Callable[[np.random.Generator], Sample]]:
    """A maker of samples for each group that can be asked for."""
    strangers = speech.Speaker(UNSEEN)
    return {
        "charts": charts.sample,
        "dashboards": dashboards.sample,
        "words": lambda rng: speech.sample(rng, kind="words"),
        "digits": lambda rng: speech.sample(rng, kind="digits"),
        "strangers": lambda rng: _named(speech.sample(rng, strangers, "words"), "audio.strangers"),
        "long": lambda rng: speech.sample(rng, kind="long"),
        "video": lambda rng: _clip(rng, 0, SHORT_CLIP),
        "long video": lambda rng: _clip(rng, LONG_CLIP // 2, LONG_CLIP),
        "text": dialogues.sample,
    }


def held_out(group: str, count: int) -> Iterator[Sample]:
    """`count` samples of the group, or its share of them."""
    make = groups()[group]
    number = max(1, round(count * SHARE.get(group, 1.0) * (3 if group == "text" else 1)))
    for seed in range(FIRST_SEED, FIRST_SEED + number):
        yield make(np.random.default_rng(seed))


def _clip(rng: np.random.Generator, fewest: int, most: int) -> Sample:
    """A clip of that many seconds, drawn in a way that training clips are not."""
    scene = clips.random_scene(rng, most)
    while len(scene.things) < fewest:
        scene = clips.random_scene(rng, most)
    messages, kind = clips.talk(rng, scene)
    return Sample(messages, [clips.film(scene, 1000 + int(rng.integers(1000)))], kind)


def _named(sample: Sample, kind: str) -> Sample:
    return replace(sample, kind=kind)
