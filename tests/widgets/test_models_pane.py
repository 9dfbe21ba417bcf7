"""The Models pane, its toolbar and sheets, and the first run, driven as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences, PreferencesFile
from app.main import Places, Program, build
from app.viewmodels.model_values import CopyView
from app.widgets.first_run.overlay import FirstRunOverlay
from app.widgets.models.place import ModelsPlace
from app.widgets.models.row import CopyRow
from app.widgets.popover import Popover
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine
from tests.fakes.shop import Shop
from tests.widgets.conftest import MODEL, delete_what_waits
from tests.widgets.walk import out_of_reach, too_small, unnamed


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path / "cache")
    made.put("e4b-4bit", folder=MODEL)
    return made


@pytest.fixture
def program(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, shop: Shop, request: pytest.FixtureRequest
) -> Iterator[Program]:
    """A window with the pane; with an indirect parameter True the first run is due."""
    places = Places.under(tmp_path / "facet")
    if not getattr(request, "param", False):
        chosen = Preferences(model_key="e4b-4bit", first_run_done=True)
        PreferencesFile(places.config / "preferences.json").save(chosen)
    theme = Theme("light", is_contrast_high=False, is_motion_reduced=True)
    theme.apply(qapp)
    built = build(places, HandEngine(), MODEL, theme=theme, hub=shop.ports)
    built.workbench.preferences.change(appearance="light", reduce_motion="on")
    built.start()
    qtbot.waitUntil(lambda: built.workbench.models.state == "ready")
    assert built.models is not None
    catalogue = built.models.catalogue
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    yield built
    built.close()
    delete_what_waits()


def place_of(program: Program) -> ModelsPlace:
    place = program.window.models_place
    assert place is not None
    return place


def row(program: Program, key: str) -> CopyRow:
    QCoreApplication.processEvents()
    pane = place_of(program).pane
    pane.refresh()
    found = next((r for card in pane.cards.values() if (r := card.row(key))), None)
    assert found is not None
    return found


def copy_of(program: Program, key: str) -> CopyView:
    assert program.models is not None
    copy = program.models.catalogue.copy(key)
    assert copy is not None
    return copy


def shown(program: Program) -> str:
    return program.window.panes.shown


def test_the_pane_takes_the_place_of_the_conversation_and_gives_it_back(program: Program) -> None:
    window = program.window
    window.commands.action("pane_models").trigger()
    assert shown(program) == "models"
    assert place_of(program).pane.isVisible()
    assert place_of(program).bar.isVisible()
    assert not window.toolbar.isVisible()
    assert window.commands.action("pane_models").isChecked()
    window.commands.action("pane_chat").trigger()
    assert shown(program) == "chat"
    assert window.toolbar.isVisible()
    window.show_models()
    window.commands.action("new").trigger()
    assert shown(program) == "chat"


def test_everything_has_a_name_and_is_reached_by_tab(program: Program) -> None:
    window = program.window
    window.show_models()
    QCoreApplication.processEvents()
    pane, bar = place_of(program).pane, place_of(program).bar
    for part in (pane, bar):
        assert unnamed(part) == []
        assert too_small(part) == []
    assert out_of_reach(window) == []


def test_arrows_go_from_row_to_row_at_the_same_place(program: Program) -> None:
    program.window.show_models()
    upper, lower = row(program, "e2b-4bit"), row(program, "e2b-8bit")
    upper.menu_button.setFocus()
    QTest.keyClick(upper.menu_button, Qt.Key.Key_Down)
    assert lower.menu_button.hasFocus()
    QTest.keyClick(lower.menu_button, Qt.Key.Key_Up)
    assert upper.menu_button.hasFocus()


def test_get_pause_and_cancel_by_their_buttons(program: Program, shop: Shop) -> None:
    program.window.show_models()
    row(program, "e4b-8bit").action.button.click()
    shop.downloads.started["e4b-8bit"].at(3.4)
    assert program.models is not None
    program.models.catalogue.downloads.poll()
    shown = row(program, "e4b-8bit")
    assert shown.action.progress.line.text() == "3.4 of 9.0 GB · 48 MB/s"
    assert program.window.status.phase.text() == "Downloading E4B 8-bit · 3.4 of 9.0 GB"
    assert program.window.status.offline.text() == "Online"
    shown.action.progress.hold.click()
    assert copy_of(program, "e4b-8bit").state == "paused"
    assert program.window.status.offline.text() == "Offline"
    row(program, "e4b-8bit").action.progress.end.click()
    assert copy_of(program, "e4b-8bit").state == "absent"


def test_what_will_not_fit_says_why_and_cannot_be_fetched(program: Program) -> None:
    program.window.show_models()
    shown = row(program, "31b-4bit")
    assert shown.fit.text() == "Won’t fit"
    assert not shown.action.button.isEnabled()
    assert shown.action.note.text().startswith("needs ")
    shown.fit.click()
    card = next(p for p in program.window.findChildren(Popover) if p.isVisible())
    assert "Won’t fit" in card.accessibleName()
    card.close_card()


def test_use_loads_a_copy_and_the_picker_lists_it_with_its_fit(
    program: Program, shop: Shop, qtbot: QtBot
) -> None:
    shop.put("e2b-4bit", folder=MODEL)
    assert program.models is not None
    catalogue = program.models.catalogue
    catalogue.search()
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    program.window.show_models()
    row(program, "e2b-4bit").action.button.click()
    qtbot.waitUntil(lambda: copy_of(program, "e2b-4bit").state == "in_use")
    choices = {choice.key: choice for choice in program.workbench.models.choices()}
    assert choices["e2b-4bit"].name == "Gemma 4 E2B"
    assert choices["e2b-4bit"].fit == "fits"
    assert not row(program, "e2b-4bit").action.in_use.isHidden()


def test_remove_asks_and_says_what_it_frees(program: Program, shop: Shop, qtbot: QtBot) -> None:
    program.window.show_models()
    menu = row(program, "e4b-4bit").menu()
    commands = {action.objectName(): action for action in menu.actions() if action.objectName()}
    assert {"details", "reveal", "verify", "test", "quantize", "remove"} <= set(commands)
    commands["remove"].trigger()
    box = next(b for b in program.window.findChildren(QMessageBox) if b.isVisible())
    assert "5.2 GB" in box.informativeText()
    delete = next(b for b in box.findChildren(QPushButton) if b.text().startswith("Remove"))
    delete.click()
    qtbot.waitUntil(lambda: bool(shop.removed))
    menu.deleteLater()


@pytest.mark.parametrize("size", [(960, 640), (1280, 820)])
def test_no_part_of_a_row_lies_over_another(program: Program, size: tuple[int, int]) -> None:
    program.window.resize(*size)
    program.window.show_models()
    shown = row(program, "31b-8bit")
    parts = [p for p in (shown.fit, shown.senses, shown.action, shown.menu_button) if p.isVisible()]
    for first in parts:
        assert shown.rect().contains(first.geometry())
        for second in parts:
            if first is not second:
                assert not first.geometry().intersects(second.geometry())


def test_right_to_left_mirrors_the_rows(program: Program) -> None:
    program.window.show_models()
    shown = row(program, "e4b-8bit")
    before = shown.menu_button.geometry()
    program.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown.arrange()
    after = shown.menu_button.geometry()
    assert after.left() == shown.width() - before.left() - before.width()


def test_the_find_sheet_lists_places(program: Program) -> None:
    place = place_of(program)
    place.bar.wanted.emit("find")
    assert place.find_sheet is not None
    assert place.find_sheet.isVisible()
    assert unnamed(place.find_sheet) == []
    place.find_sheet.accept()


def first_run(program: Program) -> FirstRunOverlay:
    overlay = place_of(program).first_run
    assert overlay is not None
    return overlay


@pytest.mark.parametrize("program", [True], indirect=True)
def test_the_first_run_is_shown_once_and_keeps_the_keyboard(program: Program) -> None:
    overlay = first_run(program)
    assert overlay.isVisible()
    for _ in range(2):
        assert unnamed(overlay) == []
        assert too_small(overlay) == []
        overlay.next.click()
        QCoreApplication.processEvents()
        if program.models is not None and program.models.first_run.step == "download":
            break
    for _ in range(20):
        focus = program.window.focusWidget()
        QTest.keyClick(focus or overlay, Qt.Key.Key_Tab)
        inside = program.window.focusWidget()
        assert inside is not None
        assert overlay.isAncestorOf(inside)
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    assert program.workbench.preferences.value.first_run_done


@pytest.mark.parametrize("program", [True], indirect=True)
def test_the_first_run_downloads_what_is_picked_while_the_tiny_model_answers(
    program: Program, shop: Shop
) -> None:
    assert program.models is not None
    overlay, model = first_run(program), program.models.first_run
    overlay.next.click()
    model.choose("e2b-4bit")
    overlay.refresh()
    assert overlay.next.text() == "Download E2B"
    overlay.next.click()
    overlay.refresh()
    assert overlay.next.text() == "Use Facet meanwhile"
    overlay.next.click()
    assert not overlay.isVisible()
    assert shop.downloads.started["e2b-4bit"].asked == []
    assert program.workbench.models.state == "ready"
    assert program.workbench.models.key == "tiny"
    program.window.commands.action("welcome").trigger()  # and back
    assert overlay.isVisible()
    assert model.step == "download"
    model.close()


@pytest.mark.parametrize("program", [True], indirect=True)
def test_the_first_run_ends_with_the_example_in_the_message(program: Program, qtbot: QtBot) -> None:
    assert program.models is not None
    program.models.first_run.want_example("chart")
    composer = program.workbench.composer
    qtbot.waitUntil(lambda: len(composer.attachments()) == 1)
    assert composer.text
