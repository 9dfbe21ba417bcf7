"""Stretches of stored tensors read by range are what slicing the whole gives."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import CheckpointError
from inference.checkpoint.header import Header, read_header
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.ranges import read_spans

SHAPE = (6, 40, 24)


@pytest.fixture(scope="module")
def header(tmp_path_factory: pytest.TempPathFactory) -> Header:
    file = tmp_path_factory.mktemp("weights") / "model.safetensors"
    source = np.random.default_rng(0)
    numbers = mx.array(source.standard_normal(SHAPE).astype(np.float32))
    words = source.integers(0, 2**32, SHAPE, dtype=np.uint32)
    tensors = {
        "float": numbers,
        "half": numbers.astype(mx.bfloat16),
        "words": mx.array(words),
        "bytes": mx.array((words % 256).astype(np.uint8)),
        "long": mx.array(source.standard_normal((3, 70_000)).astype(np.float32)),
    }
    mx.save_safetensors(str(file), tensors, metadata={"format": "mlx"})
    return read_header(file)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    axis = draw(st.integers(-3, 2))
    most = SHAPE[axis]
    pairs = st.tuples(st.integers(0, most - 1), st.integers(1, most)).filter(lambda p: p[0] < p[1])
    return axis, draw(st.lists(pairs, min_size=1, max_size=3))


@settings(max_examples=60, deadline=None)
@given(cut=spans(), name=st.sampled_from(["float", "half", "words", "bytes"]))
def test_any_stretch_along_any_axis(
    header: Header, cut: tuple[int, list[tuple[int, int]]], name: str
) -> None:
    axis, wanted = cut
    got = read_spans(TensorSource((header.tensors[name],)), [header.stamp], axis, wanted)
    whole = mx.load(str(header.file))[name]
    parts = [mx.take(whole, mx.arange(begin, end), axis=axis) for begin, end in wanted]
    assert got.dtype == whole.dtype
    assert mx.array_equal(got, mx.concatenate(parts, axis=axis)).item()


def test_long_stretches_are_read_directly(header: Header) -> None:
    got = read_spans(TensorSource((header.tensors["long"],)), [header.stamp], 1, [(10, 60_010)])
    assert mx.array_equal(got, mx.load(str(header.file))["long"][:, 10:60_010]).item()


def test_parts_that_are_stored_apart_count_as_one(header: Header) -> None:
    """Experts whose gate and up are two tensors: a stretch of each, numbered through."""
    source = TensorSource((header.tensors["float"], header.tensors["float"]), axis=1)
    got = read_spans(source, [header.stamp] * 2, -2, [(3, 9), (SHAPE[1] + 3, SHAPE[1] + 9)])
    whole = mx.load(str(header.file))["float"][:, 3:9]
    assert mx.array_equal(got, mx.concatenate([whole, whole], axis=1)).item()


def test_a_changed_file_is_refused(header: Header, tmp_path: Path) -> None:
    copy = tmp_path / "model.safetensors"
    copy.write_bytes(header.file.read_bytes())
    fresh = read_header(copy)
    copy.write_bytes(header.file.read_bytes()[:-4] + b"abcd")
    with pytest.raises(CheckpointError, match="was changed"):
        read_spans(TensorSource((fresh.tensors["float"],)), [fresh.stamp], 0, [(0, 1)])
