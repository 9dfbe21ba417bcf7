"""Two copies asked in turn: kept, stoppable anywhere, and the model in use is there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.capture import Devices
from app.viewmodels.advice import SHOW_COMPARISON, Advice
from app.viewmodels.comparison import ComparisonViewModel
from app.viewmodels.panes import Panes, assemble_panes
from app.viewmodels.workbench import Workbench
from inference import Image, Text
from tests.fakes.conversations import DASHBOARD
from tests.fakes.desk import MODEL, Bench
from tests.fakes.hand_engine import HandJob
from tests.unit.app.viewmodels.steps import answered, asked

DENSE = MODEL.parent / "dense"


@dataclass
class Table:
    """A workbench with two copies: the bundled one, which is in use, and `dense`."""

    bench: Bench
    work: Workbench
    panes: Panes
    qtbot: QtBot
    ends: list[str] = field(default_factory=list)

    @property
    def model(self) -> ComparisonViewModel:
        return self.panes.comparison

    @property
    def states(self) -> list[str]:
        return [side.state for side in self.model.sides]

    def start(self, question: str = "Which figures?") -> None:
        self.model.form.prepare()
        self.model.form.set_question(question)
        assert self.model.why_not == ""
        self.model.start()

    def job(self, count: int) -> HandJob:
        self.qtbot.waitUntil(lambda: len(self.bench.engine.jobs) >= count)
        return self.bench.engine.jobs[count - 1]

    def answer(self, count: int, text: str) -> None:
        job = self.job(count)
        job.text(text)
        job.finish()

    def is_back(self) -> None:
        """The model in use is in the engine again."""
        self.qtbot.waitUntil(lambda: self.work.models.state == "ready")
        assert self.bench.engine.loaded[-1] == MODEL
        assert self.work.models.folder == MODEL
        assert self.panes.borrowing.is_free


@pytest.fixture
def table(bench: Bench, work: Workbench, qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    work.models.add_folder(DENSE)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    work.models.choose("tiny")
    qtbot.waitUntil(lambda: work.models.state == "ready")
    made = Table(bench, work, assemble_panes(work, tmp_path / "data", Devices()), qtbot)
    made.model.ended.connect(made.ends.append)
    yield made
    made.panes.close()


def test_both_answer_the_same_question_and_what_differs_is_found(table: Table) -> None:
    engine, model = table.bench.engine, table.model
    loads = len(engine.loaded)
    table.start()
    table.answer(1, "It is 5 and 7.")
    table.answer(2, "It is 5 and 8.")
    table.qtbot.waitUntil(lambda: model.findings is not None)
    assert table.ends == ["The copies were compared."]
    assert engine.loaded[loads:] == [DENSE, MODEL]  # the first was in the engine already
    table.is_back()
    first, second = engine.requests
    assert first.messages[-1].parts == second.messages[-1].parts == (Text("Which figures?"),)
    assert first.sampling == second.sampling
    assert first.sampling.temperature == 0
    assert first.session == second.session == ""
    assert model.findings is not None
    assert model.findings.sentence.startswith("1 of 2 figures differs")
    assert [side.text for side in model.sides] == ["It is 5 and 7.", "It is 5 and 8."]
    assert dict(model.sides[0].facts)["Speed"] == "41 tok/s"


def test_it_is_a_conversation_with_two_versions_that_can_be_opened_again(
    table: Table, bench: Bench, qtbot: QtBot
) -> None:
    before = table.work.chat.conversation_id
    table.start()
    table.answer(1, "Seven.")
    table.answer(2, "Eight.")
    qtbot.waitUntil(lambda: not table.model.is_running)
    made = table.model.conversation_id
    assert table.work.chat.conversation_id == before  # what is open stays open
    table.is_back()
    table.panes.close()
    bench.close()
    work = bench.open()
    qtbot.waitUntil(lambda: work.models.state == "ready")
    table.panes = assemble_panes(work, table.bench.folder / "data", Devices())
    table.model.show(made)
    qtbot.waitUntil(lambda: table.model.findings is not None)
    assert [side.text for side in table.model.sides] == ["Seven.", "Eight."]
    assert table.states == ["complete", "complete"]
    assert table.model.asked[0] == "Which figures?"
    assert "Seven." in table.model.markdown()
    work.library.open(made)
    assert [turn.role for turn in work.chat.turns()] == ["user", "model"]
    assert work.chat.turns()[1].version_count == 2
    assert work.chat.title.startswith("Compare ")


def test_files_of_the_question_go_to_both(table: Table) -> None:
    table.work.composer.add_files([DASHBOARD])
    table.work.composer.set_text("Read it.")
    table.qtbot.waitUntil(lambda: table.work.composer.can_send)
    table.model.form.prepare()
    assert table.model.form.question == "Read it."
    assert [file.name for file in table.model.form.files] == [DASHBOARD.name]
    table.model.start()
    table.answer(1, "a")
    table.answer(2, "b")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    for request in table.bench.engine.requests:
        assert isinstance(request.messages[-1].parts[0], Image)
    assert table.work.composer.text == "Read it."  # nothing was taken out of the composer


@pytest.mark.parametrize("moment", ["loading", "answering first", "answering second"])
def test_stopping_anywhere_keeps_what_there_is_and_brings_the_model_back(
    table: Table, moment: str
) -> None:
    engine = table.bench.engine
    table.start()
    table.job(1).text("It is ")
    if moment != "answering first":
        engine.loads_by_itself = moment != "loading"
        table.job(1).finish()
        table.qtbot.waitUntil(lambda: engine.loaded[-1] == DENSE)
    if moment == "answering second":
        table.job(2).text("It w")
        table.qtbot.waitUntil(lambda: table.model.sides[1].text == "It w")
    else:
        table.qtbot.waitUntil(lambda: table.model.sides[0].text == "It is ")
    engine.loads_by_itself = True
    table.model.stop()
    assert table.ends == ["The comparison was stopped."]
    assert not table.model.is_running
    expected = {
        "loading": ["complete", "not asked"],
        "answering first": ["stopped", "not asked"],
        "answering second": ["complete", "stopped"],
    }
    assert table.states == expected[moment]
    assert table.model.sides[0].text == "It is "
    table.is_back()


def test_choosing_a_model_meanwhile_ends_it_and_is_obeyed(table: Table) -> None:
    table.start()
    table.job(1).text("It is ")
    table.work.models.choose(str(DENSE))
    assert table.ends == ["The comparison was stopped, because another model was chosen."]
    table.qtbot.waitUntil(lambda: table.work.models.state == "ready")
    assert table.bench.engine.loaded[-1] == DENSE
    assert table.states == ["stopped", "not asked"]


def test_a_copy_that_cannot_be_loaded_is_told_and_the_other_answer_kept(table: Table) -> None:
    engine = table.bench.engine
    table.start()
    engine.loads_by_itself = False
    table.answer(1, "Seven.")
    table.qtbot.waitUntil(lambda: engine.loaded[-1] == DENSE)
    engine.loads_by_itself = True
    engine.loads[-1].fail("Its weights are damaged.", "Get it again.")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    assert table.states == ["complete", "failed"]
    assert "Its weights are damaged." in table.model.sides[1].problem
    assert table.model.findings is None
    table.is_back()


def test_the_second_is_asked_when_the_first_cannot_be_loaded(table: Table) -> None:
    engine, form = table.bench.engine, table.model.form
    form.prepare()
    form.set_question("Which figures?")
    form.choose(str(DENSE), "tiny")
    engine.loads_by_itself = False
    table.model.start()
    table.qtbot.waitUntil(lambda: engine.loaded[-1] == DENSE)
    engine.loads_by_itself = True
    engine.loads[-1].fail("Its weights are damaged.", "Get it again.")
    table.answer(1, "Seven.")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    assert table.states == ["failed", "complete"]
    table.is_back()


def test_an_answer_that_fails_does_not_end_the_comparison(table: Table) -> None:
    table.start()
    table.job(1).fail("There is not enough memory for this.", "Close other programs.")
    table.answer(2, "Eight.")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    assert table.states == ["failed", "complete"]
    table.is_back()


def test_an_answer_comes_first(table: Table) -> None:
    job = asked(table.work, table.bench, table.qtbot)
    table.start()
    assert table.model.is_held_up
    assert table.states == ["waiting", "waiting"]
    job.finish()
    table.answer(2, "Seven.")
    table.answer(3, "Eight.")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    table.is_back()


def test_a_question_asked_meanwhile_is_answered_by_its_own_model(table: Table) -> None:
    table.start()
    table.answer(1, "Seven.")
    table.job(2).text("Ei")
    table.work.composer.set_text("And this?")
    table.work.chat.send()
    assert table.work.chat.phase.text.startswith("Comparing: ")
    table.job(2).finish()
    table.answer(3, "By the model in use.")
    table.qtbot.waitUntil(lambda: not table.work.chat.is_running)
    assert table.bench.engine.loaded[-1] == MODEL
    assert table.work.chat.turns()[-1].text == "By the model in use."


def test_a_deleted_conversation_ends_its_comparison(table: Table) -> None:
    table.start()
    made = table.model.conversation_id
    table.job(1).text("It is ")
    table.work.library.trash(made)
    table.work.library.purge(made)
    assert not table.model.is_running
    assert table.model.sides == ()
    assert table.bench.engine.job.is_cancelled
    assert table.ends == ["The comparison was stopped, because its conversation was deleted."]
    table.is_back()


def test_what_is_missing_is_said(table: Table) -> None:
    form = table.model.form
    form.prepare()
    form.set_question("")
    assert table.model.why_not == "Write a question or add a file."
    form.set_question("x")
    form.choose("tiny", "tiny")
    assert table.model.why_not == "Choose two different copies."
    table.work.models.remove(str(DENSE))
    assert table.model.why_not.startswith("There is only one copy on this computer.")
    table.model.start()
    assert not table.model.is_running


def test_the_last_question_fills_the_form(table: Table) -> None:
    answered(table.work, table.bench, table.qtbot, "What was asked?")
    table.model.form.prepare(str(DENSE))
    assert table.model.form.question == "What was asked?"
    assert table.model.form.keys == ("tiny", str(DENSE))


def test_the_conversation_offers_its_comparison(table: Table) -> None:
    advice = Advice(table.work, table.panes.proof, table.model)
    table.start()
    table.answer(1, "Seven.")
    table.answer(2, "Eight.")
    table.qtbot.waitUntil(lambda: not table.model.is_running)
    assert advice.item is None
    table.work.library.open(table.model.conversation_id)
    assert advice.item is not None
    assert advice.item.command == SHOW_COMPARISON
    assert not advice.is_warning
    assert not advice.act(advice.item.command)  # the window's to do
