"""Models on the disk: found where they lie, told complete or not, checked and removed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from inference.errors import HubError
from inference.hub.cache import cache_folder, is_repo, is_safe_path
from inference.hub.catalogue import CATALOGUE, entry, entry_of_repo
from inference.hub.found import find_model, find_models, remove_model
from inference.hub.token import checked_token, find_token, redacted
from inference.hub.verify import verify_model
from tests.fakes.hub.fetching import fetched
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, sharded


@pytest.fixture
def repository() -> Repository:
    return sharded()


@pytest.fixture
def folder(repository: Repository, tmp_path: Path) -> Path:
    with FakeHub(repository) as hub:
        folder = fetched(hub, tmp_path / "cache", repository).progress().folder
    assert folder is not None
    return folder


def test_a_cached_model_is_found_in_place(folder: Path, tmp_path: Path) -> None:
    (found,) = find_models((), tmp_path / "cache")
    assert (found.folder, found.key, found.is_complete) == (folder, "e2b-4bit", True)
    assert found.size_bytes == 606_000
    assert find_model("E2B-4bit", tmp_path / "cache") == found


def test_a_chosen_folder_is_searched_and_a_gap_is_said(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mine" / "gemma"
    copy.mkdir(parents=True)
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (found,) = find_models([tmp_path / "mine"], tmp_path / "nowhere")
    assert (found.origin, found.is_complete) == ("folder", True)
    (copy / "model-00002-of-00003.safetensors").unlink()
    (found,) = find_models([tmp_path / "mine"], tmp_path / "nowhere")
    assert not found.is_complete
    assert "model-00002" in found.problem
    with pytest.raises(HubError, match="folder of yours"):
        remove_model(found, tmp_path / "cache")


def test_a_damaged_and_a_missing_file_are_named(folder: Path) -> None:
    assert verify_model(folder).message.endswith("as it was published.")
    shard = (folder / "model-00001-of-00003.safetensors").resolve()
    shard.write_bytes(b"x" + shard.read_bytes()[1:])
    (folder / "model-00002-of-00003.safetensors").resolve().unlink()
    report = verify_model(folder)
    assert [file.state for file in report.bad] == ["damaged", "missing"]
    assert verify_model(folder, is_cancelled=lambda: True).was_cancelled


def test_removing_frees_everything(folder: Path, tmp_path: Path) -> None:
    (found,) = find_models((), tmp_path / "cache")
    assert remove_model(found, tmp_path / "cache") > 600_000
    assert not folder.exists()
    assert not find_models((), tmp_path / "cache")


def test_the_catalogue_has_every_size_once_in_each_form() -> None:
    assert len({one.key for one in CATALOGUE}) == len({one.repo for one in CATALOGUE}) == 28
    assert entry("31b-4bit").hears is False
    assert entry("e4b-8bit").hears
    known = entry_of_repo("MLX-Community/gemma-4-E2B-it-bf16")
    assert known is not None
    assert known.key == "e2b-bf16"
    assert all(is_repo(one.repo) and one.download_bytes > 1e8 for one in CATALOGUE)


def test_the_cache_is_where_huggingface_hub_has_it(tmp_path: Path) -> None:
    assert cache_folder({"HF_HUB_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"HF_HOME": str(tmp_path)}) == tmp_path / "hub"
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "huggingface" / "hub"


@pytest.mark.parametrize("path", ["", "/a", "a//b", "../a", "a/..", "a\\b", "a\0b", "x" * 300])
def test_names_that_leave_the_folder_are_unsafe(path: str) -> None:
    assert not is_safe_path(path)


def test_tokens_are_taken_from_the_environment_first_and_never_shown() -> None:
    class Tokens:
        def get(self) -> str | None:
            return "hf_keychain00"

        def set(self, token: str) -> None:
            del token

        def remove(self) -> None:
            return

    assert find_token(Tokens(), {"HF_TOKEN": " hf_environment "}) == "hf_environment"
    assert find_token(Tokens(), {}) == "hf_keychain00"
    assert checked_token(" hf_abcdefgh\n") == "hf_abcdefgh"
    with pytest.raises(HubError, match="no access token"):
        checked_token("two words")
    told = redacted("Authorization: Bearer hf_abcdefgh at https://x.org/a?X-Amz-Signature=abc&b=1")
    assert "abc" not in told
    assert told.endswith("&b=1")


OFFLINE = """
import sys
from pathlib import Path
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from inference import Downloads, catalogue_entry, find_models
cache = Path(sys.argv[1])
shop = Downloads(cache, environment={"HF_HUB_OFFLINE": "1"})
progress = shop.start(catalogue_entry("e2b-4bit")).wait()
shop.leftovers(), find_models((), cache)
print(progress.reason, seen)
"""


def test_offline_opens_no_socket(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path)], check=True, capture_output=True, text=True
    ).stdout
    assert told.strip() == "offline []"
