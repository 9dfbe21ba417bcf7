"""The page picker: ranges, boxes, modes and costs by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.core.conversation import Attachment
from app.intake.selection import PageChoice
from app.viewmodels.image import ImageViewModel
from app.viewmodels.pages import PagesViewModel
from app.viewmodels.workbench import Workbench
from app.widgets.page_picker import PagePicker
from app.widgets.theme import Theme
from tests.fakes.desk import Bench
from tests.fakes.image_desk import made
from tests.fakes.pictures import DrawnPictures
from tests.widgets import walk

PAPER = Attachment(
    "d", "document", "report.pdf", "0" * 64, 1, width=1000, height=1414, pages=5,
    page_tokens=(400, 0, 250, 3, 90),
)  # fmt: skip


@pytest.fixture
def work(tmp_path: Path, qtbot: QtBot) -> Iterator[Workbench]:
    bench = Bench(tmp_path / "data")
    opened = bench.open()
    qtbot.waitUntil(lambda: opened.models.state == "ready")
    yield opened
    bench.close()


@pytest.fixture
def reader() -> DrawnPictures:
    return DrawnPictures()


@pytest.fixture
def image(work: Workbench, reader: DrawnPictures) -> ImageViewModel:
    vm = made(work, reader)
    work.desk.set_materials(work.chat.conversation_id, (PAPER,))
    return vm


@pytest.fixture
def picker(
    image: ImageViewModel, work: Workbench, reader: DrawnPictures, theme: Theme
) -> Iterator[PagePicker]:
    vm = PagesViewModel(image, work.materials, reader)
    built = PagePicker(vm, theme)
    built.resize(184, 640)
    built.show()
    QTest.qWaitForWindowExposed(built)
    yield built
    built.close()
    built.deleteLater()


def chosen(work: Workbench) -> list[tuple[int, str]]:
    current = work.materials.current
    assert current is not None
    return [(choice.number, choice.mode) for choice in current.selection.pages]


def test_every_page_is_listed_as_it_will_be_sent(picker: PagePicker) -> None:
    assert picker.range.text() == "1-5"
    rows = [picker.model.page(row) for row in range(picker.model.rowCount())]
    assert [page.mode for page in rows] == ["text", "picture", "text", "picture", "text"]
    assert all(page.is_chosen for page in rows)
    assert picker.summary.text().startswith("5 pages\n≈ ")
    spoken = picker.model.data(picker.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Page 1, Text · 410 tokens"


def test_a_range_chooses_pages(picker: PagePicker, work: Workbench) -> None:
    picker.range.setText("2-3, 5")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    assert chosen(work) == [(2, "picture"), (3, "text"), (5, "text")]
    assert picker.summary.text().startswith("3 of 5 pages\n≈ ")
    picker.every.click()
    assert chosen(work) == []
    assert picker.range.text() == "1-5"


def test_a_wrong_range_is_said_and_changes_nothing(picker: PagePicker, work: Workbench) -> None:
    picker.range.setFocus()
    picker.range.setText("9")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    assert "5 pages" in picker.summary.text()
    assert chosen(work) == []
    assert picker.range.text() == "9"


def test_a_page_is_left_out_by_its_box(picker: PagePicker, work: Workbench) -> None:
    option = QStyleOptionViewItem()
    picker.list.initViewItemOption(option)
    option.rect = picker.list.visualRect(picker.model.index(1))
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = picker.style().subElementRect(
        QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, picker.list
    )
    QTest.mouseClick(
        picker.list.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        box.center(),
    )
    assert chosen(work) == [(1, "text"), (3, "text"), (4, "picture"), (5, "text")]


def test_space_checks_and_the_arrows_show(
    picker: PagePicker, work: Workbench, image: ImageViewModel
) -> None:
    picker.list.setFocus()
    picker.list.setCurrentIndex(picker.model.index(0))
    QTest.keyClick(picker.list, Qt.Key.Key_Down)
    assert image.page == 2
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    assert [number for number, _ in chosen(work)] == [1, 3, 4, 5]


def test_the_last_page_stays(picker: PagePicker, work: Workbench) -> None:
    picker.range.setText("4")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    picker.list.setFocus()
    picker.list.setCurrentIndex(picker.model.index(3))
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    assert chosen(work) == [(4, "picture")]
    assert "At least one page" in picker.summary.text()


def test_selected_pages_are_sent_in_another_way(picker: PagePicker, work: Workbench) -> None:
    picker.list.setCurrentIndex(picker.model.index(0))
    assert picker.modes.index == 0
    picker.modes.chosen.emit(2)
    assert dict(chosen(work))[1] == "both"
    assert picker.modes.index == 2
    at = picker.list.visualRect(picker.model.index(2)).center() + QPoint(20, 0)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, shift, at)
    picker.modes.chosen.emit(1)
    assert [mode for _, mode in chosen(work)][:3] == ["picture"] * 3


def test_what_cannot_be_drawn_offers_no_pictures(
    picker: PagePicker, work: Workbench, reader: DrawnPictures
) -> None:
    reader.problem, reader.words = "Sheets have no picture.", "a\tb"
    sheet = Attachment("s", "document", "a.xlsx", "1" * 64, 1, pages=2, page_tokens=(9, 0))
    work.desk.set_materials(work.chat.conversation_id, (sheet,))
    assert picker.model.rowCount() == 2
    assert not picker.modes.isVisible()
    assert {picker.model.page(row).mode for row in range(2)} == {"text"}


def test_a_part_of_a_page_takes_the_place_of_the_choice_until_it_is_left(
    picker: PagePicker, work: Workbench, image: ImageViewModel
) -> None:
    picker.range.setText("1, 3")
    QTest.keyClick(picker.range, Qt.Key.Key_Return)
    image.show_page(3)
    image.draw_crop((100, 100), (900, 300))
    current = work.materials.current
    assert current is not None
    assert current.selection.pages == (PageChoice(3, "picture", (100, 100, 900, 300)),)
    assert picker.range.text() == "3"
    image.clear_crop()
    assert picker.range.text() == "1, 3"


def test_everything_has_a_name_and_is_reached(picker: PagePicker) -> None:
    picker.range.setFocus(Qt.FocusReason.TabFocusReason)
    assert walk.unnamed(picker) == []
    assert walk.out_of_reach(picker) == []
    assert walk.too_small(picker) == []


def test_thumbnails_are_asked_for_as_they_come_into_sight(
    image: ImageViewModel, work: Workbench, reader: DrawnPictures, theme: Theme, qtbot: QtBot
) -> None:
    long = Attachment("l", "document", "long.pdf", "2" * 64, 1, width=1000, height=1414,
                      pages=200, page_tokens=(50,) * 200)  # fmt: skip
    work.desk.set_materials(work.chat.conversation_id, (long,))
    reader.asked.clear()
    picker = PagePicker(PagesViewModel(image, work.materials, reader), theme)
    qtbot.addWidget(picker)
    picker.resize(184, 500)
    picker.show()
    QTest.qWaitForWindowExposed(picker)
    qtbot.waitUntil(lambda: len(reader.asked) > 2)
    assert len(reader.asked) < 40, len(reader.asked)
