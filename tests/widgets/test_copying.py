"""What goes to the clipboard: turns in three forms, tables as HTML and with tabs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.viewmodels.values import TurnView
from app.widgets import copying
from app.widgets.answer_text import AnswerText
from app.widgets.code_buttons import CopyButton
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript

TABLE = "| a | b |\n|---|--:|\n| x | 1 |\n| y | 2 |"
CODE = "Before\n\n```python\nfor x in y:\n\tprint(x)\n```\n\nafter"


@pytest.fixture
def transcript(qtbot: QtBot, theme: Theme) -> Iterator[Transcript]:
    """An empty one of the usual size."""
    made = Transcript(theme)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    yield made
    made.close_formulas()


def shown(transcript: Transcript, text: str) -> AnswerText:
    """The text of an answer that the transcript shows."""
    transcript.set_turns([TurnView("a", "model", text)])
    QApplication.processEvents()
    message = transcript.message("a")
    assert message is not None
    assert message.text is not None
    return message.text


def test_a_table_is_copied_as_html_and_with_tabs(transcript: Transcript) -> None:
    text = shown(transcript, TABLE)
    text.selectAll()
    data = text.createMimeDataFromSelection()
    assert data.text() == "a\tb\nx\t1\ny\t2"
    assert "<table" in data.html()


def test_the_button_on_code_copies_the_code_alone(
    transcript: Transcript, qapp: QApplication
) -> None:
    text = shown(transcript, CODE)
    button = text.findChild(CopyButton)
    assert isinstance(button, CopyButton)
    button.click()
    assert qapp.clipboard().text() == "for x in y:\n\tprint(x)"


def test_the_keyboard_copies_what_is_selected(transcript: Transcript, qapp: QApplication) -> None:
    text = shown(transcript, "one **two** three")
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "one two three"


def test_a_turn_is_copied_in_three_forms(qapp: QApplication) -> None:
    clipboard = qapp.clipboard()
    copying.copy_turn("**a** [l](https://b.c)", "markdown", is_plain=False)
    assert clipboard.text() == "**a** [l](https://b.c)"
    copying.copy_turn("**a** [l](https://b.c)", "plain", is_plain=False)
    assert clipboard.text() == "a l"
    copying.copy_turn("**a**", "rich", is_plain=False)
    assert "<strong>a</strong>" in clipboard.mimeData().html()


def test_markup_of_a_person_stays_text(qapp: QApplication) -> None:
    copying.copy_turn("<b>x</b> **y**", "rich", is_plain=True)
    data = qapp.clipboard().mimeData()
    assert data.text() == "<b>x</b> **y**"
    assert "<b>" not in data.html()
