"""The transcript: few widgets for many turns, the end followed only while it is in sight."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.markdown.times import second_of
from app.viewmodels.values import ReceiptView, TurnView
from app.widgets.answer_message import AnswerMessage
from app.widgets.finding import Finder
from app.widgets.question_message import QuestionMessage
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript

LONE = """
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from app.viewmodels.values import TurnView
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript

application = QApplication([])
transcript = Transcript(Theme("light", is_motion_reduced=True))
transcript.show()
thinking = TurnView("a", "model", "Text", thought="First this.")
transcript.set_turns([TurnView("q", "user", "Why?"), thinking])
transcript.open_thoughts(True)
application.processEvents()
"""


@pytest.fixture
def transcript(qtbot: QtBot, theme: Theme) -> Iterator[Transcript]:
    """An empty one of the usual size."""
    made = Transcript(theme)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    yield made
    made.close_formulas()


def turns(count: int) -> list[TurnView]:
    """Questions and answers in turn."""
    return [
        TurnView(f"t{n}", "model" if n % 2 else "user", f"Text {n} " * 30) for n in range(count)
    ]


def test_a_thousand_turns_need_few_widgets(transcript: Transcript) -> None:
    transcript.set_turns(turns(1_000))
    assert 2 <= len(transcript.messages()) <= 20
    assert transcript.messages()[-1].view.id == "t999"
    transcript.verticalScrollBar().setValue(0)
    assert transcript.messages()[0].view.id == "t0"
    assert len(transcript.messages()) <= 20


def test_the_end_is_followed_only_while_in_sight(transcript: Transcript) -> None:
    transcript.set_turns(turns(40))
    bar = transcript.verticalScrollBar()
    grown = TurnView("t39", "model", "Text 39 " * 30 + "\n\nmore" * 60, state="streaming")
    transcript.append_text(grown)
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    first = transcript.messages()[0]
    before = (first.view.id, first.y())
    transcript.change_turn(TurnView("t39", "model", grown.text + "\n\nagain" * 60))
    first = transcript.messages()[0]
    assert (first.view.id, first.y()) == before


def test_messages_are_named_for_assistive_programs(transcript: Transcript) -> None:
    transcript.set_turns([TurnView("q", "user", "Hello"), TurnView("a", "model", "**Hi**")])
    names = [message.accessibleName() for message in transcript.messages()]
    assert names[0] == "You: Hello"
    assert names[1].startswith("Gemma: ")


def test_messages_are_a_list_to_assistive_programs(transcript: Transcript) -> None:
    transcript.set_turns(turns(40))
    column = QAccessible.queryAccessibleInterface(transcript.viewport())
    assert column.role() == QAccessible.Role.List
    for place in range(3):
        bar = transcript.verticalScrollBar()
        bar.setValue(bar.maximum() * place // 2)
        for message in transcript.messages():
            face = QAccessible.queryAccessibleInterface(message)
            assert face.role() == QAccessible.Role.ListItem
            assert face.parent().role() == QAccessible.Role.List
            assert face.text(QAccessible.Text.Name) == message.spoken()
        QApplication.processEvents()


def test_moments_are_links_that_say_which_second(transcript: Transcript) -> None:
    said: list[tuple[str, object]] = []
    transcript.acted.connect(lambda _turn, name, value: said.append((name, value)))
    transcript.set_turns([TurnView("a", "model", "At 0:12 it moves, at 9:59 not.")])
    transcript.set_times_until(60)
    message = transcript.message("a")
    assert message is not None
    text = message.text
    assert text is not None
    place = text.document().find("0:12")
    middle = text.cursorRect(place).center() - QPoint(8, 0)
    assert second_of(text.anchorAt(middle)) == 12
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert ("link", "facet-time:12") in said
    late = text.cursorRect(text.document().find("9:59")).center() - QPoint(8, 0)
    assert text.anchorAt(late) == ""
    text.selectAll()
    assert text.createMimeDataFromSelection().text() == "At 0:12 it moves, at 9:59 not."
    transcript.set_times_until(0)
    message = transcript.message("a")
    assert message is not None
    assert message.text is not None
    assert message.text.anchorAt(middle) == ""


def test_actions_stay_within_reach_under_a_long_receipt(transcript: Transcript) -> None:
    receipt = ReceiptView("something very long that was not sent · " * 8, (), is_warning=True)
    transcript.set_turns([TurnView("q", "user", "Hello", receipt=receipt)])
    message = transcript.message("q")
    assert isinstance(message, QuestionMessage)
    assert message.row is not None
    assert not message.row.isHidden()
    assert message.rect().contains(message.row.geometry())


def test_a_long_question_is_folded_until_it_is_wanted(transcript: Transcript) -> None:
    text = "\n".join(f"line {number}" for number in range(60)) + "\nneedle"
    transcript.set_turns([TurnView("q", "user", text), TurnView("s", "user", "short")])
    message, short = transcript.message("q"), transcript.message("s")
    assert isinstance(message, QuestionMessage)
    assert isinstance(short, QuestionMessage)
    assert short.fold.isHidden()
    folded = message.height()
    assert folded < 20 * 21 + 80
    message.fold.click()
    assert message.height() > 2 * folded
    message.fold.click()
    assert message.height() == folded
    Finder(transcript).find_text("needle")
    found = transcript.message("q")
    assert found is not None
    assert found.height() > 2 * folded


def test_finding_steps_through_every_place(transcript: Transcript) -> None:
    transcript.set_turns(
        [TurnView("q", "user", "needle"), TurnView("a", "model", "a **needle** and a needle")]
    )
    finder = Finder(transcript)
    assert [finder.find_text("Needle") for _ in range(4)] == [(1, 3), (2, 3), (3, 3), (1, 3)]
    assert finder.find_text("Needle", forward=False) == (3, 3)
    assert finder.find_text("nothing") == (0, 0)


def test_a_message_is_as_high_as_its_text_from_the_start(transcript: Transcript) -> None:
    view = TurnView("a", "model", "One line.")
    transcript.set_turns([TurnView("q", "user", "Two words?"), view])
    first = [message.height() for message in transcript.messages()]
    QApplication.processEvents()
    for message, height in zip(transcript.messages(), first, strict=True):
        transcript.fit_turn(message.view.id)
        assert message.height() == height
    answer = transcript.message("a")
    assert isinstance(answer, AnswerMessage)
    assert answer.text is not None
    assert answer.row is not None
    line = answer.text.fontMetrics().lineSpacing()
    assert answer.text.height() < 2 * line
    assert answer.row.y() < answer.text.geometry().bottom() + line


def test_a_click_does_not_scroll(transcript: Transcript) -> None:
    transcript.set_turns(turns(40))
    bar = transcript.verticalScrollBar()
    message = transcript.show_turn("t21")
    assert message is not None
    text = message.text
    assert text is not None
    bar.setValue(bar.value() + text.mapTo(transcript, QPoint(0, 10)).y())  # its top is out of sight
    before = bar.value()
    place = text.mapTo(transcript, QPoint(20, text.height() - 4))
    QTest.mouseClick(transcript.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert QApplication.focusWidget() is text
    assert bar.value() == before


def test_the_keyboard_brings_what_it_reaches_into_sight(transcript: Transcript) -> None:
    transcript.set_turns(turns(40))
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    transcript.setFocus()
    text = transcript.messages()[0].text  # ready, and above the edge
    assert text is not None
    assert text.mapTo(transcript, QPoint(0, 0)).y() < 0
    text.setFocus(Qt.FocusReason.TabFocusReason)
    assert text.mapTo(transcript, QPoint(0, 0)).y() >= 0


def test_documents_live_as_long_as_what_shows_them() -> None:
    """At the end of a program Qt deletes in its own order; it must find no widget that shows a
    document which is gone."""
    done = subprocess.run([sys.executable, "-c", LONE], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
