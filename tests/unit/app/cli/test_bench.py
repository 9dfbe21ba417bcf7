"""`facet bench` with an engine that answers at once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.cli.bench import FAILED, MEASURED, bench
from app.cli.bench_arguments import BenchOptions
from app.cli.commands import parse_arguments
from app.cli.console import Console
from app.core.benchmark.book import SpeedBook
from app.core.model_digest import model_digest
from inference import CheckpointError, Finished, Receipt, Statistics, TokenText
from tests.fakes.desk import MODEL
from tests.fakes.engine import FakeEngine

ANSWER = (
    TokenText("x"),
    Finished(
        "length",
        Statistics(generated_tokens=64, decode_tokens_per_s=20.0, first_token_s=0.5),
        Receipt((), 9),
    ),
)


def measured(
    engine: FakeEngine, options: BenchOptions, book: SpeedBook | None = None
) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with engine:
        code = bench(options, engine, Console(out, err, {}), book)
    return code, out.getvalue(), err.getvalue()


def test_speeds_are_shown_and_kept(tmp_path: Path) -> None:
    book, engine = SpeedBook(tmp_path / "book.json"), FakeEngine(ANSWER)
    code, out, _ = measured(engine, BenchOptions(MODEL, ("text",)), book)
    assert code == MEASURED
    assert len(engine.requests) == 1 + 3
    assert out == "Text: 20.0 tokens/s written, first token after 0.5 s, – read\n"
    assert book.speed(model_digest(MODEL)) == 20.0
    code, out, _ = measured(FakeEngine(ANSWER), BenchOptions(MODEL, ("text",)), book)
    assert out.endswith("; as the baseline\n")


def test_every_run_is_written(tmp_path: Path) -> None:
    options = BenchOptions(MODEL, ("text",), runs=2, csv=tmp_path / "speeds.csv")
    assert measured(FakeEngine(ANSWER), options)[0] == MEASURED
    assert len((tmp_path / "speeds.csv").read_text().splitlines()) == 1 + 2


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    options = BenchOptions(MODEL, ("text",), runs=1, csv=tmp_path / "none" / "speeds.csv")
    code, out, err = measured(FakeEngine(ANSWER), options)
    assert code == MEASURED
    assert "20.0 tokens/s" in out
    assert "were not written" in err


def test_a_model_that_cannot_be_loaded() -> None:
    broken = FakeEngine(load_error=CheckpointError("It is damaged.", "Download it again."))
    code, out, err = measured(broken, BenchOptions(MODEL))
    assert code == FAILED
    assert out == ""
    assert "It is damaged. Download it again." in err


def test_answers_that_fail() -> None:
    failing = FakeEngine(answer_error=CheckpointError("No memory.", "Close programs."))
    code, out, _ = measured(failing, BenchOptions(MODEL, ("text",)))
    assert code == FAILED
    assert out == "Text: No memory. Close programs.\n"


def test_the_arguments() -> None:
    parsed = parse_arguments(
        ["bench", "tiny", "--only", "text", "--only", "clip", "--runs", "5", "--baseline"]
    )
    assert parsed == BenchOptions(Path("tiny"), ("text", "clip"), 5, 64, None, as_baseline=True)


@pytest.mark.parametrize("wrong", [["--runs", "0"], ["--runs", "x"], ["--only", "smell"]])
def test_wrong_arguments(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["bench", "tiny", *wrong])
    assert ended.value.code == 2
    assert "`facet bench --help` lists the options" in capsys.readouterr().err
