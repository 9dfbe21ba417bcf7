"""Every crafted folder is refused by the converter too, before a byte or a folder is written.

A quantiser that trusts a header copies whatever lies behind the file into the new model.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.checkpoint.convert import RECIPES, convert, predict
from inference.checkpoint.convert.target import partial_of
from inference.errors import CheckpointError
from tests.unit.inference.checkpoint.bad.case import Bad, Base
from tests.unit.inference.checkpoint.test_bad_folders import (
    CASES,
    DRAFTS,
    assert_readable,
    copy_of,
    snapshot,
)


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[Base, Path]:
    root = tmp_path_factory.mktemp("valid")
    return {base: made().write(root / base) for base, made in DRAFTS.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.base}: {case.name}")
def test_refused_and_no_output(case: Bad, valid: dict[Base, Path], tmp_path: Path) -> None:
    source = copy_of(valid[case.base], tmp_path / "source")
    case.spoil(source)
    before = snapshot(source)
    target = tmp_path / "new"
    for attempt in (
        lambda: predict(source, RECIPES["4bit"]),
        lambda: convert(source, target, RECIPES["4bit"]),
    ):
        with pytest.raises(CheckpointError) as caught:
            attempt()
        assert_readable(caught.value)
    assert snapshot(source) == before
    assert not {target, partial_of(target)} & set(tmp_path.iterdir())


@pytest.mark.parametrize("base", ["packed", "drafter"])
def test_sound_folders_that_cannot_be_quantised(
    base: Base, valid: dict[Base, Path], tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError) as caught:
        convert(valid[base], tmp_path / "new", RECIPES["4bit"])
    assert_readable(caught.value)
    assert not list(tmp_path.iterdir())


def test_the_other_folders_convert(valid: dict[Base, Path], tmp_path: Path) -> None:
    """So that the cases above are refused for what is wrong with them."""
    for base in ("dense", "e", "moe", "text_only", "sharded", "community"):
        assert convert(valid[base], tmp_path / base, RECIPES["4bit"]).is_dir()
