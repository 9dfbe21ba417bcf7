"""The published dimensions."""

from __future__ import annotations

import pytest

from tests.bench.sizes import SIZES, Size, find_size, with_layers

FEWER = [
    with_layers(size, count)
    for size in SIZES.values()
    for count in range(size.period, size.layers + 1, size.period)
]


@pytest.mark.parametrize("size", FEWER, ids=lambda s: f"{s.name}-{s.layers}")
def test_fewer_layers_keep_the_pattern_and_leave_a_donor_of_each_kind(size: Size) -> None:
    assert size.is_full(size.layers - 1)
    producers = range(size.first_shared)
    assert any(size.is_full(i) for i in producers)
    assert any(not size.is_full(i) for i in producers)


def test_all_layers_are_the_published_size() -> None:
    for size in SIZES.values():
        assert with_layers(size, size.layers) == size


@pytest.mark.parametrize("count", [0, 3, 7, 40, -5])
def test_other_counts_of_layers_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="multiple of 5 layers up to 35"):
        with_layers(SIZES["e2b"], count)


def test_names_find_variants() -> None:
    assert find_size("moe6").layers == 6
    tiny = find_size("tiny-31b")
    assert (tiny.layers, tiny.hidden) == (60, 128)
    with pytest.raises(ValueError, match="no size 'tiny-'"):
        find_size("tiny-")
