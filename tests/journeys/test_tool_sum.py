"""The sum of a column through a tool, allowed by the person, with the bundled model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.core.bundled import bundled_model
from app.main import Places, Program, build
from app.widgets.theme import Theme
from inference import Engine
from tests.widgets.conftest import delete_what_waits

SALES = "Month,Total\nJan,120\nFeb,148\nMar,190\n"
PATIENCE_MS = 120_000


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """The program with the demonstration model, loaded."""
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    places = Places.under(tmp_path / "facet")
    built = build(places, Engine(dtype="float32"), bundled_model(), theme=theme)
    built.start()
    qtbot.waitUntil(lambda: built.workbench.models.state == "ready", timeout=PATIENCE_MS)
    yield built
    built.close()
    delete_what_waits()


def test_the_sum_of_a_column(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    work = program.workbench
    work.chat.change_settings(temperature=0.0, tools=("sum_column",))
    table = tmp_path / "sales.csv"
    table.write_text(SALES)
    work.composer.add_files([table])
    qtbot.waitUntil(lambda: work.composer.attachments()[0].state == "ready", timeout=PATIENCE_MS)
    work.composer.set_text("What is the sum of the column Total?")
    work.chat.send()
    qtbot.waitUntil(lambda: bool(work.chat.turns()[-1].tools), timeout=PATIENCE_MS)
    assert work.chat.turns()[-1].tools[0].state == "waiting"
    qtbot.waitUntil(lambda: button(program, "Once") is not None)
    allow = button(program, "Once")
    assert allow is not None
    qtbot.mouseClick(allow, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=PATIENCE_MS)
    answer = work.chat.turns()[-1]
    assert (answer.tools[0].state, answer.tools[0].result) == ("done", "458")
    assert "458" in answer.text
    assert "allowed once by the user" in answer.tools[0].audit


def button(program: Program, text: str) -> QAbstractButton | None:
    """The button on the card of a call."""
    shown = program.window.pane.transcript.findChildren(QAbstractButton)
    return next((each for each in shown if each.text() == text and each.isVisible()), None)
