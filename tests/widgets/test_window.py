"""The window as a whole: state, appearance, text size, keyboard, names, leaks."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.main import Program
from app.widgets.about import AboutDialog, versions
from app.widgets.controls import IconButton
from app.widgets.settings_dialog import TABS
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine
from tests.widgets.conftest import delete_what_waits
from tests.widgets.walk import out_of_reach, too_small, unnamed


def show(program: Program, what: str) -> QWidget:
    """Brings the window into a state and gives the widget to look at."""
    window = program.window
    if what in ("inspector", "palette", "model"):
        window.commands.action(what).trigger()
    if what == "palette":
        return window.palette_card.card
    if what == "model":
        return window.model_picker.card
    if what.startswith("settings"):
        window.deeds.show_settings()
        window.settings.show_tab(what.removeprefix("settings "))
        return window.settings
    if what == "find":
        window.commands.action("find").trigger()
    if what == "undo":
        window.commands.action("trash").trigger()
    if what == "export":
        window.commands.action("export").trigger()
        return window.export_sheet
    if what == "no sidebar":
        window.commands.action("sidebar").trigger()
    return window


STATES = ("plain", "no sidebar", "inspector", "find", "undo", "palette", "model", "export",
          "settings General", "settings Generation", "settings Appearance", "settings Privacy",
          "settings Advanced")  # fmt: skip


# Controls inside a larger thing that is pressed as well, or drawn by the system.
SMALLER = ("Switch ", "StatusItem ", "_Budget ", "QToolButton ", "QCheckBox ", "QRadioButton ")


@pytest.mark.parametrize("what", STATES)
def test_every_control_is_named_reached_by_tab_and_large_enough(
    program: Program, what: str
) -> None:
    place = show(program, what)
    QTest.qWaitForWindowActive(place.window())
    nameless, missing = unnamed(place), out_of_reach(place)
    small = [entry for entry in too_small(place) if not entry.startswith(SMALLER)]
    program.window.export_sheet.close()
    program.window.settings.close()
    assert (nameless, missing, small) == ([], [], [])


def test_appearance_changes_live(program: Program, qapp: QApplication) -> None:
    window = program.window
    window.commands.action("appearance_dark").trigger()
    assert program.theme.is_dark
    assert qapp.palette().color(qapp.palette().ColorRole.Window) == program.theme.tokens.bar
    dark = window.grab().toImage().pixelColor(5, window.height() // 2)
    window.commands.action("appearance_light").trigger()
    assert dark != window.grab().toImage().pixelColor(5, window.height() // 2)
    assert window.commands.action("appearance_light").isChecked() or not program.theme.is_dark


def test_text_size_is_changed_kept_and_brought_back(program: Program) -> None:
    window, preferences = program.window, program.workbench.preferences
    height = window.toolbar.height()
    for _ in range(30):
        window.commands.action("larger").trigger()
    assert preferences.value.text_px == program.theme.text_px == 28
    assert window.toolbar.height() > height
    window.grab()
    for _ in range(30):
        window.commands.action("smaller").trigger()
    assert program.theme.text_px == 11
    window.commands.action("normal_size").trigger()
    assert program.theme.text_px == 13


def test_panels_are_shown_hidden_and_remembered(program: Program) -> None:
    window, preferences = program.window, program.workbench.preferences
    window.commands.action("sidebar").trigger()
    assert not window.sidebar.isVisible()
    assert window.toolbar._sidebar.isVisible()
    assert not preferences.value.is_sidebar_open
    window.toolbar._sidebar.click()
    assert window.sidebar.isVisible()
    window.commands.action("inspector").trigger()
    assert preferences.value.is_inspector_open
    assert window.inspector.width() == 320
    assert window.content._pane.width() == window.content.width() - 320


def test_a_narrow_window_lays_the_inspector_over_the_chat(program: Program) -> None:
    window = program.window
    window.resize(960, 640)
    window.commands.action("inspector").trigger()
    assert window.content._pane.width() == window.content.width()
    assert window.inspector.isVisible()


def test_place_and_size_come_back(program: Program, tmp_path: Path) -> None:
    window = program.window
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.restore(state)
    window.resize(960, 700)  # the off-screen screen is 800 x 800, and nothing is put beyond it
    window.sidebar_panel.set_open_width(300)
    window.close()
    state.sync()
    again = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window.sidebar_panel.set_open_width(240)
    window.resize(1100, 660)
    window.restore(again)
    assert (window.width(), window.height()) == (960, 700)
    assert window.sidebar.width() == 300


def test_a_damaged_state_file_is_of_no_consequence(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_text("[General]\ngeometry=nonsense\nsidebar_width=@Invalid()\n", encoding="utf-8")
    program.window.restore(QSettings(str(path), QSettings.Format.IniFormat))
    assert program.window.sidebar.width() == 240


def test_slides_end_at_full_width_with_motion(qtbot: QtBot, program: Program) -> None:
    program.workbench.preferences.change(reduce_motion="off")
    window = program.window
    window.commands.action("sidebar").trigger()
    qtbot.waitUntil(lambda: not window.sidebar.isVisible())
    window.commands.action("sidebar").trigger()
    qtbot.waitUntil(lambda: window.sidebar_panel.width() == 240)
    assert window.sidebar.isVisible()


def test_conversations_are_stepped_through(program: Program) -> None:
    library = program.workbench.library
    program.window.commands.action("next").trigger()
    assert library.current_id == "c1"
    program.window.commands.action("previous").trigger()
    assert library.current_id == "c0"
    program.window.commands.action("previous").trigger()
    assert library.current_id == "c0"


def test_a_conversation_is_copied_as_markdown(program: Program, qapp: QApplication) -> None:
    program.window.commands.action("copy_all").trigger()
    assert qapp.clipboard().text() == (
        "**Question**\n\nWhat about operations review?\n\n"
        "**E4B**\n\n**Safety** is low in Operations review.\n"
    )


def test_keys_that_edit_text_stay_with_the_text(program: Program) -> None:
    window = program.window
    window.pane.focus_composer()
    QTest.qWaitForWindowActive(window)
    field = window.focusWidget()
    QTest.keyClicks(field, "two words")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(field, Qt.Key.Key_Backspace, control)
    assert program.workbench.composer.text == "two "
    assert not window.undo_bar.isVisible()
    QTest.keyClick(field, Qt.Key.Key_A, control)
    QTest.keyClick(field, Qt.Key.Key_X, control)
    assert program.workbench.composer.text == ""
    window.sidebar.list.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.sidebar.list, Qt.Key.Key_Backspace, control)
    assert window.undo_bar.isVisible()


def test_undo_belongs_to_the_text_with_the_keyboard_first(qtbot: QtBot, program: Program) -> None:
    window, library = program.window, program.workbench.library
    library.trash("c2")
    window.commands.action("search").trigger()
    field = window.sidebar.search.edit
    QTest.qWaitForWindowActive(window)
    QTest.keyClicks(field, "abc")
    window.commands.action("undo").trigger()
    assert field.text() == ""
    assert library.current_id == "c0"
    field.clearFocus()
    window.commands.action("undo").trigger()
    qtbot.waitUntil(lambda: library.current_id == "c2")


def test_deleting_for_good_asks_first(qtbot: QtBot, program: Program) -> None:
    library = program.workbench.library
    library.trash("c2")
    library.is_trash_shown = True
    qtbot.waitUntil(lambda: len(library.sections()[0].rows) == 1)
    program.window.deeds.purge("c2")
    press(program, "Cancel")
    assert len(library.sections()[0].rows) == 1
    program.window.deeds.purge("c2")
    press(program, "Delete for good")
    qtbot.waitUntil(lambda: len(library.sections()[0].rows) == 0)


def press(program: Program, text: str) -> None:
    """Presses a button of the box that asks."""
    box = next(box for box in program.window.findChildren(QMessageBox) if box.isVisible())
    buttons = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
    buttons[text].click()
    delete_what_waits()


def test_an_error_can_ask_for_the_picker(program: Program) -> None:
    program.workbench.chat.command_asked.emit("choose_model")
    assert program.window.model_picker.isVisible()
    program.workbench.chat.command_asked.emit("something unknown")
    program.window.model_picker.close_card()


def test_settings_change_at_once_and_are_found(program: Program) -> None:
    window, preferences = program.window, program.workbench.preferences
    window.deeds.show_settings()
    dialog = window.settings
    dialog.search.set_text("contrast")
    assert dialog.tabs.index == 3
    dialog.search.set_text("no such thing")
    assert dialog._none.isVisible()
    QTest.keyClick(dialog.search.edit, Qt.Key.Key_Escape)
    assert dialog.search.text == ""
    preferences.change(contrast="on")
    assert program.theme.is_contrast_high
    dialog.grab()
    QTest.keyClick(dialog.search.edit, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_text_size_is_stepped_in_the_settings(program: Program) -> None:
    dialog = program.window.settings
    program.window.deeds.show_settings()
    dialog.show_tab("Appearance")
    buttons = {button.accessibleName(): button for button in dialog.findChildren(IconButton)}
    buttons["Larger text"].click()
    assert program.workbench.preferences.value.text_px == program.theme.text_px == 14
    program.workbench.preferences.change(text_px=28)
    assert not buttons["Larger text"].isEnabled()
    assert buttons["Smaller text"].isEnabled()
    dialog.close()


def test_every_setting_says_its_consequence(program: Program) -> None:
    for tab, page in zip(TABS, program.window.settings._pages, strict=True):
        assert page.words
        if tab == "Shortcuts":  # commands with their keys, no settings
            continue
        assert all(len(words) > 3 for words in page.words)
        consequences = page.words[1::2]
        assert all(text.endswith(".") or "\n" in text for text in consequences)


def test_about_names_version_and_licences(qtbot: QtBot, theme: Theme) -> None:
    dialog = AboutDialog(theme)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Facet" in versions()
    assert unnamed(dialog) == []
    dialog.grab()


def test_escape_stops_only_what_runs(qtbot: QtBot, program: Program, engine: HandEngine) -> None:
    QTest.keyClick(program.window, Qt.Key.Key_Escape)
    program.workbench.composer.set_text("How many?")
    program.workbench.chat.send()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    QTest.keyClick(program.window, Qt.Key.Key_Escape)
    assert engine.job.is_cancelled


def test_right_to_left_is_mirrored(program: Program, qapp: QApplication) -> None:
    window = program.window
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        QApplication.processEvents()
        window.content.arrange()
        assert window.sidebar_panel.x() > window.toolbar.x()
        window.grab()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("px", [11, 20, 28])
def test_no_title_or_button_is_cut_at_other_sizes(program: Program, px: int) -> None:
    program.workbench.preferences.change(text_px=px)
    QApplication.processEvents()
    window = program.window
    cut = [
        f"{type(widget).__name__} {widget.accessibleName()}"
        for widget in window.findChildren(QLineEdit)
        if widget.isVisible() and widget.height() < widget.fontMetrics().height()
    ]
    assert not cut
    assert window.status.height() >= window.status.fontMetrics().height()


def ways_to_use(program: Program) -> list[Callable[[], object]]:
    """Things that a person does again and again."""
    window = program.window
    return [
        lambda: window.commands.action("palette").trigger(),
        lambda: window.palette_card.field.set_text("th"),
        lambda: window.palette_card.close_card(),
        lambda: window.commands.action("model").trigger(),
        lambda: window.model_picker.close_card(),
        lambda: window.commands.action("inspector").trigger(),
        lambda: window.commands.action("next").trigger(),
        lambda: window.status.offline.click(),
        lambda: QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape),
        lambda: window.commands.action("previous").trigger(),
        lambda: window.grab(),
    ]


def test_using_the_window_takes_and_leaves_no_references(program: Program) -> None:
    """Pop-overs must go when closed. PySide releases have taken references off None, which ends
    in an abort; that this one adds a few is of no consequence."""
    for use in ways_to_use(program):
        use()
    delete_what_waits()
    gc.collect()
    widgets, nones = len(program.window.findChildren(QWidget)), sys.getrefcount(None)
    objects = len(gc.get_objects())
    for _ in range(10):
        for use in ways_to_use(program):
            use()
        delete_what_waits()
    gc.collect()
    assert len(program.window.findChildren(QWidget)) == widgets
    assert len(gc.get_objects()) - objects < 200
    assert nones - sys.getrefcount(None) < 50
