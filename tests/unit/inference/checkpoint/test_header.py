"""Safetensors headers: what passes is what the reference library accepts, however they mutate."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import safetensors
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import save_file

from inference.checkpoint import Header, read_header
from inference.errors import CheckpointError
from tests.fakes.folders import header_and_body, write_weights
from tests.fakes.headers import mutated_file

WEIGHTS = {
    "a": mx.arange(12).reshape(3, 4).astype(mx.float32),
    "b.weight": mx.ones((2, 3, 5), dtype=mx.bfloat16),
    "scalar": mx.array(1.5),
    "empty": mx.zeros((0, 7)),
    "ids": mx.arange(6),
}
MUTATIONS = 2000


def test_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    write_weights(path, WEIGHTS, {"format": "pt"})
    header = read_header(path)
    assert header.metadata == {"format": "pt"}
    assert header.stamp.size_bytes == path.stat().st_size
    assert {n: t.shape for n, t in header.tensors.items()} == {
        n: a.shape for n, a in WEIGHTS.items()
    }
    ref = header.tensors["a"]
    data = path.read_bytes()[ref.offset : ref.offset + ref.size_bytes]
    assert np.array_equal(np.frombuffer(data, np.float32), np.arange(12))


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(
    lambda name: name != "__metadata__"
)
ARRAYS = hnp.arrays(
    st.sampled_from([np.float32, np.float16, np.int64, np.uint8, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
)


@settings(max_examples=100, deadline=None)
@given(arrays=st.dictionaries(NAMES, ARRAYS, min_size=1, max_size=5))
def test_accepts_what_the_reference_library_writes(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray[Any, Any]]
) -> None:
    path = tmp_path_factory.mktemp("written") / "x.safetensors"
    save_file(arrays, path)
    header = read_header(path)
    data = path.read_bytes()
    assert header.tensors.keys() == arrays.keys()
    for name, ref in header.tensors.items():
        assert ref.shape == arrays[name].shape
        assert data[ref.offset : ref.offset + ref.size_bytes] == arrays[name].tobytes()


def accepted(path: Path) -> Header | None:
    """The header, or None for a proper refusal; any other exception fails the test."""
    try:
        return read_header(path)
    except CheckpointError as error:
        text = str(error)
        assert text.isprintable(), text
        assert 20 < len(text) < 500, text
        return None


def test_mutated_files_pass_only_if_the_reference_library_takes_them(tmp_path: Path) -> None:
    header, body = header_and_body(WEIGHTS, {"format": "pt"})
    generator = random.Random(20)
    path = tmp_path / "model.safetensors"
    passed = 0
    for _ in range(MUTATIONS):
        data = mutated_file(generator, header, body)
        path.write_bytes(data)
        ours = accepted(path)
        if ours is None:
            continue
        passed += 1
        with safetensors.safe_open(path, "numpy") as theirs:
            names = theirs.keys()
            shapes = {name: tuple(theirs.get_slice(name).get_shape()) for name in names}
        assert shapes == {name: ref.shape for name, ref in ours.tensors.items()}
    assert 0 < passed < MUTATIONS / 2


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("random") / "model.safetensors"
    path.write_bytes(data)
    assert accepted(path) is None


def test_a_long_list_of_tensors_is_read_quickly(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    entries = {
        f"t{i}": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for i in range(20_000)
    }
    for extra, passes in ((0, True), (1, False)):
        more = {"one more": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}}
        text = json.dumps(entries | (more if extra else {})).encode()
        path.write_bytes(len(text).to_bytes(8, "little") + text)
        assert (accepted(path) is not None) is passes
