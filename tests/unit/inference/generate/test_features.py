"""The feature cache: by content, bounded, least recently used first out."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np

from inference import Event, ReadingMedia, load
from inference.generate.features import FeatureCache, read_features

DATA = Path(__file__).parents[3] / "parity" / "data"


def rows(count: int) -> mx.array:
    return mx.zeros((count, 4), mx.float32)


def test_the_least_recently_used_goes_first() -> None:
    cache = FeatureCache(limit_bytes=3 * 16)
    for name in ("a", "b", "c"):
        cache.put(name, rows(1))
    assert cache.get("a") is not None
    cache.put("d", rows(1))
    assert cache.get("b") is None
    assert all(cache.get(name) is not None for name in ("a", "c", "d"))


def test_one_entry_may_be_larger_than_the_limit() -> None:
    cache = FeatureCache(limit_bytes=10)
    cache.put("a", rows(1))
    cache.put("big", rows(100))
    assert cache.get("big") is not None
    assert cache.get("a") is None


def test_a_picture_is_read_once_per_content_and_budget() -> None:
    model = load(DATA / "dense", dtype="float32")
    noise = np.random.default_rng(1).integers(0, 255, (2, 60, 90, 3), np.uint8)

    def read(pixels: np.ndarray, budget: int, start: int = 0) -> list[bool]:
        events: list[Event] = []
        content = [{"type": "image", "image": pixels}, {"type": "text", "text": "What?"}]
        prompt = model.prepare([{"role": "user", "content": content}], image_tokens=budget)
        read_features(model.network, prompt, start, model.features, events.append, lambda: False)
        return [e.cached for e in events if isinstance(e, ReadingMedia)]

    assert read(noise[0], 70) == [False]
    assert read(noise[0].copy(), 70) == [True]
    assert read(noise[0], 140) == [False]
    assert read(noise[1], 70) == [False]
    assert read(noise[1], 70, start=100) == []
