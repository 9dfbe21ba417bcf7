"""For widget tests: a window on a played engine, and a guard against windows left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.conversation import Conversation, Turn
from app.core.store import Store
from app.main import Places, Program, build
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine

MODEL = Path(__file__).parents[1] / "parity" / "data" / "e"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TITLES = ("Operations review", "Supplier contract", "Site walk")


def delete_what_waits() -> None:
    """Runs the deletions that `deleteLater` put off."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Fails a test after which a top-level widget lives on."""
    before = {id(widget) for widget in qapp.topLevelWidgets()}
    yield
    delete_what_waits()
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in before]
    names = [f"{type(widget).__name__} {widget.accessibleName()!r}" for widget in left]
    for widget in left:
        widget.deleteLater()
    delete_what_waits()
    assert not left, f"left behind: {names}"


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light look, without motion."""
    made = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    made.apply(qapp)
    return made


def conversation(number: int) -> Conversation:
    """A question and an answer; the higher the number, the older."""
    title = TITLES[number]
    at = NOON - timedelta(hours=number)
    question = Turn(f"q{number}", None, "user", at, text=f"What about {title.lower()}?")
    answer = Turn(
        f"a{number}", f"q{number}", "model", at, text=f"**Safety** is low in {title}.", model="E4B"
    )
    return Conversation(
        f"c{number}", title, at, at, turns=(question, answer), active_leaf=answer.id
    )


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> HandEngine:
    """The engine of `program`; with an indirect parameter False its models load by hand."""
    return HandEngine(loads_by_itself=getattr(request, "param", True))


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path, engine: HandEngine) -> Iterator[Program]:
    """The whole program with three conversations, its window shown and the first one open."""
    places = Places.under(tmp_path)
    store = Store.open(places.data)
    for number in range(len(TITLES)):
        store.create(conversation(number))
    store.close()
    built = build(places, engine, MODEL)
    built.workbench.preferences.change(
        appearance="light", reduce_motion="on", open_conversation="c0"
    )
    built.start()
    if engine.loads_by_itself:
        qtbot.waitUntil(lambda: built.workbench.models.state == "ready")
    QCoreApplication.processEvents()
    yield built
    built.close()
    delete_what_waits()
