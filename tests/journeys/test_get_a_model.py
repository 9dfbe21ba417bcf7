"""A first start: pick a size, have it downloaded from a hub, use it, ask it a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Places, Program, build
from app.viewmodels.model_values import CopyView
from app.viewmodels.real_hub import real_hub
from app.widgets.theme import Theme
from inference import Downloads, Engine
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository
from tests.fakes.shop import MAC
from tests.widgets.conftest import MODEL, delete_what_waits

PATIENCE_MS = 60_000
KEY = "e2b-4bit"


def served() -> Repository:
    """A tiny random checkpoint under the name that the catalogue fetches E2B from."""
    files = {path.name: path.read_bytes() for path in MODEL.iterdir() if path.is_file()}
    files.pop("config.per_layer.json", None)
    return Repository(files)


@dataclass
class Start:
    """A program on a fresh folder and a hub."""

    program: Program
    hub: FakeHub
    cache: Path

    @property
    def copy(self) -> CopyView:
        assert self.program.models is not None
        copy = self.program.models.catalogue.copy(KEY)
        assert copy is not None
        return copy


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    cache = tmp_path / "cache"
    with FakeHub(served()) as hub:
        downloads = Downloads(cache, endpoint=hub.endpoint, environment={})
        built = build(
            Places.under(tmp_path / "facet"),
            Engine(dtype="float32"),
            MODEL,
            theme=theme,
            hub=real_hub(downloads, lambda: MAC),
        )
        built.workbench.preferences.change(appearance="light", reduce_motion="on")
        built.start()
        qtbot.waitUntil(lambda: built.workbench.models.state == "ready", timeout=PATIENCE_MS)
        yield Start(built, hub, cache)
        built.close()
        delete_what_waits()


def test_from_the_first_run_to_an_answer(start: Start, qtbot: QtBot) -> None:
    program = start.program
    assert program.models is not None
    place = program.window.models_place
    assert place is not None
    overlay = place.first_run
    assert overlay is not None
    assert overlay.isVisible()
    overlay.next.click()
    program.models.first_run.choose(KEY)
    overlay.refresh()
    overlay.next.click()  # Download E2B
    overlay.refresh()
    overlay.next.click()  # Use Facet meanwhile
    assert not overlay.isVisible()

    models = program.workbench.models
    qtbot.waitUntil(lambda: models.key == KEY and models.state == "ready", timeout=PATIENCE_MS)
    assert models.folder is not None
    assert models.folder.is_relative_to(start.cache)  # used where it lies
    qtbot.waitUntil(lambda: start.copy.state == "in_use", timeout=PATIENCE_MS)
    assert (models.folder / "model.safetensors").read_bytes() == (
        MODEL / "model.safetensors"
    ).read_bytes()

    work = program.workbench
    work.chat.change_settings(max_tokens=8, seed=3)
    work.composer.set_text("Are you there?")
    qtbot.waitUntil(lambda: work.composer.can_send, timeout=PATIENCE_MS)
    work.chat.send()
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=PATIENCE_MS)
    answer = work.chat.turns()[-1]
    assert answer.error is None
    assert answer.model == "Gemma 4 E2B"
