"""The grid of QAT: found where weights lie on one, never elsewhere, and kept as it was."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inference.checkpoint import QuantSpec, load_weights, open_folder
from inference.checkpoint.convert import RECIPES, convert, predict
from inference.checkpoint.convert.lattice import (
    find_lattice,
    is_on_lattice,
    pack_lattice,
)
from inference.checkpoint.convert.packing import pack, pack_on_lattice
from tests.fakes.folder_settings import model_config
from tests.fakes.folders import FolderDraft, random_weights, stored_as

GRID = QuantSpec(32, 4)
PARTS = ("scales", "biases")
STEPS = hnp.arrays(np.int8, (4, 32), elements=st.integers(-8, 7))
SCALES = hnp.arrays(np.float32, (4, 1), elements=st.floats(2**-20, 2.0, width=32))


def bfloat16(values: np.ndarray) -> np.ndarray:
    """The nearest bfloat16 numbers, as float32."""
    return np.array(mx.array(values).astype(mx.bfloat16).astype(mx.float32))


def bits(values: np.ndarray) -> np.ndarray:
    """bfloat16 bit patterns."""
    return np.array(mx.array(values).astype(mx.bfloat16).view(mx.uint16))


def unpacked(packed: tuple[np.ndarray, ...]) -> np.ndarray:
    weight, scales, biases = (mx.array(array) for array in packed)
    s, b = (x.view(mx.bfloat16).astype(mx.float32) for x in (scales, biases))
    return np.array(mx.dequantize(weight, s, b, group_size=32, bits=4))


def q4_0(values: np.ndarray) -> np.ndarray:
    """Values [G, 32] as GGML's Q4_0 stores them: the extreme is step -8, the scale is float16."""
    extremes = values[np.arange(len(values)), np.abs(values).argmax(axis=1)]
    scales = (extremes / -8).astype(np.float16).astype(np.float32)[:, None]
    steps = np.clip(np.trunc(values / scales + 8.5), 0, 15) - 8
    return (steps * scales).astype(np.float32)


@settings(max_examples=200, deadline=None)
@given(STEPS, SCALES, st.sampled_from([1, -1]), st.booleans())
def test_grids_are_found_again(
    steps: np.ndarray, scales: np.ndarray, sign: int, is_rounded: bool
) -> None:
    values = steps * scales * np.float32(sign)
    values = bfloat16(values) if is_rounded else values
    lattice = find_lattice(values)
    assert lattice.found.all()
    back = lattice.steps * lattice.scales[:, None]
    assert np.allclose(back, values, rtol=2**-7, atol=0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ordinary_weights_lie_on_none(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(64, 32)).astype(np.float32)
    assert not find_lattice(bfloat16(values)).found.any()
    assert not is_on_lattice(bfloat16(values))


def test_zeros_and_single_values_tell_nothing() -> None:
    values = np.zeros((8, 32), np.float32)
    assert not is_on_lattice(values)
    values[:, 3] = 0.7
    assert not is_on_lattice(values)
    assert find_lattice(values).found.all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_on_no_grid(bad: float) -> None:
    values = np.tile(np.arange(-8, 8, dtype=np.float32), (2, 2))
    values[0, 5] = bad
    assert find_lattice(values).found.tolist() == [False, True]


@settings(max_examples=100, deadline=None)
@given(hnp.arrays(np.int8, (3, 64), elements=st.integers(-8, 7)))
def test_packs_as_mlx_does(steps: np.ndarray) -> None:
    words = pack_lattice(steps)
    ones = mx.ones((3, 2))
    back = mx.dequantize(mx.array(words), ones, -8 * ones, group_size=32, bits=4)
    assert np.array_equal(np.array(back), steps)


def test_a_lattice_pack_is_many_times_closer_than_a_fresh_fit() -> None:
    generator = np.random.default_rng(7)
    values = q4_0(generator.normal(size=(512, 32)).astype(np.float32) * 0.02).reshape(64, 256)
    size = np.sqrt(np.mean(values**2))

    def error(packed: tuple[np.ndarray, ...]) -> float:
        return float(np.sqrt(np.mean((unpacked(packed) - values) ** 2)) / size)

    on_grid, fitted = error(pack_on_lattice(bits(values), GRID)), error(pack(bits(values), GRID))
    assert on_grid < 0.002
    assert fitted > 0.05


def test_a_group_without_a_grid_is_packed_as_mlx_does_it() -> None:
    generator = np.random.default_rng(1)
    values = q4_0(generator.normal(size=(8, 32)).astype(np.float32)).reshape(2, 128)
    values[1, 32:64] = generator.normal(size=32)
    grid, fresh = pack_on_lattice(bits(values), GRID), pack(bits(values), GRID)
    assert np.array_equal(grid[1][1, 1], fresh[1][1, 1])
    assert np.array_equal(grid[0][1, 4:8], fresh[0][1, 4:8])
    assert not np.array_equal(grid[0][0], fresh[0][0])


def qat_folder(folder: Path) -> Path:
    """A model whose decoder matrices were trained for Q4_0 and stored as bfloat16."""
    config = model_config("e")
    weights = random_weights(config)
    for name, array in weights.items():
        is_matrix = name.startswith("language_model.") and name.endswith("proj.weight")
        if is_matrix and array.shape[-1] % 32 == 0:
            grid = q4_0(np.array(array).reshape(-1, 32)).reshape(array.shape)
            weights[name] = mx.array(grid).astype(mx.bfloat16)
    halves = {name: array.astype(mx.bfloat16) for name, array in weights.items()}
    return FolderDraft(config, stored_as("published", halves)).write(folder)


@pytest.mark.parametrize("key", ["4bit", "5bit", "6bit", "mixed-4-6", "mixed-4-8"])
def test_a_qat_model_keeps_its_grid(key: str, tmp_path: Path) -> None:
    source = qat_folder(tmp_path / "source")
    target = convert(source, tmp_path / "new", RECIPES[key])
    made = open_folder(target)
    module = "language_model.layers.0.mlp.down_proj"
    assert made.quantized[module] == GRID
    weights = load_weights(made)
    stored = tuple(np.array(weights[f"{module}.{x}"].astype(mx.float32)) for x in PARTS)
    words = np.array(weights[f"{module}.weight"])
    back = mx.array(unpacked((words, *(bits(array) for array in stored))))
    wanted = load_weights(open_folder(source))[f"{module}.weight"]
    assert mx.allclose(back, wanted.astype(mx.float32), rtol=2**-6, atol=0)
    assert "trained for 4 bits (QAT)" in (target / "README.md").read_text()
    prediction = predict(source, RECIPES[key])
    assert 0 < prediction.lattice_modules < prediction.modules
    assert prediction.size_bytes == sum(path.stat().st_size for path in target.iterdir())


@pytest.mark.parametrize(("key", "kept"), [("8bit", 8), ("3bit", 3), ("mixed-3-6", 3)])
def test_recipes_that_do_not_look_for_grids(key: str, kept: int, tmp_path: Path) -> None:
    source = qat_folder(tmp_path / "source")
    made = open_folder(convert(source, tmp_path / "new", RECIPES[key]))
    assert made.quantized["language_model.layers.0.mlp.gate_proj"].bits == kept
    assert predict(source, RECIPES[key]).lattice_modules == 0
