"""The command line: what is accepted, and the one sentence about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import __version__
from app.cli.arguments import AskOptions
from app.cli.commands import DemoOptions, WindowOptions, parse_arguments
from app.cli.files import MediaFile

ASK = ("ask", "model", "Why?")


def parsed(*arguments: str) -> AskOptions:
    options = parse_arguments([*ASK, *arguments])
    assert isinstance(options, AskOptions)
    return options


def test_a_bare_question() -> None:
    assert parsed() == AskOptions(Path("model"), "Why?")


def test_every_option_arrives() -> None:
    options = parsed(
        *("--system", "Be brief.", "--thinking", "on", "--thinking-budget", "64"),
        *("--seed", "0", "--temperature", "0", "--max-tokens", "10"),
        *("--image-tokens", "1120", "--video-tokens", "70", "--first-seconds", "12.5"),
        *("--drafter", "small", "--json-events", "--quiet"),
    )
    assert options == AskOptions(
        Path("model"),
        "Why?",
        system="Be brief.",
        thinking=True,
        thinking_budget=64,
        seed=0,
        temperature=0.0,
        max_tokens=10,
        image_tokens=1120,
        video_tokens=70,
        drafter=Path("small"),
        first_seconds=12.5,
        json_events=True,
        quiet=True,
    )


def test_files_keep_the_order_they_were_named_in() -> None:
    options = parsed("--audio", "a.wav", "--image", "b.png", "--video", "c.mp4", "--image", "d.png")
    assert options.media == (
        MediaFile("audio", Path("a.wav")),
        MediaFile("image", Path("b.png")),
        MediaFile("video", Path("c.mp4")),
        MediaFile("image", Path("d.png")),
    )


def test_pages_are_of_the_document_before_them() -> None:
    options = parsed(
        *("--document", "a.pdf", "--pages", "1-3, 7", "--pages-as", "both"),
        *("--image", "b.png", "--document", "c.docx"),
    )
    assert options.media == (
        MediaFile("document", Path("a.pdf"), "1-3, 7", "both"),
        MediaFile("image", Path("b.png")),
        MediaFile("document", Path("c.docx")),
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--pages", "1"), "it follows the --document that it is about"),
        (("--document", "a.pdf", "--image", "b.png", "--pages", "1"), "it follows the --document"),
        (("--document", "a.pdf", "--pages", "one"), "'one' is no choice of pages like 1-3,7"),
        (("--document", "a.pdf", "--pages-as", "poem"), "invalid choice: 'poem'"),
    ],
)
def test_pages_that_cannot_be_are_refused(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(*words)
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("80", 80.0), ("1:20", 80.0), ("0:42.5", 42.5), ("1:02:03", 3723.0), ("90:00", 5400.0)],
)
def test_a_part_belongs_to_the_clip_before_it(written: str, seconds: float) -> None:
    options = parsed("--video", "a.mp4", "--from", "0:10", "--audio", "b.wav", "--to", written)
    assert options.media == (
        MediaFile("video", Path("a.mp4"), start_s=10.0),
        MediaFile("audio", Path("b.wav"), end_s=seconds),
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from", "1"), "it follows the --video or --audio that it is about"),
        (("--image", "a.png", "--to", "1"), "it follows the --video or --audio"),
        (("--video", "a.mp4", "--from", "soon"), "'soon' is no time like 1:20 or 80"),
        (("--video", "a.mp4", "--from", "99:99:99"), "is no time"),
        (("--video", "a.mp4", "--to", "-1"), "'-1' is no time"),
        (("--video", "a.mp4", "--from", "9", "--to", "9"), "the part ends before it begins"),
        (("--audio", "a.wav", "--to", "0"), "the part ends before it begins"),
    ],
)
def test_parts_that_cannot_be_are_refused(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(*words)
    assert sentence in capsys.readouterr().err


def test_calls_do_not_share_their_files() -> None:
    assert parsed("--image", "a.png").media
    assert parsed().media == ()


def test_no_arguments_or_only_files_open_the_window(tmp_path: Path) -> None:
    assert parse_arguments([]) == WindowOptions()
    chart = tmp_path / "chart.png"
    chart.touch()
    assert parse_arguments([str(chart)]) == WindowOptions((chart,))


def test_the_demonstration_says_where_it_writes() -> None:
    assert parse_arguments(["demo"]) == DemoOptions(Path("facet-demo"))
    assert parse_arguments(["demo", "--out", "x"]) == DemoOptions(Path("x"))


@pytest.mark.parametrize("arguments", [["-h"], ["--help"]])
def test_help_means_the_short_help(arguments: list[str]) -> None:
    assert parse_arguments(arguments) is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["ask", "model"], "QUESTION"),
        (["answer"], "'answer'"),
        ([*ASK, "--image-tokens", "100"], "'100' is not a budget of Gemma 4"),
        ([*ASK, "--max-tokens", "0"], "'0' is not a whole number above 0"),
        ([*ASK, "--seed", "-1"], "'-1' is not a whole number"),
        ([*ASK, "--seed", "9" * 5000], "nine digits"),
        ([*ASK, "--temperature", "nan"], "'nan' is not a temperature from 0 to 10"),
        ([*ASK, "--temperature", "11"], "'11' is not a temperature"),
        ([*ASK, "--first-seconds", "0"], "'0' is not a time above 0 seconds"),
        ([*ASK, "--thinking-budget", "9"], "no effect without --thinking on"),
        ([*ASK, "--thinking", "maybe"], "'maybe'"),
        ([*ASK, "--imag", "x.png"], "--imag"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse_arguments(arguments)
    shown = capsys.readouterr()
    assert exit_.value.code == 2
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert reason in shown.err
    assert shown.err.endswith("--help` lists the options.\n")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse_arguments(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out == f"facet {__version__}\n"


def test_help_names_every_option_and_event(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["ask", "--help"])
    shown = capsys.readouterr().out
    options = "image video audio system image-tokens video-tokens first-seconds thinking max-tokens"
    for option in f"{options} thinking-budget temperature seed drafter quiet json-events".split():
        assert f"--{option} " in shown
    assert max(map(len, shown.splitlines())) <= 100
