"""Crafted bad folders: each is refused with one readable sentence and left as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
import string
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inference.checkpoint import QuantSpec, open_drafter, open_folder
from inference.errors import CheckpointError
from tests.fakes.folder_settings import model_config
from tests.fakes.folders import (
    FolderDraft,
    draft,
    draft_drafter,
    quantize,
    random_weights,
    stored_as,
)
from tests.unit.inference.checkpoint.bad import configs, files, headers, names, packing, tokenizers
from tests.unit.inference.checkpoint.bad.case import Bad, Base

CASES: list[Bad] = [
    case
    for module in (headers, names, files, configs, packing, tokenizers)
    for case in module.CASES
]
NOBODY = 65534
ACTIONS = ("Download", "Choose", "Delete", "Open")


def packed() -> FolderDraft:
    config = model_config()
    weights = random_weights(config)
    quantize(weights, {"language_model.layers.0.mlp.gate_proj": QuantSpec(32, 4)})
    stated = {"quantization": {"group_size": 32, "bits": 4}}
    return FolderDraft(config | stated, stored_as("published", weights))


DRAFTS: dict[Base, Callable[[], FolderDraft]] = {
    "dense": draft,
    "e": lambda: draft("e"),
    "moe": lambda: draft("moe"),
    "text_only": lambda: draft("dense", "text_only"),
    "sharded": lambda: replace(draft(), shards=2),
    "packed": packed,
    "community": lambda: draft("moe", "community"),
    "drafter": draft_drafter,
}


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[Base, Path]:
    """One valid folder of every kind; each is checked to open before it is spoilt."""
    root = tmp_path_factory.mktemp("valid")
    folders = {base: made().write(root / base) for base, made in DRAFTS.items()}
    for base, folder in folders.items():
        opening(base)(folder)
    return folders


def opening(base: Base) -> Callable[[Path], object]:
    return open_drafter if base == "drafter" else open_folder


def snapshot(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Kind, size and time of every entry."""
    entries = [folder, *folder.rglob("*")]
    status = {str(path): path.lstat() for path in entries}
    return {path: (s.st_mode, s.st_size, s.st_mtime_ns) for path, s in status.items()}


def copy_of(source: Path, target: Path) -> Path:
    target.mkdir()
    for path in source.iterdir():
        shutil.copy(path, target / path.name)
    return target


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.base}: {case.name}")
def test_refused(case: Bad, valid: dict[Base, Path], tmp_path: Path) -> None:
    folder = copy_of(valid[case.base], tmp_path / "model")
    case.spoil(folder)
    before = snapshot(folder)
    with pytest.raises(CheckpointError) as caught:
        opening(case.base)(folder)
    error = caught.value
    assert case.says in error.message, error.message
    assert_readable(error)
    assert snapshot(folder) == before


def assert_readable(error: CheckpointError) -> None:
    text = str(error)
    assert text.isprintable()
    assert text[0] in string.ascii_uppercase + string.ascii_lowercase
    assert error.message.endswith(".")
    assert 30 < len(text) < 1500, text
    assert error.action.startswith(ACTIONS)
    assert not any(word in text for word in ("Traceback", "Error", "Exception", os.sep + "tmp"))


def test_there_are_enough_cases_and_no_two_alike() -> None:
    assert len(CASES) >= 170
    assert len({(case.base, case.name) for case in CASES}) == len(CASES)


def test_no_folder_at_all(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "missing", tmp_path / "file", tmp_path / "bad\0name", tmp_path):
        with pytest.raises(CheckpointError) as caught:
            open_folder(path)
        assert_readable(caught.value)


@contextlib.contextmanager
def without_root() -> Iterator[None]:
    """Root may read everything; the check has to be made as somebody else."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_unreadable_files(valid: dict[Base, Path], name: str) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        folder = copy_of(valid["dense"], Path(open_to_all) / "model")
        folder.chmod(0o755)
        with without_root():
            open_folder(folder)
        (folder / name).chmod(0)
        with without_root(), pytest.raises(CheckpointError, match="cannot be read"):
            open_folder(folder)
