"""The command line and the data with which an answer can be asked for again."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.arguments import AskOptions
from app.cli.commands import parse_arguments
from app.core.conversation import Settings
from app.reports.reproduction import command_line
from tests.fakes.conversations import FakeBlobs, answers, asks, dashboard, dashboard_talk, talk
from tests.unit.app.reports.reading import report_of


def asked_again(command: str) -> AskOptions:
    """What `facet` makes of a command from a report."""
    program, *words = shlex.split(command.removesuffix(" < question.txt"))
    assert program == "facet"
    options = parse_arguments(words)
    assert isinstance(options, AskOptions)
    return options


def test_the_command_asks_the_same(blobs: FakeBlobs) -> None:
    options = asked_again(report_of(dashboard_talk(blobs), blobs).command)
    assert options.question == "Read every figure on this dashboard. What would you look at first?"
    assert [(file.kind, file.path.name) for file in options.media] == [("image", "dashboard.png")]
    assert (options.thinking, options.thinking_budget, options.seed) == (True, 1024, 7)


@pytest.mark.parametrize(
    "changed",
    [
        {"temperature": 0.0},
        {"temperature": 0.7},
        {"max_tokens": 40},
        {"image_tokens": 1120},
        {"video_tokens": 140},
        {"system_prompt": "Answer in German; it's short."},
        {"thinking": True},
    ],
    ids=str,
)
def test_every_setting_survives(changed: dict[str, object]) -> None:
    made = Settings(**changed)  # type: ignore[arg-type]
    path = talk(asks("?"), answers("!", settings=made)).turns
    options = asked_again(command_line(path, made))
    assert options.system == made.system_prompt
    assert options.thinking == made.thinking
    for name in changed.keys() - {"system_prompt", "thinking"}:
        assert getattr(options, name) == getattr(made, name)


@settings(deadline=None)  # the first command line builds the parser
@given(
    st.text(min_size=1, max_size=80).filter(lambda text: not text.startswith("-") and text.strip())
)
def test_every_question_survives_the_shell(text: str) -> None:
    path = talk(asks(text), answers("!")).turns
    assert asked_again(command_line(path, Settings())).question == text


def test_a_long_question_comes_from_a_file() -> None:
    command = command_line(talk(asks("x" * 4000), answers("!")).turns, Settings())
    assert command.endswith("< question.txt")
    assert asked_again(command).question == "-"


def test_a_question_that_looks_like_an_option_is_none() -> None:
    command = command_line(talk(asks("--help me"), answers("!")).turns, Settings())
    assert command.endswith("< question.txt")


def test_the_data_hold_what_the_answers_depended_on(blobs: FakeBlobs) -> None:
    data = json.loads(report_of(dashboard_talk(blobs), blobs).reproduction)
    assert data["schema"] == "facet.report/1"
    assert data["versions"]["mlx"] == "0.32.4"
    question, answer, note, *_ = data["turns"]
    assert question["media"][0]["sha256"] == dashboard(blobs)[0].sha256
    assert question["media"][0]["received"]["model_width"] == 1008
    assert answer["seed"] == 7
    assert answer["settings"]["top_k"] == 64
    assert note["role"] == "note"


def test_no_folder_of_the_machine_is_told(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    assert "/somewhere" not in report.reproduction
    assert '"gemma-4-E4B-it-4bit"' in report.reproduction


def test_data_do_not_grow_with_the_square_of_the_turns(blobs: FakeBlobs) -> None:
    def size(turns: int) -> int:
        picture, item = dashboard(blobs)
        many = [
            turn
            for n in range(turns)
            for turn in (asks(f"{n}"), answers("!", items=(item,) * (n + 1)))
        ]
        del picture
        return len(report_of(talk(*many), blobs).reproduction)

    assert size(80) < 3 * size(40)
