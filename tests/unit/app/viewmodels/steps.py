"""What tests do again and again: ask, answer, look."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.viewmodels.workbench import Workbench
from tests.fakes.desk import Bench
from tests.fakes.hand_engine import HandJob


def asked(work: Workbench, bench: Bench, qtbot: QtBot, text: str = "Why is it so?") -> HandJob:
    """Send a question and wait until the engine has it."""
    before = len(bench.engine.jobs)
    work.composer.set_text(text)
    work.chat.send()
    qtbot.waitUntil(lambda: len(bench.engine.jobs) > before)
    return bench.engine.job


def answered(
    work: Workbench, bench: Bench, qtbot: QtBot, text: str = "Why is it so?", answer: str = "Thus."
) -> None:
    """A question with a complete answer."""
    job = asked(work, bench, qtbot, text)
    job.text(answer)
    job.finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)


def next_job(bench: Bench, qtbot: QtBot, count: int) -> HandJob:
    """The newest job, once there are `count` of them."""
    qtbot.waitUntil(lambda: len(bench.engine.jobs) == count)
    return bench.engine.job


def shown(work: Workbench) -> list[tuple[str, str]]:
    """Who said what, as far as it is shown."""
    return [(turn.role, turn.text) for turn in work.chat.turns()]
