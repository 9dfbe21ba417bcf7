"""Links of answers: only three kinds, and never without showing where they lead."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.viewmodels.values import TurnView
from app.widgets.controls import Button
from app.widgets.links import LinkSheet, ask_and_open
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript


class Opened:
    """What would have been opened."""

    def __init__(self) -> None:
        self.targets: list[str] = []

    def __call__(self, url: QUrl) -> bool:
        self.targets.append(url.toString())
        return True


@pytest.fixture
def opened() -> Opened:
    """An opener that opens nothing."""
    return Opened()


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "smb://host/share",
        "qrc:/x",
        "http://a\u202eb.example",
        "",
    ],
)
def test_other_kinds_are_not_even_asked_for(theme: Theme, opened: Opened, target: str) -> None:
    assert ask_and_open(target, theme, None, opened) is None
    assert not opened.targets


def test_a_link_is_shown_in_full_and_opened_by_one_button(
    qtbot: QtBot, theme: Theme, opened: Opened
) -> None:
    sheet = ask_and_open("https://b\u00fccher.example/a?q=1", theme, None, opened)
    assert isinstance(sheet, LinkSheet)
    qtbot.addWidget(sheet)
    assert "xn--bcher-kva.example" in sheet.address()
    assert not opened.targets
    button(sheet, "Copy link").click()
    assert QGuiApplication.clipboard().text() == sheet.address()
    assert not opened.targets
    button(sheet, "Open").click()
    assert len(opened.targets) == 1


def test_cancel_opens_nothing(qtbot: QtBot, theme: Theme, opened: Opened) -> None:
    sheet = ask_and_open("mailto:a@b.example", theme, None, opened)
    assert isinstance(sheet, LinkSheet)
    qtbot.addWidget(sheet)
    button(sheet, "Cancel").click()
    assert not opened.targets


def test_a_click_and_the_keyboard_reach_a_link(qtbot: QtBot, theme: Theme) -> None:
    transcript = Transcript(theme)
    qtbot.addWidget(transcript)
    transcript.resize(900, 600)
    transcript.show()
    said: list[object] = []
    transcript.acted.connect(lambda _turn, name, value: said.append((name, value)))
    transcript.set_turns([TurnView("a", "model", "See [the page](https://a.example/x) now.")])
    message = transcript.message("a")
    assert message is not None
    text = message.text
    assert text is not None
    place = text.cursorRect(text.document().find("page")).center() - QPoint(6, 0)
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert said == [("link", "https://a.example/x")]
    said.clear()
    qtbot.waitUntil(transcript.isActiveWindow)
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is text
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert said == [("link", "https://a.example/x")]
    transcript.close_formulas()


def button(sheet: LinkSheet, words: str) -> Button:
    """A button of the sheet by what stands on it."""
    return next(one for one in sheet.findChildren(Button) if one.text() == words)
