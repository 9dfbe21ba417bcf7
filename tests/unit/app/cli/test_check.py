"""`facet check` with an engine that passes or fails each sense."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.check import check
from app.cli.check_arguments import CheckOptions
from app.cli.commands import parse_arguments
from app.cli.console import Console
from app.core.model_digest import model_digest
from app.core.proof.book import ProofBook
from app.core.proof.run import run
from app.core.proof.tasks import make_tasks
from inference import Event, Failed, Finished, Request, Statistics, TokenText
from tests.fakes.desk import MODEL
from tests.fakes.engine import FakeEngine
from tests.fakes.senses_engine import EVERYTHING, SensesEngine

WRONG = (TokenText("I see nothing."), Finished("stop", Statistics(), EVERYTHING))


class KnowingEngine(SensesEngine):
    """Answers the tests of a seed although it did not make them."""

    def task(self, request: Request):  # type: ignore[no-untyped-def]
        for task in make_tasks(self.senses, seed=7):
            if task.request is not None and same(task.request, request):
                return task
        return None

    @property
    def senses(self):  # type: ignore[no-untyped-def]
        from app.core.asking import Senses

        return Senses(self.sees, self.hears)


def same(one: Request, other: Request) -> bool:
    """Both ask the same words with the same kinds of parts."""
    return [type(p) for p in one.messages[0].parts] == [
        type(p) for p in other.messages[0].parts
    ] and (one.thinking, one.tools, one.max_tokens, bool(one.schema)) == (
        other.thinking,
        other.tools,
        other.max_tokens,
        bool(other.schema),
    )


class Desk:
    def __init__(self, folder: Path) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.console = Console(self.out, self.err, {})
        self.book = ProofBook(folder / "proofs.json")

    def check(self, engine: object, **options: object) -> int:
        wanted = CheckOptions(**({"model": MODEL, "seed": 7} | options))  # type: ignore[arg-type]
        return check(wanted, engine, self.console, self.book)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def knowing() -> Iterator[KnowingEngine]:
    engine = KnowingEngine()
    yield engine
    engine.close()


def test_what_passes_is_said_and_kept(desk: Desk, knowing: KnowingEngine) -> None:
    assert desk.check(knowing) == 0
    lines = desk.out.getvalue().splitlines()
    assert len(lines) == 7
    assert all(line.startswith("passed") for line in lines)
    assert "7 of 7 tests passed." in desk.err.getvalue()
    assert len(desk.book.results(model_digest(MODEL))) == 7


def test_a_failed_sense_has_an_exit_code_of_its_own(desk: Desk, knowing: KnowingEngine) -> None:
    knowing.fails = ["sound"]
    assert desk.check(knowing) == 1
    failed = [line for line in desk.out.getvalue().splitlines() if line.startswith("failed")]
    assert len(failed) == 1
    assert "shown " in failed[0]
    assert ", read " in failed[0]
    assert "6 of 7 tests passed." in desk.err.getvalue()


def test_json_is_one_object_a_line(desk: Desk, knowing: KnowingEngine) -> None:
    knowing.fails = ["picture"]
    assert desk.check(knowing, json=True, only=("tool", "picture")) == 1
    picture, tool = map(json.loads, desk.out.getvalue().splitlines())
    assert (picture["sense"], picture["state"]) == ("picture", "failed")
    assert picture["shown"] != picture["read"]
    assert (tool["sense"], tool["state"]) == ("tool", "passed")


def test_a_deaf_model_passes_without_hearing(desk: Desk, knowing: KnowingEngine) -> None:
    knowing.hears = False
    assert desk.check(knowing) == 0
    assert "absent  Writes down spoken digits" in desk.out.getvalue()
    assert "This model cannot hear." in desk.out.getvalue()
    assert "6 of 6 tests passed." in desk.err.getvalue()


def test_tests_that_break_down_are_no_result(desk: Desk, knowing: KnowingEngine) -> None:
    knowing.breaks = ["clip"]
    assert desk.check(knowing, only=("clip",)) == 2
    assert "error" in desk.out.getvalue()


def test_a_folder_that_is_none_is_one_sentence(desk: Desk) -> None:
    with FakeEngine(WRONG) as engine:
        assert desk.check(engine, model=Path("nowhere")) == 2
    assert desk.out.getvalue() == ""
    assert desk.err.getvalue().startswith("There is no model folder nowhere.")


def test_a_model_that_cannot_be_loaded_is_one_sentence(desk: Desk) -> None:
    engine = SensesEngine()
    engine.loads_by_itself = False
    load = engine.load

    def failing(folder: Path, *, on_event=None):  # type: ignore[no-untyped-def]
        job = load(folder, on_event=on_event)
        job.say(Failed("The weights are damaged.", "Get them again."))
        return job

    engine.load = failing  # type: ignore[method-assign, assignment]
    assert desk.check(engine) == 2
    assert "The weights are damaged. Get them again." in desk.err.getvalue()
    engine.close()


def test_an_answer_cannot_move_the_terminal(desk: Desk) -> None:
    hostile = (TokenText("\x1b[2J\x07493"), Finished("stop", Statistics(), EVERYTHING))
    with FakeEngine(hostile) as engine:
        desk.check(engine, only=("picture",))
    assert "\x1b" not in desk.out.getvalue()
    assert "\x07" not in desk.out.getvalue()


def test_who_stops_listening_stops_the_request() -> None:
    closed: list[bool] = []

    def ask(_request: Request) -> Iterator[Event]:
        try:
            yield TokenText("4")
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    from app.core.asking import Senses

    with pytest.raises(KeyboardInterrupt):
        list(run(ask, make_tasks(Senses(), ["picture"])))
    assert closed == [True]


def test_options_are_read() -> None:
    options = parse_arguments(["check", "tiny", "--only", "tool", "--only", "clip", "--seed", "4"])
    assert options == CheckOptions(Path("tiny"), ("tool", "clip"), 4, False)


@pytest.mark.parametrize("wrong", [["--only", "smell"], ["--seed", "-1"], ["--seed", "x"], []])
def test_wrong_options_are_a_sentence(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["check", *(["tiny"] if wrong else []), *wrong])
    assert ended.value.code == 2
    assert "`facet check --help` lists the options." in capsys.readouterr().err
