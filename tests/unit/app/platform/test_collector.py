"""Where cycles are collected."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.core.collection import collect_due
from app.platform.collector import Collector


class Knot:
    """Holds itself."""

    def __init__(self, seen: list[int]) -> None:
        self.me = self
        weakref.finalize(self, lambda: seen.append(threading.get_ident()))


@pytest.fixture
def collector(qapp: object) -> Iterator[Collector]:
    del qapp
    collector = Collector()
    yield collector
    collector.close()


def work_beside() -> list[list[int]]:
    """Another thread makes enough objects for a collection to be due, and they stay."""
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([number] for number in range(400_000)))
    thread.start()
    thread.join()
    return kept


def test_cycles_die_on_the_windows_thread(collector: Collector, qtbot: QtBot) -> None:
    del collector
    seen: list[int] = []
    Knot(seen)
    kept = work_beside()
    assert not seen
    qtbot.waitUntil(lambda: bool(seen))
    assert kept
    assert seen == [threading.get_ident()]


def test_without_it_they_die_where_objects_are_made() -> None:
    """What the collector is for: this is how Python does it."""
    seen: list[int] = []
    gc.enable()
    Knot(seen)
    assert work_beside()
    assert seen
    assert seen != [threading.get_ident()]


def test_what_is_not_due_is_left() -> None:
    gc.collect()
    assert collect_due() == -1
    kept = [[number] for number in range(gc.get_threshold()[0] + 10)]
    assert kept
    assert collect_due() >= 0


def test_python_collects_again_afterwards(qapp: object) -> None:
    del qapp
    collector = Collector()
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()
