"""Asks for an access token of the hub; it is kept in the keychain of the system, nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import Button
from app.widgets.framed import Framed
from app.widgets.labels import Label
from app.widgets.theme import Theme

WIDTH, MARGIN = 420, 20
EXPLAINED = (
    "Some repositories are open only to those who accepted their terms. Paste a token that may "
    "read; it is kept in the keychain and sent to the hub alone."
)


class TokenSheet(QDialog):
    """`keep` stores a token and gives "" or a sentence on why it cannot."""

    def __init__(
        self, keep: Callable[[str], str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keep, self._theme = keep, theme
        self.setWindowTitle("Access token")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        words = Label(EXPLAINED, theme, "small", "text2", parent=self)
        words.setWordWrap(True)
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Access token")
        self.problem = Label("", theme, "small", "bad", parent=self)
        self.problem.setWordWrap(True)
        self.problem.hide()
        cancel = Button("Cancel", theme, parent=self)
        self.save = Button("Keep and try again", theme, "filled", parent=self)
        self.save.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(Label("Access token", theme, "heading", parent=self))
        column.addWidget(words)
        column.addWidget(Framed(self.field, theme, self))
        column.addWidget(self.problem)
        column.addLayout(buttons)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.setFixedWidth(max(WIDTH, theme.px(WIDTH)))

    def open_sheet(self) -> None:
        """Empty, with the keyboard in the field."""
        self.field.clear()
        self.problem.hide()
        self.open()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a sheet."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.bar)

    def _on_save(self) -> None:
        problem = self._keep(self.field.text())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.field.clear()
            self.accept()
