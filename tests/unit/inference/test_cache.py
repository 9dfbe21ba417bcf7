"""KV caches against a plain list of everything ever put in."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.models.cache import KVCache, SlidingKVCache

STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 300)), st.tuples(st.just("back"), st.floats(0, 1))
)


def block(start: int, count: int) -> mx.array:
    """Keys whose value is their position."""
    return mx.broadcast_to(
        mx.arange(start, start + count, dtype=mx.float32)[None, None, :, None], (1, 2, count, 4)
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=12))
def test_full_cache_keeps_everything(steps: list[tuple[str, float]]) -> None:
    cache, length = KVCache(), 0
    for kind, amount in steps:
        if kind == "add":
            kv = cache.update(block(length, int(amount)), -block(length, int(amount)))
            length += int(amount)
            assert kv.start == 0
            assert np.array_equal(kv.keys[0, 1, :, 3], np.arange(length))
            assert np.array_equal(kv.values[0, 0, :, 0], -np.arange(length))
        else:
            length = int(length * amount)
            cache.rewind(length)
    assert cache.offset == length


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 90), st.lists(STEP, min_size=1, max_size=25))
def test_sliding_cache_never_lacks_what_a_query_may_see(
    window: int, steps: list[tuple[str, float]]
) -> None:
    cache, length, longest = SlidingKVCache(window), 0, 0
    for kind, amount in steps:
        if kind == "add":
            count = int(amount)
            kv = cache.update(block(length, count), -block(length, count))
            first_needed = max(0, length - window + 1)
            length += count
            longest = max(longest, length)
            assert kv.start <= first_needed
            assert np.array_equal(kv.keys[0, 0, :, 0], np.arange(kv.start, length))
            assert np.array_equal(kv.values[0, 1, :, 1], -np.arange(kv.start, length))
        else:
            back = min(length, max(0, longest - int(16 * amount)))
            assert cache.can_rewind(back), "16 tokens can always be taken back"
            length = back
            cache.rewind(back)
        assert cache.offset == length
        if length:
            assert cache.view().start <= max(0, length - window + 1)


@given(st.integers(1, 400), st.integers(1, 60), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_a_snapshot_restores_the_window(at: int, window: int, after: int) -> None:
    cache = SlidingKVCache(window)
    cache.update(block(0, at), block(0, at))
    snapshot = cache.snapshot()
    cache.update(block(at, after), block(at, after))
    cache.restore(snapshot)
    kv = cache.update(block(at, 1), block(at, 1))
    assert cache.offset == at + 1
    assert kv.start <= max(0, at - window + 1)
    assert np.array_equal(kv.keys[0, 0, :, 0], np.arange(kv.start, at + 1))


def test_bounded_memory() -> None:
    cache = SlidingKVCache(64)
    for i in range(1000):
        cache.update(block(i, 1), block(i, 1))
    assert cache.arrays()[0].shape[2] <= 64 + 16 + 64


def test_rewinding_too_far_is_an_error() -> None:
    cache = SlidingKVCache(8)
    cache.update(block(0, 500), block(0, 500))
    assert not cache.can_rewind(100)
    with pytest.raises(ValueError, match="rewind"):
        cache.rewind(100)
    with pytest.raises(ValueError, match="rewind"):
        KVCache().rewind(3)
