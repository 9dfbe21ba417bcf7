"""`facet models`: list, download from a hub on loopback, verify, remove."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.arguments import Parser
from app.cli.commands import parse_arguments
from app.cli.console import Console
from app.cli.models import Surroundings, models
from app.cli.models_arguments import (
    DownloadOptions,
    ListOptions,
    ModelsOptions,
    RemoveOptions,
    VerifyOptions,
    add_models,
)
from app.cli.quantize_arguments import QuantizeOptions
from inference import CATALOGUE, Downloads, find_models
from tests.fakes.folders import draft
from tests.fakes.hub.fetching import downloads
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, sharded
from tests.fakes.shop import MAC

KEY = "e2b-4bit"
Ran = tuple[int, str, str]


class Shell:
    """Runs commands against one cache and perhaps a hub; what a person answers is `typed`."""

    def __init__(self, cache: Path, make: Callable[[], Downloads]) -> None:
        self.cache = cache
        self._make = make

    def __call__(self, options: ModelsOptions, typed: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        around = Surroundings(
            Console(out, err, {}), io.StringIO(typed), lambda: MAC, self._make, self.cache
        )
        return models(options, around), out.getvalue(), err.getvalue()


def nothing() -> Downloads:
    raise AssertionError("nothing is downloaded here")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "hub"
    folder.mkdir()
    return folder


@pytest.fixture
def repository() -> Repository:
    return sharded()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["list"], ListOptions()),
        (["list", "--folder", "a", "--folder", "b", "--json"], ListOptions(
            (Path("a"), Path("b")), json=True
        )),
        (["download", KEY], DownloadOptions(KEY)),
        (["verify", KEY, "--json"], VerifyOptions(KEY, json=True)),
        (["remove", KEY, "--yes"], RemoveOptions(KEY, is_sure=True)),
        (["quantize", "a", "b"], QuantizeOptions(Path("a"), Path("b"))),
    ],
)  # fmt: skip
def test_arguments(words: list[str], wanted: ModelsOptions) -> None:
    assert parse_arguments(["models", *words]) == wanted


@pytest.mark.parametrize(
    ("words", "says"),
    [([], "A command is missing"), (["fetch"], "invalid choice"), (["download"], "MODEL")],
)
def test_wrong_arguments(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(["models", *words])
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_every_help_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="facet")
    names = add_models(parser.add_subparsers()).commands
    for name in names:
        with pytest.raises(SystemExit) as caught:
            parse_arguments(["models", name, "--help"])
        assert caught.value.code == 0
        assert f"facet models {name}" in capsys.readouterr().out


def test_the_list_has_the_catalogue_and_what_is_here(cache: Path, tmp_path: Path) -> None:
    own = draft().write(tmp_path / "mine" / "my own\x1b[2J")
    code, out, _ = Shell(cache, nothing)(ListOptions((tmp_path / "mine",)))
    lines = out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[:-1]] == [entry.key for entry in CATALOGUE]
    assert "sees, hears" in lines[0]
    assert "fits" in lines[0]
    assert lines[-1].startswith("my own")
    assert "\x1b" not in out
    _, out, _ = Shell(cache, nothing)(ListOptions((tmp_path / "mine",), json=True))
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows[0]["model"] == KEY
    assert rows[0]["folder"] is None
    assert rows[-1]["folder"] == str(own)


def test_downloaded_listed_verified_and_removed(cache: Path, repository: Repository) -> None:
    with FakeHub(repository) as hub:
        shell = Shell(cache, lambda: downloads(hub, cache))
        code, out, err = shell(DownloadOptions(KEY))
    assert code == 0, err
    (model,) = find_models((), cache)
    assert out == f"{model.folder}\n"
    assert "every byte checked" in err
    shell = Shell(cache, nothing)
    assert shell(ListOptions())[1].splitlines()[0].endswith("here")
    code, out, _ = shell(VerifyOptions(KEY))
    assert (code, "every byte is as it was published" in out) == (0, True)
    code, out, err = shell(RemoveOptions(KEY), "n\n")
    assert (code, "Nothing was deleted" in err) == (0, True)
    assert model.folder.exists()
    code, out, err = shell(RemoveOptions(KEY), "y\n")
    assert (code, "are free again" in err) == (0, True)
    assert not model.folder.exists()
    assert shell(RemoveOptions(KEY, is_sure=True))[0] == 2


def test_json_of_a_download_ends_with_done(cache: Path, repository: Repository) -> None:
    with FakeHub(repository) as hub:
        _, out, _ = Shell(cache, lambda: downloads(hub, cache))(DownloadOptions(KEY, json=True))
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[-1]["event"] == "done"
    assert lines[-1]["bytes"] == sum(file.stat().st_size for file in _files(lines[-1]["folder"]))


def _files(folder: str) -> list[Path]:
    return [path.resolve() for path in Path(folder).iterdir()]


def test_a_damaged_file_is_named(cache: Path, repository: Repository) -> None:
    with FakeHub(repository) as hub:
        Shell(cache, lambda: downloads(hub, cache))(DownloadOptions(KEY))
    (model,) = find_models((), cache)
    shard = (model.folder / "model-00002-of-00003.safetensors").resolve()
    shard.chmod(0o644)
    shard.write_bytes(bytes(shard.stat().st_size))
    code, out, _ = Shell(cache, nothing)(VerifyOptions(KEY))
    assert code == 2
    assert "Damaged: model-00002-of-00003.safetensors" in out
    _, out, _ = Shell(cache, nothing)(VerifyOptions(KEY, json=True))
    states = {line["file"]: line["state"] for line in map(json.loads, out.splitlines())}
    assert states["model-00002-of-00003.safetensors"] == "damaged"
    assert states["config.json"] == "intact"


def test_a_hub_that_refuses_is_one_sentence(cache: Path) -> None:
    with FakeHub() as hub:
        code, out, err = Shell(cache, lambda: downloads(hub, cache))(DownloadOptions(KEY))
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].endswith(".")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "options", [DownloadOptions("no\x1b"), VerifyOptions("nobody/nothing"), RemoveOptions("x")]
)
def test_unknown_models(options: ModelsOptions, cache: Path) -> None:
    code, out, err = Shell(cache, nothing)(options)
    assert (code, out) == (2, "")
    assert "no model called" in err or "not know a model" in err
    assert "\x1b" not in err


def test_a_folder_of_ones_own_is_verified_by_its_form(cache: Path, tmp_path: Path) -> None:
    own = draft().write(tmp_path / "mine")
    code, out, _ = Shell(cache, nothing)(VerifyOptions(str(own)))
    assert code == 0
    assert "well formed" in out


def test_quantising_is_a_command_among_them(cache: Path, tmp_path: Path) -> None:
    source = draft().write(tmp_path / "mine")
    code, out, _ = Shell(cache, nothing)(QuantizeOptions(source, tmp_path / "new"))
    assert (code, out) == (0, f"{tmp_path / 'new'}\n")
