"""The first hour with Facet, one story at a time, in the window itself."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from pytestqt.qtbot import QtBot

from app.main import Places, Program, build
from inference import Prefill, Prepared, Thought
from tests.fakes.conversations import DASHBOARD, TABLE_ANSWER
from tests.fakes.hand_engine import HandEngine
from tests.journeys.person import Person
from tests.screens.content import receipt
from tests.widgets.conftest import MODEL, delete_what_waits


def answered(person: Person, engine: HandEngine, text: str = "Certainly.") -> None:
    """The engine answers the question that was sent."""
    engine.job.prepare()
    engine.job.text(*(f"{word} " for word in text.split(" ")))
    engine.job.finish()
    person.sees(lambda: person.answer.state == "complete")


def test_asking_and_being_answered(person: Person, engine: HandEngine) -> None:
    person.asks("What is a median?")
    assert person.question.text == "What is a median?"
    assert engine.request.messages[-1].parts[-1].text == "What is a median?"  # type: ignore[union-attr]
    person.sees(lambda: person.answer.state == "streaming")
    engine.job.prepare()
    engine.job.text("The one ", "in the ", "middle.")
    person.sees(lambda: person.answer.text == "The one in the middle.")
    engine.job.finish()
    person.sees(lambda: person.answer.state == "complete")
    assert "41.2 tok/s" in person.answer.stats
    assert person.question.receipt is not None
    assert "nothing dropped" in person.question.receipt.line
    person.sees(lambda: person.titles == ["What is a median?"])


def test_a_dashboard_is_dropped_and_read_as_a_table(person: Person, engine: HandEngine) -> None:
    person.drops([DASHBOARD])
    person.asks("Read every figure on this dashboard.")
    (picture, text) = engine.request.messages[-1].parts
    assert picture.pixels.shape == (800, 1280, 3)  # type: ignore[union-attr]
    assert text.text == "Read every figure on this dashboard."  # type: ignore[union-attr]
    engine.job.prepare(receipt())
    person.sees(lambda: person.question.receipt is not None)
    assert person.question.receipt is not None
    assert "1 image → 1008 × 624" in person.question.receipt.line
    engine.job.text(TABLE_ANSWER)
    engine.job.finish(receipt=receipt())
    person.sees(lambda: person.answer.state == "complete")
    shown = person.window.pane.transcript.document_of(person.answer.id)
    assert "$55.79" in shown.document.toPlainText()
    assert "|---" not in shown.document.toPlainText()


def test_thinking_is_switched_on_and_off(person: Person, engine: HandEngine) -> None:
    person.presses("Thinking")
    person.asks("What is 17 times 23?")
    assert engine.request.thinking
    engine.job.say(Prefill(24, 24, 0), Thought("17 × 20 is 340."))
    person.sees(lambda: person.answer.is_thinking)
    engine.job.say(Thought(" 340 + 51 = 391.", closed=True))
    answered(person, engine, "391")
    assert person.answer.thought == "17 × 20 is 340. 340 + 51 = 391."
    assert person.answer.text.strip() == "391"
    person.presses("Thinking")
    person.asks("And 17 times 24?")
    assert not engine.request.thinking
    sent = [part.text for m in engine.request.messages for part in m.parts]  # type: ignore[union-attr]
    assert not any("340" in text for text in sent), "thoughts are never sent back"
    answered(person, engine, "408")


def test_an_answer_is_stopped_and_continued(person: Person, engine: HandEngine) -> None:
    person.asks("Tell me a long story.")
    engine.job.prepare()
    engine.job.text("Once upon ", "a time")
    person.sees(lambda: person.answer.text == "Once upon a time")
    person.presses("Stop", person.window.pane.composer)
    person.sees(lambda: person.answer.state == "stopped")
    assert person.answer.text == "Once upon a time"
    person.presses("Continue", person.message(person.answer))
    person.sees(lambda: len(engine.jobs) == 2)
    assert engine.request.continue_last
    engine.job.prepare()
    engine.job.text(" there was a fox.")
    engine.job.finish()
    person.sees(lambda: person.answer.state == "complete")
    assert person.answer.text == "Once upon a time there was a fox."


def test_a_question_is_changed_and_both_versions_stay(person: Person, engine: HandEngine) -> None:
    person.asks("Capital of France?")
    answered(person, engine, "Paris.")
    person.changes_question(person.question, "Capital of Italy?")
    person.sees(lambda: len(engine.jobs) == 2)
    answered(person, engine, "Rome.")
    assert (person.question.text, person.question.version) == ("Capital of Italy?", 2)
    assert [turn.role for turn in person.turns] == ["user", "model"]
    person.presses("Version before", person.message(person.question))
    person.sees(lambda: person.question.text == "Capital of France?")
    assert person.answer.text.strip() == "Paris."


def test_an_answer_is_asked_for_again(person: Person, engine: HandEngine) -> None:
    person.asks("A number, please.")
    answered(person, engine, "Seven.")
    person.presses("Answer again", person.message(person.answer))
    person.sees(lambda: len(engine.jobs) == 2)
    answered(person, engine, "Eleven.")
    assert (person.answer.version, person.answer.version_count) == (2, 2)
    assert person.answer.text.strip() == "Eleven."


def test_a_conversation_is_branched(person: Person, engine: HandEngine) -> None:
    person.asks("One?")
    answered(person, engine, "First.")
    person.asks("Two?")
    answered(person, engine, "Second.")
    first = person.turns[1]
    person.presses("Branch into a new conversation", person.message(first))
    person.sees(lambda: len(person.turns) == 2)
    person.sees(lambda: len(person.titles) == 2)
    assert person.answer.text.strip() == "First."


def test_a_word_is_found_in_a_text(person: Person, engine: HandEngine) -> None:
    person.asks("Where do hedgehogs sleep?")
    answered(person, engine, "Under a heap of marvellous leaves.")
    person.chooses("new")
    person.sees(lambda: person.turns == [])
    person.asks("And foxes?")
    answered(person, engine, "In an earth.")
    person.searches("marvellous")
    person.sees(lambda: person.titles == ["Where do hedgehogs sleep?"])
    person.opens_first_hit()
    person.sees(lambda: bool(person.turns) and person.question.text == "Where do hedgehogs sleep?")


def test_a_report_is_exported_in_every_format(
    person: Person, engine: HandEngine, tmp_path: Path
) -> None:
    person.drops([DASHBOARD])
    person.asks("Read this.")
    engine.job.say(Prepared(receipt()))
    engine.job.text(TABLE_ANSWER)
    engine.job.finish(receipt=receipt())
    person.sees(lambda: person.answer.state == "complete")
    pdf, html, markdown = (person.exports(tmp_path, number) for number in range(3))
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    assert "Average order" in document[0].get_textpage().get_text_range()
    document.close()
    assert "<td" in html.read_text(encoding="utf-8")
    assert "| Average order | \\$55.79 |" in markdown.read_text(encoding="utf-8")
    assert list(markdown.with_name(f"{markdown.stem}_assets").iterdir())


def test_everything_is_there_after_a_new_start(qtbot: QtBot, tmp_path: Path, qapp: object) -> None:
    del qapp
    places = Places.under(tmp_path / "facet")
    engine = HandEngine()
    first = build(places, engine, MODEL)
    first.start()
    person = Person(qtbot, first, engine)
    person.sees(lambda: first.workbench.models.state == "ready")
    person.asks("Do you remember?")
    answered(person, engine, "I do.")
    person.types("A half-written thou")
    first.close()
    delete_what_waits()

    again: Program = build(places, other := HandEngine(), MODEL)
    again.start()
    person = Person(qtbot, again, other)
    person.sees(lambda: len(person.turns) == 2)
    assert person.answer.text.strip() == "I do."
    assert again.window.pane.composer.edit.toPlainText() == "A half-written thou"
    again.close()
    delete_what_waits()


def test_a_failure_is_told_and_tried_again(person: Person, engine: HandEngine) -> None:
    person.asks("Will it fit?")
    engine.job.prepare()
    engine.job.fail("The memory is full.", "Use a smaller model.")
    person.sees(lambda: person.answer.state == "failed")
    assert person.answer.error is not None
    person.presses("Try again", person.message(person.answer))
    person.sees(lambda: len(engine.jobs) == 2)
    answered(person, engine, "It fits now.")
    assert person.answer.text.strip() == "It fits now."


def test_the_trash_gives_back(person: Person, engine: HandEngine) -> None:
    person.asks("Keep me?")
    answered(person, engine, "Gladly.")
    person.sees(lambda: person.titles == ["Keep me?"])
    person.chooses("trash")
    person.sees(lambda: person.titles == [])
    person.presses("Undo")
    person.sees(lambda: person.titles == ["Keep me?"])
