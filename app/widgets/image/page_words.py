"""A page that has words but no picture, such as a sheet or a source file."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.markdown.clean import clean
from app.viewmodels.image import ImageViewModel
from app.widgets.theme import Theme

LONGEST = 200_000  # characters that are shown; all of them are sent


class PageWords(QPlainTextEdit):
    """The words as the model gets them, in a fixed face, so that columns stay columns."""

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._shown = ""
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        vm.picture_changed.connect(self.refresh)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.refresh()

    def refresh(self) -> None:
        """Show the page's words."""
        name = f"Page {self._vm.page} of {self._vm.name}"
        self.setAccessibleName(name)
        text = self._vm.page_text
        if text != self._shown:
            self._shown = text
            more = "\n…" if len(text) > LONGEST else ""
            self.setPlainText(clean(text[:LONGEST]) + more)

    def _restyle(self) -> None:
        self.setFont(self._theme.fixed_font("body"))
        self.document().setDocumentMargin(16)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, self._theme.tokens.sunk)
        palette.setColor(QPalette.ColorRole.Text, self._theme.tokens.text)
        self.setPalette(palette)
