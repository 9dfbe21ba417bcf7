"""`facet ask --report`: question, answer and receipt in a file, without a window."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.arguments import AskOptions
from app.cli.ask import ask
from app.cli.commands import parse_arguments
from app.cli.files import MediaFile
from app.cli.report import Recorder, with_seed
from inference import (
    Event,
    Failed,
    Finished,
    FinishReason,
    GenerationError,
    Notice,
    Prepared,
    Receipt,
    ReceiptItem,
    Statistics,
    Thought,
    TokenText,
)
from tests.fakes.conversations import DASHBOARD
from tests.fakes.engine import FakeEngine
from tests.guards.tree import ROOT

ITEM = ReceiptItem("image", DASHBOARD.name, 275, 273, 1280, 800, model_width=1008, model_height=624)
RECEIPT = Receipt((ITEM, ReceiptItem("text", "user", 9)), 300)


class Shown:
    """Remembers what was shown."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def phase(self, label: str) -> None:
        pass

    def tick(self) -> None:
        pass

    def show(self, event: Event) -> None:
        self.events.append(event)


def script(reason: FinishReason = "stop") -> tuple[Event, ...]:
    statistics = Statistics(prompt_tokens=300, generated_tokens=5, thought_tokens=2)
    return (
        Prepared(RECEIPT),
        Thought("Hm. "),
        Thought("", 0, closed=True),
        TokenText("It is "),
        TokenText("**blue**."),
        Finished(reason, statistics, RECEIPT),
    )


@pytest.fixture
def options(tmp_path: Path) -> AskOptions:
    model = tmp_path / "gemma-4-E4B"
    model.mkdir()
    return AskOptions(
        model,
        "Which colour?",
        (MediaFile("image", DASHBOARD),),
        seed=11,
        report=tmp_path / "out.md",
    )


def run(options: AskOptions, engine: FakeEngine) -> tuple[int, bool, Shown]:
    shown = Shown()
    recorder = Recorder(shown, options)
    with engine:
        code = ask(options, engine, recorder, io.StringIO(), asked=recorder.asked)
    return code, recorder.write(), shown


def test_question_answer_and_receipt_are_written(options: AskOptions) -> None:
    code, is_written, shown = run(options, FakeEngine(script()))
    assert (code, is_written) == (0, True)
    assert options.report is not None
    text = options.report.read_text(encoding="utf-8")
    for said in (
        "# Which colour?",
        "It is **blue**.",
        "read at 1008 × 624 (273 soft tokens)",
        "gemma-4-E4B",
        "Hm.",
        "--seed 11",
    ):
        assert said in text
    assert shown.events[-1] == Notice(f"The report is in {options.report}.")
    (picture,) = options.report.with_name("out_assets").iterdir()
    assert picture.suffix == ".png"


def test_what_is_shown_is_not_changed_by_recording(options: AskOptions) -> None:
    _, _, shown = run(options, FakeEngine(script()))
    assert [e for e in shown.events if e in script()] == list(script())


def test_a_stopped_answer_is_reported_as_such(options: AskOptions) -> None:
    run(options, FakeEngine(script("cancelled")))
    assert options.report is not None
    assert "Stopped by the person" in options.report.read_text(encoding="utf-8")


def test_a_failed_answer_makes_no_report(options: AskOptions) -> None:
    engine = FakeEngine((TokenText("Bl"),), answer_error=GenerationError("It broke."))
    code, is_written, _ = run(options, engine)
    assert (code, is_written) == (2, True)
    assert options.report is not None
    assert not options.report.exists()


def test_a_report_that_cannot_be_written_is_said(options: AskOptions) -> None:
    assert options.report is not None
    options.report.mkdir()
    _, is_written, shown = run(options, FakeEngine(script()))
    assert not is_written
    failed = shown.events[-1]
    assert isinstance(failed, Failed)
    assert "is a folder" in failed.message


def test_an_answer_in_a_report_always_has_a_seed(options: AskOptions) -> None:
    assert with_seed(options).seed == 11
    drawn = {with_seed(replace(options, seed=None)).seed for _ in range(5)}
    assert None not in drawn
    assert len(drawn) > 1
    assert with_seed(replace(options, seed=None, report=None)).seed is None


@pytest.mark.parametrize("name", ["out.doc", "out", "gone/out.pdf"])
def test_a_report_that_cannot_be_is_refused_before_asking(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse_arguments(["ask", "model", "why?", "--report", name])
    assert left.value.code == 2
    assert "--report" in capsys.readouterr().err


def test_html_and_markdown_need_no_qt() -> None:
    probe = (
        "import sys, json; import app.cli.report, app.reports.html, app.reports.markdown;"
        "print(json.dumps([m for m in sys.modules if m.startswith(('PySide6', 'shiboken6'))]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert json.loads(result.stdout) == []


def test_the_command_writes_a_pdf_without_a_screen(tmp_path: Path) -> None:
    report = tmp_path / "out.pdf"
    result = subprocess.run(
        [
            *(sys.executable, "-m", "app", "ask", "tests/parity/data/e", "What is this?"),
            *("--max-tokens", "4", "--quiet", "--report", str(report)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert report.read_bytes().startswith(b"%PDF-")
