"""Asks before the program closes while the disk has not taken everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.words import count
from app.widgets.controls import Button, Label
from app.widgets.theme import Theme

Choice = Literal["again", "close", "stay"]
WAIT_S = 1.5  # for the disk, before anybody is asked; a little longer than between two tries


class UnsavedSheet(QDialog):
    """Says what would be lost and gives three ways on. Escape stays."""

    def __init__(self, unwritten: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Sheet)
        self.choice: Choice = "stay"
        self.setWindowTitle("Not everything is saved")
        self.setModal(True)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.tokens.win)
        self.setPalette(palette)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 18)
        box.setSpacing(10)
        box.addWidget(Label("Not everything is saved", theme, "h2"))
        words = Label(
            f"The disk is full or cannot be written: {count(unwritten, 'change')} to your "
            "conversations would be lost. Everything before that is safe. Make some room on the "
            "disk, then try again.",
            theme, "body", "text2",
        )  # fmt: skip
        words.setWordWrap(True)
        box.addWidget(words)
        row = QHBoxLayout()
        self.close_anyway = Button("Close and lose them", theme)
        self.stay = Button("Stay open", theme)
        self.again = Button("Try again", theme, "filled")
        row.addWidget(self.close_anyway)
        row.addStretch(1)
        row.addWidget(self.stay)
        row.addWidget(self.again)
        box.addSpacing(4)
        box.addLayout(row)
        self.close_anyway.clicked.connect(lambda: self._end("close"))
        self.stay.clicked.connect(lambda: self._end("stay"))
        self.again.clicked.connect(lambda: self._end("again"))
        self.setFixedWidth(theme.px(460))
        self.again.setFocus()

    def _end(self, choice: Choice) -> None:
        self.choice = choice
        self.accept()


def may_close(unwritten: Callable[[float], int], ask: Callable[[int], Choice]) -> bool:
    """Whether the program may close: everything is on the disk, or the person lets it go.

    `unwritten` waits for the disk for some seconds at most and gives the number of changes that it
    has not taken; `ask` is called while there are some.
    """
    while left := unwritten(WAIT_S):
        choice = ask(left)
        if choice != "again":
            return choice == "close"
    return True


def asker(theme: Theme, parent: QWidget) -> Callable[[int], Choice]:
    """The sheet as the question of `may_close`."""

    def ask(left: int) -> Choice:
        sheet = UnsavedSheet(left, theme, parent)
        sheet.exec()
        sheet.deleteLater()
        return sheet.choice

    return ask
