"""The image pane as a whole: its states, its keys and names, wide and narrow, tasks and budgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.conversation import Attachment
from app.core.tasks import schema_prompt
from app.intake.selection import Selection
from app.viewmodels.image import EvidenceBox, ImageViewModel
from app.viewmodels.workbench import Workbench
from app.widgets.image import ImagePane
from app.widgets.image.film_strip import FilmCard
from app.widgets.theme import Theme
from inference import Text
from tests.fakes.desk import Bench
from tests.fakes.hand_engine import HandEngine
from tests.fakes.image_desk import added, drawn, made
from tests.fakes.pictures import DrawnPictures
from tests.widgets import walk

WIDE, NARROW = (1040, 746), (760, 566)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    opened = Bench(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def work(bench: Bench, qtbot: QtBot) -> Workbench:
    work = bench.open()
    qtbot.waitUntil(lambda: work.models.state == "ready")
    return work


@pytest.fixture
def reader() -> DrawnPictures:
    return DrawnPictures()


@pytest.fixture
def image(work: Workbench, reader: DrawnPictures) -> ImageViewModel:
    return made(work, reader)


@pytest.fixture
def pane(image: ImageViewModel, theme: Theme) -> Iterator[ImagePane]:
    """The pane without a picture, with stand-ins for answers and table."""
    built = ImagePane(image, _panel("Answers"), theme, grid=_panel("Figures"))
    built.resize(*WIDE)
    built.show()
    QTest.qWaitForWindowExposed(built)
    yield built
    built.close()
    built.deleteLater()


@pytest.fixture
def filled(pane: ImagePane, work: Workbench, qtbot: QtBot, tmp_path: Path) -> ImagePane:
    """With two pictures, the first one shown."""
    added(work, qtbot, drawn(tmp_path, "one.png"), drawn(tmp_path, "two.png", (300, 200)))
    work.materials.select(work.materials.items()[0].id)
    QApplication.processEvents()
    return pane


def _panel(words: str) -> QWidget:
    panel = QWidget()
    QVBoxLayout(panel).addWidget(QLabel(words))
    return panel


def test_the_empty_pane_offers_what_can_be_done(
    pane: ImagePane, image: ImageViewModel, qtbot: QtBot
) -> None:
    assert pane.states.isVisible()
    assert not pane.budget.isVisible()
    assert not pane.film.isVisible()
    assert pane.states.open.isVisible()
    assert pane.states.example.isVisible()
    pane.states.example.click()
    assert image.state == "reading"
    assert pane.states.title.text().startswith("Reading ")
    qtbot.waitUntil(lambda: image.state == "ready")
    assert pane.canvas.isVisible()
    assert pane.budget.isVisible()


def test_a_broken_file_is_said_and_can_be_taken_away(
    pane: ImagePane, image: ImageViewModel, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    added(work, qtbot, path)
    assert "broken.png" in pane.states.title.text()
    assert pane.states.line.text() == image.trouble
    pane.states.remove.click()
    assert image.state == "empty"
    assert pane.states.open.isVisible()


def test_a_picture_or_files_can_be_pasted(
    pane: ImagePane, image: ImageViewModel, qtbot: QtBot, tmp_path: Path
) -> None:
    board = QGuiApplication.clipboard()
    board.clear()
    assert not pane.paste()
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    board.setImage(picture)
    assert pane.paste()
    qtbot.waitUntil(lambda: image.state == "ready")
    assert image.size == (60, 40)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(drawn(tmp_path, "copied.png")))])
    board.setMimeData(data)
    assert pane.paste()
    qtbot.waitUntil(lambda: image.name == "copied.png" and image.state == "ready")
    board.clear()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_everything_has_a_name_and_is_reached_by_keyboard(
    filled: ImagePane, image: ImageViewModel, size: tuple[int, int]
) -> None:
    filled.resize(*size)
    image.set_boxes((EvidenceBox("a", "1", (200, 200, 400, 300), "confirmed"),))
    image.draw_crop((100, 60), (300, 200))
    QApplication.processEvents()
    assert filled.is_narrow == (size == NARROW)
    filled.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert walk.unnamed(filled) == []
    assert walk.out_of_reach(filled) == []
    assert walk.too_small(filled) == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_is_cut_off(filled: ImagePane, theme: Theme, size: tuple[int, int]) -> None:
    for text_px in (13, 17):
        theme.set_text_px(text_px)
        filled.resize(*size)
        QApplication.processEvents()
        bar = filled.bar
        shown = [w for w in bar.findChildren(QWidget) if w.isVisible() and w.parent() is bar]
        for widget in shown:
            assert bar.rect().contains(widget.geometry()), widget
        for first in shown:
            for second in shown:
                if first is not second:
                    assert not first.geometry().intersects(second.geometry()), (first, second)
        assert filled.canvas.width() >= 200


def test_the_panel_moves_below_where_there_is_no_room_beside(filled: ImagePane) -> None:
    panel, canvas = filled.panel, filled.canvas
    assert panel.mapTo(filled, panel.rect().topLeft()).x() > canvas.width()
    filled.resize(*NARROW)
    QApplication.processEvents()
    assert panel.width() > 600
    assert 200 < panel.height() < 280
    assert filled.budget.isVisible()
    filled.resize(*WIDE)
    QApplication.processEvents()
    assert panel.height() == filled.height()
    assert panel.width() == 392


def test_the_strip_shows_selects_and_removes(filled: ImagePane, image: ImageViewModel) -> None:
    cards = filled.film.cards
    assert [card.accessibleName() for card in cards] == ["1, one.png", "2, two.png"]
    assert [card.isChecked() for card in cards] == [True, False]
    QTest.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    assert image.name == "two.png"
    cards[1].setFocus()
    QTest.keyClick(cards[1], Qt.Key.Key_Up)
    assert image.name == "one.png"
    assert isinstance(QApplication.focusWidget(), FilmCard)
    QTest.keyClick(cards[0], Qt.Key.Key_Delete)
    assert [item.name for item in image.items()] == ["two.png"]
    assert image.name == "two.png"


def test_the_strip_is_put_into_another_order(filled: ImagePane, image: ImageViewModel) -> None:
    first = filled.film.cards[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in image.items()] == ["two.png", "one.png"]
    assert image.name == "one.png"
    held = QApplication.focusWidget()
    assert isinstance(held, FilmCard)
    assert held.accessibleName() == "2, one.png"
    QTest.keyClick(held, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in image.items()] == ["two.png", "one.png"]
    QTest.keyClick(held, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in image.items()] == ["one.png", "two.png"]


def test_a_picture_that_takes_long_is_said_to_be_read(
    theme: Theme, work: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    slow = DrawnPictures(waits=True)
    pane = ImagePane(made(work, slow), _panel("Answers"), theme)
    qtbot.addWidget(pane)
    pane.show()
    added(work, qtbot, drawn(tmp_path, "one.png"))
    qtbot.waitUntil(lambda: pane.states.isVisible() and "one.png" in pane.states.title.text())
    slow.give()
    assert pane.canvas.isVisible()


def test_the_budget_bar_shows_and_sets(filled: ImagePane, image: ImageViewModel) -> None:
    bar = filled.budget
    bar.segments.chosen.emit(0)
    cost = image.cost
    assert cost is not None
    assert cost.budget == 70
    assert bar.segments.index == 0
    words = [label.text() for label in bar.findChildren(QLabel)]
    assert f"Glance · {cost.width} × {cost.height}" in words
    assert f"{cost.tokens} tokens" in words


def test_the_toggle_shows_what_the_model_gets(filled: ImagePane, image: ImageViewModel) -> None:
    image.set_budget(70)
    QTest.mouseClick(filled.budget.seen, Qt.MouseButton.LeftButton)
    assert image.seen
    cost = image.cost
    assert cost is not None
    assert image.seen[0].shape[:2] == (cost.height, cost.width)
    QTest.mouseClick(filled.budget.seen, Qt.MouseButton.LeftButton)
    assert not image.seen


def test_the_crop_button_works_without_a_mouse(filled: ImagePane, image: ImageViewModel) -> None:
    filled.bar.crop.setFocus()
    QTest.keyClick(filled.bar.crop, Qt.Key.Key_Space)
    assert image.crop is not None
    assert filled.canvas.hasFocus()
    QTest.keyClick(filled.canvas, Qt.Key.Key_Escape)
    assert image.crop is None
    assert not filled.bar.crop.isChecked()


def test_the_task_menu_asks_and_names_what_was_asked(
    filled: ImagePane, bench: Bench, qtbot: QtBot
) -> None:
    menu = filled.bar.task.menu()
    titles = [action.text() for action in menu.actions()]
    assert titles[:4] == ["Describe", "Read text", "Table to CSV", "Chart to data"]
    assert "Dashboard summary" not in titles  # nobody here can do it
    menu.actions()[0].trigger()
    menu.deleteLater()
    qtbot.waitUntil(lambda: len(bench.engine.requests) == 1)
    assert "Describe" in filled.bar.task.accessibleName()
    again = filled.bar.task.menu()
    assert not again.actions()[0].isEnabled()
    assert again.actions()[0].toolTip()
    again.deleteLater()


def test_own_fields_are_typed_into_a_card(filled: ImagePane, bench: Bench, qtbot: QtBot) -> None:
    filled.bar.task.ask_for_fields()
    edit = QApplication.focusWidget()
    assert edit is not None
    QTest.keyClicks(edit, "date, total")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(bench.engine.requests) == 1)
    question = bench.engine.request.messages[-1].parts[-1]
    assert question == Text(schema_prompt(("date", "total")))


def test_a_box_opens_the_table(filled: ImagePane, image: ImageViewModel) -> None:
    assert filled.panel.tab == 0
    image.choose_box("a")
    assert filled.panel.tab == 1
    filled.focus_composer()
    assert filled.panel.tab == 0


def test_a_model_that_cannot_see_is_said(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    bench = Bench(tmp_path / "data")
    engine = HandEngine()
    engine.sees = False
    work = bench.open(engine)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    pane = ImagePane(made(work, DrawnPictures()), _panel("Answers"), theme)
    qtbot.addWidget(pane)
    pane.resize(*WIDE)
    pane.show()
    assert pane.sightless.isVisible()
    bench.close()


def test_a_document_is_shown_page_by_page(
    pane: ImagePane, image: ImageViewModel, work: Workbench, reader: DrawnPictures
) -> None:
    paper = Attachment("d", "document", "report.pdf", "0" * 64, 1, pages=3)
    work.desk.set_materials(work.chat.conversation_id, (paper,))
    assert image.state == "ready"
    assert image.page == 1
    assert reader.asked == [("report.pdf", 1, 2048)]
    assert pane.bar.on.isVisible()
    pane.bar.on.click()
    assert image.page == 2
    assert image.levels[0][0, 0, 2] == 2
    image.draw_crop((100, 100), (600, 500))
    current = work.materials.current
    assert current is not None
    assert [(c.number, c.mode, c.crop) for c in current.selection.pages] == [
        (2, "picture", (100, 100, 600, 500))
    ]
    image.clear_crop()
    assert work.materials.current == replace(paper, selection=Selection())


def test_a_page_without_a_picture_shows_its_words(
    pane: ImagePane, image: ImageViewModel, work: Workbench, reader: DrawnPictures
) -> None:
    reader.problem, reader.words = "Sheets have no picture.", "a\tb\n1\t2"
    sheet = Attachment("d", "document", "data.xlsx", "0" * 64, 1, pages=1)
    work.desk.set_materials(work.chat.conversation_id, (sheet,))
    assert image.state == "ready"
    assert pane.words.isVisible()
    assert pane.words.toPlainText() == "a\tb\n1\t2"
    assert not image.can_crop
    reader.words = ""
    empty = Attachment("e", "document", "none.docx", "1" * 64, 1, pages=1)
    work.desk.set_materials(work.chat.conversation_id, (empty,))
    assert image.state == "failed"
    assert pane.states.isVisible()
