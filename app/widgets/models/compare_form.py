"""The form of a comparison: the question, its files, the two copies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.comparison_form import ComparisonForm
from app.viewmodels.values import ModelChoice
from app.viewmodels.words import gigabytes
from app.widgets.attachments import AttachmentRow
from app.widgets.buttons import Button
from app.widgets.framed import Framed
from app.widgets.growing_edit import GrowingEdit
from app.widgets.labels import Label
from app.widgets.theme import Theme

MOST_LINES, QUESTION_PX = 5, 66
EXPLAINED = (
    "Both get the same question, files and settings and always write the likeliest word, so only "
    "the copies differ. They are loaded one after the other; the model in use comes back."
)


class CompareForm(QWidget):
    """Shows the form and changes it. `submitted`: Return in the question."""

    submitted = Signal()

    def __init__(self, form: ComparisonForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form, self._theme = form, theme
        self.question = GrowingEdit(theme, MOST_LINES, self)
        self.question.setAccessibleName("Question for both copies")
        self.question.setPlaceholderText("What shall both answer?")
        self._framed = Framed(self.question, theme, self)
        self.files = AttachmentRow(theme, self, True, False)
        self.add = Button("Add files…", theme, icon="plus", small=True, parent=self)
        self.first, self.second = QComboBox(self), QComboBox(self)
        self.first.setAccessibleName("First copy")
        self.second.setAccessibleName("Second copy")
        self.notes = (
            Label("", theme, "caption", "text3", parent=self),
            Label("", theme, "caption", "text3", parent=self),
        )
        self.setAcceptDrops(True)
        self._lay_out()
        self.question.textChanged.connect(self._on_text)
        self.question.submitted.connect(self.submitted)
        self.files.removed.connect(form.remove_file)
        self.add.clicked.connect(self._choose_files)
        for box in (self.first, self.second):
            box.activated.connect(self._on_chosen)
        form.changed.connect(self.refresh)
        theme.changed.connect(self._arrange)
        self.refresh()

    def refresh(self) -> None:
        """What the form says now."""
        if self.question.toPlainText() != self._form.question:
            self.question.setPlainText(self._form.question)
        self.files.set_views(tuple(self._form.files))
        choices = self._form.choices
        for box, key, note in zip(
            (self.first, self.second), self._form.keys, self.notes, strict=True
        ):
            _fill(box, choices, key)
            note.setText(_caption(next((c for c in choices if c.key == key), None)))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards go into as many rows as they need."""
        super().resizeEvent(event)
        self._arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the form."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Adds them."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self._form.add_files(paths)
        event.acceptProposedAction()

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Label("Question", theme, "small_medium", "text2", parent=self))
        column.addWidget(self._framed)
        column.addWidget(self.files)
        line = QHBoxLayout()
        line.addWidget(self.add)
        line.addStretch(1)
        column.addLayout(line)
        column.addSpacing(6)
        copies = QGridLayout()
        copies.setHorizontalSpacing(16)
        copies.setVerticalSpacing(4)
        titles = ("First copy", "Second copy")
        for at, (title, box, note) in enumerate(
            zip(titles, (self.first, self.second), self.notes, strict=True)
        ):
            copies.addWidget(Label(title, theme, "small_medium", "text2", parent=self), 0, at)
            copies.addWidget(box, 1, at)
            copies.addWidget(note, 2, at)
            copies.setColumnStretch(at, 1)
        column.addLayout(copies)
        column.addSpacing(4)
        words = Label(EXPLAINED, theme, "small", "text2", parent=self)
        words.setWordWrap(True)
        column.addWidget(words)
        column.addStretch(1)

    def _arrange(self) -> None:
        height = self.files.arrange(max(1, self.files.width()))
        self.files.setFixedHeight(height)
        self.files.setVisible(height > 0)
        self._framed.setFixedHeight(
            max(self._theme.px(QUESTION_PX), self.question.wanted_height() + 6)
        )

    def _on_text(self) -> None:
        self._form.set_question(self.question.toPlainText())

    def _on_chosen(self, _index: int) -> None:
        self._form.choose(self.first.currentData() or "", self.second.currentData() or "")

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Add files")
        if names:
            self._form.add_files([Path(name) for name in names])
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)


def _fill(box: QComboBox, choices: list[ModelChoice], key: str) -> None:
    wanted = [(choice.key, f"{choice.name} {choice.bits}".strip()) for choice in choices]
    with QSignalBlocker(box):
        if [(box.itemData(n), box.itemText(n)) for n in range(box.count())] != wanted:
            box.clear()
            for data, text in wanted:
                box.addItem(text, data)
        box.setCurrentIndex(box.findData(key))


def _caption(choice: ModelChoice | None) -> str:
    if choice is None:
        return ""
    senses = "sees" if choice.sees else "cannot see"
    senses += ", hears" if choice.hears else ", cannot hear"
    size = gigabytes(choice.size_bytes) if choice.size_bytes else ""
    return " · ".join(part for part in (size, choice.fit_text, senses) if part)
