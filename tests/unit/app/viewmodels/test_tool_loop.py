"""Calls of the model: asked about, run, told to the model, at most eight rounds; kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.tools.declare import from_schema
from app.core.tools.values import MOST_ROUNDS, Outcome, ToolSpec
from app.viewmodels.workbench import Workbench
from inference import ToolCall, ToolCallEvent, ToolResult
from tests.fakes.desk import Bench
from tests.fakes.hand_engine import HandJob
from tests.unit.app.viewmodels.steps import asked, next_job

NAMES = ("calculate", "list_files", "sum_column", "notes:move")
SALES = "Month,Total\nJan,1200\nFeb,1480.5\n"


class Notes:
    """A program outside of Facet that remembers what it was made to do."""

    def __init__(self) -> None:
        self.moved: list[str] = []
        self.spec = ToolSpec(
            from_schema("notes:move", "Move a note.", {"to": {"type": "string"}}, ["to"]),
            "move",
            "Move a note.",
            "write",
            self._move,
            lambda arguments: f"move to {arguments.get('to')}",
            server="notes",
        )

    def _move(self, arguments: object, _around: object) -> Outcome:
        self.moved.append(str(arguments))
        return Outcome("moved")


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def sold(bench: Bench, qtbot: QtBot, tmp_path: Path, notes: Notes) -> Workbench:
    """A conversation with a table and tools; the model is not the demonstration's."""
    work = bench.open()
    folder = tmp_path / "Gemma 4 E4B"
    assert work.models.folder is not None
    folder.symlink_to(work.models.folder)
    work.models.add_folder(folder)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    work.tools.set_foreign({notes.spec.name: notes.spec})
    work.chat.change_settings(tools=NAMES)
    table = tmp_path / "sales.csv"
    table.write_text(SALES)
    work.composer.add_files([table])
    qtbot.waitUntil(lambda: work.composer.attachments()[0].state == "ready")
    return work


def calls(job: HandJob, *made: ToolCall) -> None:
    """The model calls and waits."""
    for call in made:
        job.say(ToolCallEvent(call))
    job.finish("tool_calls")


def results(bench: Bench) -> list[str]:
    """What the newest request tells the model of its calls."""
    parts = [part for message in bench.engine.request.messages for part in message.parts]
    return [str(part.response) for part in parts if isinstance(part, ToolResult)]


def choices(work: Workbench) -> tuple[str, ...]:
    """What the person may say about the first call."""
    tools = work.chat.turns()[-1].tools
    return tuple(tools[0].choices) if tools else ()


def states(work: Workbench) -> list[str]:
    """How the calls of the newest answer are."""
    return [tool.state for tool in work.chat.turns()[-1].tools]


def ended(work: Workbench, job: HandJob, qtbot: QtBot, text: str = "So.") -> None:
    """The model answers."""
    job.text(text)
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)


SUM = ToolCall("sum_column", {"table": "sales", "column": "Total"})
ADD = ToolCall("calculate", {"expression": "12 + 30"})


def test_what_is_pure_runs_at_once(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    calls(asked(sold, bench, qtbot), ADD)
    job = next_job(bench, qtbot, 2)
    assert results(bench) == ["42"]
    ended(sold, job, qtbot, "It is 42.")
    turn = sold.chat.turns()[-1]
    assert (turn.text, turn.tools[0].state, turn.tools[0].result) == ("It is 42.", "done", "42")


def test_reading_waits_for_the_person(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    calls(asked(sold, bench, qtbot), SUM)
    qtbot.waitUntil(lambda: bool(choices(sold)))
    assert choices(sold) == ("once", "conversation", "always", "never")
    assert len(bench.engine.requests) == 1
    sold.chat.allow(sold.chat.turns()[-1].id, 0, "once")
    job = next_job(bench, qtbot, 2)
    assert results(bench) == ["2680.5"]
    calls(job, SUM)  # once was once
    qtbot.waitUntil(lambda: states(sold)[-1:] == ["waiting"])
    sold.chat.allow(sold.chat.turns()[-1].id, 1, "dont")
    ended(sold, next_job(bench, qtbot, 3), qtbot)
    assert "did not allow" in results(bench)[-1]


def test_for_this_conversation_holds_for_the_next_question(
    sold: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    calls(asked(sold, bench, qtbot), SUM)
    qtbot.waitUntil(lambda: bool(choices(sold)))
    sold.chat.allow(sold.chat.turns()[-1].id, 0, "conversation")
    ended(sold, next_job(bench, qtbot, 2), qtbot)
    calls(asked(sold, bench, qtbot, "Again?"), SUM)
    ended(sold, next_job(bench, qtbot, 4), qtbot)
    sold.library.new_conversation()
    sold.chat.change_settings(tools=NAMES)
    calls(asked(sold, bench, qtbot, "And here?"), SUM)
    qtbot.waitUntil(lambda: states(sold) == ["waiting"])
    sold.chat.stop()


def test_never_is_told_to_the_model(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    calls(asked(sold, bench, qtbot), SUM)
    qtbot.waitUntil(lambda: bool(choices(sold)))
    sold.chat.allow(sold.chat.turns()[-1].id, 0, "never")
    ended(sold, next_job(bench, qtbot, 2), qtbot)
    assert "never allows" in results(bench)[0]
    assert sold.preferences.value.tool_permissions == (("sum_column", "never"),)
    sold.tools.set_standing("sum_column", "")
    assert not sold.preferences.value.tool_permissions


def test_always_does_not_hold_for_writing_with_files_here(
    sold: Workbench, bench: Bench, qtbot: QtBot, notes: Notes
) -> None:
    sold.tools.set_standing(notes.spec.key, "always")
    calls(asked(sold, bench, qtbot), ToolCall("notes:move", {"to": "bin"}))
    qtbot.waitUntil(lambda: bool(choices(sold)))
    assert choices(sold) == ("once", "never")
    sold.chat.allow(sold.chat.turns()[-1].id, 0, "always")  # was not offered
    assert not notes.moved
    sold.chat.allow(sold.chat.turns()[-1].id, 0, "once")
    ended(sold, next_job(bench, qtbot, 2), qtbot)
    assert len(notes.moved) == 1


def test_several_calls_at_once(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    calls(asked(sold, bench, qtbot), ADD, SUM, ToolCall("calculate", {"expression": "1/0"}))
    qtbot.waitUntil(lambda: states(sold) == ["done", "waiting", "done"] or "failed" in states(sold))
    sold.chat.allow(sold.chat.turns()[-1].id, 1, "once")
    ended(sold, next_job(bench, qtbot, 2), qtbot)
    assert results(bench) == ["42", "2680.5", "Error: Division by zero."]


def test_after_eight_rounds_the_answer_ends(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(sold, bench, qtbot)
    for number in range(MOST_ROUNDS):
        calls(job, ADD)
        job = next_job(bench, qtbot, number + 2)
    calls(job, ADD)
    qtbot.waitUntil(lambda: not sold.chat.is_running)
    assert any("more than 8 times" in notice for notice in sold.chat.turns()[-1].notices)
    assert len(bench.engine.requests) == MOST_ROUNDS + 1


def test_stopping_while_a_call_waits(sold: Workbench, bench: Bench, qtbot: QtBot) -> None:
    calls(asked(sold, bench, qtbot), SUM)
    qtbot.waitUntil(lambda: bool(choices(sold)))
    sold.chat.stop()
    qtbot.waitUntil(lambda: not sold.chat.is_running)
    assert sold.chat.turns()[-1].state == "stopped"
    assert len(bench.engine.requests) == 1


def test_a_call_that_waited_is_there_after_a_restart(
    sold: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    calls(asked(sold, bench, qtbot), ADD, SUM)
    qtbot.waitUntil(lambda: states(sold) == ["done", "waiting"])
    conversation = sold.library.current_id
    bench.close()
    work = bench.open()
    work.library.open(conversation)
    first, second = work.chat.turns()[-1].tools
    assert (first.state, first.result) == ("done", "42")
    assert second.state in ("stopped", "waiting")
    assert not second.choices
