"""The sheet of an export: its choices, then its progress, then what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.conversation import ErrorInfo
from app.viewmodels.reports import ReportsViewModel
from app.widgets.controls import Bar, Button, Label
from app.widgets.export_form import ExportForm
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme

WIDTH, MARGIN = 480, 20


class ExportSheet(QDialog):
    """Writes a report of one conversation. Closing it while a report is written stops that."""

    def __init__(
        self, reports: ReportsViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reports = reports
        self._theme = theme
        self._conversation_id = ""
        self._written: Path | None = None
        self.setWindowTitle("Export report")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.form = ExportForm(theme)
        self.note = Label("", theme, "small", "text3")
        self.note.setWordWrap(True)
        self.bar = Bar(theme, height=6)
        self.outcome = Label("", theme, "body_medium")
        self.reason = Label("", theme, "small", "text2")
        for label in (self.outcome, self.reason):
            label.setWordWrap(True)
        self.cancel = Button("Cancel", theme)
        self.go = Button("Export", theme, "filled")
        self.show_folder = Button("Show in folder", theme)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
