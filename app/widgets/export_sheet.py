"""The sheet of an export: its choices, then its progress, then what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.conversation import ErrorInfo
from app.viewmodels.reports import ReportsViewModel
from app.widgets.controls import Bar, Button, Label
from app.widgets.export_form import ExportForm
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme

WIDTH, MARGIN = 480, 20
State = Literal["choosing", "writing", "written", "failed"]


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
        self._state: State = "choosing"
        self.setWindowTitle("Export report")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.form = ExportForm(theme, self)
        self.note = Label("", theme, "small", "text3", parent=self)
        self.note.setWordWrap(True)
        self.words = Label("", theme, "body_medium", parent=self)
        self.reason = Label("", theme, "small", "text2", parent=self)
        for label in (self.words, self.reason):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar = Bar(theme, height=6, width=0, parent=self)
        self.left = Button("Cancel", theme, parent=self)
        self.middle = Button("Show in folder", theme, parent=self)
        self.right = Button("Export", theme, "filled", parent=self)
        self._icons = {
            "written": IconLabel("circle-check", theme, 20, "ok", self),
            "failed": IconLabel("circle-x", theme, 20, "bad", self),
        }
        self._lay_out()
        self._connect()

    @property
    def state(self) -> State:
        """What the sheet shows."""
        return self._state

    def open_for(self, conversation_id: str) -> None:
        """Shows the choices for a conversation; while a report is written, that report."""
        if not self._reports.is_running:
            self._conversation_id = conversation_id
            options = self._reports.options
            name = self._reports.file_name(conversation_id, options)
            self.form.show_options(options, name, self._reports.folder)
            self.form.title.setPlaceholderText(self._reports.title_of(conversation_id))
            self._show("choosing")
        self.open()
        self.form.title.setFocus(Qt.FocusReason.PopupFocusReason)

    def reject(self) -> None:
        """Escape, Cancel or the close button: stops a running export first."""
        if self._reports.is_running:
            self._reports.cancel()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own close button does as Cancel does."""
        self._reports.cancel()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is the filled button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.right.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a sheet."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.bar)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(Label("Export report", self._theme, "heading", parent=self))
        column.addWidget(self.form)
        outcome = QHBoxLayout()
        outcome.setSpacing(10)
        for icon in self._icons.values():
            outcome.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(4)
        said.addWidget(self.words)
        said.addWidget(self.reason)
        outcome.addLayout(said, 1)
        column.addLayout(outcome)
        column.addWidget(self.bar)
        column.addWidget(self.note)
        column.addSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.middle)
        buttons.addStretch(1)
        buttons.addWidget(self.left)
        buttons.addWidget(self.right)
        column.addLayout(buttons)
        self._column = column

    def _connect(self) -> None:
        reports = self._reports
        self.form.changed.connect(self._on_form)
        self.left.clicked.connect(self._on_left)
        self.middle.clicked.connect(self._show_folder)
        self.right.clicked.connect(self._on_right)
        reports.progress_changed.connect(self._on_progress)
        reports.exported.connect(self._on_exported)
        reports.failed.connect(self._on_failed)
        reports.stopped.connect(self._on_stopped)

    def _show(self, state: State) -> None:
        self._state = state
        is_choosing = state == "choosing"
        self.form.setVisible(is_choosing)
        self.note.setVisible(is_choosing)
        self.words.setVisible(not is_choosing)
        self.reason.setVisible(not is_choosing and state != "writing")
        self.bar.setVisible(state == "writing")
        for name, icon in self._icons.items():
            icon.setVisible(name == state)
        self.middle.setVisible(state == "written")
        self.left.setVisible(state != "written")
        self.left.setText("Close" if state == "failed" else "Cancel")
        self.right.setVisible(state != "writing")
        self.right.setText(
            {"choosing": "Export", "written": "Done", "failed": "Change and try again"}.get(
                state, ""
            )
        )
        self.right.updateGeometry()
        if is_choosing:
            self._on_form()
        self._column.activate()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As high as what is shown, and as wide as the choices."""
        width = max(self._theme.px(WIDTH), self.form.sizeHint().width() + 2 * MARGIN)
        height = self._column.heightForWidth(width)
        return QSize(width, max(height, self._column.sizeHint().height()))

    def _on_form(self) -> None:
        """Says what will happen with the name as it stands."""
        path = self.form.path
        replaces = path is not None and path.exists()
        self.right.setEnabled(path is not None)
        if path is None:
            said = "Give the file a name."
        elif replaces:
            said = f"“{path.name}” exists and will be replaced."
        else:
            said = {
                "pdf": "Text that can be selected, and the data as an attachment.",
                "html": "One file that needs no network. Thoughts fold.",
                "markdown": "A text, and its pictures in a folder beside it.",
            }[self.form.options.format]
        self.note.setText(said)
        self.note.set_colour("warn" if replaces else "text3")
        if self._state == "choosing":
            self.right.setText("Replace" if replaces else "Export")
            self.right.updateGeometry()

    def _on_left(self) -> None:
        self.reject()

    def _on_right(self) -> None:
        path = self.form.path
        match self._state:
            case "choosing" if path is not None:
                self.words.setText(f"Writing {path.name}")
                self.bar.set_share(0)
                self._show("writing")
                self._reports.export(self._conversation_id, self.form.options, path)
            case "failed":
                self._show("choosing")
            case "written":
                self.accept()

    def _on_progress(self, share: float) -> None:
        self.bar.set_share(share)

    def _on_exported(self, path: object) -> None:
        self._written = Path(str(path))
        self.words.setText(f"Saved {self._written.name}")
        self.reason.setText(f"In the folder {self._written.parent.name or self._written.parent}.")
        self._show("written")
        self.right.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, ErrorInfo):
            self.words.setText(error.what)
            self.reason.setText(" ".join(filter(None, (error.why, error.safe))))
        self._show("failed")

    def _on_stopped(self) -> None:
        """Back to the choices, or gone if the sheet was closed."""
        self._show("choosing")

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))
