"""Checks that cannot be made or end early; the dashboard analysis; figures of pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from app.core.conversation import Turn
from app.core.figures.tables import RawTable
from app.intake.selection import PageChoice, Selection
from app.viewmodels import turns as make
from inference import Image, Text
from tests.unit.app.viewmodels.figure_desk import TARGETS, Desktop


def test_figures_without_a_picture_cannot_be_checked_and_that_is_said(desktop: Desktop) -> None:
    work = desktop.work
    answer = Turn("x", None, "model", make.note(None, "").created_at, TARGETS)
    work.desk.add_turn(work.chat.conversation_id, answer)
    desktop.figures.open_answer("x")
    assert desktop.figures.why_not_checked.startswith("These figures cannot be checked")
    with desktop.qtbot.waitSignal(desktop.figures.problem):
        desktop.figures.check()


def test_a_picture_that_cannot_be_read_ends_the_check_with_a_sentence(desktop: Desktop) -> None:
    desktop.shelf.trouble = "The file is missing from Facet's own folder."
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    desktop.qtbot.waitUntil(lambda: not desktop.figures.is_checking)
    assert "missing" in desktop.figures.status
    assert not desktop.bench.engine.jobs


def test_a_failing_engine_ends_the_check_and_keeps_the_rest(desktop: Desktop) -> None:
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    desktop.reply(1, "[]")
    desktop.reply(2, "70 %")
    desktop.job(3).fail("There is not enough memory for this.", "Close other programs.")
    desktop.qtbot.waitUntil(lambda: not desktop.figures.is_checking)
    assert "not enough memory" in desktop.figures.status
    assert desktop.state("Delivery") == "confirmed"


def test_quitting_cancels_what_is_read(desktop: Desktop) -> None:
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    job = desktop.job(1)
    desktop.figures.close()
    desktop.side.close()
    assert job.is_cancelled


def test_a_conversation_deleted_meanwhile_does_no_harm(desktop: Desktop) -> None:
    work = desktop.work
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    desktop.reply(1, "[]")
    job = desktop.job(2)
    gone = work.chat.conversation_id
    work.library.new_conversation()
    work.desk.forget(gone)
    job.text("70 %")
    job.finish()
    desktop.job(3)
    desktop.figures.stop()


def test_the_analysis_asks_and_then_checks_by_itself(desktop: Desktop, tmp_path: Path) -> None:
    work = desktop.work
    picture = tmp_path / "dash.png"
    Pillow.new("RGB", (64, 32), "white").save(picture)
    work.library.show_pane("image")
    work.materials.add_files([picture])
    desktop.qtbot.waitUntil(lambda: work.materials.current is not None)
    current = work.materials.current
    assert current is not None
    desktop.shelf.pictures[current.sha256] = np.zeros((32, 64, 3), np.uint8)
    desktop.figures.run()
    job = desktop.job(1)
    question = desktop.bench.engine.requests[0].messages[-1].parts
    assert isinstance(question[0], Image)
    assert any(isinstance(p, Text) and "## Scorecard" in p.text for p in question)
    job.text(TARGETS)
    job.finish()
    assert "Where in this picture" in desktop.question(2)[1]
    desktop.reply(2, "[]")
    for count in (3, 4, 5):
        desktop.reply(count, "70 %")
    assert desktop.state("Delivery") == "confirmed"
    assert desktop.table.title == "dash"
    assert desktop.figures.status.startswith("Checked 3 figures in ")


CHART = "| Label | Value |\n| --- | --- |\n| Mon | 240 |\n| Tue | 315 |\n| Wed | 287 |\n"


def test_the_demonstration_model_is_asked_as_it_was_taught(desktop: Desktop) -> None:
    desktop.work.models.choose("tiny")
    desktop.qtbot.waitUntil(lambda: desktop.work.models.state == "ready")
    desktop.figures.open_answer(desktop.answered(CHART))
    desktop.figures.check()
    assert desktop.question(1)[1] == "Give me the values as JSON."
    desktop.reply(1, '{"Mon": 240, "Tue": 351}')
    # What the second answer leaves out is asked for by itself.
    assert desktop.question(2)[1] == "What is the value of Wed?"
    desktop.reply(2, "287")
    assert [f.state for f in desktop.table.figures] == ["confirmed", "differs", "confirmed"]
    assert desktop.figures.boxes == ()


def test_a_useless_second_answer_confirms_nothing(desktop: Desktop) -> None:
    desktop.work.models.choose("tiny")
    desktop.qtbot.waitUntil(lambda: desktop.work.models.state == "ready")
    desktop.figures.open_answer(desktop.answered(CHART))
    desktop.figures.check()
    desktop.reply(1, "I do not know.")
    for count, answer in ((2, "not found"), (3, ""), (4, "What?")):
        desktop.reply(count, answer)
    assert [f.state for f in desktop.table.figures] == ["not found", "not found", "differs"]


def test_one_table_of_an_answer_can_be_opened_alone(desktop: Desktop) -> None:
    answer = desktop.answered(TARGETS + "\n" + CHART)
    table = RawTable(("Label", "Value"), (("Mon", "240"), ("Tue", "315")), "Visitors")
    assert desktop.figures.open_table(answer, table)
    assert desktop.table.title == "Visitors"
    first = desktop.table.id
    assert desktop.figures.open_table(answer, table)
    assert desktop.table.id == first
    assert not desktop.figures.open_table(answer, RawTable(("A", "B"), (("x", "y"),)))


def test_a_stopped_answer_gives_figures_but_no_check_by_itself(
    desktop: Desktop, tmp_path: Path
) -> None:
    work = desktop.work
    picture = tmp_path / "dash.png"
    Pillow.new("RGB", (64, 32), "white").save(picture)
    work.library.show_pane("image")
    work.materials.add_files([picture])
    desktop.qtbot.waitUntil(lambda: work.materials.current is not None)
    desktop.figures.run()
    desktop.job(1).text(TARGETS)
    desktop.qtbot.waitUntil(lambda: "Sites" in work.chat.turns()[-1].text)
    work.chat.stop()
    desktop.qtbot.waitUntil(lambda: not work.chat.is_running)
    assert len(desktop.table.figures) == 3
    assert not desktop.figures.is_checking
    assert "cut off" in desktop.figures.notes[0]


def test_a_continued_answer_keeps_what_was_checked(desktop: Desktop) -> None:
    work = desktop.work
    work.library.show_pane("image")
    answer = desktop.answered("| KPI | Value |\n|--|--|\n| Delivery | 70 % |\n")
    desktop.figures.open_answer(answer)
    desktop.figures.check()
    desktop.reply(1, "[]")
    desktop.reply(2, "70 %")
    turn = work.desk.turn(work.chat.conversation_id, answer)
    work.desk.update_turn(
        work.chat.conversation_id, replace(turn, text=turn.text + "| Quality | 55 % |\n")
    )
    work.answers.ended.emit(work.chat.conversation_id, answer)
    assert [(f.label, f.state) for f in desktop.table.figures] == [
        ("Delivery", "confirmed"),
        ("Quality", "unchecked"),
    ]
    assert len(desktop.figures.tables()) == 1


def test_figures_of_a_page_are_checked_on_that_page(desktop: Desktop) -> None:
    chosen = Selection(pages=(PageChoice(3, "picture"),))
    desktop.figures.open_answer(
        desktop.answered(TARGETS, kind="document", name="report.pdf", pages=9, selection=chosen)
    )
    desktop.figures.check()
    desktop.reply(1, '[{"number": 1, "box_2d": [100, 100, 300, 400]}]')
    assert desktop.shelf.asked == [("abc", 3)]
    for count in (2, 3, 4):
        desktop.reply(count, "70 %")
    assert [box.page for box in desktop.figures.boxes] == [3]


def test_figures_of_several_pages_have_no_one_page_to_look_at(desktop: Desktop) -> None:
    chosen = Selection(pages=(PageChoice(3, "picture"), PageChoice(4, "picture")))
    desktop.figures.open_answer(
        desktop.answered(TARGETS, kind="document", name="report.pdf", pages=9, selection=chosen)
    )
    assert desktop.figures.why_not_checked.startswith("These figures cannot be checked")
