"""Edit, regenerate, branch, continue: siblings in the tree, and nothing overwritten."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.viewmodels.workbench import Workbench
from inference import Text, Thought, TokenText
from tests.fakes.desk import Bench
from tests.unit.app.viewmodels.steps import answered, asked, next_job, shown


def test_regenerate_makes_a_further_version(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    answered(work, bench, qtbot, answer="First.")
    first = work.chat.turns()[-1]
    work.chat.regenerate(first.id)
    job = next_job(bench, qtbot, 2)
    job.text("Second.")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    second = work.chat.turns()[-1]
    assert (second.text, second.version, second.version_count) == ("Second.", 2, 2)
    work.chat.show_version(second.id, -1)
    assert work.chat.turns()[-1].text == "First."
    assert work.chat.turns()[-1].version == 1
    work.chat.show_version(first.id, -1)  # there is none before
    assert work.chat.turns()[-1].text == "First."


def test_edit_keeps_the_old_question_and_what_followed(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot, "One?", "1")
    answered(work, bench, qtbot, "Two?", "2")
    work.chat.edit(work.chat.turns()[0].id, "Uno?")
    job = next_job(bench, qtbot, 3)
    assert shown(work) == [("user", "Uno?"), ("model", "")]
    assert len(bench.engine.request.messages) == 1
    job.text("1, in Italian")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    question = work.chat.turns()[0]
    assert (question.version, question.version_count) == (2, 2)
    work.chat.show_version(question.id, -1)
    assert shown(work) == [("user", "One?"), ("model", "1"), ("user", "Two?"), ("model", "2")]


def test_an_emptied_question_is_not_asked(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    answered(work, bench, qtbot)
    work.chat.edit(work.chat.turns()[0].id, "  ")
    assert not work.chat.is_running
    assert work.chat.turns()[0].version_count == 1


def test_a_branch_is_a_conversation_of_its_own(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    answered(work, bench, qtbot, "One?", "1")
    answered(work, bench, qtbot, "Two?", "2")
    origin = work.chat.conversation_id
    branch = work.chat.branch(work.chat.turns()[1].id)
    assert work.chat.conversation_id == branch != origin
    assert shown(work) == [("user", "One?"), ("model", "1")]
    assert work.chat.title == "One? (branch)"
    answered(work, bench, qtbot, "Three?", "3")
    work.library.open(origin)
    assert [text for _, text in shown(work)] == ["One?", "1", "Two?", "2"]


def test_a_stopped_answer_goes_on_in_its_turn(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot)
    job.text("The first half")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text == "The first half")
    work.chat.stop()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    work.chat.continue_answer(turn.id)
    job = next_job(bench, qtbot, 2)
    request = bench.engine.request
    assert request.continue_last
    assert request.messages[-1].role == "model"
    assert request.messages[-1].parts == (Text("The first half"),)
    assert request.sampling.seed != bench.engine.requests[0].sampling.seed
    job.text(" and the rest.")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    after = work.chat.turns()[-1]
    assert (after.id, after.text, after.state) == (
        turn.id,
        "The first half and the rest.",
        "complete",
    )
    assert not after.can_continue


def test_a_thought_that_was_cut_off_goes_on_as_a_thought(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    work.chat.change_settings(thinking=True, thinking_budget=256)
    job = asked(work, bench, qtbot)
    job.say(Thought("Hm, let me", 56))
    qtbot.waitUntil(lambda: work.chat.turns()[-1].thought == "Hm, let me")
    work.chat.stop()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    work.chat.continue_answer(work.chat.turns()[-1].id)
    job = next_job(bench, qtbot, 2)
    begun = bench.engine.request.messages[-1]
    assert (begun.thought, begun.parts) == ("Hm, let me", ())
    assert bench.engine.request.thinking_budget == 200
    job.say(Thought(" see.", 3), Thought("", 1, closed=True), TokenText("So."))
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert (turn.thought, turn.text, turn.thought_tokens) == ("Hm, let me see.", "So.", 60)


def test_only_the_end_of_a_conversation_can_be_continued(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot)
    job.text("Half")
    job.finish("length")
    qtbot.waitUntil(lambda: not work.chat.is_running)
    cut = work.chat.turns()[-1]
    assert (cut.state, cut.can_continue) == ("length", True)
    answered(work, bench, qtbot, "Next?")
    assert not work.chat.turn(cut.id).can_continue
    work.chat.continue_answer(cut.id)
    assert not work.chat.is_running


def test_after_a_crash_the_answer_is_there_and_goes_on(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open()
    job = asked(work, bench, qtbot, "Tell me everything.")
    job.text("Everything up to here")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text != "")
    work.answers.tick()
    assert work.writer.flush(10)
    # The program is gone: nobody settles the turn.
    work.answers._active = None
    bench.close()

    again = bench.open()
    turn = again.chat.turns()[-1]
    assert turn.text == "Everything up to here"
    assert turn.state == "interrupted"
    assert turn.can_continue
    assert turn.error is not None
    assert turn.error.command == "continue"
    again.chat.run_command(turn.id, turn.error.command)
    job = next_job(bench, qtbot, 1)
    job.text(", and on.")
    job.finish()
    qtbot.waitUntil(lambda: not again.chat.is_running)
    assert again.chat.turns()[-1].text == "Everything up to here, and on."
    assert again.chat.turns()[-1].error is None


def test_editing_while_an_answer_runs_stops_it_first(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot, "One?")
    job.text("half")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text == "half")
    work.chat.edit(work.chat.turns()[0].id, "Two?")
    next_job(bench, qtbot, 2).finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert job.is_cancelled
    work.chat.show_version(work.chat.turns()[0].id, -1)
    assert work.chat.turns()[-1].state == "stopped"


def test_a_change_of_settings_is_a_line_before_the_next_question(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot)
    work.chat.change_settings(temperature=0.5)
    work.chat.change_settings(temperature=0.7, thinking=True)
    answered(work, bench, qtbot, "Again?")
    assert ("note", "Thinking on · Temperature 0.7") in shown(work)
    answered(work, bench, qtbot, "And again?")
    assert [role for role, _ in shown(work)].count("note") == 1
    assert len(bench.engine.request.messages) == 5  # the note is not sent


@pytest.mark.parametrize("form", ["plain", "markdown"])
def test_copies_leave_the_thought_out(
    work: Workbench, bench: Bench, qtbot: QtBot, form: str
) -> None:
    job = asked(work, bench, qtbot)
    job.say(Thought("secret", 1), Thought("", 1, closed=True), TokenText("**Bold** words"))
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    copied = work.chat.copy_text(
        work.chat.turns()[-1].id, "plain" if form == "plain" else "markdown"
    )
    assert copied == ("Bold words" if form == "plain" else "**Bold** words")
