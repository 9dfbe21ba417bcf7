"""A recording that is being read or cannot be; and the line that says what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.audio import AudioViewModel
from app.widgets.controls import Button, IconButton, Label, Spinner
from app.widgets.icon_label import IconLabel
from app.widgets.paint import hairline
from app.widgets.theme import Theme

LINE_WIDTH = 460


class ReadingView(QWidget):
    """In place of the recording."""

    open_wanted = Signal()

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._spinner = Spinner(theme, 24)
        self._failed = IconLabel("circle-x", theme, 32, "bad")
        self.title = Label("", theme, "heading")
        self.line = Label("", theme, "body", "text2")
        self.open = Button("Open another…", theme, "filled", "folder")
        self.remove = Button("Remove it", theme)
        self.open.setAccessibleName("Open another recording")
        self.open.clicked.connect(self.open_wanted)
        self.remove.clicked.connect(lambda: view_model.recordings.remove())
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        for part in (self._spinner, self._failed):
            box.addWidget(part, 0, centre)
        for words in (self.title, self.line):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setWordWrap(True)
            box.addWidget(words, 0, centre)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.open)
        row.addWidget(self.remove)
        row.addStretch(1)
        box.addSpacing(6)
        box.addLayout(row)
        box.addStretch(1)
        view_model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """How far it is."""
        is_failed = self._model.state == "failed"
        name = self._model.recordings.name
        self.title.setText(f"{name} cannot be heard" if is_failed else f"Reading {name}")
        words = "Its wave appears as soon as it is known."
        self.line.setText(self._model.recordings.trouble if is_failed else words)
        self._spinner.setVisible(not is_failed)
        self._failed.setVisible(is_failed)
        self.open.setVisible(is_failed)
        self.remove.setVisible(is_failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are as long as they can be read, or as there is room."""
        super().resizeEvent(event)
        width = max(120, min(self._theme.px(LINE_WIDTH), self.width() - 32))
        for words in (self.title, self.line):
            words.setFixedWidth(width)


class ProblemLine(QWidget):
    """One sentence above the recording until it is dismissed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bad = IconLabel("triangle-alert", theme, 15, "warn")
        self._good = IconLabel("check", theme, 15, "ok")
        self.words = Label("", theme, "small")
        self.words.setWordWrap(True)
        self.close_button = IconButton("x", "Dismiss", theme, size=24, icon_px=13)
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 7)
        row.setSpacing(8)
        row.addWidget(self._bad)
        row.addWidget(self._good)
        row.addWidget(self.words, 1)
        row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def say(self, problem: str) -> None:
        """Something went wrong."""
        self._show(problem, is_bad=True)

    def tell(self, words: str) -> None:
        """Something is done."""
        self._show(words, is_bad=False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the line under it."""
        painter, tokens = QPainter(self), self._theme.tokens
        painter.fillRect(self.rect(), tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), tokens.line)

    def _show(self, words: str, *, is_bad: bool) -> None:
        self.words.setText(words)
        self.setAccessibleName(words)
        self._bad.setVisible(is_bad)
        self._good.setVisible(not is_bad)
        self.setVisible(bool(words))
