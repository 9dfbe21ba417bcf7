"""Longer conversations about a clip, for training only."""

from __future__ import annotations

from typing import Any

import numpy as np

from assets.tiny.train import clips
from assets.tiny.train.samples import model, user
from assets.tiny.train.tables import one_of

EVERY_SECOND = 0.3  # share of training clips that end with a question about every second
LONGEST_LIST = 16  # seconds
_EACH = (
    "What is shown second by second?",
    "List every second.",
    "Describe the clip second by second.",
)


def practice_scene(rng: np.random.Generator) -> clips.Scene:
    """A scene for training: mostly short, mostly of two or three things."""
    while True:
        scene = clips.random_scene(rng)
        keep = 0.2 if len(scene.shown) == 1 else 1.0
        keep *= 0.15 if len(scene.things) > 9 else 1.0
        if rng.random() < keep:
            return scene


def about_clip(
    rng: np.random.Generator, scene: clips.Scene, talks: int
) -> tuple[list[dict[str, Any]], str]:
    """Several talks about one clip in a row: frames are dear and answers short.

    Now and then the last question asks for every second, which teaches each frame at once.
    """
    messages, kind = clips.talk(rng, scene)
    for _ in range(talks - 1):
        more, _kind = clips.talk(rng, scene)
        more[0] = user(more[0]["content"][-1]["text"])
        messages += more
    if rng.random() < EVERY_SECOND and len(scene.things) <= LONGEST_LIST:
        told = (
            f"{clips.clock(second)} {thing.name if thing != clips.NOTHING else 'nothing'}"
            for second, thing in enumerate(scene.things)
        )
        messages += [user(one_of(rng, _EACH)), model(", ".join(told))]
    return messages, kind
