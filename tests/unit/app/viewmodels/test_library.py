"""Rows, search, folders, trash with undo."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.viewmodels.values import Row
from app.viewmodels.workbench import Workbench
from tests.fakes.desk import Bench
from tests.unit.app.viewmodels.steps import answered, shown


def rows(work: Workbench) -> dict[str, list[str]]:
    return {s.title: [row.title for row in s.rows] for s in work.library.sections()}


def row(work: Workbench, title: str) -> Row:
    return next(r for s in work.library.sections() for r in s.rows if r.title == title)


def conversations(work: Workbench, bench: Bench, qtbot: QtBot, *questions: str) -> list[str]:
    """One conversation for each question."""
    ids = []
    for question in questions:
        work.library.new_conversation()
        answered(work, bench, qtbot, question, f"Answer to {question}")
        ids.append(work.chat.conversation_id)
    qtbot.waitUntil(lambda: sum(len(s) for s in rows(work).values()) == len(ids))
    return ids


def test_an_empty_conversation_has_no_row_and_is_used_again(work: Workbench) -> None:
    first = work.library.new_conversation()
    assert work.library.new_conversation() == first
    assert work.library.sections() == []


def test_rows_of_today_newest_first(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    conversations(work, bench, qtbot, "One?", "Two?")
    assert rows(work) == {"Today": ["Two?", "One?"]}


def test_menus_need_no_lists(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    assert work.library.current_row is None
    assert work.chat.last_answer is None
    assert not work.chat.has_turns
    conversations(work, bench, qtbot, "One?", "Two?")
    assert work.library.current_row == row(work, "Two?")
    assert work.chat.last_answer == work.chat.turns()[-1]
    assert work.chat.has_turns


def test_pin_rename_and_folders(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    one, two = conversations(work, bench, qtbot, "One?", "Two?")
    work.library.rename(one, "  The   first ")
    work.library.set_pinned(one, True)
    work.library.add_folder("Work")
    qtbot.waitUntil(lambda: len(work.library.folders()) == 1)
    work.library.move(two, work.library.folders()[0].id)
    qtbot.waitUntil(lambda: rows(work) == {"Pinned": ["The first"], "Work": ["Two?"]})
    work.library.rename(one, "   ")
    work.library.remove_folder(work.library.folders()[0].id)
    qtbot.waitUntil(lambda: rows(work) == {"Pinned": ["The first"], "Today": ["Two?"]})
    work.library.open(one)
    answered(work, bench, qtbot, "And then?")
    assert work.chat.title == "The first"


def test_trash_can_be_undone(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    one, _two = conversations(work, bench, qtbot, "One?", "Two?")
    offers: list[tuple[str, int]] = []
    work.library.undo_offered.connect(lambda text, ms: offers.append((text, ms)))
    work.library.open(one)
    work.library.trash(one)
    assert rows(work) == {"Today": ["Two?"]}
    assert offers == [("“One?” moved to Trash", 10_000)]
    assert work.library.current_id != one
    assert shown(work) == []
    work.library.undo()
    assert work.library.current_id == one
    qtbot.waitUntil(lambda: len(rows(work)["Today"]) == 2)
    work.library.undo()
    assert len(rows(work)["Today"]) == 2


def test_the_trash_is_shown_restored_and_emptied(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    one, two = conversations(work, bench, qtbot, "One?", "Two?")
    work.library.trash(one)
    work.library.trash(two)
    work.library.is_trash_shown = True
    qtbot.waitUntil(lambda: len(rows(work)["Trash"]) == 2)
    work.library.restore(one)
    work.library.purge(two)
    qtbot.waitUntil(lambda: rows(work) == {"Trash": []})
    work.library.is_trash_shown = False
    qtbot.waitUntil(lambda: rows(work) == {"Today": ["One?"]})
    work.library.open(two)  # gone: nothing happens
    assert work.library.current_id not in (one, two)


def test_trashing_a_running_conversation_stops_it(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    from tests.unit.app.viewmodels.steps import asked

    job = asked(work, bench, qtbot)
    work.library.trash(work.chat.conversation_id)
    assert job.is_cancelled
    assert not work.answers.running_ids()


def test_search_in_titles_and_texts(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    conversations(work, bench, qtbot, "Apples in autumn?", "Pears?")
    work.library.query = "pears"
    qtbot.waitUntil(lambda: "Titles" in rows(work))
    assert rows(work)["Titles"] == ["Pears?"]
    work.library.query = "answer"
    qtbot.waitUntil(lambda: "Found in text" in rows(work))
    assert sorted(rows(work)["Found in text"]) == ["Apples in autumn?", "Pears?"]
    assert all(hit.snippet for hit in work.library.hits)
    work.library.query = "nowhere at all"
    qtbot.waitUntil(lambda: rows(work) == {})
    work.library.query = ""
    assert "Today" in rows(work)


def test_titles_are_made_once(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    changed: list[str] = []
    work.chat.title_changed.connect(lambda: changed.append(work.chat.title))
    answered(work, bench, qtbot, "# What is **this** about? I wonder.")
    answered(work, bench, qtbot, "Another matter")
    assert work.chat.title == "What is this about?"
    assert changed[-1] == "What is this about?"


def test_the_trash_is_emptied_at_once(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    library = work.library
    for text in ("One?", "Two?", "Three?"):
        library.new_conversation()
        answered(work, bench, qtbot, text)
    kept = library.current_id
    others = [row.id for each in library.sections() for row in each.rows if row.id != kept]
    for conversation_id in others:
        library.trash(conversation_id)
    qtbot.waitUntil(lambda: library.trash_count == len(others))
    library.empty_trash()
    qtbot.waitUntil(lambda: library.trash_count == 0)
    assert [row.id for each in library.sections() for row in each.rows] == [kept]
    assert work.writer.flush(10.0)
    assert not work.store.summaries(trashed=True)


def test_a_pane_comes_back_to_its_conversation_before_any_list_was_read(work: Workbench) -> None:
    library, chat = work.library, work.chat
    library.show_pane("image")
    kept = library.current_id
    work.desk.set_title(kept, "Just saved", own=True)
    library.show_pane("chat")
    assert (chat.pane, library.current_id != kept) == ("chat", True)
    library.show_pane("image")
    assert (chat.pane, library.current_id) == ("image", kept)


def test_a_pane_does_not_come_back_to_what_was_thrown_away(work: Workbench, qtbot: QtBot) -> None:
    library = work.library
    library.show_pane("image")
    thrown = library.current_id
    work.desk.set_title(thrown, "Of no use", own=True)
    library.show_pane("chat")
    library.trash(thrown)
    library.show_pane("image")
    assert library.current_id != thrown
    library.show_pane("chat")
    library.is_trash_shown = True
    qtbot.waitUntil(lambda: library.trash_count == 1)
    library.open(thrown)
    library.is_trash_shown = False
    library.show_pane("chat")
    library.show_pane("image")
    assert library.current_id != thrown
