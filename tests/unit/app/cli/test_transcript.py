"""What a person sees of an answer."""

from __future__ import annotations

import io

import pytest

from app.cli.console import Console
from app.cli.transcript import Transcript
from inference import (
    Event,
    Failed,
    Finished,
    FinishReason,
    Loading,
    Notice,
    Prefill,
    Prepared,
    ReadingMedia,
    Receipt,
    ReceiptItem,
    Statistics,
    Thought,
    TokenText,
    ToolCall,
    ToolCallEvent,
)
from tests.fakes.terminal import FakeClock, FakeTerminal

RECEIPT = Receipt((ReceiptItem("text", "user", 5),), prompt_tokens=20)


def finished(reason: FinishReason = "stop", receipt: Receipt = RECEIPT) -> Finished:
    return Finished(reason, Statistics(prompt_tokens=20, generated_tokens=3), receipt)


def shown(*events: Event, quiet: bool = False) -> tuple[str, str]:
    """Standard output and standard error where neither is a terminal."""
    out, err = io.StringIO(), io.StringIO()
    transcript = Transcript(Console(out, err, {}), quiet=quiet)
    for event in events:
        transcript.show(event)
    return out.getvalue(), err.getvalue()


def on_terminal(*events: Event) -> str:
    """Both streams as one terminal shows them, without colour."""
    terminal = FakeTerminal()
    transcript = Transcript(
        Console(terminal, terminal, {"NO_COLOR": "1"}, FakeClock()), quiet=False
    )
    for event in events:
        transcript.show(event)
    return terminal.visible()


def test_the_answer_alone_goes_to_standard_output() -> None:
    out, err = shown(
        Loading("e2b", 1.0),
        Prefill(20, 20, 0),
        Thought("Hm."),
        Thought("", 0, closed=True),
        TokenText("Blue, "),
        TokenText("of course."),
        Notice("A sentence."),
        finished(),
    )
    assert out == "Blue, of course.\n"
    for expected in ("Hm.", "A sentence.", "20 prompt tokens"):
        assert expected in err


def test_a_whole_answer_on_a_terminal() -> None:
    screen = on_terminal(
        Loading("e2b", 0.5),
        Prepared(RECEIPT),
        ReadingMedia("chart.png", 1, 1),
        Prefill(20, 20, 0),
        Thought("The sky"),
        Thought(" is meant."),
        Thought("", 0, closed=True),
        TokenText("\n\nBlue."),
        finished(),
    )
    receipt = "\n".join(RECEIPT.lines())
    assert screen == (
        f"What Gemma received\n{receipt}\n\n"
        "Thinking\nThe sky is meant.\n\nAnswer\nBlue.\n\n20 prompt tokens · 3 generated\n"
    )


def test_an_answer_without_a_thought_has_no_headings() -> None:
    screen = on_terminal(TokenText("Blue."), finished())
    assert screen == "Blue.\n\n20 prompt tokens · 3 generated\n"


def test_quiet_leaves_answer_notices_and_failures() -> None:
    out, err = shown(
        Loading("e2b", 1.0),
        Prepared(RECEIPT),
        Thought("Hm."),
        TokenText("Blue."),
        Notice("Something was left out."),
        finished(),
        quiet=True,
    )
    assert out == "Blue.\n"
    assert err == "Something was left out.\n"


def test_an_answer_that_ends_its_line_gets_no_second_line_end() -> None:
    assert shown(TokenText("Blue.\n"), finished())[0] == "Blue.\n"


def test_a_notice_within_the_answer_starts_on_its_own_line() -> None:
    screen = on_terminal(TokenText("Blue"), Notice("A sentence."), TokenText(" sky"), finished())
    assert screen.startswith("Blue\nA sentence.\n sky\n")


def test_a_tool_call_is_one_readable_line_of_the_answer() -> None:
    call = ToolCall("weather", {"city": "São Paulo", "days": 3})
    out, _ = shown(TokenText("Let me look."), ToolCallEvent(call), finished("tool_calls"))
    assert out == 'Let me look.\nCalls weather(city: "São Paulo", days: 3)\n'


HOSTILE = "\x1b[2J\x1b]0;gone\x07\x9b1m\rover\u202e"


@pytest.mark.parametrize(
    "event",
    [
        Loading(HOSTILE, 0.1),
        ReadingMedia(HOSTILE, 1, 1),
        Thought(HOSTILE),
        TokenText(HOSTILE),
        ToolCallEvent(ToolCall(HOSTILE, {HOSTILE: HOSTILE})),
        Notice(HOSTILE),
        Prepared(Receipt((ReceiptItem("image", HOSTILE, 5),), prompt_tokens=5)),
        Failed(HOSTILE, HOSTILE),
    ],
    ids=lambda event: type(event).__name__,
)
def test_foreign_text_never_commands_the_terminal(event: Event) -> None:
    out, err = shown(event)
    assert not set(out + err) & {"\x1b", "\x07", "\x9b", "\r", "\u202e"}
    assert "over" in out + err


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("length", "The answer was cut off at 3 tokens; --max-tokens allows more."),
        ("repetition", "The answer began to repeat itself and was ended there."),
        ("cancelled", "Stopped; what was written so far is kept."),
    ],
)
def test_an_answer_that_did_not_end_by_itself_says_so(reason: FinishReason, sentence: str) -> None:
    assert sentence in shown(TokenText("Blue"), finished(reason))[1]


def test_an_empty_answer_says_so() -> None:
    assert "ended its turn without an answer" in shown(finished())[1]
    assert "Stopped before there was an answer." in shown(finished("cancelled"))[1]


def test_a_failure_is_one_sentence_with_what_to_do() -> None:
    out, err = shown(TokenText("Bl"), Failed("It broke.", "Try again.", "RuntimeError"))
    assert out == "Bl\n"
    assert err == "It broke. Try again.\n"
