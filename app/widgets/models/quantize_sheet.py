"""The sheet that makes a smaller copy: from which, how, then progress, then what came of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.model_values import CopyView
from app.viewmodels.quantizing import PEAK, QuantizingViewModel
from app.widgets.buttons import Button
from app.widgets.icon_label import IconLabel
from app.widgets.indicators import Bar, Spinner
from app.widgets.labels import Label
from app.widgets.models.recipe_list import RecipeList
from app.widgets.models.senses import SenseSigns
from app.widgets.theme import Theme

WIDTH, MARGIN = 500, 20


class QuantizeSheet(QDialog):
    """Closing it does not end what runs: the copy is made in the background."""

    use_wanted = Signal(str)  # key of the new copy

    def __init__(
        self,
        quantizing: QuantizingViewModel,
        catalogue: CatalogueViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._catalogue, self._theme = quantizing, catalogue, theme
        self.setWindowTitle("Quantize")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.source = QComboBox(self)
        self.source.setAccessibleName("Make it from")
        self.recipes = RecipeList(theme, self)
        self.words = Label("", theme, "body_medium", parent=self)
        self.reason = Label("", theme, "small", "text2", parent=self)
        self.note = Label("", theme, "small", "text2", parent=self)
        for label in (self.words, self.reason, self.note):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar = Bar(theme, height=6, parent=self)
        self.senses = SenseSigns(theme, self)
        self._spinner = Spinner(theme, 16, self)
        self._icons = {
            "done": IconLabel("circle-check", theme, 20, "ok", self),
            "failed": IconLabel("circle-x", theme, 20, "bad", self),
            "unsuited": IconLabel("triangle-alert", theme, 20, "warn", self),
        }
        self.left = Button("Cancel", theme, parent=self)
        self.right = Button("Quantize", theme, "filled", parent=self)
        self._lay_out()
        self.source.currentIndexChanged.connect(self._on_source)
        self.recipes.chosen.connect(quantizing.choose)
        self.left.clicked.connect(self._on_left)
        self.right.clicked.connect(self._on_right)
        quantizing.changed.connect(self.refresh)
        catalogue.changed.connect(self._on_catalogue)

    def open_for(self, key: str) -> None:
        """Shows what can be made of a copy; while one is being made, that."""
        self._fill_sources(key)
        if not self._model.is_running:
            self._look()
        self.refresh()
        self.open()
        self.right.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """What the sheet shows now."""
        model, state = self._model, self._model.state
        is_choosing = state in ("reading", "choosing", "unsuited", "cancelled")
        chosen = model.chosen
        self.source.setVisible(is_choosing)
        self._from.setVisible(is_choosing)
        self.recipes.setVisible(state == "choosing")
        if state == "choosing":
            self.recipes.set_recipes(model.recipes, chosen.key if chosen else "")
        for name, icon in self._icons.items():
            icon.setVisible(name == state)
        self._spinner.setVisible(state == "reading")
        self.bar.setVisible(state == "running")
        self.senses.setVisible(state == "done" and self._made_copy() is not None)
        self._show_words()
        self.left.setText({"running": "Stop", "done": "Done"}.get(state, "Close"))
        right = {"running": "Go on in the background", "done": "Use it", "failed": "Try again"}
        self.right.setText(right.get(state, "Quantize"))
        can_start = chosen is not None and not chosen.problem
        self.right.setEnabled(
            can_start if state == "choosing" else state in ("running", "done", "failed")
        )
        for button in (self.left, self.right):
            button.setAccessibleName(button.text())
            button.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as what is shown."""
        width = max(WIDTH, self._theme.px(WIDTH))
        height = max(self._column.heightForWidth(width), self._column.sizeHint().height())
        return QSize(width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a sheet."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.bar)

    def _show_words(self) -> None:
        model, state = self._model, self._model.state
        words = reason = note = ""
        chosen, problem = model.chosen, model.problem
        if state == "reading":
            words = "Looking at the model"
        elif state == "choosing" and chosen is not None and model.target is not None:
            note = (
                f"{chosen.size} in the folder “{model.target.name}” · memory while it works: "
                f"{PEAK}. Vision and sound keep their 16 bits."
            )
        elif state == "running":
            progress = model.progress
            words = f"Making {model.name} {chosen.label if chosen else ''}".strip()
            reason = " · ".join(filter(None, (progress.line, progress.time)))
            note = "Facet can be used meanwhile."
            self.bar.set_share(progress.share)
        elif state == "done":
            words, reason = self._result()
        elif problem is not None:
            words, reason = problem.what, " ".join(filter(None, (problem.why, problem.safe)))
        for label, text in ((self.words, words), (self.reason, reason), (self.note, note)):
            label.setText(text)
            label.setVisible(bool(text))

    def _result(self) -> tuple[str, str]:
        """What came of it: size, senses as soon as they are tested."""
        chosen = self._model.chosen
        words = f"{self._model.name} {chosen.label if chosen else ''} is ready".strip()
        parts = [f"{chosen.size}, {chosen.saved} of what it was made from." if chosen else ""]
        copy = self._made_copy()
        if copy is not None:
            self.senses.set_senses(copy.senses)
            if copy.progress is not None:
                parts.append(f"{copy.progress.line}, {copy.progress.time}.")
            elif any(sense.state == "failed" for sense in copy.senses):
                parts.append("A test of its senses failed: see its row.")
        return words, " ".join(filter(None, parts))

    def _made_copy(self) -> CopyView | None:
        folder = self._model.folder
        return None if folder is None else self._catalogue.copy(str(folder))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(Label("Quantize", self._theme, "heading", parent=self))
        line = QHBoxLayout()
        line.setSpacing(10)
        self._from = Label("Make it from", self._theme, "body", "text2", parent=self)
        line.addWidget(self._from)
        line.addWidget(self.source, 1)
        column.addLayout(line)
        column.addWidget(self.recipes)
        outcome = QHBoxLayout()
        outcome.setSpacing(10)
        outcome.addWidget(self._spinner, 0, Qt.AlignmentFlag.AlignTop)
        for icon in self._icons.values():
            outcome.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(4)
        said.addWidget(self.words)
        said.addWidget(self.reason)
        said.addWidget(self.senses)
        outcome.addLayout(said, 1)
        column.addLayout(outcome)
        column.addWidget(self.bar)
        column.addWidget(self.note)
        column.addSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.left)
        buttons.addWidget(self.right)
        column.addLayout(buttons)
        self._column = column

    def _fit(self) -> None:
        self._column.activate()
        self.resize(self.sizeHint())

    def _fill_sources(self, key: str) -> None:
        here = sorted(self._catalogue.here, key=lambda copy: -copy.size_bytes)
        with QSignalBlocker(self.source):
            self.source.clear()
            for copy in here:
                self.source.addItem(f"Gemma 4 {copy.name} · {copy.bytes_text}", copy.key)
            at = self.source.findData(key)
            self.source.setCurrentIndex(max(0, at))

    def _on_source(self, _index: int) -> None:
        self._look()

    def _look(self) -> None:
        key = self.source.currentData()
        folder = self._catalogue.folder(key) if key else None
        copy = self._catalogue.copy(key) if key else None
        if folder is not None and copy is not None:
            self._model.look_at(folder, f"Gemma 4 {copy.size}")

    def _on_catalogue(self) -> None:
        if self.isVisible() and self._model.state == "done":
            self.refresh()

    def _on_left(self) -> None:
        if self._model.is_running:
            self._model.cancel()
            return
        self.accept()

    def _on_right(self) -> None:
        match self._model.state:
            case "choosing" | "failed":
                self._model.start()
            case "running":
                self.accept()
            case "done":
                copy = self._made_copy()
                if copy is not None:
                    self.use_wanted.emit(copy.key)
                self.accept()
