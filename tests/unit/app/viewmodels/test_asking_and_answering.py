"""Send, stream, finish, stop, fail: what is shown, announced and saved."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.core.conversation import active_path
from app.core.model_digest import model_digest
from app.viewmodels.workbench import Workbench
from inference import (
    Notice,
    Prefill,
    ReadingMedia,
    Text,
    Thought,
    TokenText,
    ToolCall,
    ToolCallEvent,
)
from tests.fakes.desk import Bench
from tests.fakes.hand_engine import HandEngine
from tests.unit.app.viewmodels.steps import asked, next_job, shown


def test_a_question_and_its_answer(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot, "Why is the sky blue?")
    assert work.chat.is_running
    assert work.composer.text == ""
    assert not work.composer.can_send
    assert shown(work) == [("user", "Why is the sky blue?"), ("model", "")]
    job.prepare()
    job.text("Because", " of", " scattering.")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert shown(work)[-1] == ("model", "Because of scattering.")
    question, answer = work.chat.turns()
    assert answer.state == "complete"
    assert answer.stats == "41.2 tok/s · first word 0.8 s · 312 out · 1,204 in (1,050 reused)"
    assert question.receipt is not None
    assert question.receipt.line == "14 tokens of text · nothing dropped"
    assert work.chat.title == "Why is the sky blue?"


def test_an_answer_keeps_which_weights_gave_it(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot)
    job.text("So.")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    answer = active_path(work.desk.get(work.chat.conversation_id))[-1]
    assert work.models.folder is not None
    assert answer.model_digest == model_digest(work.models.folder)
    assert answer.model_digest
    assert work.writer.flush(10.0)
    stored = work.store.load(work.chat.conversation_id)
    assert stored.turns[-1].model_digest == answer.model_digest


def test_pieces_come_once_and_are_part_of_the_turn_already(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    pieces: list[str] = []

    def on_text(turn_id: str, text: str) -> None:
        pieces.append(text)
        assert work.chat.turn(turn_id).text == "".join(pieces)

    work.chat.text_appended.connect(on_text)
    job = asked(work, bench, qtbot)
    for piece in ("One", " two", " three"):
        job.text(piece)
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert "".join(pieces) == "One two three"


def test_the_request_is_made_of_the_conversation(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    work.chat.change_settings(system_prompt="Be short.", temperature=0.5, seed=7, max_tokens=99)
    job = asked(work, bench, qtbot, "First?")
    job.say(Thought("Hm.", 3), Thought("", 1, closed=True), TokenText("Yes."))
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    asked(work, bench, qtbot, "Second?")
    request = bench.engine.request
    said = [
        (m.role, m.thought, *(p.text for p in m.parts if isinstance(p, Text)))
        for m in request.messages
    ]
    assert said == [
        ("system", "", "Be short."),
        ("user", "", "First?"),
        ("model", "", "Yes."),  # the thought is not sent back
        ("user", "", "Second?"),
    ]
    assert request.sampling.temperature == 0.5
    assert request.sampling.seed == 7
    assert request.max_tokens == 99
    assert request.session == work.chat.conversation_id


def test_a_drawn_seed_is_kept_with_the_answer(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    asked(work, bench, qtbot).finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    answer = active_path(work.desk.get(work.chat.conversation_id))[-1]
    assert answer.seed is not None
    assert answer.seed == bench.engine.request.sampling.seed
    assert answer.settings is not None
    assert answer.settings.seed is None


def test_thoughts_are_told_with_time_and_tokens(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    work.chat.set_thinking(True)
    work.chat.set_thinking_budget(1024)
    job = asked(work, bench, qtbot)
    assert bench.engine.request.thinking
    assert bench.engine.request.thinking_budget == 1024
    job.say(Thought("Let me see", 212))
    qtbot.waitUntil(lambda: work.chat.phase.amount == "212 of 1,024")
    turn = work.chat.turns()[-1]
    assert turn.is_thinking
    assert turn.thought == "Let me see"
    bench.clock.pass_s(4.2)
    job.say(Thought("", 1, closed=True), TokenText("So."))
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert turn.thought_s == pytest.approx(4.2)
    assert turn.thought_tokens == 213
    assert not turn.is_thinking


def test_phases_in_words(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot)
    job.say(ReadingMedia("a.png", 2, 4))
    qtbot.waitUntil(lambda: work.chat.phase.text.startswith("Reading"))
    assert work.chat.phase.amount == "2 of 4"
    job.say(Prefill(100, 6300, 0))
    qtbot.waitUntil(lambda: work.chat.phase.text == "Reading prompt")
    bench.clock.pass_s(29.0)
    job.say(Prefill(4812, 6300, 0))
    qtbot.waitUntil(lambda: work.chat.phase.amount == "4,812 of 6,300 tokens")
    assert work.chat.phase.time == "about 9 s"
    bench.clock.pass_s(11.0)
    assert work.chat.phase.hint == "Still working: the prompt is long (6,300 tokens)."
    job.text("Now")
    qtbot.waitUntil(lambda: work.chat.phase.text == "Writing")
    assert work.chat.phase.hint == ""


def test_stop_keeps_the_text(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    job = asked(work, bench, qtbot)
    job.text("Half an ans")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text == "Half an ans")
    work.chat.stop()
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=300)
    turn = work.chat.turns()[-1]
    assert turn.state == "stopped"
    assert turn.text == "Half an ans"
    assert turn.can_continue
    assert job.is_cancelled


def test_stop_does_not_wait_for_a_deaf_engine(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open(HandEngine(ends_when_cancelled=False))
    job = asked(work, bench, qtbot)
    job.text("Half")
    qtbot.waitUntil(lambda: work.chat.turns()[-1].text == "Half")
    work.chat.stop()
    assert work.chat.phase.text == "Stopping"
    qtbot.waitUntil(lambda: not work.chat.is_running, timeout=300)
    job.text(" too late")
    job.finish()
    asked(work, bench, qtbot, "Next?").finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert ("model", "Half") in shown(work)


def test_an_error_is_a_card_with_one_thing_to_do(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    said: list[tuple[str, bool]] = []
    work.chat.announced.connect(lambda text, assertive: said.append((text, assertive)))
    job = asked(work, bench, qtbot)
    job.text("Begun")
    job.fail("There is not enough memory for this.", "Close other programs.")
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert turn.state == "failed"
    assert turn.text == "Begun"
    assert turn.error is not None
    assert turn.error.what == "There is not enough memory for this."
    assert turn.error.action == "Try again"
    assert said[-1] == ("There is not enough memory for this.", True)
    work.chat.run_command(turn.id, turn.error.command)
    qtbot.waitUntil(lambda: len(bench.engine.jobs) == 2)
    assert work.chat.turns()[-1].version_count == 2


def test_a_failed_empty_answer_is_tried_again_in_its_place(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    asked(work, bench, qtbot).fail("The model stopped with an unexpected error.")
    qtbot.waitUntil(lambda: not work.chat.is_running)
    failed = work.chat.turns()[-1]
    work.chat.retry(failed.id)
    qtbot.waitUntil(lambda: len(bench.engine.jobs) == 2)
    bench.engine.job.text("Better")
    bench.engine.job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert (turn.id, turn.text, turn.error, turn.version_count) == (failed.id, "Better", None, 1)


def test_announcements(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    said: list[tuple[str, bool]] = []
    work.chat.announced.connect(lambda text, assertive: said.append((text, assertive)))
    job = asked(work, bench, qtbot)
    for piece in ["some", "words", "of", "an", "answer"]:
        job.text(piece)
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    assert said == [("Gemma is writing", False), ("Finished, 312 tokens", False)]


def test_notices_and_tool_calls_are_kept_with_the_answer(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot)
    job.say(Notice("The thought was closed."), ToolCallEvent(ToolCall("add", {"a": 1}, "c1")))
    job.finish("tool_calls")
    job = next_job(bench, qtbot, 2)  # the model learns what came of it
    job.text("There is no such tool.")
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    turn = work.chat.turns()[-1]
    assert turn.notices == ("The thought was closed.",)
    assert (turn.tools[0].name, turn.tools[0].state) == ("add", "refused")


def test_the_rows_of_a_streaming_turn_reach_the_store(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    job = asked(work, bench, qtbot)
    work.writer.flush(10)
    job.text("On its way")

    def saved() -> str:
        assert bench.store is not None
        turns = bench.store.load(work.chat.conversation_id).turns
        return turns[-1].text if turns else ""

    qtbot.waitUntil(lambda: saved() == "On its way")
    assert work.chat.is_running
