"""A workbench for each test, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.viewmodels.figures import FiguresViewModel
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.workbench import Workbench
from tests.fakes.desk import MODEL, Bench
from tests.fakes.shelf import Shelf
from tests.unit.app.viewmodels.figure_desk import Desktop


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


@pytest.fixture
def desktop(work: Workbench, bench: Bench, qtbot: QtBot, tmp_path: Path) -> Iterator[Desktop]:
    """Figures of a conversation with one picture."""
    # Another folder than the bundled one: the demonstration model is asked in another way.
    folder = tmp_path / "gemma"
    folder.symlink_to(MODEL)
    work.models.add_folder(folder)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    side = SideRequests(work.bridge, work.answers, work.models)
    shelf = Shelf(
        abc=np.arange(400 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(200, 400, 3)
    )
    figures = FiguresViewModel(
        work.desk, work.answers, side, work.models, shelf, work.chat, work.materials, bench.clock
    )
    yield Desktop(bench, work, shelf, side, figures, qtbot)
    figures.close()
    side.close()
