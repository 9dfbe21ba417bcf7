"""A conversion in its own process: done, called off, killed or refused, and always told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from app.core.quantizing import Quantizing, QuantizingProgress
from inference import RECIPES, Recipe, find_unfinished
from tests.fakes.folders import draft

LONGEST_S = 60.0
Make = Callable[[Path, Path], Quantizing]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draft("e").write(tmp_path_factory.mktemp("models") / "small")


@pytest.fixture
def make() -> Iterator[Callable[[Path, Path], Quantizing]]:
    """Conversions that are ended with the test."""
    made: list[Quantizing] = []

    def one(source: Path, target: Path, recipe: Recipe = RECIPES["4bit"]) -> Quantizing:
        made.append(Quantizing(source, target, recipe))
        return made[-1]

    yield one
    for each in made:
        each.close()


def watched(
    quantizing: Quantizing, until: Callable[[QuantizingProgress], bool] = lambda p: p.is_over
) -> list[QuantizingProgress]:
    """Everything new that polling told, until it is over or `until` says so."""
    told: list[QuantizingProgress] = []
    pause = Event()
    for _ in range(int(LONGEST_S / 0.01)):
        progress = quantizing.poll()
        if not told or progress != told[-1]:
            told.append(progress)
        if progress.is_over or until(progress):
            return told
        pause.wait(0.01)
    raise AssertionError(f"not over after {LONGEST_S} s: {told[-1]}")


def test_ends_with_the_new_folder(source: Path, make: Make, tmp_path: Path) -> None:
    quantizing = make(source, tmp_path / "models" / "new")
    quantizing.start()
    told = watched(quantizing)
    assert told[-1].state == "done", told[-1]
    assert told[-1].folder == tmp_path / "models" / "new"
    assert told[-1].fraction == 1
    order = ["waiting", "checking", "writing", "verifying", "done"]
    places = [order.index(each.state) for each in told]
    assert places == sorted(places)
    done = [each.done_bytes for each in told]
    assert done == sorted(done)
    assert sum(path.stat().st_size for path in told[-1].folder.iterdir()) == told[-1].total_bytes


def test_a_refusal_comes_back_in_its_own_words(source: Path, make: Make, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    quantizing = make(source, tmp_path / "new")
    quantizing.start()
    last = watched(quantizing)[-1]
    assert last.state == "failed"
    assert "already" in last.message
    assert last.action.startswith("Choose another")


def test_a_place_that_cannot_be_made_is_told(source: Path, make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    quantizing = make(source, tmp_path / "file" / "new")
    quantizing.start()
    last = watched(quantizing)[-1]
    assert last.state == "failed"
    assert last.message.startswith("Quantising could not begin: ")


@pytest.mark.parametrize("state", ["waiting", "checking", "writing"])
def test_called_off(source: Path, make: Make, tmp_path: Path, state: str) -> None:
    """Whatever it has come to: either nothing is left, or it was done already."""
    quantizing = make(source, tmp_path / "new")
    quantizing.start()
    watched(quantizing, lambda progress: progress.state == state)
    quantizing.cancel()
    quantizing.cancel()
    last = watched(quantizing)[-1]
    assert last.state == "cancelled" or (last.state == "done" and state == "writing")
    assert (tmp_path / "new").exists() == (last.state == "done")
    assert not (tmp_path / "new.partial").exists()


def test_called_off_before_it_began(source: Path, make: Make, tmp_path: Path) -> None:
    quantizing = make(source, tmp_path / "new")
    quantizing.cancel()
    assert quantizing.poll().state == "cancelled"


def test_a_process_that_is_killed_is_cleaned_up_after(
    source: Path, make: Make, tmp_path: Path
) -> None:
    quantizing = make(source, tmp_path / "new")
    quantizing.start()
    watched(quantizing, lambda progress: progress.state == "checking")
    assert quantizing.pid is not None
    os.kill(quantizing.pid, signal.SIGSTOP)
    leave_partial(tmp_path / "new.partial")
    os.kill(quantizing.pid, signal.SIGKILL)
    last = watched(quantizing)[-1]
    assert last.state == "failed"
    assert "is as it was" in last.message
    assert not list(tmp_path.iterdir())


def leave_partial(partial: Path) -> None:
    """As the process would have left it."""
    partial.mkdir()
    (partial / ".facet-conversion").touch()
    (partial / "model.safetensors").write_bytes(b"half")
    assert len(find_unfinished(partial.parent)) == 1


def test_close_ends_it(source: Path, make: Make, tmp_path: Path) -> None:
    quantizing = make(source, tmp_path / "new")
    quantizing.start()
    quantizing.close()
    assert quantizing.poll().is_over
    assert not list(tmp_path.iterdir())
