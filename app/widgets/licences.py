"""Whose work is in Facet: the parts on the left, the papers of one of them on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.core.licences import Notice
from app.widgets.theme import Theme

SIZE = (760, 520)
LIST_WIDTH = 240
NO_PAPER = "The package brings no paper of its own; {}."


class LicencesDialog(QDialog):
    """Reads `listed`; the first part is shown."""

    def __init__(
        self, theme: Theme, listed: Sequence[Notice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        self._listed = tuple(listed)
        self.parts = QListWidget()
        self.parts.setAccessibleName("Parts of Facet")
        for notice in self._listed:
            self.parts.addItem(" ".join(filter(None, (notice.name, notice.version))))
        self.paper = QPlainTextEdit()
        self.paper.setAccessibleName("Licence")
        self.paper.setReadOnly(True)
        self.parts.currentRowChanged.connect(self._show)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.parts)
        both.addWidget(self.paper)
        both.setStretchFactor(1, 1)
        both.setSizes([theme.px(LIST_WIDTH), theme.px(SIZE[0] - LIST_WIDTH)])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(both, 1)
        column.addWidget(buttons)
        self.resize(theme.px(SIZE[0]), theme.px(SIZE[1]))
        self.parts.setCurrentRow(0)

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._listed):
            return
        notice = self._listed[row]
        licence = f"{notice.name} {notice.version}".strip() + f"\n{notice.licence}\n\n"
        self.paper.setPlainText(licence + (notice.text or NO_PAPER.format(notice.licence)))
