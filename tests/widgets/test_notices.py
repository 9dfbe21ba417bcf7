"""Notices that belong to no conversation, what a crash leaves, and closing with a full disk."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.core.conversation import ErrorInfo
from app.viewmodels.crash import crash_notice
from app.viewmodels.notices import NoticesViewModel
from app.widgets.notice_bar import NoticeBar
from app.widgets.report_sheet import FaultSheet
from app.widgets.theme import Theme
from app.widgets.unsaved import Choice, UnsavedSheet, may_close

AT = datetime(2026, 3, 4, 14, 32, 7).astimezone()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The file of a crash."""
    made = tmp_path / "crash-2026-03-04T14-32-07Z.txt"
    home = "/".join(("", "home", "somebody"))
    made.write_text(f'Fatal Python error\nFile "{home}/facet/app/x.py", line 1\n')
    os.utime(made, (AT.timestamp(), AT.timestamp()))
    return made


def test_a_crash_is_told_with_its_time_and_report(qtbot: QtBot, theme: Theme, report: Path) -> None:
    notices = NoticesViewModel()
    bar = NoticeBar(notices, theme)
    qtbot.addWidget(bar)
    assert bar.isHidden()
    notices.add(crash_notice(report))
    assert not bar.isHidden()
    assert "Everything up to 14:32:07 is here" in bar.accessibleName()
    bar.copy.click()
    assert "Fatal Python error" in QGuiApplication.clipboard().text()
    assert "somebody" not in QGuiApplication.clipboard().text()
    bar.action.click()
    sheet = bar.window().findChild(FaultSheet)
    assert sheet is not None
    sheet.close()
    notices.dismiss(0)
    assert bar.isHidden()


def test_a_report_that_is_gone_is_said_too(tmp_path: Path) -> None:
    notice = crash_notice(tmp_path / "nothing.txt")
    assert notice.what
    assert not notice.action


def test_other_buttons_of_notices_are_passed_on(qtbot: QtBot, theme: Theme) -> None:
    notices = NoticesViewModel()
    bar = NoticeBar(notices, theme)
    qtbot.addWidget(bar)
    said: list[str] = []
    bar.acted.connect(said.append)
    notices.add(ErrorInfo("It is so.", action="Do it", command="do_it"))
    bar.action.click()
    assert said == ["do_it"]
    assert bar.copy.isHidden()


@pytest.mark.parametrize(
    ("left", "choices", "closes"),
    [
        ([0], [], True),
        ([3, 0], ["again"], True),
        ([3, 3], ["again", "close"], True),
        ([3], ["stay"], False),
        ([2, 1, 1], ["again", "again", "stay"], False),
    ],
)
def test_closing_waits_for_the_disk(left: list[int], choices: list[Choice], closes: bool) -> None:
    asked: list[int] = []

    def ask(unwritten: int) -> Choice:
        asked.append(unwritten)
        return choices[len(asked) - 1]

    counts = iter(left)
    assert may_close(lambda _seconds: next(counts), ask) == closes
    assert asked == [count for count in left if count]


def test_the_question_names_what_would_be_lost(qtbot: QtBot, theme: Theme) -> None:
    sheet = UnsavedSheet(3, theme)
    qtbot.addWidget(sheet)
    assert sheet.choice == "stay"
    sheet.close_anyway.click()
    assert sheet.choice == "close"
    sheet.again.click()
    assert sheet.choice == "again"
