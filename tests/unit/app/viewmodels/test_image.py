"""The image pane's view-model: crops, budgets that come true, tasks, pixels as they are needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.core import tasks
from app.viewmodels.image import EvidenceBox, ImageViewModel
from app.viewmodels.image_pixels import FINEST_PX, FIRST_PX
from app.viewmodels.workbench import Workbench
from inference import IMAGE_BUDGETS, Image, Message, Request, Text, load
from tests.fakes.desk import MODEL, Bench
from tests.fakes.image_desk import SIZE, added, drawn, made
from tests.fakes.pictures import DrawnPictures, ramp
from tests.unit.app.viewmodels.steps import next_job


def asked(bench: Bench, qtbot: QtBot) -> Request:
    """The request that a task made."""
    next_job(bench, qtbot, 1)
    return bench.engine.request


@pytest.fixture
def reader() -> DrawnPictures:
    return DrawnPictures()


@pytest.fixture
def image(work: Workbench, reader: DrawnPictures) -> ImageViewModel:
    """The pane's view-model in the open conversation."""
    return made(work, reader)


@pytest.fixture
def shown(image: ImageViewModel, work: Workbench, qtbot: QtBot, tmp_path: Path) -> ImageViewModel:
    """With one picture of 640 x 480."""
    added(work, qtbot, drawn(tmp_path, "one.png"))
    return image


# --- what is shown -------------------------------------------------------------------------------


def test_nothing_is_shown_at_first(image: ImageViewModel) -> None:
    assert image.state == "empty"
    assert image.size == (0, 0)
    assert image.cost is None
    assert not image.draw_crop((0, 0), (50, 50))
    assert not image.clear_crop()


def test_a_picture_is_shown_with_its_size(shown: ImageViewModel) -> None:
    assert shown.state == "ready"
    assert shown.size == SIZE
    assert shown.levels[0].shape == (480, 640, 3)


def test_a_picture_that_is_being_read_shows_nothing_yet(
    work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    reader = DrawnPictures(waits=True)
    image = made(work, reader)
    added(work, qtbot, drawn(tmp_path, "one.png"))
    assert image.state == "reading"
    reader.give()
    assert image.state == "ready"


def test_a_file_that_is_no_picture_says_why(
    image: ImageViewModel, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    added(work, qtbot, path)
    assert image.state == "failed"
    assert "broken.png" in image.trouble
    image.remove(image.current_id)
    assert image.state == "empty"


def test_the_strip_goes_from_picture_to_picture(
    shown: ImageViewModel, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    added(work, qtbot, drawn(tmp_path, "two.png", (300, 200)))
    ids = [item.id for item in shown.items()]
    shown.select(ids[0])
    shown.step(1)
    assert (shown.current_id, shown.size) == (ids[1], (300, 200))
    shown.step(1)
    assert shown.current_id == ids[1]
    shown.step(-9)
    assert shown.current_id == ids[0]


def test_a_huge_picture_is_read_small_first_and_finer_when_someone_looks_closely(
    image: ImageViewModel, reader: DrawnPictures, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    added(work, qtbot, drawn(tmp_path, "huge.png", (9000, 40)))
    assert reader.asked == [("huge.png", 0, FIRST_PX)]
    image.want_detail(FIRST_PX)
    assert len(reader.asked) == 1
    image.want_detail(9000)
    assert reader.asked[1:] == [("huge.png", 0, FINEST_PX)]
    image.want_detail(9000)
    assert len(reader.asked) == 2  # it does not get finer than that
    assert image.size == (9000, 40)


def test_a_newer_picture_outdates_the_one_that_is_still_being_read(
    work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    reader = DrawnPictures(waits=True)
    image = made(work, reader)
    added(work, qtbot, drawn(tmp_path, "one.png"), drawn(tmp_path, "two.png", (300, 200)))
    ids = [item.id for item in image.items()]
    image.select(ids[0])
    image.select(ids[1])
    reader.give()
    assert image.levels[0].shape == (200, 300, 3)


# --- crops ---------------------------------------------------------------------------------------


def test_a_crop_goes_with_the_picture(shown: ImageViewModel, work: Workbench) -> None:
    assert shown.draw_crop((100, 60), (300, 200))
    assert shown.crop == (100, 60, 300, 200)
    current = work.materials.current
    assert current is not None
    assert current.selection is not None
    assert current.selection.crop == (100, 60, 300, 200)


def test_crops_nest_and_escape_goes_back_one_by_one(shown: ImageViewModel) -> None:
    shown.draw_crop((100, 60), (300, 200))
    shown.draw_crop((150, 80), (400, 150))  # cut to the outer one
    assert shown.nest == ((100, 60, 300, 200), (150, 80, 300, 150))
    assert shown.clear_crop()
    assert shown.crop == (100, 60, 300, 200)
    assert shown.clear_crop()
    assert shown.crop is None
    assert not shown.clear_crop()


def test_a_crop_begun_outside_takes_the_place_of_the_others(shown: ImageViewModel) -> None:
    shown.draw_crop((100, 60), (300, 200))
    shown.draw_crop((150, 80), (250, 150))
    shown.draw_crop((400, 300), (500, 400))
    assert shown.nest == ((400, 300, 500, 400),)


def test_a_nested_crop_is_nudged_inside_the_outer_one(shown: ImageViewModel) -> None:
    shown.draw_crop((100, 60), (300, 200))
    shown.draw_crop((150, 80), (250, 150))
    shown.nudge_crop(1, 0)
    assert shown.crop == (151, 80, 251, 150)
    shown.nudge_crop(10, 999)
    assert shown.crop == (161, 130, 261, 200)
    shown.grow_crop(999, -10)
    assert shown.crop == (161, 130, 300, 190)
    assert shown.nest[0] == (100, 60, 300, 200)


def test_a_crop_begins_in_the_middle_by_keyboard(shown: ImageViewModel) -> None:
    shown.start_crop()
    assert shown.crop == (160, 120, 480, 360)
    shown.start_crop()
    assert shown.nest == ((160, 120, 480, 360), (240, 180, 400, 300))
    shown.clear_crops()
    assert shown.nest == ()


def test_each_picture_keeps_its_own_crops(
    shown: ImageViewModel, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    shown.draw_crop((100, 60), (300, 200))
    first = shown.current_id
    added(work, qtbot, drawn(tmp_path, "two.png", (300, 200)))
    shown.select(shown.items()[1].id)
    assert shown.crop is None
    shown.draw_crop((0, 0), (50, 50))
    shown.select(first)
    assert shown.crop == (100, 60, 300, 200)


# --- budget --------------------------------------------------------------------------------------


@pytest.mark.parametrize("crop", [None, ((30, 40), (601, 333)), ((10, 10), (640, 70))])
@pytest.mark.parametrize("budget", IMAGE_BUDGETS)
def test_what_the_bar_promises_is_what_the_model_gets(
    shown: ImageViewModel,
    reader: DrawnPictures,
    budget: int,
    crop: tuple[tuple[float, float], tuple[float, float]] | None,
) -> None:
    if crop is not None:
        shown.draw_crop(*crop)
    shown.set_budget(budget)
    cost, attachment = shown.cost, shown.attachment
    assert cost is not None
    assert attachment is not None
    assert cost.is_chosen
    prompt = load(MODEL).prepare([Message("user", (*reader.parts(attachment), Text("What?")))])
    sent = next(item for item in prompt.receipt.items if item.kind == "image")
    assert (cost.tokens, cost.width, cost.height) == (
        sent.soft_tokens,
        sent.model_width,
        sent.model_height,
    )


def test_without_a_choice_the_budget_is_the_models_own(
    shown: ImageViewModel, work: Workbench
) -> None:
    cost = shown.cost
    assert cost is not None
    assert not cost.is_chosen
    work.chat.change_settings(image_tokens=560)
    assert shown.cost is not None
    assert shown.cost.budget == 560


def test_the_time_is_told_only_when_it_was_measured(shown: ImageViewModel) -> None:
    assert shown.cost is not None
    assert shown.cost.seconds is None


def test_the_picture_can_be_shown_as_the_model_gets_it(shown: ImageViewModel) -> None:
    shown.draw_crop((100, 60), (300, 200))
    shown.set_budget(140)
    shown.show_seen(True)
    cost = shown.cost
    assert cost is not None
    assert shown.seen[0].shape == (cost.height, cost.width, 3)
    # The corner of the crop, not of the picture.
    expected = ramp(480, 640)[60, 100]
    assert np.abs(shown.seen[0][0, 0].astype(int) - expected).max() <= 3
    shown.set_budget(70)
    assert shown.cost is not None
    assert shown.seen[0].shape[:2] == (shown.cost.height, shown.cost.width)
    shown.show_seen(False)
    assert shown.seen == ()


def test_a_picture_that_has_gone_says_so_instead(
    shown: ImageViewModel, reader: DrawnPictures
) -> None:
    reader.problem = "The file is missing."
    shown.show_seen(True)
    assert shown.seen == ()
    assert "missing" in shown.seen_problem


# --- tasks ---------------------------------------------------------------------------------------


def test_a_task_asks_its_question_about_the_picture(
    shown: ImageViewModel, bench: Bench, qtbot: QtBot
) -> None:
    shown.draw_crop((100, 60), (300, 200))
    assert shown.run_task("describe")
    request = asked(bench, qtbot)
    parts = request.messages[-1].parts
    assert [type(part) for part in parts] == [Image, Text]
    assert isinstance(parts[0], Image)
    assert parts[0].pixels.shape == (140, 200, 3)
    assert isinstance(parts[1], Text)
    assert parts[1].text == tasks.BY_KEY["describe"].prompt


def test_reading_small_print_takes_a_finer_budget_and_shows_it(
    shown: ImageViewModel, bench: Bench, qtbot: QtBot, work: Workbench
) -> None:
    shown.run_task("read")
    next_job(bench, qtbot, 1)
    assert shown.cost is not None
    assert shown.cost.budget == tasks.fine_budget(480, 640, work.models.image_tokens)
    assert shown.cost.is_chosen


def test_a_budget_that_was_chosen_stays(shown: ImageViewModel, bench: Bench, qtbot: QtBot) -> None:
    shown.set_budget(70)
    shown.run_task("read")
    next_job(bench, qtbot, 1)
    assert shown.cost is not None
    assert shown.cost.budget == 70


def test_two_pictures_are_compared(
    shown: ImageViewModel, work: Workbench, bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[str] = []
    shown.problem.connect(said.append)
    assert not shown.run_task("compare")
    assert said == ["Add a second picture to compare."]
    added(work, qtbot, drawn(tmp_path, "two.png", (300, 200)))
    shown.select(shown.items()[0].id)
    assert [other.name for other in shown.others()] == ["two.png"]
    assert shown.run_task("compare", other_id=shown.others()[0].id)
    parts = asked(bench, qtbot).messages[-1].parts
    assert [part.name for part in parts if isinstance(part, Image)] == ["one.png", "two.png"]


def test_own_fields_are_asked_for_as_json(
    shown: ImageViewModel, bench: Bench, qtbot: QtBot
) -> None:
    said: list[str] = []
    shown.problem.connect(said.append)
    assert not shown.run_task("schema", fields=" , ")
    assert "field" in said[0]
    assert shown.run_task("schema", fields="date\ntotal")
    text = asked(bench, qtbot).messages[-1].parts[-1]
    assert isinstance(text, Text)
    assert text.text == tasks.schema_prompt(("date", "total"))


def test_the_dashboard_task_is_there_when_someone_can_do_it(shown: ImageViewModel) -> None:
    assert "dashboard" not in [task.key for task in shown.tasks()]
    done: list[str] = []
    shown.dashboard = lambda: done.append("read")
    assert "dashboard" in [task.key for task in shown.tasks()]
    assert shown.run_task("dashboard")
    assert done == ["read"]


def test_nothing_is_asked_while_an_answer_is_being_made(
    shown: ImageViewModel, bench: Bench, qtbot: QtBot
) -> None:
    shown.run_task("describe")
    next_job(bench, qtbot, 1)
    assert all(task.why_not for task in shown.tasks())
    assert not shown.run_task("describe")


# --- evidence ------------------------------------------------------------------------------------


def test_a_box_is_lit_by_the_table_and_chosen_by_the_person(shown: ImageViewModel) -> None:
    lit: list[str] = []
    chosen: list[str] = []
    shown.box_lit.connect(lit.append)
    shown.box_chosen.connect(chosen.append)
    box = EvidenceBox("a", "1", (0, 0, 50, 50), "confirmed")
    shown.set_boxes((box, replace(box, id="b", page=2)))
    assert shown.boxes == (box,)  # the other lies on a page of a document
    shown.light_box("a")
    assert (shown.lit_box, lit, chosen) == ("a", ["a"], [])
    shown.choose_box("a")
    assert (lit, chosen) == (["a", "a"], ["a"])
