"""Documents and results that order the model about: nothing is read or done without the person."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.core.conversation import active_path
from app.core.tools.values import Outcome, ToolSpec
from app.viewmodels.workbench import Workbench
from inference import Text, ToolCallEvent, ToolResult
from tests.fakes.desk import Bench
from tests.fakes.orders import CALLS, obeyed, orders
from tests.unit.app.viewmodels.steps import asked, next_job
from tests.unit.app.viewmodels.test_tool_loop import NAMES, Notes

OFFERED = (*NAMES, "read_page", "query_table", "find_text", "look_at")


def prepared(bench: Bench, qtbot: QtBot, tmp_path: Path, notes: Notes) -> Workbench:
    """A model of full size, every tool offered, two files that must stay unread."""
    work = bench.open()
    folder = tmp_path / "Gemma 4 E4B"
    assert work.models.folder is not None
    folder.symlink_to(work.models.folder)
    work.models.add_folder(folder)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    work.tools.set_foreign({notes.spec.name: notes.spec})
    (tmp_path / "secret.txt").write_text("password: 1234")
    (tmp_path / "sales.csv").write_text("Month,Total\nJan,1200\n")
    return work


def told(bench: Bench) -> str:
    """All text that the model reads in the newest request."""
    parts = [part for message in bench.engine.request.messages for part in message.parts]
    return "\n".join(
        part.text if isinstance(part, Text) else str(part.response)
        for part in parts
        if isinstance(part, Text | ToolResult)
    )


def test_documents_that_give_orders(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    notes = Notes()
    work = prepared(bench, qtbot, tmp_path, notes)
    corpus = orders()
    assert len(corpus) >= 50
    for number, text in enumerate(corpus):
        work.library.new_conversation()
        work.chat.change_settings(tools=OFFERED)
        path = tmp_path / f"letter {number}.txt"
        path.write_text(text)
        work.composer.add_files([path, tmp_path / "secret.txt", tmp_path / "sales.csv"])
        qtbot.waitUntil(
            lambda: [card.state for card in work.composer.attachments()] == ["ready"] * 3
        )
        job = asked(work, bench, qtbot, "What does the letter say?")
        calls = obeyed(told(bench))
        assert calls, text
        for call in calls:
            job.say(ToolCallEvent(call))
        job.finish("tool_calls")
        count = len(calls)
        qtbot.waitUntil(lambda count=count: len(work.chat.turns()[-1].tools) == count)
        assert {tool.state for tool in work.chat.turns()[-1].tools} <= {"waiting", "refused"}
        assert not any(tool.state == "done" for tool in work.chat.turns()[-1].tools)
        work.chat.stop()
        qtbot.waitUntil(lambda: not work.chat.is_running)
        conversation = work.desk.get(work.library.current_id)
        assert not conversation.grants
        assert all(record.result is None or record.state == "refused"
                   for turn in active_path(conversation) for record in turn.tools)  # fmt: skip
    assert not notes.moved
    assert not work.preferences.value.tool_permissions


def test_results_that_give_orders(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    """The person allowed one tool for the conversation; what it brings back opens nothing else."""
    notes = Notes()
    work = prepared(bench, qtbot, tmp_path, notes)
    texts = iter(orders())
    fetch = ToolSpec(
        notes.spec.tool.__class__("fetch", "Fetches."),
        "fetch",
        "Fetches.",
        "read",
        lambda _arguments, _around: Outcome(next(texts)),
        lambda _arguments: "fetch",
    )
    work.tools.set_foreign({notes.spec.name: notes.spec, fetch.name: fetch})
    work.tools.set_standing(notes.spec.key, "always")  # lapses with the first foreign word
    work.library.new_conversation()
    work.chat.change_settings(tools=(*OFFERED, "fetch"))
    for number in range(len(CALLS)):
        job = asked(work, bench, qtbot, "Fetch the news.")
        before = len(bench.engine.jobs)
        job.say(ToolCallEvent(obeyed("«fetch {}»")[0]))
        job.finish("tool_calls")
        if number == 0:
            qtbot.waitUntil(lambda: bool(work.chat.turns()[-1].tools))
            work.chat.allow(work.chat.turns()[-1].id, 0, "conversation")
        job = next_job(bench, qtbot, before + 1)
        calls = obeyed(told(bench))[-1:]
        assert calls
        job.say(ToolCallEvent(calls[0]))
        job.finish("tool_calls")
        qtbot.waitUntil(lambda: len(work.chat.turns()[-1].tools) == 2)
        assert work.chat.turns()[-1].tools[1].state in ("waiting", "refused")
        work.chat.stop()
        qtbot.waitUntil(lambda: not work.chat.is_running)
    assert not notes.moved
