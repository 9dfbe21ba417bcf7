"""The program is killed in the middle of an answer, and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.store import Store
from app.main import Places, build
from tests.fakes.hand_engine import HandEngine
from tests.widgets.conftest import MODEL, delete_what_waits

PATIENCE_MS = 60_000
ENOUGH = 400  # characters that the store must hold before the kill

# Writes for ever, as an engine does, and says after each piece how much has been written.
VICTIM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.main import Places, application, build
from tests.fakes.hand_engine import HandEngine
from tests.widgets.conftest import MODEL

app, engine = application(), HandEngine()
program = build(Places.under(Path(sys.argv[1])), engine, MODEL)
program.start()
words = 0

def step():
    global words
    if not engine.jobs:
        if program.workbench.composer.can_send and program.workbench.models.state == "ready":
            program.workbench.chat.send()
        return
    engine.job.text(f"word{words} ")
    words += 1

program.workbench.composer.set_text("Write for ever.")
timer = QTimer()
timer.timeout.connect(step)
timer.start(10)
app.exec()
"""


def saved_length(folder: Path) -> int:
    """What a reader beside the running program sees of the answer."""
    if not (folder / "data" / "conversations").exists():
        return 0
    store = Store.open(folder / "data")
    try:
        turns = [turn for row in store.summaries() for turn in store.load(row.id).turns]
        return max((len(turn.text) for turn in turns if turn.role == "model"), default=0)
    finally:
        store.close()


def test_every_saved_word_is_there_after_a_kill(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    del qapp
    folder = tmp_path / "facet"
    with subprocess.Popen([sys.executable, "-c", VICTIM, str(folder)]) as victim:
        try:
            qtbot.waitUntil(lambda: saved_length(folder) > ENOUGH, timeout=PATIENCE_MS)
            before = saved_length(folder)
        finally:
            victim.kill()
    assert victim.returncode == -signal.SIGKILL

    program = build(Places.under(folder), HandEngine(), MODEL)
    program.start()
    try:
        question, answer = program.workbench.chat.turns()
        assert question.text == "Write for ever."
        assert len(answer.text) >= before
        assert answer.text.split() == [f"word{i}" for i in range(len(answer.text.split()))]
        assert (answer.state, answer.can_continue) == ("interrupted", True)
        assert any("cut off" in item.what for item in program.workbench.notices.items())
    finally:
        program.close()
        delete_what_waits()
