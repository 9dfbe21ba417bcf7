"""Lexers are made away from the window, one after the other, and only for known languages."""

from __future__ import annotations

import threading

from app.markdown.lexers import Lexers, lexer_of


def wait_for_thread() -> None:
    """Until no lexer is being made."""
    for thread in threading.enumerate():
        if thread.name == "lexers":
            thread.join(20)


def test_an_unknown_language_costs_nothing() -> None:
    lexers = Lexers()
    before = threading.active_count()
    assert all(lexers.is_ready(f"language{number}") for number in range(1_000))
    assert threading.active_count() == before
    assert lexer_of("no such language") is None
    assert lexer_of("x" * 1_000_000) is None
    assert lexer_of("") is None


def test_many_languages_are_made_by_one_thread() -> None:
    lexers = Lexers()
    names = ["lua", "Tcl", "awk", "toml"]
    for name in names:  # all of them are asked for
        assert not lexers.is_ready(name)
    assert sum(thread.name == "lexers" for thread in threading.enumerate()) <= 1
    wait_for_thread()
    assert all(lexers.is_ready(name) for name in names)
    assert all(lexer_of(name) is not None for name in names)
