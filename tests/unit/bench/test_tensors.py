"""Counts of tensors and parameters against those of the published sizes."""

from __future__ import annotations

from math import prod

import pytest

from tests.bench.sizes import SIZES, find_size
from tests.bench.tensors import Quantisation, checkpoint_tensors


@pytest.mark.parametrize(
    ("name", "tensors", "billions"),
    [
        ("e2b", 1951, 5.104),
        ("e4b", 2076, 7.941),
        ("26b-a4b", 1013, 25.81),
        ("31b", 1188, 31.27),
    ],
)
def test_sizes_have_the_published_tensors_and_parameters(
    name: str, tensors: int, billions: float
) -> None:
    specs = list(checkpoint_tensors(SIZES[name], None))
    assert len({spec.name for spec in specs}) == len(specs) == tensors
    assert sum(prod(spec.shape) for spec in specs) / 1e9 == pytest.approx(billions, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "gib"), [("e2b", 3.3), ("e4b", 4.8), ("26b-a4b", 14.3), ("31b", 17.1)]
)
def test_packed_sizes_take_the_expected_space(name: str, gib: float) -> None:
    specs = checkpoint_tensors(SIZES[name], Quantisation(4, 64))
    assert sum(spec.size_bytes for spec in specs) / 2**30 == pytest.approx(gib, abs=0.1)


def test_only_the_language_model_is_packed() -> None:
    specs = list(checkpoint_tensors(find_size("tiny-26b-a4b"), Quantisation(4, 64)))
    packed = {spec.name for spec in specs if spec.dtype == "U32"}
    assert packed
    assert all(name.startswith("language_model.model.") for name in packed)
    assert "language_model.model.layers.5.router.proj.weight" in packed


def test_a_group_that_does_not_divide_the_width_is_refused() -> None:
    with pytest.raises(ValueError, match="no multiple of 128"):
        list(checkpoint_tensors(SIZES["26b-a4b"], Quantisation(4, 128)))
