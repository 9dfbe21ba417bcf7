"""Every entry of every JSON file, set to every odd value: accepted or refused, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from inference.checkpoint import check_tokenizer, read_config, read_drafter_config
from inference.checkpoint.config import read_generation
from inference.checkpoint.quantization import read_quantization
from inference.errors import CheckpointError
from tests.fakes.folder_settings import drafter_config, generation_config, model_config
from tests.fakes.folders import tokenizer_json

Json = dict[str, Any]
MOST_KEYS = 40  # of a table; enough for a configuration

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 2**31, 2**64, 10**400, -(10**400)),
    *(0.0, 0.5, -1.5, 1e308, 5e-324, "", "a", "\ud800", "x" * 1000, "affine"),
    *([], [0], [None], ["a"], [[]], [1, 2, 3], {}, {"0": {}}, {"a": 1}, {"bits": 3}, {"": None}),
)


def odd_versions(raw: Json) -> Iterator[Json]:
    """`raw` with one entry changed, for each entry that is not part of a long table."""
    for path in paths(raw, ()):
        for value in ODD:
            version = deepcopy(raw)
            node: Any = version
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = deepcopy(value)
            yield version


def paths(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(node, dict):
        for key in list(node)[: MOST_KEYS if len(node) < 100 else 2]:
            yield from paths(node[key], (*path, key))
    elif isinstance(node, list):  # of equals
        for index in range(min(1, len(node))):
            yield from paths(node[index], (*path, index))


def refusals(read: Callable[[Json], object], raw: Json) -> tuple[int, int]:
    """How many of the odd versions are refused, and of how many."""
    read(deepcopy(raw))
    refused = total = 0
    for version in odd_versions(raw):
        total += 1
        try:
            read(version)
        except CheckpointError as error:
            text = str(error)
            assert text.isprintable(), text
            assert len(text) < 600, text
            refused += 1
    return refused, total


@pytest.mark.parametrize("family", ["e", "moe"])
def test_model_config(family: Any) -> None:
    refused, total = refusals(read_config, model_config(family))
    assert total > 1500
    assert 0.6 < refused / total < 0.95


def test_drafter_config() -> None:
    refused, total = refusals(read_drafter_config, drafter_config())
    assert 0.5 < refused / total < 0.95


def test_generation_config() -> None:
    refused, total = refusals(lambda raw: read_generation(raw, 384), generation_config())
    assert 0.5 < refused / total < 0.95


def test_quantization() -> None:
    config = read_config(model_config())
    stated = {"group_size": 64, "bits": 4, "mode": "affine", "a.b": {"group_size": 32, "bits": 8}}
    refused, total = refusals(lambda raw: read_quantization(raw, config), {"quantization": stated})
    assert 0.5 < refused / total < 0.95


def test_tokenizer(tmp_path: Path) -> None:
    config, path = read_config(model_config()), tmp_path / "tokenizer.json"

    def read(raw: Json) -> None:
        path.write_text(json.dumps(raw), encoding="utf-8")
        check_tokenizer(path, config)

    refused, total = refusals(read, tokenizer_json())
    assert total > 800
    assert 0.9 < refused / total < 1
