"""Two processes that share a model answer as one does, and one that is lost becomes a sentence."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.bench import rank
from tests.bench.make_checkpoint import write_checkpoint
from tests.bench.sizes import SIZES, Size, with_layers, with_tiny_width
from tests.bench.tensors import Quantisation
from tests.fakes.ranks import started

Arrays = Mapping[str, np.ndarray[Any, Any]]

LOGITS = 1e-4  # absolute, in float32
WAIT_S = 90
# Name -> layers, bits. Three groups of feed-forward and of expert width on two ranks: no halves.
MODELS = {
    "31b": (6, 16),
    "31b-packed": (6, 4),
    "26b-a4b": (6, 16),
    "26b-a4b-packed": (6, 4),
    "e2b-packed": (10, 4),
}


def small(name: str, layers: int) -> Size:
    size = with_tiny_width(with_layers(SIZES[name], layers))
    if size.experts is not None:
        size = replace(size, experts=replace(size.experts, count=16, top_k=4, ffn=192))
    return replace(size, ffn=192, window=48)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    for name, (layers, bits) in MODELS.items():
        packing = None if bits == 16 else Quantisation(bits, 64)
        write_checkpoint(root / name, small(name.removesuffix("-packed"), layers), packing)
    return {name: root / name for name in MODELS}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, folders: dict[str, Path]) -> dict[str, Arrays]:
    out = tmp_path_factory.mktemp("alone")
    rank.main([str(out), *map(str, folders.values())])
    return {name: np.load(out / f"{name}.npz") for name in folders}


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, folders: dict[str, Path]
) -> dict[str, dict[str, Any]]:
    """What two ranks made of every model: the line that rank 0 prints, and its arrays."""
    out = tmp_path_factory.mktemp("together")
    arguments = [str(out), *map(str, folders.values())]
    with started(out, "tests.bench.rank", arguments) as (first, second):
        printed, errors = first.communicate(timeout=WAIT_S)
        assert first.returncode == 0, errors
        assert second.wait(WAIT_S) == 0
    lines = {each["model"]: each for each in map(json.loads, printed.splitlines())}
    return {n: {**lines[n], "arrays": np.load(out / f"{n}.npz")} for n in folders}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", ["uncached", "cached", "reused"])
def test_logits_are_those_of_one_rank(
    name: str, kind: str, alone: dict[str, Arrays], reports: dict[str, dict[str, Any]]
) -> None:
    mine, theirs = alone[name][kind], reports[name]["arrays"][kind]
    assert mine.shape == theirs.shape
    assert np.abs(mine).max() > 1  # random weights, but not nothing
    assert np.abs(mine - theirs).max() < LOGITS


@pytest.mark.parametrize("name", MODELS)
def test_the_same_tokens_are_generated(
    name: str, alone: dict[str, Arrays], reports: dict[str, dict[str, Any]]
) -> None:
    for kind in ("greedy", "sampled", "reused_tokens"):
        assert alone[name][kind].tolist() == reports[name]["arrays"][kind].tolist()
    assert alone[name]["reused_tokens"] > 48  # beyond the window: a snapshot was used


@pytest.mark.parametrize("name", ["31b", "26b-a4b"])
def test_no_rank_holds_the_whole(
    name: str, folders: dict[str, Path], reports: dict[str, dict[str, Any]]
) -> None:
    """The decoder of float32 weights; rank 0 has the tower once it was used, here not yet."""
    size = small(name, MODELS[name][0])
    whole = _decoder_bytes(folders[name]) * 2  # bf16 as float32
    assert size.vision is not None
    for held in reports[name]["active"]:
        assert held < 0.6 * whole


def test_a_killed_computer_becomes_a_sentence(folders: dict[str, Path], tmp_path: Path) -> None:
    first, later = _failure(folders["31b-packed"], tmp_path, signal.SIGKILL)
    assert "connection to computer 2 was lost" in first["failed"]
    assert "conversation is safe" in first["action"]
    assert later == {"later": ["Failed"]}


def test_a_frozen_computer_becomes_a_sentence(folders: dict[str, Path], tmp_path: Path) -> None:
    first, later = _failure(folders["31b-packed"], tmp_path, signal.SIGSTOP)
    assert "has not answered for a while" in first["failed"]
    assert later == {"later": ["Failed"]}


def test_cancelling_ends_the_answer_on_all_ranks(folders: dict[str, Path], tmp_path: Path) -> None:
    arguments = [str(folders["31b-packed"]), "30"]
    with started(tmp_path, "tests.fakes.rank_faults", arguments) as (first, second):
        _answering(first)
        printed, _ = first.communicate("cancel\n", timeout=WAIT_S)
        assert json.loads(printed.splitlines()[0]) == {"finished": "cancelled"}
        assert second.wait(WAIT_S) == 0


def test_the_others_end_when_rank_0_is_killed(folders: dict[str, Path], tmp_path: Path) -> None:
    arguments = [str(folders["31b-packed"]), "30"]
    with started(tmp_path, "tests.fakes.rank_faults", arguments) as (first, second):
        _answering(first)
        first.kill()
        assert second.wait(WAIT_S) == 0


def test_other_weights_on_the_other_computer_are_refused(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    """Each computer has a folder of its own below its home; these two hold different models."""
    homes = [tmp_path / "first", tmp_path / "second"]
    for home, name in zip(homes, ("31b", "31b-packed"), strict=True):
        shutil.copytree(folders[name], home / "model")
    arguments = [str(homes[0] / "model"), "30"]
    with started(tmp_path, "tests.fakes.rank_faults", arguments, homes=homes) as (first, second):
        printed, _ = first.communicate(timeout=WAIT_S)
        assert second.wait(WAIT_S) == 0
    assert "Computer 2: its folder holds other weights" in printed


def _failure(folder: Path, out: Path, number: signal.Signals) -> tuple[Any, Any]:
    """What rank 0 says when the other is sent this signal in the middle of an answer."""
    with started(out, "tests.fakes.rank_faults", [str(folder), "2"]) as (first, second):
        _answering(first)
        second.send_signal(number)
        printed, errors = first.communicate("go on\n", timeout=WAIT_S)
        assert first.returncode == 0, errors
    one, two = map(json.loads, printed.splitlines())
    return one, two


def _answering(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "answering\n":
        pytest.fail(f"rank 0 does not answer: {process.communicate()}")


def _decoder_bytes(folder: Path) -> int:
    from inference.checkpoint import open_folder

    tensors = open_folder(folder).tensors
    return sum(
        part.size_bytes
        for name, source in tensors.items()
        if name.startswith("language_model.")
        for part in source.parts
    )
