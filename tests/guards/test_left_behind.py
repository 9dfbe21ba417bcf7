"""The guard against what tests leave behind must itself see it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.guards.left_behind import child_processes, environment


def test_a_running_child_is_seen_until_it_ends() -> None:
    before = child_processes()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child_processes() - before == {child.pid}
    child.communicate(b"\n")
    assert child_processes() == before


def test_a_changed_variable_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment()
    monkeypatch.setenv("FACET_GUARD", "1")
    assert environment() != before
    monkeypatch.undo()
    assert environment() == before


pytest_plugins = ["pytester"]
