"""Figures of answers: made, checked blind, corrected, stopped, kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.intake.selection import Selection
from inference import Receipt, ReceiptItem
from tests.fakes.desk import Bench
from tests.unit.app.viewmodels.figure_desk import TARGETS, Desktop


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
