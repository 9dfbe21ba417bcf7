"""The first instance is asked, the second is told to end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.platform.single_instance import LARGEST_MESSAGE_BYTES, SingleInstance

WAIT_MS = 20_000

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.platform.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
sys.exit(3 if instance.claim([Path(name) for name in sys.argv[2:]]) else 0)
"""

DIES = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.platform.single_instance import SingleInstance
application = QCoreApplication([])
assert SingleInstance(Path(sys.argv[1])).claim()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def first(qapp: QApplication, folder: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(folder, qapp)
    assert instance.claim()
    yield instance
    instance.close()


def start(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)])


def test_a_second_process_hands_its_files_over(
    qtbot: QtBot, first: SingleInstance, folder: Path
) -> None:
    with (
        qtbot.waitSignal(first.asked, timeout=WAIT_MS) as asked,
        start(SECOND, folder, "/one.png", "/ünï codé.wav") as second,
    ):
        pass
    assert asked.args == [[Path("/one.png"), Path("/ünï codé.wav")]]
    assert second.returncode == 0


def test_without_files_it_only_asks_to_be_shown(
    qtbot: QtBot, first: SingleInstance, folder: Path
) -> None:
    with qtbot.waitSignal(first.asked, timeout=WAIT_MS) as asked, start(SECOND, folder) as second:
        pass
    assert asked.args == [[]]
    assert second.returncode == 0


@pytest.mark.usefixtures("first")
def test_another_folder_has_a_first_of_its_own(tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "other")
    assert other.claim()
    other.close()


@pytest.mark.usefixtures("qapp")
def test_after_the_first_ended_another_is_first(folder: Path) -> None:
    for _ in range(2):
        instance = SingleInstance(folder)
        assert instance.claim()
        instance.close()


def test_a_killed_first_is_followed(qtbot: QtBot, folder: Path) -> None:
    with start(DIES, folder) as killed:
        killed.wait()
    assert killed.returncode == -9
    instance = SingleInstance(folder)
    assert instance.claim()
    with qtbot.waitSignal(instance.asked, timeout=WAIT_MS), start(SECOND, folder):
        pass
    instance.close()


@pytest.mark.parametrize(
    "message",
    [b"no json\n", b"{}\n", b"[1]\n", b"[" * 5000 + b"\n", b"x" * (LARGEST_MESSAGE_BYTES + 9)],
)
def test_foreign_messages_are_ignored(
    qtbot: QtBot, first: SingleInstance, folder: Path, message: bytes
) -> None:
    asked: list[object] = []
    first.asked.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(WAIT_MS)
    socket.write(message)
    socket.flush()
    socket.disconnectFromServer()
    qtbot.waitUntil(lambda: not first._received, timeout=WAIT_MS)
    assert asked == []
    with qtbot.waitSignal(first.asked, timeout=WAIT_MS), start(SECOND, folder):
        pass
