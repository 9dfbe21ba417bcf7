"""Several conversations at once, models that load, fail or are missing, and quitting."""

from __future__ import annotations

import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.core.store import Store
from app.viewmodels.workbench import Workbench
from inference import Loading, Text
from tests.fakes.desk import MODEL, Bench
from tests.fakes.hand_engine import HandEngine
from tests.unit.app.viewmodels.steps import answered, asked, next_job, shown


def send(work: Workbench, text: str) -> str:
    """Send in a new conversation, without waiting for the engine."""
    work.library.new_conversation()
    work.composer.set_text(text)
    work.chat.send()
    return work.chat.conversation_id


def assert_set(event: threading.Event) -> None:
    assert event.wait(10)


def test_an_answer_goes_on_while_another_conversation_is_shown(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot, "First?")
    first = work.chat.conversation_id
    second = send(work, "Second?")
    assert work.answers.running_ids() == {first, second}
    assert work.chat.phase.text == "Waiting"
    assert work.chat.phase.amount == "for the answer in “First?”"
    job.text("Done")
    job.finish()
    next_job(bench, qtbot, 2)
    assert work.answers.running_ids() == {second}
    qtbot.waitUntil(lambda: any(r.is_unread for s in work.library.sections() for r in s.rows))
    rows = {row.id: row for section in work.library.sections() for row in section.rows}
    assert rows[first].is_unread
    assert rows[second].is_running
    work.library.open(first)
    assert shown(work)[-1] == ("model", "Done")
    qtbot.waitUntil(lambda: not any(r.is_unread for s in work.library.sections() for r in s.rows))
    bench.engine.job.finish()


def test_a_waiting_answer_can_be_stopped(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot, "First?")
    send(work, "Second?")
    work.chat.stop()
    assert not work.chat.is_running
    assert work.chat.turns()[-1].state == "stopped"
    job.finish()
    qtbot.waitUntil(lambda: not work.answers.running_ids())
    assert len(bench.engine.jobs) == 1


def test_an_answer_stopped_while_files_are_opened_is_not_asked(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    go_on = threading.Event()
    work.reader.call(lambda: assert_set(go_on))  # a large file is being read
    work.composer.set_text("First?")
    work.chat.send()
    work.chat.stop()
    assert work.chat.turns()[-1].state == "stopped"
    work.composer.set_text("Second?")
    work.chat.send()
    go_on.set()
    next_job(bench, qtbot, 1).finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert len(bench.engine.requests) == 1
    assert bench.engine.request.messages[-1].parts == (Text("Second?"),)


def test_a_question_waits_for_the_model_and_says_so(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open(HandEngine(loads_by_itself=False))
    assert work.models.state == "loading"
    assert work.composer.why_not == ""
    work.composer.set_text("Early?")
    work.chat.send()
    assert work.chat.phase.text == "Loading model"
    bench.engine.loads[-1].say(Loading("e", 0.5))
    qtbot.waitUntil(lambda: work.chat.phase.amount == "50 %")
    assert not bench.engine.jobs
    bench.engine.loads[-1].say(Loading("e", 1.0))
    next_job(bench, qtbot, 1).finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)


def test_a_model_that_does_not_load_fails_what_waits_for_it(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open(HandEngine(loads_by_itself=False))
    work.composer.set_text("Early?")
    work.chat.send()
    bench.engine.loads[-1].fail("The file model.safetensors is damaged.", "Copy it again.")
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert turn.error is not None
    assert turn.error.what == "Demonstration model could not be loaded."
    assert turn.error.why == "The file model.safetensors is damaged. Copy it again."
    assert turn.error.command == "choose_model"
    work.composer.set_text("Again?")
    assert not work.composer.can_send
    assert work.composer.why_not.startswith("The model could not be loaded")
    asked_for: list[str] = []
    work.chat.command_asked.connect(asked_for.append)
    work.chat.run_command(turn.id, turn.error.command)
    assert asked_for == ["choose_model"]


def test_without_a_model_nothing_is_sent(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open(model=False)
    work.composer.set_text("Anyone?")
    assert not work.composer.can_send
    assert work.composer.why_not == "Get a model to ask."
    work.chat.send()
    assert work.chat.turns() == []
    assert work.chat.phase.text == "No model"
    work.models.add_folder(MODEL)
    qtbot.waitUntil(lambda: work.composer.can_send)


def test_a_folder_without_a_model_says_so(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    work = bench.open(model=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    work.models.add_folder(empty)
    assert work.models.state == "failed"
    assert work.models.error is not None
    assert "config.json" in work.models.error.why
    work.models.remove(str(empty.absolute()))
    assert work.models.choices() == []
    assert work.models.current is None
    del qtbot


def test_the_model_of_last_time_is_loaded_again(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open()
    work.models.add_folder(MODEL)
    assert work.models.current is not None
    key = work.models.current.key
    bench.close()
    again = bench.open()
    assert again.models.current is not None
    assert again.models.current.key == key
    assert [choice.key for choice in again.models.choices()] == ["tiny", key]
    del qtbot


def test_a_model_without_room_is_loaded_only_where_the_settings_allow_it(
    work: Workbench, bench: Bench
) -> None:
    assert not bench.engine.despite_memory
    work.preferences.change(load_despite_memory=True)
    work.models.reload()
    assert bench.engine.despite_memory


def test_another_model_is_a_line_in_the_conversation(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot)
    work.models.add_folder(MODEL)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    answered(work, bench, qtbot, "And you?")
    assert ("note", "Model changed to e") in shown(work)
    assert [turn.model for turn in work.chat.turns() if turn.role == "model"] == [
        "Demonstration model",
        "e",
    ]


def test_choosing_another_model_lets_the_running_answer_end(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot)
    work.models.add_folder(MODEL)
    job.text("Still here")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert work.chat.turns()[-1].text == "Still here"
    assert not job.is_cancelled
    assert bench.engine.loaded == [MODEL, MODEL.absolute()]


def test_an_unloaded_model_comes_back_with_a_question(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    work.models.unload()
    assert work.models.state == "none"
    assert bench.engine.unloads == 1
    answered(work, bench, qtbot)
    assert len(bench.engine.loaded) == 2


def test_quitting_keeps_what_was_written(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open(HandEngine(ends_when_cancelled=False))
    job = asked(work, bench, qtbot)
    job.text("Half a sent")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text != "")
    conversation_id = work.chat.conversation_id
    work.composer.set_text("and next")
    bench.close()
    store = Store.open(bench.folder / "data")
    try:
        conversation = store.load(conversation_id)
    finally:
        store.close()
    assert conversation.turns[-1].text == "Half a sent"
    assert conversation.turns[-1].state == "stopped"
    assert conversation.draft.text == "and next"
    assert bench.engine.is_closed


def test_context_by_kind_and_memory(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    assert work.chat.context.total == 0
    assert work.chat.context.size == 131_072
    job = asked(work, bench, qtbot)
    job.prepare()
    qtbot.waitUntil(lambda: work.chat.context.used == (("text", 24),))
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert work.chat.context.used == (("text", 24 + 312),)
    assert work.chat.status.tokens_per_s == 41.2
    assert work.chat.status.memory_used == 6_100_000_000
    assert work.chat.status.memory_limit == 17_200_000_000
