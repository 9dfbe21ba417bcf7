"""The program ended by a fault: it is told once, with its time and its report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.core.logs import CRASH, Logs
from app.viewmodels.crash import crash_notice
from app.widgets.report_sheet import FaultSheet
from tests.journeys.person import Person


def started(folder: Path, person: Person) -> Logs:
    """What a start does with the logs."""
    logs = Logs(folder)
    logs.start()
    crash = logs.previous_crash()
    if crash is not None:
        person.window.library.notices.add(crash_notice(crash))
    return logs


def test_a_crash_is_told_once(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    home = "/".join(("", "home", "somebody"))
    (folder / CRASH).write_text(f'Fatal Python error\n  File "{home}/x.py", line 1\n')
    logs = started(folder, person)
    bar = person.window.notices
    assert not bar.isHidden()
    assert "ended unexpectedly" in bar.accessibleName()
    assert "is here" in bar.accessibleName()
    bar.action.click()
    sheet = person.window.findChild(FaultSheet)
    assert sheet is not None
    sheet.close()
    bar.copy.click()
    assert "Fatal Python error" in QGuiApplication.clipboard().text()
    assert "somebody" not in QGuiApplication.clipboard().text()
    person.window.library.notices.dismiss(0)
    assert bar.isHidden()
    logs.close()
    started(folder, person).close()  # the next start has nothing to tell
    assert bar.isHidden()
