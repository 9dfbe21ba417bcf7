"""Controls by mouse and keyboard: what they do, what they say, when they show the ring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.controls import (
    Bar,
    Button,
    Chip,
    FocusRing,
    IconButton,
    Label,
    Popover,
    Ring,
    Segmented,
    Spinner,
    Switch,
)
from app.widgets.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def ground() -> Iterator[QWidget]:
    """A window to put controls on."""
    window = QWidget()
    window.resize(600, 400)
    QVBoxLayout(window)
    yield window
    window.close()
    window.deleteLater()


def shown(ground: QWidget, *widgets: QWidget) -> None:
    """Puts widgets on the window and shows it."""
    layout = ground.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    ground.show()
    QTest.qWaitForWindowActive(ground)


def rings(ground: QWidget) -> list[FocusRing]:
    return [ring for ring in ground.findChildren(FocusRing) if ring.isVisible()]


def test_the_ring_is_for_the_keyboard_only(ground: QWidget, theme: Theme) -> None:
    button = Button("Export", theme)
    shown(ground, button)
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not rings(ground)
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert len(rings(ground)) == 1
    assert rings(ground)[0].geometry().contains(button.geometry())
    button.clearFocus()
    assert not rings(ground)


def test_space_presses_and_a_click_presses(qtbot: QtBot, ground: QWidget, theme: Theme) -> None:
    button = Button("Export", theme, "filled", icon="share")
    shown(ground, button)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_buttons_hold_their_words_at_every_size(ground: QWidget, theme: Theme) -> None:
    buttons = [Button("Weiterführen", theme), Button("Stop", theme, small=True, icon="square")]
    shown(ground, *buttons)
    for px in (11, 13, 20, 28):
        theme.set_text_px(px)
        for button in buttons:
            needed = button.fontMetrics().horizontalAdvance(button.text())
            assert button.sizeHint().width() > needed
            assert button.sizeHint().height() >= button.fontMetrics().height() + 8
            button.grab()


def test_a_switch_is_a_check_box(ground: QWidget, theme: Theme) -> None:
    switch = Switch("Thinking", theme)
    shown(ground, switch)
    states: list[bool] = []
    switch.clicked.connect(lambda is_on: states.append(is_on))
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert states == [True]
    face = QAccessible.queryAccessibleInterface(switch)
    assert face.role() == QAccessible.Role.CheckBox
    assert face.text(QAccessible.Text.Name) == "Thinking"
    assert face.state().checked


def test_the_knob_ends_where_it_should_with_motion(qtbot: QtBot, ground: QWidget) -> None:
    switch = Switch("Thinking", Theme("light"))
    shown(ground, switch)
    switch.setChecked(True)
    qtbot.waitUntil(lambda: switch.property("knob") == 1.0)


def test_arrows_move_the_choice(ground: QWidget, theme: Theme) -> None:
    tabs = Segmented("Look", ["System", "Light", "Dark"], theme)
    shown(ground, tabs)
    tabs.set_index(0)
    chosen: list[int] = []
    tabs.chosen.connect(chosen.append)
    first = tabs.findChildren(QWidget)[0]
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(ground.focusWidget(), Qt.Key.Key_Right)
    QTest.keyClick(ground.focusWidget(), Qt.Key.Key_Right)
    assert chosen == [1, 2, 0]
    assert QAccessible.queryAccessibleInterface(first).role() == QAccessible.Role.RadioButton
    assert tabs.index == 0


def test_elided_words_are_told_by_a_tooltip(ground: QWidget, theme: Theme) -> None:
    label = Label("A very long name of a file.png", theme, elide=Qt.TextElideMode.ElideMiddle)
    shown(ground, label)
    label.setFixedWidth(60)
    label.grab()
    assert label.toolTip() == label.text()
    label.setFixedWidth(500)
    label.grab()
    assert label.toolTip() == ""


def test_foreign_words_are_never_markup(ground: QWidget, theme: Theme) -> None:
    label = Label("<img src=x><b>bold</b>", theme)
    shown(ground, label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_spinner_turns_only_while_it_is_seen(qtbot: QtBot, ground: QWidget) -> None:
    moving, still = Theme("light"), Theme("light", is_motion_reduced=True)
    spinner, dots = Spinner(moving), Spinner(still)
    shown(ground, spinner, dots)
    first, resting = spinner.grab().toImage(), dots.grab().toImage()
    qtbot.waitUntil(lambda: spinner.grab().toImage() != first)
    assert dots.grab().toImage() == resting
    spinner.hide()
    assert not any(timer.isActive() for timer in spinner.findChildren(type(spinner._timer)))


def test_indicators_draw_their_share(ground: QWidget, theme: Theme) -> None:
    bar, ring, chip = Bar(theme), Ring(theme), Chip("Fits", theme, "ok", "circle-check")
    shown(ground, bar, ring, chip)
    empty = bar.grab().toImage(), ring.grab().toImage(), chip.grab().toImage()
    bar.set_share(0.5)
    ring.set_share(0.5)
    chip.set_state("Won’t fit", "bad", "circle-x")
    assert bar.grab().toImage() != empty[0]
    assert ring.grab().toImage() != empty[1]
    assert chip.grab().toImage() != empty[2]
    assert chip.accessibleName() == "Won’t fit"


def test_a_popover_takes_the_focus_keeps_tab_and_gives_it_back(
    ground: QWidget, theme: Theme
) -> None:
    anchor, other = IconButton("plus", "Open", theme), Button("Other", theme)
    row = QWidget()
    QHBoxLayout(row).addWidget(anchor)
    shown(ground, row, other)
    popover = Popover(ground, "Choices", theme, width=200)
    inside = [Button("One", theme), Button("Two", theme)]
    for button in inside:
        popover.body.addWidget(button)
    anchor.setFocus(Qt.FocusReason.TabFocusReason)
    popover.open_under(anchor)
    assert ground.focusWidget() is inside[0]
    QTest.keyClick(inside[0], Qt.Key.Key_Tab)
    assert ground.focusWidget() is inside[1]
    QTest.keyClick(inside[1], Qt.Key.Key_Tab)
    assert ground.focusWidget() is inside[0]
    QTest.keyClick(inside[0], Qt.Key.Key_Escape)
    assert popover.isHidden()
    assert ground.focusWidget() is anchor


def test_a_press_beside_a_popover_closes_it_and_presses_nothing(
    qtbot: QtBot, ground: QWidget, theme: Theme
) -> None:
    below = Button("Below", theme)
    shown(ground, below)
    popover = Popover(ground, "Choices", theme, width=200)
    popover.body.addWidget(Button("One", theme))
    popover.open_under(below)
    assert ground.rect().contains(popover.card.geometry())
    with qtbot.assertNotEmitted(below.clicked):
        QTest.mouseClick(popover, Qt.MouseButton.LeftButton, pos=QPoint(590, 390))
    assert popover.isHidden()


def test_a_popover_stays_inside_a_small_window(ground: QWidget, theme: Theme) -> None:
    corner = Button("Corner", theme)
    shown(ground, corner)
    popover = Popover(ground, "Choices", theme, width=300)
    for number in range(5):
        popover.body.addWidget(Button(f"Choice {number}", theme))
    ground.resize(320, 220)
    corner.move(280, 190)
    popover.open_under(corner)
    assert ground.rect().contains(popover.card.geometry())
