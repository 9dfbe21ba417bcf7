"""Compare on my file as a person sees it, and the warning above the message field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.model_digest import model_digest
from app.core.proof.book import FILE_NAME, ProofBook
from app.core.proof.values import ProofResult
from app.main import Places, Program, build
from app.widgets.advice_bar import AdviceBar
from app.widgets.models.compare import CompareSheet
from app.widgets.theme import Theme
from tests.fakes.conversations import DASHBOARD
from tests.fakes.hand_engine import HandEngine
from tests.fakes.shop import Shop
from tests.widgets.conftest import MODEL, delete_what_waits

DENSE = MODEL.parent / "dense"


class Desk:
    """A window with two copies; the first in the list is in use."""

    def __init__(self, folder: Path, theme: Theme, qtbot: QtBot) -> None:
        self.engine, self.qtbot, self.folder = HandEngine(), qtbot, folder
        shop = Shop(folder / "cache")
        shop.put("e2b-4bit", folder=MODEL)
        shop.put("e4b-4bit", folder=DENSE)
        self.program: Program = build(
            Places.under(folder), self.engine, None, theme=theme, hub=shop.ports
        )
        self.window, self.work = self.program.window, self.program.workbench
        self.window.resize(960, 640)
        self.program.start()
        qtbot.waitUntil(lambda: len(self.work.models.choices()) == 2)
        self.work.models.choose(self.work.models.choices()[0].key)
        qtbot.waitUntil(lambda: self.work.models.state == "ready")

    @property
    def sheet(self) -> CompareSheet:
        place = self.window.models_place
        assert place is not None
        assert place.compare_sheet is not None
        return place.compare_sheet

    def begin(self, question: str) -> None:
        self.window.commands.action("compare").trigger()
        self.sheet.form.question.setPlainText(question)
        QTest.mouseClick(self.sheet.right, Qt.MouseButton.LeftButton)

    def answer(self, count: int, text: str) -> None:
        self.qtbot.waitUntil(lambda: len(self.engine.jobs) >= count)
        self.engine.jobs[count - 1].text(text)
        self.engine.jobs[count - 1].finish()

    def close(self) -> None:
        self.program.close()
        delete_what_waits()


@pytest.fixture
def desk(tmp_path: Path, theme: Theme, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, theme, qtbot)
    yield made
    made.close()


def test_two_copies_are_compared_from_the_menu(desk: Desk) -> None:
    desk.begin("How many sites?")
    sheet = desk.sheet
    assert sheet.left.text() == "Stop"
    desk.answer(1, "There are 14 sites & <b>5</b> halls.")
    desk.answer(2, "There are 15 sites & <b>5</b> halls.")
    desk.qtbot.waitUntil(lambda: sheet.outcome.text().startswith("1 of 2 figures differs"))
    shown = sheet.text.toPlainText()
    assert "14" in shown
    assert "15" in shown
    assert "sites & " in shown  # markup of an answer is text
    assert not sheet.left.isVisible()
    names = [side.name.text() for side in sheet.sides]
    assert len(set(names)) == 2
    sheet.copy.click()
    assert "There are 15 sites" in QGuiApplication.clipboard().text()


def test_it_is_opened_again_from_its_conversation(desk: Desk) -> None:
    desk.begin("How many sites?")
    desk.answer(1, "Fourteen.")
    desk.answer(2, "Fifteen.")
    sheet = desk.sheet
    desk.qtbot.waitUntil(lambda: not sheet.left.isVisible())
    sheet.conversation.click()
    assert not sheet.isVisible()
    bar = desk.window.pane.findChild(AdviceBar)
    assert isinstance(bar, AdviceBar)
    desk.qtbot.waitUntil(bar.isVisible)
    QTest.mouseClick(bar.action, Qt.MouseButton.LeftButton)
    assert sheet.isVisible()
    assert "Fourteen." in sheet.text.toPlainText()


def test_stop_and_close(desk: Desk) -> None:
    desk.begin("How many sites?")
    sheet, model = desk.sheet, desk.program.panes.comparison
    desk.qtbot.waitUntil(lambda: len(desk.engine.jobs) == 1)
    QTest.mouseClick(sheet.right, Qt.MouseButton.LeftButton)  # go on in the background
    assert not sheet.isVisible()
    assert model.is_running
    desk.window.commands.action("compare").trigger()
    QTest.mouseClick(sheet.left, Qt.MouseButton.LeftButton)
    assert not model.is_running
    assert sheet.outcome.text() == "The comparison was stopped."
    assert [side.state.text() for side in sheet.sides] == ["was stopped", "was not asked"]


def test_nothing_can_be_compared_without_a_question(desk: Desk) -> None:
    desk.window.commands.action("compare").trigger()
    sheet = desk.sheet
    assert not sheet.right.isEnabled()
    assert sheet.why.text() == "Write a question or add a file."
    sheet.form.question.setPlainText("Well?")
    assert sheet.right.isEnabled()
    sheet.form.second.setCurrentIndex(sheet.form.first.currentIndex())
    sheet.form.second.activated.emit(sheet.form.second.currentIndex())
    assert sheet.why.text() == "Choose two different copies."


def test_a_failed_sense_warns_above_the_message_field(desk: Desk) -> None:
    bar = desk.window.pane.findChild(AdviceBar)
    assert isinstance(bar, AdviceBar)
    book = ProofBook(desk.folder / "data" / FILE_NAME)
    folder = desk.work.models.folder
    assert folder is not None
    failed = ProofResult("picture", "failed", "493018", "201664", date="2026-11-24T09:00:00+00:00")
    book.put(model_digest(folder), "E2B", failed)
    desk.program.panes.proof.refresh(folder)
    desk.work.library.new_conversation()
    assert not bar.isVisible()
    desk.work.composer.add_files([DASHBOARD])
    desk.qtbot.waitUntil(bar.isVisible)
    assert "shown 493018, read 201664. Picture answers cannot be trusted." in bar.text.text()
    top = desk.window.pane.composer.geometry().top()
    assert bar.geometry().bottom() <= top + bar.height()
    QTest.mouseClick(bar.action, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: bar.action.text() == "Stop")
    desk.qtbot.waitUntil(lambda: len(desk.engine.jobs) == 1)
    QTest.mouseClick(bar.action, Qt.MouseButton.LeftButton)
    assert not desk.program.panes.proof.is_running
    desk.work.composer.remove(desk.work.composer.attachments()[0].id)
    assert not bar.isVisible()
