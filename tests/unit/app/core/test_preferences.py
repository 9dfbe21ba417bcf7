"""Preferences survive a restart; a file that cannot be used is set aside, not overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.conversation import Settings
from app.core.preferences import Preferences, PreferencesFile

CHANGED = Preferences(
    text_px=15,
    appearance="dark",
    model_folders=("/models/one", "/models/é"),
    settings=Settings(system_prompt="Be brief.", seed=7),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "preferences.json"


def test_without_a_file_the_defaults_apply(path: Path) -> None:
    file = PreferencesFile(path)
    assert file.load() == Preferences()
    assert file.notice is None
    assert not path.exists()


def test_what_is_saved_is_loaded(path: Path) -> None:
    PreferencesFile(path).save(CHANGED)
    assert PreferencesFile(path).load() == CHANGED
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '{"text_px": ' + "[" * 9999])
def test_a_damaged_file_is_set_aside(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    file = PreferencesFile(path)
    assert file.load() == Preferences()
    assert file.notice is not None
    assert "preferences.damaged.json" in file.notice.why
    assert path.with_name("preferences.damaged.json").read_text() == text


def test_one_bad_value_costs_no_other(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        json.dumps({"text_px": "big", "appearance": "pink", "model_key": "e4b", "x": 1})
    )
    assert PreferencesFile(path).load() == Preferences(model_key="e4b")


@pytest.mark.parametrize(("given", "used"), [(1, 11), (99, 28), (16, 16)])
def test_the_text_stays_readable(path: Path, given: int, used: int) -> None:
    PreferencesFile(path).save(Preferences(text_px=given))
    assert PreferencesFile(path).load().text_px == used


def test_a_folder_in_the_files_place_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    file = PreferencesFile(path)
    assert file.load() == Preferences()
    assert file.notice is not None
    with pytest.raises(OSError, match="directory"):
        file.save(CHANGED)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
