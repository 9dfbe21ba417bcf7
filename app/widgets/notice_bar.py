"""A strip that says what concerns no conversation: damage that was mended, a full disk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.conversation import ErrorInfo
from app.viewmodels.notices import NoticesViewModel
from app.widgets.buttons import Button, IconButton
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.paint import hairline
from app.widgets.report_sheet import FaultSheet, copy_report
from app.widgets.theme import Theme

PADDING = 16
SHOW_REPORT = "show_report"


def words(info: ErrorInfo) -> str:
    """What happened, why, and what is safe, as one text."""
    return " ".join(part for part in (info.what, info.why, info.safe) if part)


class NoticeBar(QWidget):
    """Shows the oldest notice; the next one when it is dismissed.

    `acted` carries the command of its button, except that a report is shown here.
    """

    acted = Signal(str)

    def __init__(
        self, notices: NoticesViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._notices = notices
        self._theme = theme
        self._what = Label("", theme, "body_medium")
        self._why = Label("", theme, "small", "text2")
        for label in (self._what, self._why):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = Button("", theme, small=True)
        self.action.clicked.connect(self._act)
        self.copy = Button("Copy report", theme, "quiet", "copy", small=True)
        self.copy.clicked.connect(lambda: copy_report(notices.items()[0]))
        self._close = IconButton("x", "Dismiss this notice", theme, size=26, icon_px=14)
        self._close.clicked.connect(lambda: notices.dismiss(0))
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(self._what)
        column.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 8, 12, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("triangle-alert", theme, 16, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self.copy)
        row.addWidget(self.action)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        notices.changed.connect(self._show)
        theme.changed.connect(self.update)
        self._show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline under it."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), tokens.line)

    def _show(self) -> None:
        items = self._notices.items()
        self.setVisible(bool(items))
        if not items:
            return
        first, rest = items[0], len(items) - 1
        self._what.setText(first.what)
        more = f"{rest} more {'notice' if rest == 1 else 'notices'} after this one." if rest else ""
        self._why.setText(" ".join(part for part in (first.why, first.safe, more) if part))
        self._why.setVisible(bool(self._why.text()))
        self.action.setText(first.action)
        self.action.setAccessibleName(first.action)
        self.action.setVisible(bool(first.action))
        self.copy.setVisible(bool(first.detail))
        self.setAccessibleName(f"Notice: {words(first)}")

    def _act(self) -> None:
        info = self._notices.items()[0]
        if info.command == SHOW_REPORT:
            FaultSheet(info, self._theme, self.window()).open()
        else:
            self.acted.emit(info.command)
