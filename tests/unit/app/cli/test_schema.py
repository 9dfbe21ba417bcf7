"""`facet ask --schema`: what is read, what is written where, and the exit code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.cli.arguments import AskOptions
from app.cli.ask import ask
from app.cli.console import Console
from app.cli.schema import LARGEST, read_schema
from app.cli.transcript import Transcript
from inference import (
    ConstraintReport,
    Event,
    Finished,
    PromptError,
    Revised,
    Statistics,
    TokenText,
)
from tests.fakes.engine import EMPTY_RECEIPT, FakeEngine

VALID = ConstraintReport("strict", is_valid=True)
INCOMPLETE = ConstraintReport("strict", is_valid=False, is_complete=False, problem="Limit.")
WRONG = ConstraintReport("lenient", is_valid=False, problem="n: too small.")


def answered(folder: Path, report: ConstraintReport, *events: Event) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a quiet answer."""
    out, err = io.StringIO(), io.StringIO()
    transcript = Transcript(Console(out, err, {}), quiet=True, is_held=True)
    end = Finished("stop", Statistics(), EMPTY_RECEIPT, report)
    options = AskOptions(folder, "Why?", schema="n int")
    with FakeEngine((*events, end)) as engine:
        code = ask(options, engine, transcript, io.StringIO())
    assert engine.requests[0].schema is not None
    return code, out.getvalue(), err.getvalue()


def test_a_valid_answer_alone_is_on_standard_output(tmp_path: Path) -> None:
    assert answered(tmp_path, VALID, TokenText('{"n":'), TokenText(" 1}")) == (0, '{"n": 1}\n', "")


def test_only_the_last_revision_is_written(tmp_path: Path) -> None:
    code, out, err = answered(
        tmp_path, VALID, TokenText('{"n": 1}'), Revised('{"n": 9}', "n: too small.")
    )
    assert (code, out) == (0, '{"n": 9}\n')
    assert "n: too small." in err


@pytest.mark.parametrize(
    ("report", "said"),
    [(INCOMPLETE, "The JSON is not complete. Limit."), (WRONG, "does not follow the schema. n:")],
)
def test_what_is_not_valid_stays_off_standard_output(
    tmp_path: Path, report: ConstraintReport, said: str
) -> None:
    code, out, err = answered(tmp_path, report, TokenText('{"n": 1'))
    assert (code, out) == (3, "")
    assert said in err
    assert '{"n": 1' in err


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('{"type": "integer"}', encoding="utf-8-sig")
    assert read_schema(str(file)) == {"type": "integer"}


@pytest.mark.parametrize("data", [b"[]", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_a_file_that_holds_no_schema_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "s.json"
    file.write_bytes(data)
    with pytest.raises(PromptError, match="is not"):
        read_schema(str(file))


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(PromptError, match="larger"):
        read_schema(str(file))
    with pytest.raises(PromptError, match="cannot be read"):
        read_schema(str(tmp_path / "none.json"))


@pytest.mark.parametrize("argument", ["", " ", "n" * 5000])
def test_an_argument_that_is_neither_file_nor_fields_is_refused(argument: str) -> None:
    with pytest.raises(PromptError):
        read_schema(argument)
