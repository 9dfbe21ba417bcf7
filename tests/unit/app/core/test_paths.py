"""The four folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import paths


def test_one_variable_moves_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    found = {paths.data_dir(), paths.config_dir(), paths.cache_dir(), paths.logs_dir()}
    assert len(found) == 4
    assert {each.parent for each in found} == {tmp_path}


def test_otherwise_they_are_the_platforms(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE, raising=False)
    for folder in (paths.data_dir(), paths.config_dir(), paths.cache_dir(), paths.logs_dir()):
        assert home in folder.parents
        assert "Facet" in folder.parts
