"""Links are followed only inside the folder and inside a Hugging Face cache."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inference.checkpoint import load_weights, open_folder
from inference.checkpoint.survey import survey
from inference.errors import CheckpointError
from tests.fakes.folders import draft

BLOB = "ab" * 32


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """models--owner--name with a snapshot that links to its blobs."""
    repository = tmp_path / "hub" / "models--google--tiny"
    snapshot = draft().write(repository / "snapshots" / "0123abcd")
    (repository / "blobs").mkdir()
    for number, file in enumerate(sorted(snapshot.iterdir())):
        blob = repository / "blobs" / f"{number:040x}"
        shutil.move(file, blob)
        file.symlink_to(Path("..") / ".." / "blobs" / blob.name)
    return repository


def test_cache_snapshot_opens(repository: Path) -> None:
    folder = open_folder(repository / "snapshots" / "0123abcd")
    assert len(load_weights(folder)) == len(folder.tensors)
    assert folder.tokenizer_file.parent == repository / "blobs"


def test_cache_snapshot_with_the_shared_store_opens(repository: Path) -> None:
    store = repository.parent / "blobs" / BLOB[:2]
    store.mkdir(parents=True)
    for number, blob in enumerate(sorted((repository / "blobs").iterdir())):
        shared = store / f"{BLOB[:-1]}{number}"
        shutil.move(blob, shared)
        blob.symlink_to(Path("..") / ".." / "blobs" / BLOB[:2] / shared.name)
    folder = open_folder(repository / "snapshots" / "0123abcd")
    assert len(load_weights(folder)) == len(folder.tensors)


def test_cache_snapshot_may_not_reach_another_repository(repository: Path) -> None:
    other = repository.parent / "models--google--other" / "blobs"
    other.mkdir(parents=True)
    link = repository / "snapshots" / "0123abcd" / "tokenizer.json"
    shutil.move(link.resolve(), other / "0")
    link.unlink()
    link.symlink_to(other / "0")
    with pytest.raises(CheckpointError, match="leads out of the folder"):
        survey(repository / "snapshots" / "0123abcd")


@pytest.mark.parametrize("name", ["blobs/zz/short", "elsewhere/x"])
def test_only_blobs_of_the_store_are_shared(repository: Path, name: str) -> None:
    target = repository.parent / name
    target.parent.mkdir(parents=True)
    target.write_text("{}")
    (repository / "snapshots" / "0123abcd" / "extra.json").symlink_to(target)
    with pytest.raises(CheckpointError, match="leads out of the folder"):
        survey(repository / "snapshots" / "0123abcd")


def test_deleted_blob_is_reported_as_gone(repository: Path) -> None:
    link = repository / "snapshots" / "0123abcd" / "model.safetensors"
    link.resolve().unlink()
    with pytest.raises(CheckpointError, match="a file that is gone"):
        survey(repository / "snapshots" / "0123abcd")


def test_a_snapshot_like_folder_elsewhere_has_no_blobs(tmp_path: Path) -> None:
    folder = draft().write(tmp_path / "project" / "snapshots" / "1")
    (tmp_path / "project" / "blobs").mkdir()
    blob = tmp_path / "project" / "blobs" / "0"
    shutil.move(folder / "tokenizer.json", blob)
    (folder / "tokenizer.json").symlink_to(blob)
    with pytest.raises(CheckpointError, match="leads out of the folder"):
        survey(folder)


def test_links_inside_the_folder_are_followed(tmp_path: Path) -> None:
    folder = draft().write(tmp_path / "model")
    (folder / "parts").mkdir()
    shutil.move(folder / "model.safetensors", folder / "parts" / "weights")
    (folder / "model.safetensors").symlink_to("parts/weights")
    files = survey(folder).files
    assert files["model.safetensors"] == folder / "parts" / "weights"
    assert set(files) == {
        *("config.json", "generation_config.json", "tokenizer.json", "model.safetensors")
    }
    assert len(load_weights(open_folder(folder))) > 50


def test_only_files_at_the_top_count(tmp_path: Path) -> None:
    folder = draft().write(tmp_path / "model")
    (folder / "sub").mkdir()
    shutil.move(folder / "tokenizer.json", folder / "sub" / "tokenizer.json")
    with pytest.raises(CheckpointError, match=r"has no tokenizer\.json"):
        open_folder(folder)
