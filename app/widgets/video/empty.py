"""The video pane without a clip: what to do, and what is watched of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.controls import Button, Label, Spinner
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme

TITLE = "Drop a clip"
LINE_WIDTH = 460
LINE = "Up to 60 seconds are watched, one frame a second."


class EmptyVideo(QWidget):
    """Icon, title, one line and something to press; also says that a file is read, or failed."""

    open_wanted = Signal()
    record_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = IconLabel("clapperboard", theme, 32, "text2")
        self._failed = IconLabel("circle-x", theme, 32, "bad")
        self._spinner = Spinner(theme, 24)
        self.title = Label(TITLE, theme, "heading")
        self.line = Label(LINE, theme, "body", "text2")
        self.line.setWordWrap(True)
        self.open = Button("Open…", theme, "filled", "film")
        self.record = Button("Record", theme, icon="camera")
        self.remove = Button("Remove it", theme)
        self.open.clicked.connect(self.open_wanted)
        self.record.clicked.connect(self.record_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self._can_record, self._state = False, ""
        self._lay_out()
        self.show_empty()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        for part in (self._icon, self._failed, self._spinner):
            box.addWidget(part, 0, centre)
        for words in (self.title, self.line):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(words, 0, centre)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.open, self.record, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        box.addSpacing(6)
        box.addLayout(row)
        box.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are as long as they can be read, or as there is room."""
        super().resizeEvent(event)
        self._fit_line()

    def _fit_line(self) -> None:
        width = max(120, min(self._theme.px(LINE_WIDTH), self.width() - 32))
        self.line.setFixedSize(width, self.line.heightForWidth(width))

    def set_can_record(self, can: bool) -> None:
        """Whether there is a camera to record with."""
        self._can_record = can
        self.record.setVisible(can and self._state != "reading")

    def show_empty(self, problem: str = "") -> None:
        """No clip yet; `problem` says why the camera cannot be used."""
        self._show("empty", TITLE, problem or LINE)

    def show_reading(self, name: str) -> None:
        """A clip is on its way."""
        self._show("reading", f"Reading {name}", "Its frames appear as they are found.")

    def show_failed(self, name: str, why: str) -> None:
        """A clip that cannot be read, with the reason."""
        self._show("failed", f"{name} cannot be watched", why)

    def _show(self, state: str, title: str, line: str) -> None:
        self._state = state
        self.record.setVisible(self._can_record and state != "reading")
        self._icon.setVisible(state == "empty")
        self._failed.setVisible(state == "failed")
        self._spinner.setVisible(state == "reading")
        self.remove.setVisible(state == "failed")
        self.open.setVisible(state != "reading")
        self.open.setText("Open…" if state == "empty" else "Open another…")
        self.open.setAccessibleName("Open a clip")
        self.open.updateGeometry()
        self.title.setText(title)
        self.line.setText(line)
        self._fit_line()
