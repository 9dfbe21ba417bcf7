"""The composer: Return, input methods, what is pasted, and what Undo must not bring back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Program
from app.viewmodels.composer import LONG_PASTE
from app.viewmodels.values import AttachmentView
from app.widgets.attachments import AttachmentCard
from app.widgets.buttons import IconButton
from app.widgets.composer import Composer
from app.widgets.context_question import ContextQuestion
from app.widgets.theme import Theme
from inference import Receipt, ReceiptItem, Statistics
from tests.fakes.hand_engine import HandEngine


@pytest.fixture
def engine() -> HandEngine:
    """The engine of `program`, with a small context."""
    made = HandEngine()
    made.held = replace(made.held, context_tokens=1_000)
    return made


def composer_of(program: Program) -> Composer:
    """The composer, with the keyboard."""
    composer = program.window.pane.composer
    composer.edit.setFocus()
    return composer


def test_return_sends_and_shift_return_begins_a_line(qtbot: QtBot, program: Program) -> None:
    composer = composer_of(program)
    QTest.keyClicks(composer.edit, "one")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer.edit, "two")
    assert composer.edit.toPlainText() == "one\ntwo"
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.workbench.chat.is_running)
    assert composer.edit.toPlainText() == ""


def test_return_during_composition_never_sends(program: Program) -> None:
    composer = composer_of(program)
    QTest.keyClicks(composer.edit, "a")
    QApplication.sendEvent(composer.edit, QInputMethodEvent("にほん", []))
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert not program.workbench.chat.is_running
    committed = QInputMethodEvent("", [])
    committed.setCommitString("日本")
    QApplication.sendEvent(composer.edit, committed)
    assert not composer.edit.is_composing
    assert "日本" in composer.edit.toPlainText()


def test_a_long_paste_becomes_a_card(qtbot: QtBot, program: Program) -> None:
    composer = composer_of(program)
    data = QMimeData()
    data.setText("word " * LONG_PASTE)
    composer.edit.insertFromMimeData(data)
    assert composer.edit.toPlainText() == ""
    qtbot.waitUntil(lambda: len(composer.cards.cards()) == 1)


def test_markup_is_pasted_as_text(program: Program) -> None:
    composer = composer_of(program)
    data = QMimeData()
    data.setHtml("<b>bold</b><img src='file:///etc/passwd'>")
    data.setText("bold")
    composer.edit.insertFromMimeData(data)
    assert composer.edit.toPlainText() == "bold"


def test_undo_does_not_bring_text_of_another_conversation(program: Program) -> None:
    composer = composer_of(program)
    QTest.keyClicks(composer.edit, "secret")
    program.workbench.library.open("c1")
    assert composer.edit.toPlainText() == ""
    composer.edit.undo()
    assert composer.edit.toPlainText() == ""


def test_it_grows_with_its_lines_to_eight(program: Program) -> None:
    composer = composer_of(program)
    low = composer.height()
    composer.edit.setPlainText("a\n" * 4)
    middle = composer.height()
    composer.edit.setPlainText("a\n" * 40)
    assert low < middle < composer.height()
    assert composer.edit.wanted_height() < 9 * composer.edit.fontMetrics().lineSpacing()


def test_thinking_is_chosen_in_words(program: Program) -> None:
    composer, chat = composer_of(program), program.workbench.chat
    assert composer.thinking.accessibleName() == "Thinking: off"
    entries = {action.text(): action for action in composer.thinking.menu().actions()}
    assert entries["Off"].isChecked()
    entries["On, up to 1,024 tokens"].trigger()
    assert chat.settings.thinking
    assert chat.settings.thinking_budget == 1024
    assert composer.thinking.text() == "Thinking 1,024"
    entries["On, no limit"].trigger()
    assert composer.thinking.text() == "Thinking on"
    entries["Off"].trigger()
    assert not chat.settings.thinking


def fill_up(qtbot: QtBot, program: Program, engine: HandEngine, tokens: int) -> None:
    """Let the open conversation take so many of 1,000 tokens."""
    QTest.keyClicks(program.window.pane.composer.edit, "first")
    program.workbench.chat.send()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    receipt = Receipt((ReceiptItem("text", "user", tokens),), tokens)
    engine.job.prepare(receipt)
    engine.job.text("Yes.")
    engine.job.finish(receipt=receipt, statistics=Statistics(generated_tokens=2))


@pytest.mark.parametrize(
    ("tokens", "is_tight", "asks", "is_over"),
    [(700, False, False, False), (900, True, False, False), (960, True, True, False),
     (1_100, True, True, True)],
)  # fmt: skip
def test_a_full_context_asks_before_it_sends(
    qtbot: QtBot,
    program: Program,
    engine: HandEngine,
    tokens: int,
    is_tight: bool,
    asks: bool,
    is_over: bool,
) -> None:
    composer, chat = composer_of(program), program.workbench.chat
    fill_up(qtbot, program, engine, tokens)
    qtbot.waitUntil(lambda: not chat.is_running)
    QTest.keyClicks(composer.edit, "next")
    room = composer.room()
    assert room.size == 1_000
    assert (room.is_tight, room.asks, room.is_over) == (is_tight, asks, is_over)
    assert ("of 1,000 tokens" in composer.cost.text()) == is_tight
    before = len(engine.requests)
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    question = program.window.findChild(ContextQuestion)
    assert (question is not None) == asks
    if question is None:
        qtbot.waitUntil(lambda: len(engine.requests) == before + 1)
        return
    assert composer.edit.toPlainText() == "next"
    assert "nothing" in room.words.lower()
    question.send.click()
    qtbot.waitUntil(lambda: len(engine.requests) == before + 1)


def test_a_full_context_can_be_left_with_the_question(
    qtbot: QtBot, program: Program, engine: HandEngine
) -> None:
    composer, work = composer_of(program), program.workbench
    fill_up(qtbot, program, engine, 990)
    qtbot.waitUntil(lambda: not work.chat.is_running)
    old = work.chat.conversation_id
    QTest.keyClicks(composer.edit, "next")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    question = program.window.findChild(ContextQuestion)
    assert question is not None
    question.new.click()
    assert work.chat.conversation_id != old
    assert composer.edit.toPlainText() == "next"
    work.library.open(old)
    assert composer.edit.toPlainText() == ""


def test_buttons_of_a_card_stand_at_the_right_once_it_is_read(qtbot: QtBot, theme: Theme) -> None:
    reading = AttachmentView("a", "document", "report.pdf", "Reading…", state="reading")
    card = AttachmentCard(reading, theme, None, is_editable=True)
    qtbot.addWidget(card)
    card.resize(card.sizeHint())
    card.show()
    card.set_view(replace(reading, state="ready", budgets=(280, 560), budget=280))
    buttons = [button for button in card.findChildren(IconButton) if button.isVisible()]
    assert len(buttons) == 2
    assert all(button.x() > card.width() // 2 for button in buttons)
    assert buttons[0].geometry().intersected(buttons[1].geometry()).isEmpty()
