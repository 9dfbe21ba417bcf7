"""The whole command: exit codes and streams, with the small test checkpoint and the real engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.__main__ import main
from tests.guards.tree import ROOT

MODEL = ROOT / "tests/parity/data/e"
PICTURE = ROOT / "assets/examples/dashboard.png"

ASK = ("ask", str(MODEL), "What is this?", "--seed", "6", "--max-tokens", "8")


def facet(
    *arguments: str, stdin: str = "", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, **(variables or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_an_answer_about_a_picture() -> None:
    done = facet(*ASK, "--image", str(PICTURE))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Picture dashboard.png: 1280 × 800" in done.stderr
    assert "8 generated" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_events_end_with_finished_and_nothing_else_is_printed() -> None:
    done = facet(*ASK, "--json-events")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["event"] == "loading"
    assert events[-1]["event"] == "finished"
    assert events[-1]["statistics"]["generated_tokens"] == 8
    assert any(event["event"] == "token_text" and event["text"] for event in events)


def test_a_seed_makes_the_answer_repeatable() -> None:
    first, second = (facet(*ASK, "--quiet") for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stderr == ""


def test_a_failure_is_one_sentence_on_standard_error() -> None:
    done = facet("ask", str(ROOT / "nowhere"), "Why?")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("There is no model folder ")
    assert done.stderr.count("\n") == 1


def test_a_failure_with_json_events_is_an_event() -> None:
    done = facet("ask", str(ROOT / "nowhere"), "Why?", "--json-events")
    assert done.returncode == 2
    assert json.loads(done.stdout)["event"] == "failed"


def test_the_traceback_is_there_for_who_asks() -> None:
    done = facet("ask", str(ROOT / "nowhere"), "Why?", variables={"FACET_DEBUG": "1"})
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_a_closed_pipe_is_no_failure_to_tell(tmp_path: Path) -> None:
    script = '"$0" -m app "$@" --json-events 2>"$ERR" | head -n 1; echo "${PIPESTATUS[0]}"'
    errors = tmp_path / "errors"
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, *ASK],
        cwd=ROOT,
        env={**os.environ, "ERR": str(errors)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] in {"0", "141"}  # 0: all was written before head left
    assert errors.read_text() == ""


def test_the_short_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("Ask Gemma 4 about text")
