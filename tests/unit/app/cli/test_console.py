"""The status line and styles, on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from app.cli.console import Console, Style
from tests.fakes.terminal import FakeClock, FakeTerminal

CLEAR = "\r\x1b[K"


class Screen:
    """A console with its two streams and its clock."""

    def __init__(self, *, out_is_terminal: bool = True, **environment: str) -> None:
        self.out = FakeTerminal() if out_is_terminal else io.StringIO()
        self.err = FakeTerminal()
        self.clock = FakeClock()
        self.console = Console(self.out, self.err, environment, self.clock)


def test_the_status_line_is_redrawn_in_place_and_taken_away() -> None:
    screen = Screen()
    screen.console.status("Loading", "50%", 0.5)
    screen.clock.now = 1.0
    screen.console.status("Loading", "100%", 1.0)
    drawn = screen.err.getvalue()
    assert "\n" not in drawn
    assert "50%" in drawn
    assert "100%" in drawn.rsplit(CLEAR, 1)[-1]
    screen.console.clear_status()
    assert screen.err.visible() == ""


def test_the_bar_fills_with_the_fraction() -> None:
    for fraction, filled in ((0.0, 0), (0.5, 12), (1.0, 24), (7.0, 24)):
        screen = Screen()
        screen.console.status("Loading", "", fraction)
        assert screen.err.getvalue().count("━") == filled


def test_events_in_quick_succession_are_not_all_drawn() -> None:
    screen = Screen()
    for done in range(100):
        screen.clock.now = done / 1000
        screen.console.status("Reading the prompt", f"{done} of 100")
    assert screen.err.getvalue().count(CLEAR) <= 3


def test_a_long_wait_shows_its_seconds_and_the_spinner_turns() -> None:
    screen = Screen()
    screen.console.status("Reading clip.mp4")
    first = screen.err.getvalue()
    screen.clock.now = 12.15
    screen.console.tick()
    second = screen.err.getvalue().removeprefix(first)
    assert "12 s" in second
    assert first.removeprefix(CLEAR)[5] != second.removeprefix(CLEAR)[5]


def test_nothing_is_drawn_without_work() -> None:
    screen = Screen()
    screen.console.tick()
    assert screen.err.getvalue() == ""


def test_a_line_takes_the_place_of_the_status() -> None:
    screen = Screen()
    screen.console.status("Loading")
    screen.console.line("Done.")
    assert screen.err.visible() == "Done.\n"


def test_sentences_wrap_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    screen = Screen()
    screen.console.line("A sentence that is longer than thirty characters.")
    assert screen.err.getvalue() == "A sentence that is longer than\nthirty characters.\n"


def test_without_a_terminal_each_label_is_one_plain_line() -> None:
    err = io.StringIO()
    console = Console(io.StringIO(), err, {})
    console.status("Loading", "50%", 0.5)
    console.status("Loading", "100%", 1.0)
    console.status("Reading chart.png")
    console.line("A sentence.", Style.RED)
    assert err.getvalue() == "Loading…\nReading chart.png…\nA sentence.\n"


def test_a_dumb_terminal_gets_no_escape_sequences() -> None:
    screen = Screen(TERM="dumb")
    screen.console.status("Loading")
    screen.console.line("A sentence.", Style.RED)
    assert "\x1b" not in screen.err.getvalue()


def test_no_color_is_respected() -> None:
    coloured, plain = Screen(), Screen(NO_COLOR="1")
    for screen in (coloured, plain):
        screen.console.line("A sentence.", Style.DIM)
    assert coloured.err.getvalue() == "\x1b[2mA sentence.\x1b[0m\n"
    assert plain.err.getvalue() == "A sentence.\n"


def test_the_status_stays_while_the_answer_goes_to_a_file() -> None:
    screen = Screen(out_is_terminal=False)
    assert screen.console.answer_is_elsewhere
    screen.console.status("Writing the answer")
    screen.console.answer("Hello")
    assert "Writing the answer" in screen.err.visible()
    assert screen.out.getvalue() == "Hello"
