"""Where copies are looked for: the shared cache and folders of the person's own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.catalogue import CatalogueViewModel
from app.widgets.buttons import Button, IconButton
from app.widgets.icon_label import IconLabel
from app.widgets.indicators import Spinner
from app.widgets.labels import Hairline, Label
from app.widgets.theme import Theme

WIDTH, MARGIN = 520, 20
EXPLAINED = (
    "Copies of Gemma 4 are used where they lie; nothing is moved or copied. Folders of other "
    "programs are only read."
)


class FindSheet(QDialog):
    """Places with what was found there; folders can be added and taken off."""

    def __init__(
        self, catalogue: CatalogueViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme = catalogue, theme
        self.setWindowTitle("Find copies")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        title = "Find on this Mac" if catalogue.machine.is_mac else "Find on this computer"
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(10)
        column.addWidget(Label(title, theme, "heading", parent=self))
        words = Label(EXPLAINED, theme, "small", "text2", parent=self)
        words.setWordWrap(True)
        column.addWidget(words)
        self._places = QVBoxLayout()
        self._places.setSpacing(0)
        column.addLayout(self._places)
        self._spinner = Spinner(theme, 14, self)
        self._state = Label("", theme, "small", "text2", parent=self)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._spinner)
        state.addWidget(self._state, 1)
        column.addLayout(state)
        column.addSpacing(4)
        self.add = Button("Add a folder…", theme, icon="folder-plus", parent=self)
        self.again = Button("Search again", theme, icon="rotate-cw", parent=self)
        self.finished_button = Button("Done", theme, "filled", parent=self)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        buttons.addWidget(self.again)
        buttons.addWidget(self.finished_button)
        column.addLayout(buttons)
        self.add.clicked.connect(self._choose)
        self.again.clicked.connect(catalogue.search)
        self.finished_button.clicked.connect(self.accept)
        catalogue.changed.connect(self.refresh)
        self.setFixedWidth(max(WIDTH, theme.px(WIDTH)))
        self.refresh()

    def open_sheet(self) -> None:
        """Searches and shows the outcome."""
        self._catalogue.search()
        self.refresh()
        self.open()
        self.finished_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """The places of this moment."""
        is_searching = self._catalogue.is_searching
        self._spinner.setVisible(is_searching)
        here = len(self._catalogue.here)
        copies = "1 copy" if here == 1 else f"{here} copies"
        self._state.setText("Searching" if is_searching else f"{copies} can be used.")
        self.again.setEnabled(not is_searching)
        while (item := self._places.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for path, found, is_removable in self._catalogue.sources:
            self._places.addWidget(self._row(path, found, is_removable))
            self._places.addWidget(Hairline(self._theme, parent=self))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a sheet."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.bar)

    def _row(self, path: str, found: str, is_removable: bool) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 8, 0, 8)
        line.setSpacing(10)
        line.addWidget(IconLabel("folder" if is_removable else "hard-drive", self._theme, 17))
        words = QVBoxLayout()
        words.setSpacing(1)
        title = Path(path).name if is_removable else "Shared Hugging Face cache"
        words.addWidget(Label(title, self._theme, "body_medium"))
        words.addWidget(
            Label(f"{found} · {path}", self._theme, "caption", "text3",
                  Qt.TextElideMode.ElideMiddle)
        )  # fmt: skip
        line.addLayout(words, 1)
        if is_removable:
            remove = IconButton("x", f"Search {title} no more; its files stay", self._theme,
                                size=26, icon_px=14)  # fmt: skip
            remove.clicked.connect(lambda: self._catalogue.remove_source(path))
            line.addWidget(remove)
        return row

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose a folder with models")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._catalogue.add_source(Path(name)))
        dialog.open()
