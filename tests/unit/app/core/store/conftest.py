"""A store in a folder of its own, whose clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.store import Store
from tests.fakes.clock import WallClock

OpenStore = Callable[[], Store]


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def open_store(folder: Path, clock: WallClock) -> Iterator[OpenStore]:
    """Opens the store of `folder`, closing the one before, as a restart does."""
    opened: list[Store] = []

    def open_again() -> Store:
        for store in opened:
            store.close()
        opened[:] = [Store.open(folder, clock)]
        return opened[0]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()
