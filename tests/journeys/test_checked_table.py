"""A chart becomes a checked table and two files, in the window, with the bundled model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.bundled import bundled_model
from app.main import Places, Program, build
from app.widgets.grid.panel import FigurePanel
from app.widgets.theme import Theme
from inference import Engine
from tests.widgets.conftest import delete_what_waits

CHART = Path(__file__).parents[2] / "assets" / "examples" / "chart.png"
PRINTED = {"Mon": "240", "Tue": "315", "Wed": "287", "Thu": "402", "Fri": "368"}
PATIENCE_MS = 120_000


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """The program with the demonstration model, loaded."""
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    places = Places.under(tmp_path / "facet")
    built = build(places, Engine(dtype="float32"), bundled_model(), theme=theme)
    built.workbench.preferences.change(appearance="light", reduce_motion="on")
    built.start()
    qtbot.waitUntil(lambda: built.workbench.models.state == "ready", timeout=PATIENCE_MS)
    yield built
    built.close()
    delete_what_waits()


def test_from_a_picture_to_a_checked_table_to_files(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    work, figures = program.workbench, program.panes.figures
    work.library.show_pane("image")
    work.materials.add_files([CHART])
    qtbot.waitUntil(lambda: work.materials.current is not None, timeout=PATIENCE_MS)
    work.chat.change_settings(temperature=0.0)
    assert program.panes.image.run_task("dashboard")
    qtbot.waitUntil(lambda: figures.table is not None, timeout=PATIENCE_MS)
    panel = program.window.findChild(FigurePanel)
    assert panel is not None
    assert panel.isVisible(), "the table is shown by itself"
    qtbot.waitUntil(lambda: not figures.is_checking, timeout=PATIENCE_MS)
    assert figures.table is not None
    assert {f.label: f.value for f in figures.table.figures} == PRINTED
    assert [f.state for f in figures.table.figures] == ["confirmed"] * 5
    for figure in figures.table.figures:
        assert figure.second is not None
        assert figure.second.question == "Give me the values as JSON."
        assert figure.second.crop is None, "this model knows no places"
        assert figure.second.receipt is not None
        assert any(item.kind == "image" for item in figure.second.receipt.items)
    assert figures.summary == "5 confirmed"
    assert figures.boxes == ()
    rows = {row.label: (row.value, row.word) for row in figures.rows()}
    assert rows["Sum"] == ("1,612", "Computed")
    assert len(work.chat.turns()) == 2, "second readings are no turns"

    panel.save_to(tmp_path / "figures.csv", "csv")
    panel.save_to(tmp_path / "figures.xlsx", "xlsx")
    text = (tmp_path / "figures.csv").read_text(encoding="utf-8-sig")
    written = {row["Figure"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {name: written[name]["Value"] for name in PRINTED} == PRINTED
    assert written["Thu"]["Check"] == "Confirmed"
    sheet = load_workbook(tmp_path / "figures.xlsx")["Figures"]
    assert [sheet.cell(at, 3).value for at in range(2, 7)] == [int(v) for v in PRINTED.values()]
