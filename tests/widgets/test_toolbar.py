"""Model pill, model picker, thinking switch, stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.main import Program
from app.viewmodels.values import ModelChoice
from app.widgets.controls import Button, Label
from app.widgets.model_picker import ModelRow, describe
from inference import Loading
from tests.fakes.hand_engine import HandEngine


def choices(program: Program) -> list[str]:
    return [row.accessibleName() for row in program.window.model_picker.findChildren(ModelRow)
            if row.isVisibleTo(program.window.model_picker)]  # fmt: skip


@pytest.mark.parametrize("engine", [False], indirect=True)
def test_the_pill_tells_how_loading_goes(
    qtbot: QtBot, program: Program, engine: HandEngine
) -> None:
    pill, models = program.window.toolbar.model, program.workbench.models
    assert models.state == "loading"
    assert "loading" in pill.accessibleName()
    before = pill.grab().toImage()
    engine.loads[-1].say(Loading("e", 0.6))
    qtbot.waitUntil(lambda: models.fraction == 0.6)
    assert pill.grab().toImage() != before
    engine.loads[-1].say(Loading("e", 1.0))
    qtbot.waitUntil(lambda: models.state == "ready")
    assert "ready" in pill.accessibleName()


@pytest.mark.parametrize("engine", [False], indirect=True)
def test_a_failed_load_says_why_in_the_picker(
    qtbot: QtBot, program: Program, engine: HandEngine
) -> None:
    models = program.workbench.models
    engine.loads[-1].fail("The file model.safetensors is damaged. Copy it again.")
    qtbot.waitUntil(lambda: models.state == "failed")
    assert "could not be loaded" in program.window.toolbar.model.accessibleName()
    program.window.commands.action("model").trigger()
    labels = program.window.model_picker.findChildren(Label)
    assert any("damaged" in label.text() for label in labels if label.isVisible())


def test_the_picker_lists_the_demonstration_model_and_added_folders(
    program: Program, tmp_path: Path
) -> None:
    program.workbench.preferences.change(model_folders=(str(tmp_path / "gemma-4-E4B-it-4bit"),))
    program.window.commands.action("model").trigger()
    assert len(choices(program)) == 2
    assert choices(program)[0].startswith("Demonstration model")
    assert "in use" in choices(program)[0]
    QTest.keyClick(program.window.focusWidget(), Qt.Key.Key_Escape)
    assert program.window.model_picker.isHidden()


def test_an_added_folder_can_be_taken_off_the_list(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folder = str(tmp_path / "gemma-4-E4B-it-4bit")
    program.workbench.preferences.change(model_folders=(folder,))
    program.window.commands.action("model").trigger()
    names = {
        button.accessibleName(): button
        for button in program.window.model_picker.findChildren(QAbstractButton)
    }
    remove = next(button for name, button in names.items() if "off the list" in name)
    remove.click()
    qtbot.waitUntil(lambda: program.workbench.preferences.value.model_folders == ())
    qtbot.waitUntil(lambda: len(choices(program)) == 1)


def test_down_walks_and_return_chooses(program: Program, tmp_path: Path) -> None:
    program.workbench.preferences.change(model_folders=(str(tmp_path / "other"),))
    program.window.commands.action("model").trigger()
    QTest.keyClick(program.window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(program.window.focusWidget(), Qt.Key.Key_Return)
    assert program.window.model_picker.isHidden()
    current = program.workbench.models.current
    assert current is not None
    assert current.key.endswith("other")


def test_a_model_is_described_by_its_senses_and_size() -> None:
    assert describe(ModelChoice("k", "E4B", "4-bit", size_bytes=5_200_000_000)) == (
        "Sees and hears · 5.2 GB"
    )
    deaf = ModelChoice("k", "26B", "4-bit", note="Slow here", hears=False, size_bytes=16_000_000)
    assert describe(deaf) == "Sees · 16 MB"


def test_thinking_is_switched_and_limited(program: Program) -> None:
    pill, chat = program.window.toolbar.thinking, program.workbench.chat
    assert pill.budget.text() == "off"
    QTest.mouseClick(pill.switch, Qt.MouseButton.LeftButton)
    assert chat.settings.thinking
    assert pill.budget.text() == "no limit"
    menu = pill.menu()
    entry = next(action for action in menu.actions() if action.text() == "On, up to 1,024 tokens")
    entry.trigger()
    assert chat.settings.thinking_budget == 1024
    assert pill.budget.text() == "1,024"
    assert checked(pill.menu().actions()) == ["On, up to 1,024 tokens"]
    program.window.commands.action("thinking").trigger()
    assert not chat.settings.thinking
    assert pill.budget.text() == "off"
    assert not pill.switch.isChecked()


def checked(actions: list[QAction]) -> list[str]:
    return [action.text() for action in actions if action.isChecked()]


def test_a_budget_chosen_while_off_switches_thinking_on(program: Program) -> None:
    program.window.commands.action("budget_512").trigger()
    settings = program.workbench.chat.settings
    assert (settings.thinking, settings.thinking_budget) == (True, 512)


def test_stop_is_there_only_while_an_answer_runs(
    qtbot: QtBot, program: Program, engine: HandEngine
) -> None:
    window, chat = program.window, program.workbench.chat
    stop = next(b for b in window.toolbar.findChildren(Button) if b.text() == "Stop")
    assert not stop.isVisible()
    program.workbench.composer.set_text("How many?")
    chat.send()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    assert stop.isVisible()
    assert window.commands.action("stop").isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not chat.is_running)
    assert not stop.isVisible()
