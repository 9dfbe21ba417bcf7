"""`facet models quantize`: its arguments, what it says and prints, and what it leaves."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from app.cli.arguments import Parser
from app.cli.console import Console
from app.cli.quantize import quantize
from app.cli.quantize_arguments import (
    RECIPE_KEYS,
    USUAL_RECIPE,
    QuantizeOptions,
    add_quantize,
    quantize_options,
)
from inference import RECIPES
from inference import USUAL_RECIPE as USUAL
from tests.fakes.folders import draft


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draft("e").write(tmp_path_factory.mktemp("models") / "small")


def parsed(*words: str) -> QuantizeOptions:
    parser = Parser(prog="facet models")
    command = add_quantize(parser.add_subparsers(dest="what"))
    return quantize_options(command, parser.parse_args(["quantize", *words]))


def run(options: QuantizeOptions) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = quantize(options, Console(out, err, {}))
    return code, out.getvalue(), err.getvalue()


def test_arguments() -> None:
    plain = parsed("a", "b")
    assert plain == QuantizeOptions(Path("a"), Path("b"), "4bit")
    full = parsed(
        *("a", "b", "--recipe", "mixed-4-6", "--group-size", "32", "--table-bits", "4", "--json")
    )
    assert full == QuantizeOptions(Path("a"), Path("b"), "mixed-4-6", 32, 4, json=True)
    assert parsed("a", "--sizes").target is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["a"], "TARGET is missing"),
        (["a", "b", "--sizes"], "takes no TARGET"),
        (["a", "b", "--recipe", "2bit"], "invalid choice: '2bit'"),
        (["a", "b", "--group-size", "16"], "invalid choice: 16"),
        ([], "SOURCE"),
    ],
)
def test_wrong_arguments(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed(*words)
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_the_keys_are_those_of_the_engine() -> None:
    assert tuple(RECIPES) == RECIPE_KEYS
    assert USUAL_RECIPE == USUAL


def test_writes_the_folder_and_prints_where(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "new"
    code, out, err = run(QuantizeOptions(source, target))
    assert (code, out) == (0, f"{target}\n")
    assert [line for line in err.splitlines() if "…" in line] == [
        "Checking the model…",
        "Quantising…",
        "Checking what was written…",
    ]
    assert "Written and checked: 0.4 MB." in err
    assert (target / "config.json").is_file()


def test_settings_reach_the_recipe(source: Path, tmp_path: Path) -> None:
    run(QuantizeOptions(source, tmp_path / "new", "8bit", group_size=32, table_bits=4))
    packing = json.loads((tmp_path / "new" / "config.json").read_text())["quantization"]
    assert (packing["bits"], packing["group_size"]) == (8, 32)
    table = packing["language_model.model.embed_tokens_per_layer"]
    assert table == {"bits": 4, "group_size": 32}


def test_json_for_programs(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "new"
    code, out, _ = run(QuantizeOptions(source, target, json=True))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [lines[0]["event"], lines[-1]["event"]] == ["checking", "done"]
    size = sum(path.stat().st_size for path in target.iterdir())
    assert lines[-1] == {"event": "done", "folder": str(target), "bytes": size}
    done = [line["done"] for line in lines[:-1]]
    assert done == sorted(done)
    assert len(lines) < 110


def test_sizes_only(source: Path, tmp_path: Path) -> None:
    code, out, _ = run(QuantizeOptions(source, None, json=True))
    assert code == 0
    sizes = {line["recipe"]: line["bytes"] for line in map(json.loads, out.splitlines())}
    assert tuple(sizes) == RECIPE_KEYS
    assert sizes["3bit"] < sizes["4bit"] < sizes["8bit"]
    _, out, _ = run(QuantizeOptions(source, None))
    assert [line.split()[0] for line in out.splitlines()] == list(RECIPE_KEYS)
    assert not list(tmp_path.iterdir())


def test_failures_are_one_sentence(source: Path, tmp_path: Path) -> None:
    code, out, err = run(QuantizeOptions(tmp_path / "no\x1b[2Jmodel", tmp_path / "new"))
    assert (code, out) == (2, "")
    assert "There is no model folder" in err
    assert "\x1b" not in err
    (tmp_path / "new").mkdir()
    code, out, err = run(QuantizeOptions(source, tmp_path / "new"))
    assert (code, out) == (2, "")
    assert "already" in err
