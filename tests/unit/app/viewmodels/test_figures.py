"""Figures of answers: made, checked blind, corrected, stopped, kept, on a played engine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.core.conversation import Attachment, Turn
from app.core.figures.tables import RawTable
from app.core.figures.values import FigureTable
from app.intake.selection import PageChoice, Selection
from app.viewmodels import turns as make
from app.viewmodels.figures import FiguresViewModel
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.workbench import Workbench
from inference import Image, Receipt, ReceiptItem, Text
from tests.fakes.desk import MODEL, Bench
from tests.fakes.hand_engine import HandJob
from tests.fakes.shelf import Shelf

PICTURE = Attachment("m1", "image", "operations.png", "abc", 10, "image/png", width=400, height=200)
TARGETS = """\
| KPI | Value |
| --- | --- |
| Delivery | 70 % |
| Quality | 55 % |
| Sites | 14 |
"""


@dataclass
class Desktop:
    """A workbench with figures beside it; `table` is what the grid shows."""

    bench: Bench
    work: Workbench
    shelf: Shelf
    side: SideRequests
    figures: FiguresViewModel
    qtbot: QtBot

    @property
    def table(self) -> FigureTable:
        table = self.figures.table
        assert table is not None
        return table

    def state(self, label: str) -> str:
        return next(f.state for f in self.table.figures if f.label == label)

    def answered(self, text: str, **values: object) -> str:
        """An answer about the picture that is already there; gives its id."""
        work = self.work
        question = make.question(None, "Read it.", (replace(PICTURE, **values),))  # type: ignore[arg-type]
        work.desk.add_turn(work.chat.conversation_id, question)
        answer = replace(make.answer(question.id, work.models.current, work.chat.settings),
                         text=text, state="complete")  # fmt: skip
        work.desk.add_turn(work.chat.conversation_id, answer)
        return answer.id

    def job(self, count: int) -> HandJob:
        """The engine's job number `count`, once it is there."""
        self.qtbot.waitUntil(lambda: len(self.bench.engine.jobs) >= count)
        return self.bench.engine.jobs[count - 1]

    def reply(self, count: int, text: str) -> None:
        """Answer the engine's job number `count`."""
        job = self.job(count)
        job.text(text)
        job.finish()
        self.qtbot.waitUntil(lambda: len(self.bench.engine.jobs) > count
                             or not self.figures.is_checking)  # fmt: skip

    def question(self, count: int) -> tuple[Image, str]:
        """What job number `count` was asked."""
        self.job(count)
        image, text = self.bench.engine.requests[count - 1].messages[-1].parts
        assert isinstance(image, Image)
        assert isinstance(text, Text)
        return image, text.text


@pytest.fixture
def desktop(work: Workbench, bench: Bench, qtbot: QtBot, tmp_path: Path) -> Iterator[Desktop]:
    # Another folder than the bundled one: the demonstration model is asked in another way.
    folder = tmp_path / "gemma"
    folder.symlink_to(MODEL)
    work.models.add_folder(folder)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    side = SideRequests(work.bridge, work.answers, work.models)
    shelf = Shelf(
        abc=np.arange(400 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(200, 400, 3)
    )
    figures = FiguresViewModel(
        work.desk, work.answers, side, work.models, shelf, work.chat, work.materials, bench.clock
    )
    yield Desktop(bench, work, shelf, side, figures, qtbot)
    figures.close()
    side.close()


def test_an_answers_table_becomes_unchecked_figures(desktop: Desktop) -> None:
    assert desktop.figures.open_answer(desktop.answered(TARGETS))
    assert [(f.label, f.value, f.state) for f in desktop.table.figures] == [
        ("Delivery", "70 %", "unchecked"),
        ("Quality", "55 %", "unchecked"),
        ("Sites", "14", "unchecked"),
    ]
    assert desktop.table.source_id == "m1"
    assert desktop.figures.summary == "3 unchecked"


def test_the_same_answer_gives_the_same_table_again(desktop: Desktop) -> None:
    answer = desktop.answered(TARGETS)
    desktop.figures.open_answer(answer)
    first = desktop.table.id
    desktop.figures.open_answer(answer)
    assert desktop.table.id == first
    assert len(desktop.figures.tables()) == 1


def test_places_are_asked_for_then_each_figure_is_read_blind_from_its_crop(
    desktop: Desktop,
) -> None:
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    whole, places = desktop.question(1)
    assert whole.pixels.shape == (200, 400, 3)
    assert "1. “Delivery”" in places
    desktop.reply(1, '[{"number": 1, "box_2d": [100, 100, 300, 400]},'
                     ' {"number": 2, "box_2d": [500, 500, 700, 900]}]')  # fmt: skip
    # The one without a place comes first: figures are read place by place.
    seen = {}
    for count in (2, 3, 4):
        image, question = desktop.question(count)
        label = next(name for name in ("Delivery", "Quality", "Sites") if name in question)
        seen[label] = image
        assert not any(value in question for value in ("70", "55", "14")), "not blind"
        assert image.soft_tokens == 1120
        desktop.reply(count, {"Delivery": "70%", "Quality": "53 %", "Sites": "not found"}[label])
    assert not desktop.figures.is_checking
    left, top, right, bottom = (100 / 1000 * 400, 100 / 1000 * 200, 160, 60)
    margin_x, margin_y = 30, 12
    assert seen["Delivery"].pixels.shape == (
        int(bottom - top) + 2 * margin_y,
        int(right - left) + 2 * margin_x,
        3,
    )
    assert seen["Sites"].pixels.shape == (200, 400, 3)
    assert desktop.state("Delivery") == "confirmed"
    assert desktop.state("Quality") == "differs"
    assert desktop.state("Sites") == "not found"
    assert desktop.figures.summary == "1 confirmed · 1 differs · 1 not found"
    boxes = {box.number: (box.crop, box.state) for box in desktop.figures.boxes}
    assert boxes == {
        "1": ((40, 20, 160, 60), "confirmed"),
        "2": ((200, 100, 360, 140), "differs"),
    }


@pytest.mark.parametrize("wrong", ["71 %", "7 %", "70 k", "-70 %", "70.6 %", "17 %"])
def test_a_wrong_second_reading_is_marked(desktop: Desktop, wrong: str) -> None:
    desktop.figures.open_answer(desktop.answered("| KPI | Value |\n|--|--|\n| Delivery | 70 % |\n"))
    desktop.figures.check()
    desktop.reply(1, "[]")
    desktop.reply(2, wrong)
    assert desktop.state("Delivery") == "differs"
    second = desktop.table.figures[0].second
    assert second is not None
    assert second.value == wrong


def test_what_its_crop_does_not_show_is_looked_for_in_the_whole_picture(desktop: Desktop) -> None:
    desktop.figures.open_answer(desktop.answered("| KPI | Value |\n|--|--|\n| Delivery | 70 % |\n"))
    desktop.figures.check()
    desktop.reply(1, '[{"number": 1, "box_2d": [0, 0, 100, 100]}]')
    desktop.reply(2, "not found")
    assert desktop.question(3)[0].pixels.shape == (200, 400, 3)
    desktop.reply(3, "70 %")
    figure = desktop.table.figures[0]
    assert figure.state == "confirmed"
    assert figure.crop is None, "an uncertain place is drawn nowhere"
    assert figure.second is not None
    assert figure.second.crop is None
    desktop.figures.choose(figure.id)
    detail = desktop.figures.detail
    assert detail is not None
    assert "whole picture" in " ".join(s.text for s in detail.sentences)


def test_the_receipt_of_a_reading_is_kept_with_its_figure(desktop: Desktop) -> None:
    desktop.figures.open_answer(desktop.answered("| KPI | Value |\n|--|--|\n| Delivery | 70 % |\n"))
    desktop.figures.check()
    desktop.reply(1, "[]")
    receipt = Receipt((ReceiptItem("image", "operations.png", 1102, 1100),), 1140)
    job = desktop.job(2)
    job.prepare(receipt)
    job.text("70 %")
    job.finish(receipt=receipt)
    desktop.qtbot.waitUntil(lambda: not desktop.figures.is_checking)
    second = desktop.table.figures[0].second
    assert second is not None
    assert second.receipt == receipt
    assert second.answer == "70 %"
    assert "Delivery" in second.question


def test_stop_keeps_what_was_checked(desktop: Desktop) -> None:
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    desktop.reply(1, "[]")
    desktop.reply(2, "70 %")
    running = desktop.job(3)
    desktop.figures.stop()
    assert running.is_cancelled
    assert desktop.figures.status == "Checking was stopped after 1 of 3 figures."
    assert [f.state for f in desktop.table.figures] == ["confirmed", "unchecked", "unchecked"]
    desktop.figures.check()  # only what is left
    desktop.reply(4, "[]")
    assert "Quality" in desktop.question(5)[1]


def test_everything_survives_a_restart(desktop: Desktop, bench: Bench, qtbot: QtBot) -> None:
    desktop.figures.open_answer(desktop.answered(TARGETS))
    desktop.figures.check()
    desktop.reply(1, '[{"number": 1, "box_2d": [100, 100, 300, 400]}]')
    for count in (2, 3):
        desktop.reply(count, "70 %")
    desktop.figures.stop()
    before = desktop.table
    assert before.figures[0].second is not None or before.figures[1].second is not None
    conversation_id = desktop.work.chat.conversation_id
    desktop.figures.close()
    desktop.side.close()
    bench.close()
    work = bench.open()
    assert work.desk.get(conversation_id).work.tables == (before,)
    del qtbot


def test_an_answer_comes_before_the_next_reading(desktop: Desktop) -> None:
    work = desktop.work
    png = io.BytesIO()
    Pillow.new("RGB", (400, 200), "white").save(png, "PNG")
    assert desktop.bench.store is not None
    sha256 = desktop.bench.store.put_bytes(png.getvalue())
    desktop.shelf.pictures[sha256] = desktop.shelf.pictures["abc"]
    desktop.figures.open_answer(desktop.answered(TARGETS, sha256=sha256))
    desktop.figures.check()
    desktop.job(1)
    work.composer.set_text("And why?")
    work.chat.send()
    answer = desktop.job(2)  # queued behind the running reading in the engine
    desktop.bench.engine.jobs[0].text("[]")
    desktop.bench.engine.jobs[0].finish()
    desktop.qtbot.waitUntil(lambda: desktop.figures.status == "Waiting for the answer to finish")
    assert len(desktop.bench.engine.jobs) == 2
    answer.text("Because.")
    answer.finish()
    assert "Delivery" in desktop.question(3)[1]
    assert work.chat.turns()[-1].text == "Because."
    assert len(work.chat.turns()) == 4, "readings are no turns"


def test_by_hand(desktop: Desktop) -> None:
    figures = desktop.figures
    figures.open_answer(desktop.answered(TARGETS))
    first, second, third = desktop.table.figures
    figures.edit(first.id, "72 %")
    figures.rename(first.id, "On time")
    assert (desktop.table.figures[0].label, desktop.table.figures[0].state) == (
        "On time",
        "by hand",
    )
    assert desktop.table.figures[0].first == "70 %"
    figures.remove(third.id)
    added = figures.add(second.id)
    assert [f.id for f in desktop.table.figures] == [first.id, second.id, added]
    for _ in range(4):
        figures.undo()
    assert desktop.table.figures == (first, second, third)
    assert not figures.can_undo


def test_a_figure_changed_by_hand_while_it_is_read_stays_by_hand(desktop: Desktop) -> None:
    figures = desktop.figures
    figures.open_answer(desktop.answered("| KPI | Value |\n|--|--|\n| Delivery | 70 % |\n"))
    figures.check()
    desktop.reply(1, "[]")
    desktop.job(2)
    figures.edit(desktop.table.figures[0].id, "71 %")
    desktop.reply(2, "70 %")
    figure = desktop.table.figures[0]
    assert (figure.value, figure.state) == ("71 %", "by hand")
    assert figure.second is not None


def test_keep_and_use(desktop: Desktop) -> None:
    figures = desktop.figures
    figures.open_answer(desktop.answered(TARGETS))
    figures.check()
    desktop.reply(1, "[]")
    for count, text in ((2, "71 %"), (3, "53 %"), (4, "none")):
        desktop.reply(count, text)
    one, other, gone = desktop.table.figures
    figures.keep(one.id)
    figures.use_second(other.id)
    figures.use_second(gone.id)  # there is nothing to use
    assert [(f.value, f.state) for f in desktop.table.figures] == [
        ("70 %", "by hand"),
        ("53 %", "by hand"),
        ("14", "not found"),
    ]


def test_a_crop_that_was_asked_about_is_what_is_looked_at(desktop: Desktop) -> None:
    selection = Selection(crop=(100, 50, 300, 150))
    desktop.figures.open_answer(desktop.answered(TARGETS, selection=selection))
    desktop.figures.check()
    assert desktop.question(1)[0].pixels.shape == (100, 200, 3)
    desktop.reply(1, '[{"number": 1, "box_2d": [0, 0, 500, 500]}]')
    for count in (2, 3, 4):
        desktop.reply(count, "70 %")
    box = next(box for box in desktop.figures.boxes if box.number == "1")
    assert box.crop == (100, 50, 200, 100)


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
