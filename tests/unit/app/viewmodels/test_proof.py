"""Proof of senses through the window's own ways: in the gaps of answers, on any copy, stoppable."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.asking import Senses
from app.core.conversation import ErrorInfo
from app.core.proof.book import ProofBook
from app.core.proof.values import SENSES, Sense
from app.viewmodels.borrowing import Borrowing
from app.viewmodels.proof import MakeTasks, ProofViewModel
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.workbench import Workbench
from tests.fakes.desk import MODEL, Bench
from tests.fakes.senses_engine import SensesEngine
from tests.unit.app.viewmodels.steps import asked

ALL = list(SENSES)


@dataclass
class Doctor:
    """A workbench whose model is tested. `ends` are the sentences that tests came to."""

    bench: Bench
    work: Workbench
    engine: SensesEngine
    qtbot: QtBot
    other: Path
    side: SideRequests = field(init=False)
    borrowing: Borrowing = field(init=False)
    proof: ProofViewModel = field(init=False)
    ends: list[str] = field(default_factory=list)
    problems: list[ErrorInfo] = field(default_factory=list)

    def __post_init__(self) -> None:
        work = self.work
        self.side = SideRequests(work.bridge, work.answers, work.models)
        self.borrowing = Borrowing(work.bridge, work.answers, work.models)
        self.open_book(self.bench.folder / "data" / "proofs.json")

    def open_book(self, path: Path, make: MakeTasks | None = None) -> None:
        work = self.work
        self.proof = ProofViewModel(
            self.side,
            self.borrowing,
            work.models,
            ProofBook(path),
            work.reader.call,
            self.bench.clock,
            make or self.engine.make,
        )
        self.proof.ended.connect(lambda _folder, sentence: self.ends.append(sentence))
        self.proof.problem.connect(self.problems.append)

    def ended(self) -> str:
        """The sentence at the end of the running test."""
        self.qtbot.waitUntil(lambda: not self.proof.is_running)
        return self.ends[-1]

    def answer(self, count: int) -> None:
        """Let the answer to test number `count` come."""
        self.qtbot.waitUntil(lambda: len(self.engine.asked) >= count)
        task = self.engine.task(self.engine.request)
        assert task is not None
        self.engine.job.say(*self.engine.events(task))

    def states(self, folder: Path) -> dict[Sense, str]:
        return {badge.sense: badge.state for badge in self.proof.summary(folder).badges}

    def close(self) -> None:
        self.proof.close()
        self.side.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another copy of the model, with weights of its own."""
    folder = tmp_path / "gemma-4-E4B-it-8bit"
    folder.mkdir()
    for file in MODEL.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "model.safetensors").open("ab") as weights:
        weights.write(b"\0" * 8)
    return folder


def doctor(
    bench: Bench, qtbot: QtBot, other: Path, fails: Collection[Sense] = (), **how: object
) -> Doctor:
    engine = SensesEngine(fails, **how)  # type: ignore[arg-type]
    work = bench.open(engine)
    qtbot.waitUntil(lambda: work.models.state == "ready")
    return Doctor(bench, work, engine, qtbot, other)


@pytest.fixture
def healthy(bench: Bench, qtbot: QtBot, other: Path) -> Iterator[Doctor]:
    made = doctor(bench, qtbot, other)
    yield made
    made.close()


@pytest.fixture
def slow(bench: Bench, qtbot: QtBot, other: Path) -> Iterator[Doctor]:
    """Answers come when the test lets them."""
    made = doctor(bench, qtbot, other, answers_by_itself=False)
    yield made
    made.close()


def test_the_model_in_use_is_tested_and_nothing_else_happens(healthy: Doctor) -> None:
    proof, engine = healthy.proof, healthy.engine
    turns = healthy.work.chat.turns()
    proof.test()
    assert healthy.ended() == "All 7 tests passed."
    assert engine.asked == ALL
    assert engine.loaded == [MODEL]
    assert healthy.work.chat.turns() == turns
    assert healthy.states(MODEL) == dict.fromkeys(ALL, "passed")
    summary = proof.summary(MODEL)
    assert (summary.state, summary.passed, summary.present) == ("passed", 7, 7)
    assert summary.caption.startswith("tested ")
    assert proof.warnings("image", "video", "audio", "json", "json_thinking", "tools") == ()


def test_a_failed_sense_warns_where_it_is_used_and_after_a_restart(
    bench: Bench, qtbot: QtBot, other: Path
) -> None:
    made = doctor(bench, qtbot, other, ["clip", "chart"])
    made.proof.test()
    assert made.ended() == "5 of 7 tests passed."
    (about_clip,) = made.proof.warnings("video")
    assert about_clip.what.startswith("The clip test of this copy failed on ")
    assert "Answers about clips cannot be trusted." in about_clip.what
    assert (about_clip.action, about_clip.command) == ("Test again", "test_senses")
    assert [each.what[:14] for each in made.proof.warnings("image", "audio")] == ["The chart test"]
    assert made.proof.summary(MODEL).of("image") == "failed"
    assert made.proof.summary(MODEL).of("audio") == "passed"
    made.open_book(bench.folder / "data" / "proofs.json")
    made.proof.warnings("video")
    qtbot.waitUntil(lambda: len(made.proof.warnings("video")) == 1)
    made.engine.fails = ()
    made.proof.test()
    assert made.ended() == "All 7 tests passed."
    assert made.proof.warnings("video") == ()
    made.close()


def test_another_copy_is_tested_and_the_model_in_use_comes_back(healthy: Doctor) -> None:
    proof, engine, models = healthy.proof, healthy.engine, healthy.work.models
    proof.test(healthy.other)
    assert healthy.ended() == "All 7 tests passed."
    assert set(engine.tested) == {healthy.other}
    healthy.qtbot.waitUntil(lambda: models.state == "ready")
    assert engine.loaded == [MODEL, healthy.other, MODEL]
    assert models.folder == MODEL
    assert healthy.states(healthy.other)["picture"] == "passed"
    assert healthy.states(MODEL)["picture"] == "untested"  # other weights, other badges
    assert proof.warnings("image") == ()


def test_a_question_during_a_test_of_another_copy_waits_for_its_own_model(slow: Doctor) -> None:
    work, engine = slow.work, slow.engine
    slow.proof.test(slow.other)
    slow.answer(1)
    slow.qtbot.waitUntil(lambda: len(engine.asked) == 2)
    assert work.models.phase.text.startswith("Testing Gemma 4 E4B: ")
    work.composer.set_text("Why is it so?")
    work.chat.send()
    assert work.chat.is_running
    slow.proof.stop()
    assert slow.ends == ["The test was stopped after 1 of 7 tests."]
    slow.qtbot.waitUntil(lambda: len(engine.jobs) == 3)
    assert engine.loaded[-1] == MODEL
    engine.job.text("Thus.")
    engine.job.finish()
    slow.qtbot.waitUntil(lambda: not work.chat.is_running)
    assert work.chat.turns()[-1].text == "Thus."


def test_an_answer_comes_first(slow: Doctor) -> None:
    job = asked(slow.work, slow.bench, slow.qtbot)
    slow.proof.test()
    slow.qtbot.waitUntil(lambda: slow.proof.is_held_up)
    assert slow.proof.phase.endswith("is tested after this answer")
    assert slow.engine.asked == []
    job.finish()
    slow.qtbot.waitUntil(lambda: slow.engine.asked == ["picture"])
    for count in range(1, 8):
        slow.answer(count)
    assert slow.ended() == "All 7 tests passed."


def test_stopping_keeps_what_was_tested(slow: Doctor) -> None:
    slow.proof.test()
    slow.answer(1)
    slow.answer(2)
    slow.qtbot.waitUntil(lambda: slow.proof.progress == (2, 7))
    assert slow.states(MODEL)["sound"] == "running"
    slow.proof.stop()
    assert not slow.proof.is_running
    assert slow.engine.job.is_cancelled
    assert slow.states(MODEL) == {
        sense: "passed" if sense in ("picture", "chart") else "untested" for sense in SENSES
    }


def test_choosing_a_model_ends_the_test_of_another_and_is_obeyed(slow: Doctor) -> None:
    slow.work.models.add_folder(MODEL.parent / "dense")
    slow.qtbot.waitUntil(lambda: slow.work.models.state == "ready")
    slow.proof.test(slow.other)
    slow.answer(1)
    slow.qtbot.waitUntil(lambda: slow.proof.progress[0] == 1)
    slow.work.models.choose("tiny")
    assert slow.ends == ["The test was stopped, because another model was chosen."]
    slow.qtbot.waitUntil(lambda: slow.work.models.state == "ready")
    assert slow.engine.loaded[-1] == MODEL
    assert slow.borrowing.is_free


def test_choosing_another_model_ends_the_test_of_the_one_in_use(slow: Doctor) -> None:
    slow.proof.test()
    slow.answer(1)
    slow.work.models.add_folder(slow.other)
    assert slow.ends == ["The test was stopped, because another model was chosen."]


def test_a_copy_that_cannot_be_loaded_is_told_and_the_model_in_use_comes_back(
    bench: Bench, qtbot: QtBot, other: Path
) -> None:
    made = doctor(bench, qtbot, other)
    made.engine.loads_by_itself = False
    made.proof.test(other)
    qtbot.waitUntil(lambda: made.engine.loaded[-1] == other)
    made.engine.loads_by_itself = True
    made.engine.loads[-1].fail("The weights are damaged.", "Download them again.")
    assert made.ended() == "The weights are damaged. Download them again."
    qtbot.waitUntil(lambda: made.work.models.state == "ready")
    assert made.engine.loaded[-1] == MODEL
    made.close()


def test_a_new_copy_is_tested_once_as_soon_as_it_is_used(healthy: Doctor) -> None:
    healthy.proof.test_when_used(healthy.other)
    assert not healthy.proof.is_running
    healthy.work.models.add_folder(healthy.other)
    healthy.qtbot.waitUntil(lambda: healthy.proof.is_running)
    assert healthy.ended() == "All 7 tests passed."
    assert healthy.engine.loaded == [MODEL, healthy.other]
    healthy.work.models.choose("tiny")
    healthy.qtbot.waitUntil(lambda: healthy.work.models.state == "ready")
    healthy.work.models.choose(str(healthy.other))
    healthy.qtbot.waitUntil(lambda: healthy.work.models.state == "ready")
    assert not healthy.proof.is_running


def test_a_disk_that_takes_nothing_is_told(healthy: Doctor, tmp_path: Path) -> None:
    (tmp_path / "no").write_text("a file")
    healthy.open_book(tmp_path / "no" / "proofs.json")
    healthy.proof.test()
    assert healthy.ended() == "All 7 tests passed."
    assert healthy.problems[0].what == "The result of a test could not be kept."
    assert healthy.states(MODEL)["picture"] == "passed"


def test_a_deaf_model_has_no_failure(bench: Bench, qtbot: QtBot, other: Path) -> None:
    made = doctor(bench, qtbot, other)
    made.open_book(
        bench.folder / "data" / "proofs.json", lambda _: made.engine.make(Senses(hears=False))
    )
    made.proof.test()
    assert made.ended() == "All 6 tests passed."
    badge = next(b for b in made.proof.summary(MODEL).badges if b.sense == "sound")
    assert (badge.state, badge.text) == ("absent", "This model cannot hear.")
    made.close()


def test_a_test_that_is_closed_is_silent(slow: Doctor) -> None:
    slow.proof.test()
    slow.answer(1)
    slow.proof.close()
    assert slow.ends == []
    slow.proof.test()
    assert not slow.proof.is_running
