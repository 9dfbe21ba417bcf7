"""The tests of one copy's senses, each with what was shown and what was read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.viewmodels.proof_values import Badge, BadgeState, ProofSummary
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.theme import Theme

MARKS: dict[BadgeState, tuple[str, str]] = {
    "passed": ("circle-check", "ok"),
    "failed": ("circle-x", "bad"),
    "error": ("triangle-alert", "warn"),
    "absent": ("circle-dashed", "text3"),
    "untested": ("circle-dashed", "text3"),
    "running": ("circle-dashed", "acc"),
}
SAID: dict[BadgeState, str] = {
    "untested": "Not tested yet.",
    "running": "Being tested.",
}


class ProofList(QWidget):
    """Read only; its text can be selected."""

    def __init__(self, summary: ProofSummary, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for place, badge in enumerate(summary.badges):
            icon, colour = MARKS[badge.state]
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(IconLabel(icon, theme, 15, colour, self), 2 * place, 0, top)
            grid.addWidget(Label(badge.title, theme, "small_medium", parent=self), 2 * place, 1)
            words = Label(_said(badge), theme, "caption", "text2", parent=self)
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setContentsMargins(0, 0, 0, 5)
            grid.addWidget(words, 2 * place + 1, 1)
        self.setAccessibleName("; ".join(badge.text for badge in summary.badges))


def _said(badge: Badge) -> str:
    """What came of a test, and what was wrong in it."""
    if badge.state in SAID:
        return SAID[badge.state]
    if badge.state == "failed" and badge.note:
        return f"{badge.text} {badge.note}"
    return badge.text
