"""PySide6 6.12.0 takes a reference off None in every call on Python 3.10 and 3.11, and aborts."""

from __future__ import annotations

import sys

import pytest

try:
    from PySide6.QtWidgets import QApplication, QLabel
except ImportError as error:  # a system library is missing, and the text names it
    MISSING = str(error)
else:
    MISSING = ""

CALLS = 500

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"PySide6 cannot be imported: {MISSING}")


def test_qt_calls_leave_the_count_of_none_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(CALLS):
        label.setText(str(number))
    lost = before - sys.getrefcount(None)
    assert label.text() == str(CALLS - 1)
    assert abs(lost) < CALLS // 10, "a PySide6 release with the fault was installed"
    application.processEvents()
