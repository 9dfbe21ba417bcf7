"""A workbench for each test, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.viewmodels.workbench import Workbench
from tests.fakes.desk import Bench


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    """Nothing is open yet."""
    del qtbot  # only for its application
    bench = Bench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def work(bench: Bench, qtbot: QtBot) -> Workbench:
    """Open, with a model that is ready."""
    work = bench.open()
    qtbot.waitUntil(lambda: work.models.state == "ready")
    return work
