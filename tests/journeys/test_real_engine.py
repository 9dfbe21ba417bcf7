"""A person's way through the view-models with the real engine and a tiny random checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.core.preferences import PreferencesFile
from app.core.store import Store
from app.viewmodels.workbench import Workbench, assemble
from inference import Engine
from tests.fakes.desk import MODEL

PATIENCE_MS = 60_000


@pytest.fixture
def work(tmp_path: Path, qtbot: QtBot) -> Iterator[Workbench]:
    store = Store.open(tmp_path / "data")
    work = assemble(
        store,
        Engine(dtype="float32"),
        PreferencesFile(tmp_path / "preferences.json"),
        bundled=MODEL,
        cache_dir=tmp_path / "cache",
    )
    work.start()
    qtbot.waitUntil(lambda: work.models.state == "ready", timeout=PATIENCE_MS)
    work.chat.change_settings(max_tokens=16, seed=3)
    yield work
    work.close()
    store.close()


def ask(work: Workbench, qtbot: QtBot, text: str) -> None:
    work.composer.set_text(text)
    qtbot.waitUntil(lambda: work.composer.can_send, timeout=PATIENCE_MS)
    work.chat.send()
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=PATIENCE_MS)


def test_ask_about_a_picture_and_go_on(work: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Pillow.new("RGB", (96, 96), "red").save(picture)
    work.composer.add_files([picture])
    ask(work, qtbot, "Which colour?")
    question, answer = work.chat.turns()
    assert answer.error is None
    assert answer.stats
    assert question.receipt is not None
    assert question.receipt.line.startswith("1 image → ")
    assert question.receipt.line.endswith(" · nothing dropped")
    assert work.chat.context.size == 4096
    assert dict(work.chat.context.used)["images"] > 0

    ask(work, qtbot, "And why?")
    again = work.chat.turns()[-1]
    assert again.error is None
    assert "reused)" in again.stats  # the conversation was not read again
    assert work.chat.turns()[2].receipt is not None


def test_stop_continue_edit_and_switch_thinking(work: Workbench, qtbot: QtBot) -> None:
    work.chat.change_settings(max_tokens=2000)
    work.composer.set_text("Tell me a long story.")
    work.chat.send()
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text != "", timeout=PATIENCE_MS)
    work.chat.stop()
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=300)
    stopped = work.chat.turns()[-1]
    assert stopped.state == "stopped"
    work.chat.change_settings(max_tokens=16)
    work.chat.continue_answer(stopped.id)
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=PATIENCE_MS)
    longer = work.chat.turns()[-1]
    assert longer.id == stopped.id
    assert longer.error is None
    assert longer.text.startswith(stopped.text)

    work.chat.set_thinking(True)
    work.chat.set_thinking_budget(8)
    work.chat.edit(work.chat.turns()[0].id, "Tell me a short one.")
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=PATIENCE_MS)
    assert work.chat.turns()[-1].error is None
    assert work.chat.turns()[0].version_count == 2
