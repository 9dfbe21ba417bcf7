"""The whole program on a played engine, and somebody in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Places, Program, build
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine
from tests.journeys.person import Person
from tests.widgets.conftest import MODEL, delete_what_waits


@pytest.fixture
def engine() -> HandEngine:
    return HandEngine()


@pytest.fixture
def program(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, engine: HandEngine
) -> Iterator[Program]:
    """A first start: no conversation yet, the model loads."""
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    built = build(Places.under(tmp_path / "facet"), engine, MODEL, theme=theme)
    built.workbench.preferences.change(appearance="light", reduce_motion="on")
    built.start()
    qtbot.waitUntil(lambda: built.workbench.models.state == "ready")
    yield built
    built.close()
    delete_what_waits()


@pytest.fixture
def person(qtbot: QtBot, program: Program, engine: HandEngine) -> Person:
    return Person(qtbot, program, engine)
