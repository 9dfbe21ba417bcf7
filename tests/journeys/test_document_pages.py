"""A PDF is dropped, a page chosen and asked about, and the answer's page can be looked up again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.bundled import example
from app.main import Program
from app.widgets.page_picker import PagePicker
from app.widgets.password_sheet import PasswordSheet
from inference import Image, Text
from tests.fakes.documents import pdf
from tests.fakes.hand_engine import HandEngine
from tests.journeys.person import Person

LONG = "A line of words that is long enough to be read as text"


def report(folder: Path) -> Path:
    """Four pages, of which the third is a scan."""
    path = folder / "report.pdf"
    path.write_bytes(pdf([f"Summary. {LONG}", f"Costs were 4,100. {LONG}", "", f"End. {LONG}"]))
    return path


def sent(engine: HandEngine) -> list[str]:
    """The parts of the newest question; pictures by their names in brackets."""
    (message,) = engine.request.messages[-1:]
    named = {Text: lambda part: part.text.strip(), Image: lambda part: f"[{part.name}]"}
    return [named[type(part)](part) for part in message.parts]


def test_a_page_is_chosen_asked_about_and_cited(
    program: Program, person: Person, engine: HandEngine, tmp_path: Path
) -> None:
    person.chooses("pane_image")
    program.workbench.materials.add_files([report(tmp_path)])
    pages = program.panes.pages
    person.sees(lambda: pages.document is not None)
    (picker,) = person.window.findChildren(PagePicker)
    person.sees(picker.isVisible)
    assert picker.range.text() == "1-4"
    picker.range.setFocus()
    picker.range.selectAll()
    QTest.keyClicks(picker.range, "2, 7")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    assert "outside of the document, which has 4 pages" in pages.problem

    picker.range.selectAll()
    QTest.keyClicks(picker.range, "2-3")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    assert picker.summary.text().startswith("2 of 4 pages\n≈ ")
    person.asks("What did it cost?")
    assert sent(engine) == [
        f"Page 2 of report.pdf:\n\nCosts were 4,100. {LONG}",
        "Page 3 of report.pdf:",
        "[report.pdf, page 3]",
        "What did it cost?",
    ]
    engine.job.text("It cost 4,100 (page 2).")
    engine.job.finish()
    person.sees(lambda: person.answer.text == "It cost 4,100 (page 2).")
    receipt = person.question.receipt
    assert receipt is not None
    assert receipt.line.startswith("2 of 4 pages of report.pdf")

    assert program.workbench.writer.flush(10)  # and the choice is kept
    stored = program.store.load(program.workbench.chat.conversation_id)
    (kept,) = stored.materials
    assert [choice.number for choice in kept.selection.pages] == [2, 3]


def test_a_document_dropped_into_a_message_is_a_card(
    program: Program, person: Person, engine: HandEngine, tmp_path: Path
) -> None:
    person.drops([report(tmp_path)])
    (card,) = program.workbench.composer.attachments()
    assert card.kind == "document"
    assert card.caption.startswith("4 pages · ")
    assert card.thumbnail
    person.asks("What is it about?")
    assert sent(engine)[0].startswith("Page 1 of report.pdf:\n\nSummary.")
    assert "[report.pdf, page 3]" in sent(engine)
    engine.job.finish()
    person.sees(lambda: not program.workbench.chat.is_running)


def test_the_example_is_a_scan_and_goes_as_a_picture(
    program: Program, person: Person, engine: HandEngine
) -> None:
    path = example("report.pdf")
    assert path is not None
    person.drops([path])
    person.asks("What does it show?")
    assert sent(engine)[:2] == ["Page 1 of report.pdf:", "[report.pdf, page 1]"]
    engine.job.finish()
    person.sees(lambda: not program.workbench.chat.is_running)


def test_a_locked_document_asks_for_its_password(
    program: Program, person: Person, engine: HandEngine, tmp_path: Path
) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(pdf([f"Secret. {LONG}"], password="sesame"))
    (sheet,) = person.window.findChildren(PasswordSheet)
    composer = program.workbench.composer
    composer.add_files([path])
    person.sees(sheet.isVisible)
    assert "“contract.pdf” can be read with its password only" in sheet.words.text()
    assert not sheet.open_file.isEnabled()
    QTest.keyClicks(sheet.edit, "wrong")
    QTest.keyClick(sheet.edit, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    person.sees(sheet.isVisible)
    assert sheet.words.text().startswith("That was not the password.")
    assert not sheet.edit.text()
    QTest.keyClicks(sheet.edit, "sesame")
    QTest.keyClick(sheet.edit, Qt.Key.Key_Return)
    person.sees(lambda: [card.state for card in composer.attachments()] == ["ready"])
    person.asks("What is agreed?")
    assert sent(engine)[0].startswith("Page 1 of contract.pdf:\n\nSecret.")
    engine.job.finish()
    person.sees(lambda: not program.workbench.chat.is_running)


def test_a_locked_document_can_be_left_unread(
    program: Program, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(pdf([LONG], password="sesame"))
    (sheet,) = person.window.findChildren(PasswordSheet)
    composer = program.workbench.composer
    composer.add_files([path])
    person.sees(sheet.isVisible)
    QTest.keyClick(sheet.edit, Qt.Key.Key_Escape)
    person.sees(lambda: [card.state for card in composer.attachments()] == ["failed"])
    assert "is protected by a password" in composer.attachments()[0].problem
    assert not sheet.isVisible()
