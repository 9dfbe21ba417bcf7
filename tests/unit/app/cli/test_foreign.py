"""Foreign text in a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.foreign import harmless, harmless_line

HOSTILE = [
    "\x1b[2J\x1b[H",  # clear the screen
    "\x1b]0;title\x07",  # set the window title
    "\x1b]52;c;cm0gLXJm\x07",  # set the clipboard
    "\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\",  # a link that reads otherwise
    "\x9b31m",  # the one-character form of ESC [
    "safe\rEVIL",  # overwrite the line
    "abc\b\b\bxyz",
    "\u202egnp.exe",  # reversed reading order
    "\x1bP+q544e\x1b\\",  # asks the terminal for an answer, which lands on the command line
    "\x00\x7f\u2066\u2069\ud800",
]

anything = st.text(st.characters(codec=None))  # lone surrogates too


def is_harmless(character: str) -> bool:
    if character in "\n\t":
        return True
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and not (
        "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_sequences_are_taken_apart(text: str) -> None:
    shown = harmless(text)
    assert all(map(is_harmless, shown))
    assert shown != text


def test_what_was_there_stays_visible() -> None:
    assert harmless("\x1b[31mred") == "␛[31mred"
    assert harmless("\x7f") == "␡"
    assert harmless("\x9b\u202e") == "\\u009b\\u202e"


def test_ordinary_text_is_left_alone() -> None:
    text = "Größe:\t12 €\n日本語 العربية 👩‍🔬 e\u0301"
    assert harmless(text) == text


def test_windows_line_ends_become_plain_ones() -> None:
    assert harmless("a\r\nb") == "a\nb"


@given(anything)
def test_any_text_becomes_harmless_and_printable(text: str) -> None:
    shown = harmless(text)
    shown.encode("utf-8")
    assert all(map(is_harmless, shown))
    assert harmless(shown) == shown


@given(anything, anything)
def test_pieces_are_as_harmless_as_the_whole(first: str, second: str) -> None:
    assert harmless(first) + harmless(second) == harmless(first + second)


@given(anything)
def test_a_name_stays_on_its_line_and_hides_nothing(text: str) -> None:
    shown = harmless_line(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(c).startswith("C") for c in shown)


def test_a_name_shows_characters_without_width() -> None:
    assert harmless_line("a\u200bb\nc") == "a\\u200bb\\u000ac"
