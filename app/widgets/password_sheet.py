"""Asks for the password of a file that is being read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.markdown.clean import name as shown_name
from app.viewmodels.passwords import Passwords
from app.widgets.controls import Button, Label
from app.widgets.framed import Framed
from app.widgets.theme import Theme

WIDTH = 420


class PasswordSheet(QDialog):
    """Shown while a file waits for its password; Escape leaves the file unread."""

    def __init__(self, passwords: Passwords, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Sheet)
        self._passwords, self._theme = passwords, theme
        self.setModal(True)
        self.setWindowTitle("Password needed")
        self.words = Label("", theme, "body", "text2")
        self.words.setWordWrap(True)
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setAccessibleName("Password")
        self.leave = Button("Do not read it", theme)
        self.open_file = Button("Open", theme, "filled")
        self._lay_out()
        self.leave.clicked.connect(self.reject)
        self.open_file.clicked.connect(self.accept)
        self.edit.textChanged.connect(lambda text: self.open_file.setEnabled(bool(text)))
        self.edit.returnPressed.connect(self.accept)
        passwords.changed.connect(self._show_current)
        theme.changed.connect(self._restyle)
        self._restyle()

    def accept(self) -> None:
        """Try the password that was typed."""
        if self.edit.text():
            self._end(self.edit.text())

    def reject(self) -> None:
        """Leave the file unread."""
        self._end(None)

    def _end(self, password: str | None) -> None:
        self.edit.clear()
        self.hide()
        self._passwords.answer(password)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 18)
        box.setSpacing(10)
        box.addWidget(Label("Password needed", self._theme, "h2"))
        box.addWidget(self.words)
        box.addWidget(Framed(self.edit, self._theme))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.open_file)
        box.addSpacing(4)
        box.addLayout(row)
        self.setFixedWidth(max(WIDTH, self._theme.px(WIDTH)))

    def _show_current(self) -> None:
        locked = self._passwords.current
        if locked is None:
            self.hide()
            return
        name = shown_name(locked.name)
        first = "That was not the password. " if locked.was_wrong else ""
        self.words.setText(
            f"{first}“{name}” can be read with its password only. Facet keeps its own copy of the "
            "file without the password, and does not keep the password."
        )
        self.open_file.setEnabled(False)
        self.edit.setFocus()
        self.show()

    def _restyle(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, self._theme.tokens.win)
        self.setPalette(palette)
