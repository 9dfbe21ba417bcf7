"""Exceptions that nobody caught are written down, and a crash is known at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.logs import CRASH, LOG, Logs

CRASHES = """
import faulthandler, sys
from pathlib import Path
from app.core.logs import Logs
Logs(Path(sys.argv[1])).start()
faulthandler._sigsegv()
"""


@pytest.fixture
def caught() -> list[BaseException]:
    return []


@pytest.fixture
def logs(tmp_path: Path, caught: list[BaseException]) -> Iterator[Logs]:
    logs = Logs(tmp_path / "logs", caught.append)
    logs.start()
    yield logs
    logs.close()


@pytest.mark.usefixtures("logs")
def test_an_exception_in_a_thread_is_written_down(
    tmp_path: Path, caught: list[BaseException]
) -> None:
    thread = threading.Thread(target=lambda: 1 // 0, name="divider")
    thread.start()
    thread.join()
    text = (tmp_path / "logs" / LOG).read_text()
    assert "divider" in text
    assert "ZeroDivisionError" in text
    assert isinstance(caught[0], ZeroDivisionError)


@pytest.mark.usefixtures("logs")
def test_an_exception_on_the_main_thread_is_written_down(
    tmp_path: Path, caught: list[BaseException]
) -> None:
    error = ValueError("odd")
    sys.excepthook(ValueError, error, None)
    assert "odd" in (tmp_path / "logs" / LOG).read_text()
    assert caught == [error]


def test_closing_gives_everything_back(tmp_path: Path) -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    logs = Logs(tmp_path)
    logs.start()
    assert sys.excepthook != before[0]
    logging.getLogger("app.x").info("once")
    logs.close()
    logging.getLogger("app.x").info("twice")
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert "once" in (tmp_path / LOG).read_text()
    assert "twice" not in (tmp_path / LOG).read_text()
    assert not (tmp_path / CRASH).exists()


def test_a_crash_is_known_at_the_next_start(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", CRASHES, str(tmp_path)], check=False)
    assert run.returncode < 0
    for found in (True, False):
        logs = Logs(tmp_path)
        logs.start()
        crash = logs.previous_crash()
        logs.close()
        assert (crash is not None) == found
        if crash is not None:
            assert "Segmentation" in crash.read_text()


def test_a_folder_that_cannot_be_made_costs_only_the_log(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logs = Logs(tmp_path / "file" / "logs")
    logs.start()
    assert logs.previous_crash() is None
    logs.close()
