"""The checked grid by keyboard and pointer: rows, folding, editing, the card, copying, files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.conversation import Attachment
from app.core.figures.values import Figure, FigureTable, SecondReading
from app.core.work import Work
from app.markdown.blocks import Run, Table
from app.viewmodels import turns as make
from app.viewmodels.figures import FiguresViewModel
from app.viewmodels.side_requests import SideRequests
from app.widgets.grid.model import CHECK, FIGURE, NUMBER, VALUE
from app.widgets.grid.panel import FigurePanel
from app.widgets.grid.sheet import FigureSheet, TableChecker
from app.widgets.theme import Theme
from tests.fakes.desk import Bench
from tests.fakes.shelf import Shelf
from tests.widgets.walk import out_of_reach, unnamed

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
PICTURE = Attachment("m1", "image", "q3.png", "abc", 10, "image/png", width=400, height=200)


def figure(label: str, value: str, group: str = "", state: str = "confirmed") -> Figure:
    second = {"confirmed": value, "differs": "53 %", "not found": "", "unchecked": None}[state]
    read = None if second is None else SecondReading(second, (10, 10, 90, 50), 1120)
    return Figure(
        label, label, value, group, state, first=value, crop=(20, 20, 80, 40), second=read
    )  # type: ignore[arg-type]


FIGURES = (
    *(figure(month, str(n), "Trend") for n, month in enumerate(("Jan", "Feb", "Mar", "Apr"), 10)),
    figure("Delivery", "70 %", "Targets"),
    figure("Quality", "55 %", "Targets", "differs"),
    figure("Sites", "14", "", "not found"),
    figure("Safety", "50 %", "Targets", "unchecked"),
)


@dataclass
class Sheet:
    """A panel with a table of eight figures."""

    panel: FigurePanel
    figures: FiguresViewModel
    qtbot: QtBot

    @property
    def labels(self) -> list[str]:
        model = self.panel.view.figure_model
        return [model.index(n, FIGURE).data() for n in range(model.rowCount())]

    def select(self, label: str, column: int = VALUE) -> None:
        view = self.panel.view
        view.setCurrentIndex(view.figure_model.index(self.labels.index(label), column))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.keyClick(self.panel.view, key, modifier)

    def field(self) -> QLineEdit:
        return next(e for e in self.panel.view.findChildren(QLineEdit) if e.isVisible())

    def stored(self, label: str) -> Figure:
        assert self.figures.table is not None
        return next(f for f in self.figures.table.figures if f.id == label)


@pytest.fixture
def sheet(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Sheet]:
    bench = Bench(tmp_path)
    work = bench.open()
    qtbot.waitUntil(lambda: work.models.state == "ready")
    conversation_id = work.chat.conversation_id
    question = make.question(None, "Read it.", (PICTURE,))
    work.desk.add_turn(conversation_id, question)
    table = FigureTable("t", "Q3: review", FIGURES, question.id, "m1", model="E4B")
    work.desk.set_work(conversation_id, Work((table,)))
    side = SideRequests(work.bridge, work.answers, work.models)
    figures = FiguresViewModel(
        work.desk, work.answers, side, work.models,
        Shelf(abc=np.full((200, 400, 3), 200, np.uint8)), work.chat, work.materials, bench.clock,
    )  # fmt: skip
    panel = FigurePanel(figures, theme)
    qtbot.addWidget(panel)
    panel.resize(392, 700)
    panel.show()
    yield Sheet(panel, figures, qtbot)
    figures.close()
    side.close()
    bench.close()


def test_rows_say_number_name_value_and_state(sheet: Sheet) -> None:
    model = sheet.panel.view.figure_model
    shown = [tuple(model.index(n, c).data() for c in range(4)) for n in range(model.rowCount())]
    assert shown == [
        ("1", "Trend", "4 values", "4 of 4"),
        ("Σ", "Sum", "46", "Computed"),
        ("Σ", "Jan to Apr", "+30 %", "Computed"),
        ("2", "Delivery", "70 %", "Confirmed"),
        ("3", "Quality", "55 %", "Differs"),
        ("4", "Safety", "50 %", "Unchecked"),
        ("5", "Sites", "–", "Not found"),
    ]


def test_a_group_opens_by_key_and_by_click(sheet: Sheet) -> None:
    sheet.select("Trend")
    sheet.key(Qt.Key.Key_Right)
    assert sheet.labels[1:5] == ["Jan", "Feb", "Mar", "Apr"]
    sheet.key(Qt.Key.Key_Left)
    assert "Jan" not in sheet.labels
    view = sheet.panel.view
    place = view.visualRect(view.figure_model.index(0, FIGURE)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Jan" in sheet.labels


def test_editing_by_keyboard_marks_the_value_by_hand(sheet: Sheet) -> None:
    sheet.select("Quality")
    sheet.key(Qt.Key.Key_Return)
    field = sheet.field()
    assert field.accessibleName() == "Value of Quality"
    field.selectAll()
    QTest.keyClicks(field, "54 %")
    QTest.keyClick(field, Qt.Key.Key_Return)
    sheet.qtbot.waitUntil(lambda: sheet.stored("Quality").value == "54 %")
    stored = sheet.stored("Quality")
    assert (stored.value, stored.state, stored.first) == ("54 %", "by hand", "55 %")
    sheet.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sheet.stored("Quality").state == "differs"


def test_escape_leaves_a_field_without_a_change(sheet: Sheet) -> None:
    sheet.select("Quality", FIGURE)
    sheet.key(Qt.Key.Key_F2)
    field = sheet.field()
    QTest.keyClicks(field, "Other")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert sheet.stored("Quality").label == "Quality"


def test_sums_and_groups_cannot_be_edited(sheet: Sheet) -> None:
    model = sheet.panel.view.figure_model
    for label in ("Trend", "Sum"):
        at = sheet.labels.index(label)
        for column in (NUMBER, FIGURE, VALUE, CHECK):
            assert not model.index(at, column).flags() & Qt.ItemFlag.ItemIsEditable


def test_delete_removes_and_undo_brings_back(sheet: Sheet) -> None:
    sheet.select("Delivery")
    sheet.key(Qt.Key.Key_Delete)
    assert "Delivery" not in sheet.labels
    sheet.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sheet.labels.index("Delivery") == 3


def test_the_card_tells_both_readings_and_decides(sheet: Sheet) -> None:
    sheet.select("Quality")
    card = sheet.panel.detail
    assert card.isVisible()
    assert card.words.accessibleName() == (
        "First reading 55 %, blind re-read of the crop at 1120 53 %."
    )
    sheet.qtbot.waitUntil(lambda: card.crop._image is not None)
    assert card.keep.text() == "Keep 55 %"
    QTest.mouseClick(card.use, Qt.MouseButton.LeftButton)
    assert sheet.stored("Quality").value == "53 %"
    assert sheet.stored("Quality").state == "by hand"
    assert card.keep.isHidden()


def test_what_a_model_says_is_shown_as_text(sheet: Sheet) -> None:
    assert sheet.figures.table is not None
    bad = replace(FIGURES[5], id="bad", label="<b>x</b>", first='<img src="file:///etc/passwd">')
    sheet.figures._store.put(
        sheet.figures._id, replace(sheet.figures.table, figures=(*FIGURES, bad))
    )
    sheet.figures.choose("bad")
    assert "&lt;img" in sheet.panel.detail.words.text()


def test_copy_gives_html_tabs_and_markdown(sheet: Sheet) -> None:
    sheet.select("Quality")
    sheet.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert "Trend: Jan\t10\tConfirmed" in data.text().splitlines()
    assert "<td>Targets: Quality</td><td>55 %</td><td>Differs</td>" in data.html()
    assert b"| Targets: Quality | 55 % | Differs |" in data.data("text/markdown").data()


def test_chosen_rows_are_copied_alone(sheet: Sheet) -> None:
    sheet.select("Quality")
    sheet.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    sheet.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["Figure\tValue\tCheck", "Targets: Delivery\t70 %\tConfirmed",
                     "Targets: Quality\t55 %\tDiffers"]  # fmt: skip


def test_files_are_written_whole_or_not_at_all(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "out" / "figures.csv"
    sheet.panel.save_to(path, "csv")
    assert not path.exists()
    assert "could not be written" in sheet.panel._said[1]
    path.parent.mkdir()
    sheet.panel.save_to(path, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfGroup,Figure")
    assert [each.name for each in path.parent.iterdir()] == ["figures.csv"]


def test_checking_what_is_left(sheet: Sheet) -> None:
    assert sheet.panel.check.text() == "Check 1 more"
    QTest.mouseClick(sheet.panel.check, Qt.MouseButton.LeftButton)
    assert sheet.figures.is_checking
    assert sheet.panel.check.text() == "Stop"
    QTest.mouseClick(sheet.panel.check, Qt.MouseButton.LeftButton)
    assert not sheet.figures.is_checking
    assert sheet.panel.progress.words.text() == "Checking was stopped after 0 of 1 figures."


def test_one_filled_button_at_a_time(sheet: Sheet) -> None:
    assert sheet.panel.check._kind == "filled"
    sheet.select("Quality")
    assert sheet.panel.detail.keep.isVisible()
    assert sheet.panel.check._kind == "plain"


def test_everything_has_a_name_and_is_reached_by_tab(sheet: Sheet) -> None:
    sheet.select("Quality")
    assert unnamed(sheet.panel) == []
    assert out_of_reach(sheet.panel) == []


def test_it_works_from_right_to_left_and_large(sheet: Sheet, theme: Theme) -> None:
    sheet.panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    theme.set_text_px(22)
    sheet.panel.resize(392, 500)
    sheet.select("Quality")
    sheet.panel.grab()
    view = sheet.panel.view
    assert view.columnWidth(FIGURE) > 40
    sheet.select("Trend")
    sheet.key(Qt.Key.Key_Left)  # onwards, for those who read this way
    assert "Jan" in sheet.labels


def test_a_menu_opens_at_the_row(sheet: Sheet) -> None:
    from app.widgets.grid.menus import row_menu

    sheet.select("Sum")
    menu = row_menu(sheet.panel.view, sheet.figures, sheet.panel._theme, sheet.panel.copy_rows)
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert not enabled["Edit value"]
    assert not enabled["Remove row"]
    assert enabled["Copy rows"]
    menu.deleteLater()


def test_a_table_in_the_chat_opens_as_figures(sheet: Sheet, theme: Theme) -> None:
    chat = sheet.figures._chat
    checker = TableChecker(chat, sheet.figures, theme, sheet.panel)
    turn_id = chat.turns()[-1].id
    table = Table(
        ((Run("KPI"),), (Run("Value"),)), (((Run("Delivery"),), (Run("70 %"),)),), ("left", "right")
    )
    assert checker.open(turn_id, table)
    opened = sheet.panel.findChild(FigureSheet)
    assert opened is not None
    assert opened.panel.view.figure_model.rowCount() == 1
    opened.close()
    words = Table(((Run("A"),), (Run("B"),)), (((Run("x"),), (Run("y"),)),), ("left", "left"))
    assert not checker.open(turn_id, words)


def test_in_a_drawer_the_card_stands_beside_the_table(sheet: Sheet) -> None:
    sheet.panel.set_drawer(True)
    sheet.panel.actions_row.setParent(None)
    sheet.panel.resize(660, 190)
    sheet.select("Quality")
    sheet.qtbot.wait(1)
    card, frame = sheet.panel.detail.geometry(), sheet.panel.frame.geometry()
    assert card.left() > frame.right()
    assert card.bottom() <= sheet.panel.height()
    sheet.panel.set_drawer(False)
    sheet.panel.resize(392, 700)
    sheet.qtbot.wait(1)
    assert sheet.panel.detail.geometry().top() > sheet.panel.frame.geometry().bottom()
    assert sheet.panel.actions_row.isVisible()
