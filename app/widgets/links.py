"""The one way by which a link of an answer is opened: after its whole target was shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.markdown.clean import name as shown
from app.markdown.parse import is_safe_link
from app.widgets.controls import Button, Label
from app.widgets.theme import Theme

Opener = Callable[[QUrl], bool]
MOST_SHOWN = 3  # lines of the target before it scrolls


class LinkSheet(QDialog):
    """Shows where a link leads and asks. The safe answer has the keyboard."""

    def __init__(self, target: str, theme: Theme, parent: QWidget | None, opener: Opener) -> None:
        super().__init__(parent, Qt.WindowType.Sheet)
        self._url = QUrl(target)
        self._opener = opener
        self.setWindowTitle("Open this link?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.tokens.win)
        self.setPalette(palette)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 18)
        box.setSpacing(10)
        box.addWidget(Label("Open this link?", theme, "h2"))
        words = Label(self._explain(), theme, "body", "text2")
        words.setWordWrap(True)
        box.addWidget(words)
        box.addWidget(self._target(theme))
        row = QHBoxLayout()
        copy = Button("Copy link", theme, icon="copy")
        cancel = Button("Cancel", theme)
        go = Button("Open", theme, "filled")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.address()))
        cancel.clicked.connect(self.reject)
        go.clicked.connect(self._go)
        row.addWidget(copy)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(go)
        box.addLayout(row)
        cancel.setFocus()
        self.setFixedWidth(theme.px(460))

    def address(self) -> str:
        """The whole target as it is sent: letters of other scripts are spelled out in ASCII."""
        return bytes(self._url.toEncoded().data()).decode("ascii", "replace")

    def _explain(self) -> str:
        if self._url.scheme() == "mailto":
            return "The model wrote this address. Your mail program would open a new message."
        host = bytes(QUrl.toAce(self._url.host()).data()).decode("ascii", "replace")
        return f"The model wrote this link. Your browser would open a page of {shown(host)}."

    def _target(self, theme: Theme) -> QPlainTextEdit:
        field = QPlainTextEdit(shown(self.address()))
        field.setReadOnly(True)
        field.setAccessibleName("Where the link leads")
        field.setFont(theme.fixed_font("small", 1.0))
        field.setTabChangesFocus(True)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * MOST_SHOWN + 14)
        return field

    def _go(self) -> None:
        self._opener(self._url)
        self.accept()


def ask_and_open(
    target: str, theme: Theme, parent: QWidget | None, opener: Opener = QDesktopServices.openUrl
) -> LinkSheet | None:
    """Show the sheet for a link; nothing at all for one that is not http, https or mailto."""
    if not is_safe_link(target):
        return None
    sheet = LinkSheet(target, theme, parent, opener)
    sheet.open()
    return sheet
