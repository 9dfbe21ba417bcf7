"""The choices of an export: what the report holds, what it is called, where it goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.reports.options import SUFFIXES, Paper, Pictures, ReportFormat, ReportOptions, safe_name
from app.widgets.controls import Button, Hairline, Label, Segmented, Switch
from app.widgets.theme import Theme

FORMATS: tuple[tuple[ReportFormat, str], ...] = (
    ("pdf", "PDF"),
    ("html", "HTML"),
    ("markdown", "Markdown"),
)
PAPERS: tuple[tuple[Paper, str], ...] = (("A4", "A4"), ("Letter", "Letter"))
PICTURES: tuple[tuple[Pictures, str], ...] = (
    ("full", "Full"),
    ("small", "Small"),
    ("none", "None"),
)
NAME_WIDTH, FIELD_WIDTH = 96, 300


class ExportForm(QWidget):
    """Edits `options` and `path`; `changed` says that one of them is another now."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folder = Path()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnMinimumWidth(0, theme.px(NAME_WIDTH))
        self._grid.setColumnStretch(1, 1)
        self.title = self._field("Title")
        self.author = self._field("Author", "Optional")
        self.format = Segmented("Format", [shown for _, shown in FORMATS], theme)
        self.paper = Segmented("Page", [shown for _, shown in PAPERS], theme)
        self.pictures = Segmented("Pictures", [shown for _, shown in PICTURES], theme)
        self.thoughts = Switch("Thoughts", theme)
        self._add("Format", self.format)
        self._paper_name = self._add("Page", self.paper)
        self._add("Pictures", self.pictures)
        self._add("Thoughts", self._beside(self.thoughts, "The model’s working, marked as such"))
        self._grid.addWidget(Hairline(theme), self._grid.rowCount(), 0, 1, 2)
        self.name = self._field("Save as")
        self.where = Label("", theme, "body", "text2", Qt.TextElideMode.ElideMiddle)
        self.choose = Button("Choose…", theme, small=True)
        self.choose.setAccessibleName("Choose folder")
        self._add("Folder", self._row(self.where, self.choose))
        self._connect()

    def show_options(self, options: ReportOptions, name: str, folder: Path) -> None:
        """Puts values into the controls."""
        self.title.setText(options.title)
        self.author.setText(options.author)
        self.format.set_index([key for key, _ in FORMATS].index(options.format))
        self.paper.set_index([key for key, _ in PAPERS].index(options.paper))
        self.pictures.set_index([key for key, _ in PICTURES].index(options.pictures))
        self.thoughts.setChecked(options.thoughts)
        self.name.setText(name)
        self._set_folder(folder)
        self._on_format()
        self.name.setCursorPosition(0)  # the beginning is what tells names apart

    @property
    def options(self) -> ReportOptions:
        """What the controls say."""
        return ReportOptions(
            format=FORMATS[self.format.index][0],
            title=self.title.text(),
            author=self.author.text(),
            thoughts=self.thoughts.isChecked(),
            pictures=PICTURES[self.pictures.index][0],
            paper=PAPERS[self.paper.index][0],
        )

    @property
    def path(self) -> Path | None:
        """The file to write, or None while its name is empty."""
        suffix = SUFFIXES[self.options.format]
        stem = self.name.text().strip()
        if stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
        return self._folder / f"{safe_name(stem)}{suffix}" if stem.strip() else None

    def set_folder(self, folder: Path) -> None:
        """Where the file goes."""
        self._set_folder(folder)
        self.changed.emit()

    def _connect(self) -> None:
        for field in (self.title, self.author, self.name):
            field.textChanged.connect(lambda _text: self.changed.emit())
        for choice in (self.paper, self.pictures):
            choice.chosen.connect(lambda _index: self.changed.emit())
        self.thoughts.toggled.connect(lambda _is_on: self.changed.emit())
        self.format.chosen.connect(lambda _index: self._on_format())
        self.choose.clicked.connect(self._ask_folder)

    def _on_format(self) -> None:
        """The name's ending follows the format; a page size matters to PDF alone."""
        name = self.name.text()
        for suffix in SUFFIXES.values():
            if name.lower().endswith(suffix):
                self.name.setText(name[: -len(suffix)] + SUFFIXES[self.options.format])
        is_paged = self.options.format == "pdf"
        self.paper.setEnabled(is_paged)
        self._paper_name.setEnabled(is_paged)
        self.changed.emit()

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder of the report", str(self._folder))
        if chosen:
            self.set_folder(Path(chosen))

    def _set_folder(self, folder: Path) -> None:
        self._folder = folder
        home = Path.home()
        shown = f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
        self.where.setText("Home folder" if folder == home else shown)

    def _field(self, name: str, hint: str = "") -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        field.setMinimumWidth(self._theme.px(FIELD_WIDTH))
        field.setAccessibleName(name)
        self._add(name, field)
        return field

    def _add(self, name: str, control: QWidget) -> Label:
        label = Label(name, self._theme, "body", "text2")
        label.setBuddy(control)
        row = self._grid.rowCount()
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(label, row, 0, middle)
        side = middle if isinstance(control, QLineEdit) else middle | Qt.AlignmentFlag.AlignLeading
        if control.layout() is not None and not isinstance(control, Segmented):
            side = middle
        self._grid.addWidget(control, row, 1, side)
        return label

    def _beside(self, control: QWidget, note: str) -> QWidget:
        return self._row(control, Label(note, self._theme, "small", "text3"), stretch=1)

    def _row(self, first: QWidget, second: QWidget, stretch: int = 0) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(first, 0 if stretch else 1)
        row.addWidget(second, stretch)
        return held
