"""The list of other people's work, reached from About."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.core.licences import Notice
from app.widgets.licences import LicencesDialog
from app.widgets.theme import Theme

LISTED = (Notice("alpha", "1.2", "MIT", "Do as you like."), Notice("beta", "", "ISC", ""))


def test_a_part_is_shown_with_its_paper(qtbot: QtBot) -> None:
    dialog = LicencesDialog(Theme("light"), LISTED)
    qtbot.addWidget(dialog)
    assert [dialog.parts.item(row).text() for row in range(2)] == ["alpha 1.2", "beta"]
    assert dialog.paper.toPlainText() == "alpha 1.2\nMIT\n\nDo as you like."
    dialog.parts.setCurrentRow(1)
    assert dialog.paper.toPlainText().endswith("brings no paper of its own; ISC.")


def test_nothing_to_show_is_no_fault(qtbot: QtBot) -> None:
    dialog = LicencesDialog(Theme("dark"), ())
    qtbot.addWidget(dialog)
    assert dialog.parts.count() == 0
