"""Which weights a folder holds: the same for a copy, another for other weights, cheap."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.core.model_digest import SAMPLE_BYTES, SAMPLES, model_digest

MODEL = Path(__file__).parents[3] / "parity" / "data" / "e"
WEIGHTS = "model.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a tiny checkpoint."""
    return Path(shutil.copytree(MODEL, tmp_path / "model"))


def weights(folder: Path) -> Path:
    """Its first weight file."""
    return sorted(folder.glob("*.safetensors"))[0]


def test_a_copy_elsewhere_is_the_same(folder: Path) -> None:
    assert model_digest(folder).startswith("samples ")
    assert model_digest(folder) == model_digest(MODEL)
    assert str(folder) not in model_digest(folder)


def test_other_weights_are_another(folder: Path) -> None:
    before = model_digest(folder)
    path = weights(folder)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert model_digest(folder) != before


def test_another_configuration_is_another(folder: Path) -> None:
    before = model_digest(folder)
    config = folder / "config.json"
    config.write_text(config.read_text() + " ")
    assert model_digest(folder) != before


def test_the_revision_of_a_snapshot_comes_along(folder: Path) -> None:
    revision = "1f" * 20
    snapshot = folder.rename(folder.with_name(revision))
    assert model_digest(snapshot).startswith(f"revision {revision}, samples ")


def test_a_large_file_is_sampled_not_read(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS
    with path.open("wb") as file:
        file.write((2).to_bytes(8, "little") + b"{}")
        file.truncate(8 * 1024**3)  # no room is taken on the disk
        file.seek(4 * 1024**3)
        file.write(b"x" * 64)
    assert SAMPLES * SAMPLE_BYTES < 1_000_000
    assert model_digest(tmp_path)


@pytest.mark.parametrize("header", [b"", b"\xff" * 8, b"\xff" * 7 + b"\x7f"])
def test_damaged_files_are_hashed_as_they_are(tmp_path: Path, header: bytes) -> None:
    (tmp_path / WEIGHTS).write_bytes(header)
    assert model_digest(tmp_path).startswith("samples ")


def test_nothing_to_read_gives_nothing(tmp_path: Path) -> None:
    assert model_digest(tmp_path) == ""
    assert model_digest(tmp_path / "missing") == ""
    (tmp_path / WEIGHTS).symlink_to(tmp_path / "gone")
    assert model_digest(tmp_path) == ""
