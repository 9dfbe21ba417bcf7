"""Taking a transcript out of Facet: four kinds of file, and the clipboard."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from app.core.speech.files import FORMATS, TranscriptFormat
from app.viewmodels.audio import AudioViewModel
from app.widgets.controls import Button
from app.widgets.theme import Theme


class ExportButton(Button):
    """Opens the menu of formats."""

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Export", theme, icon="file-down", small=True, parent=parent)
        self._model = view_model
        self.setAccessibleName("Export the transcript")
        self.clicked.connect(self._open)

    def menu(self) -> QMenu:
        """What can be done with the transcript."""
        menu = QMenu(self)
        for form, words in FORMATS.items():
            menu.addAction(f"{words} (.{form})…", partial(self.choose_file, form))
        menu.addSeparator()
        menu.addAction("Copy the text", self.copy)
        return menu

    def choose_file(self, form: TranscriptFormat) -> None:
        """Ask where the file goes."""
        stem = Path(self._model.recordings.name).stem or "Transcript"
        kind = f"{FORMATS[form]} (*.{form})"
        dialog = QFileDialog(self, "Export the transcript", f"{stem}.{form}", kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save(form, Path(name)))
        dialog.open()

    def save(self, form: TranscriptFormat, path: Path) -> None:
        """Write the file."""
        transcript = self._model.hearing.transcript
        if transcript is not None:
            self._model.saving.save(transcript, form, path)

    def copy(self) -> None:
        """Put the words on the clipboard."""
        transcript = self._model.hearing.transcript
        if transcript is not None:
            QApplication.clipboard().setText(self._model.saving.text(transcript))

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
