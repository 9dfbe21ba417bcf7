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
SHARE = {"dashboards": 0.4, "long": 0.3}  # of the count: these take longer to answer


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
        "video": clips.sample,
        "text": dialogues.sample,
    }


def held_out(group: str, count: int) -> Iterator[Sample]:
    """`count` samples of the group, or its share of them."""
    make = groups()[group]
    number = max(1, round(count * SHARE.get(group, 1.0) * (3 if group == "text" else 1)))
    for seed in range(FIRST_SEED, FIRST_SEED + number):
        yield make(np.random.default_rng(seed))


def _named(sample: Sample, kind: str) -> Sample:
    return replace(sample, kind=kind)
