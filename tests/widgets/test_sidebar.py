"""The sidebar by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.conversation import Hit
from app.main import Program
from app.viewmodels.values import Row, Section
from app.widgets.sidebar_delegate import _from_first
from app.widgets.sidebar_model import Heading, SidebarModel


def titles(program: Program) -> list[str]:
    rows = program.window.sidebar.rows
    return [rows.data(rows.index(number)) for number in range(rows.rowCount())]


def index_of(program: Program, conversation_id: str) -> QModelIndex:
    return program.window.sidebar.rows.index_of(conversation_id)


def place_of(program: Program, conversation_id: str) -> QPoint:
    return program.window.sidebar.list.visualRect(index_of(program, conversation_id)).center()


def add_folder(qtbot: QtBot, program: Program, name: str) -> str:
    library = program.workbench.library
    library.add_folder(name)
    qtbot.waitUntil(lambda: any(folder.name == name for folder in library.folders()))
    return next(folder.id for folder in library.folders() if folder.name == name)


def test_a_click_opens(program: Program) -> None:
    view = program.window.sidebar.list
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(program, "c2"))
    assert program.workbench.library.current_id == "c2"
    assert "Site walk" in program.window.windowTitle()


def test_arrows_walk_and_return_opens(program: Program) -> None:
    view = program.window.sidebar.list
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert program.workbench.library.current_id == "c0"
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert program.workbench.library.current_id == "c1"


def test_up_from_the_first_row_goes_to_the_search_field(program: Program) -> None:
    view = program.window.sidebar.list
    view.focus_first()
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert program.window.focusWidget() is program.window.sidebar.search.edit
    QTest.keyClick(program.window.sidebar.search.edit, Qt.Key.Key_Down)
    assert program.window.focusWidget() is view


def test_a_title_is_changed_in_place(qtbot: QtBot, program: Program) -> None:
    program.window.commands.action("rename").trigger()
    field = program.window.sidebar.list.findChild(QLineEdit)
    assert field is not None
    assert field.text() == "Operations review"
    field.setText("  Review of March ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Review of March" in titles(program))
    assert program.workbench.chat.title == "Review of March"


def test_news_does_not_take_the_field_away_while_a_title_is_typed(
    qtbot: QtBot, program: Program
) -> None:
    program.window.commands.action("rename").trigger()
    field = program.window.sidebar.list.findChild(QLineEdit)
    assert field is not None
    field.setText("Half typ")
    program.workbench.library.trash("c2")
    qtbot.waitUntil(
        lambda: (
            "c2"
            not in [
                row.id for section in program.workbench.library.sections() for row in section.rows
            ]
        )
    )
    assert field.isVisible()
    field.setText("Fully typed")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Fully typed" in titles(program))
    assert "Site walk" not in titles(program)


def test_escape_leaves_a_title_as_it_was(program: Program) -> None:
    program.window.commands.action("rename").trigger()
    field = program.window.sidebar.list.findChild(QLineEdit)
    assert field is not None
    field.setText("Something else")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert "Operations review" in titles(program)


def test_trash_can_be_taken_back(qtbot: QtBot, program: Program) -> None:
    window = program.window
    window.commands.action("trash").trigger()
    qtbot.waitUntil(lambda: "Operations review" not in titles(program))
    assert window.undo_bar.isVisible()
    assert "Operations review" in window.undo_bar.accessibleName()
    QTest.mouseClick(window.undo_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Operations review" in titles(program))
    assert not window.undo_bar.isVisible()
    assert program.workbench.library.current_id == "c0"


def test_plain_backspace_deletes_nothing(program: Program) -> None:
    view = program.window.sidebar.list
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert "Operations review" in titles(program)


def test_the_trash_shows_what_is_in_it_and_restores(qtbot: QtBot, program: Program) -> None:
    library = program.workbench.library
    library.trash("c1")
    qtbot.waitUntil(lambda: "Supplier contract" not in titles(program))
    program.window.commands.action("trash_shown").trigger()
    qtbot.waitUntil(lambda: titles(program) == ["Trash", "Supplier contract"])
    row = program.window.sidebar.rows.item(index_of(program, "c1"))
    menu = program.window.sidebar.menu_for(row)
    assert [action.text() for action in menu.actions()] == ["Restore", "Delete for good…"]
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: "Supplier contract" not in titles(program))
    program.window.commands.action("trash_shown").trigger()
    qtbot.waitUntil(lambda: "Supplier contract" in titles(program))


def test_a_drop_on_a_folder_moves(qtbot: QtBot, program: Program) -> None:
    folder_id = add_folder(qtbot, program, "Reports")
    rows = program.window.sidebar.rows
    data = rows.mimeData([rows.index_of("c2")])
    target = rows.index_of_folder(folder_id)
    action = Qt.DropAction.MoveAction
    assert rows.canDropMimeData(data, action, -1, -1, target)
    assert not rows.canDropMimeData(data, action, -1, -1, QModelIndex())
    rows.dropMimeData(data, action, -1, -1, target)
    qtbot.waitUntil(lambda: row_of(program, "c2").folder_id == folder_id)
    today = rows.index(rows.rowCount() - 1)
    rows.dropMimeData(rows.mimeData([rows.index_of("c2")]), action, -1, -1, today)
    qtbot.waitUntil(lambda: row_of(program, "c2").folder_id is None)


def row_of(program: Program, conversation_id: str) -> Row:
    item = program.window.sidebar.rows.item(index_of(program, conversation_id))
    assert isinstance(item, Row)
    return item


def test_a_folder_closes_and_opens_by_keyboard(qtbot: QtBot, program: Program) -> None:
    folder_id = add_folder(qtbot, program, "Reports")
    program.workbench.library.move("c2", folder_id)
    qtbot.waitUntil(lambda: row_of(program, "c2").folder_id == folder_id)
    sidebar = program.window.sidebar
    sidebar.list.setCurrentIndex(sidebar.rows.index_of_folder(folder_id))
    QTest.keyClick(sidebar.list, Qt.Key.Key_Left)
    assert "Site walk" not in titles(program)
    QTest.keyClick(sidebar.list, Qt.Key.Key_Right)
    assert "Site walk" in titles(program)


def test_a_new_folder_is_named_at_once(qtbot: QtBot, program: Program) -> None:
    program.window.commands.action("new_folder").trigger()
    qtbot.waitUntil(lambda: program.window.sidebar.list.findChild(QLineEdit) is not None)
    field = program.window.sidebar.list.findChild(QLineEdit)
    assert field is not None
    field.setText("Audits")
    QTest.keyClick(field, Qt.Key.Key_Return)
    library = program.workbench.library
    qtbot.waitUntil(lambda: [folder.name for folder in library.folders()] == ["Audits"])


def test_search_shows_snippets_opens_and_clears(qtbot: QtBot, program: Program) -> None:
    sidebar = program.window.sidebar
    program.window.commands.action("search").trigger()
    QTest.keyClicks(sidebar.search.edit, "safety")
    qtbot.waitUntil(lambda: "Found in text" in titles(program))
    assert set(sidebar.rows.hits) == {"c0", "c1", "c2"}
    sidebar.list.grab()
    QTest.keyClick(sidebar.search.edit, Qt.Key.Key_Return)
    assert program.window.find_bar.isVisible()
    assert program.window.find_bar.field.text.casefold() == "safety"
    QTest.keyClick(sidebar.search.edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Found in text" not in titles(program))
    assert sidebar.search.text == ""


def test_nothing_found_is_said(qtbot: QtBot, program: Program) -> None:
    sidebar = program.window.sidebar
    sidebar.search.set_text("zebra")
    qtbot.waitUntil(lambda: sidebar._empty.isVisible())
    assert sidebar._empty.text() == "Nothing with “zebra”"


def test_rows_are_spoken_in_full(program: Program) -> None:
    view = program.window.sidebar.list
    rows = program.window.sidebar.rows
    spoken = rows.data(rows.index_of("c0"), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Operations review, ")
    face = QAccessible.queryAccessibleInterface(view)
    assert face.childCount() == rows.rowCount()


def test_unchanged_rows_are_not_drawn_again(qtbot: QtBot) -> None:
    model = SidebarModel()
    first = Section("Today", (Row("a", "One", ""), Row("b", "Two", "")))
    model.show_sections([first])
    second = Section("Today", (Row("a", "One", ""), Row("b", "Two", "", is_running=True)))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        model.show_sections([second])
    assert changed.args[0].row() == 2
    assert [index.row() for index in model.running()] == [2]


def test_headings_of_days_cannot_be_walked_to_but_folders_can() -> None:
    model = SidebarModel()
    model.show_sections([Section("Today", ()), Section("Reports", (), "f1")])
    walked = Qt.ItemFlag.ItemIsSelectable
    assert not model.flags(model.index(0)) & walked
    assert model.flags(model.index(1)) & walked
    assert isinstance(model.item(model.index(1)), Heading)


def test_a_snippet_begins_near_the_hit_without_marks() -> None:
    snippet = "Long before it, | the **safety** of\nhall 4"
    start = snippet.index("safety")
    text, spans = _from_first(Hit("c", "t", snippet, ((start, start + 6),)))
    assert text == "…it, the safety of hall 4"
    assert [text[a:b] for a, b in spans] == ["safety"]


def test_two_thousand_rows_are_shown_in_a_moment(program: Program) -> None:
    rows = tuple(Row(f"r{number}", f"Conversation {number}", "12:00") for number in range(2000))
    program.window.sidebar.rows.show_sections([Section("Today", rows)])
    program.window.sidebar.list.grab()
    assert program.window.sidebar.rows.rowCount() == 2001
