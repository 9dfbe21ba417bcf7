"""The report of a fault in a window of its own, to be read and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.conversation import ErrorInfo
from app.widgets.controls import Button, Label
from app.widgets.redact import redacted
from app.widgets.theme import Theme


def report_text(info: ErrorInfo) -> str:
    """What is copied: all sentences and the details, without names of home folders."""
    lines = (info.what, info.why, info.safe, info.detail)
    return redacted("\n\n".join(filter(None, lines)))


def copy_report(info: ErrorInfo) -> None:
    """Put it on the clipboard."""
    QGuiApplication.clipboard().setText(report_text(info))


class FaultSheet(QDialog):
    """Shows it. Nothing is sent anywhere."""

    def __init__(self, info: ErrorInfo, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.tokens.win)
        self.setPalette(palette)
        self.resize(theme.px(640), theme.px(440))
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        for text, style, colour in (
            (info.what, "h2", "text"),
            (" ".join(filter(None, (info.why, info.safe))), "body", "text2"),
        ):
            label = Label(text, theme, style, colour)
            label.setWordWrap(True)
            box.addWidget(label)
        field = QPlainTextEdit(redacted(info.detail))
        field.setReadOnly(True)
        field.setTabChangesFocus(True)
        field.setAccessibleName("Report")
        field.setFont(theme.fixed_font("small", 1.0))
        field.setFrameShape(QFrame.Shape.NoFrame)
        palette.setColor(QPalette.ColorRole.Base, theme.tokens.sunk)
        field.setPalette(palette)
        box.addWidget(field, 1)
        row = QHBoxLayout()
        row.addWidget(Label("Nothing is sent anywhere.", theme, "caption", "text3"))
        row.addStretch(1)
        copy = Button("Copy report", theme, icon="copy")
        close = Button("Close", theme, "filled")
        copy.clicked.connect(lambda: copy_report(info))
        close.clicked.connect(self.close)
        row.addWidget(copy)
        row.addWidget(close)
        box.addLayout(row)
        close.setFocus()
