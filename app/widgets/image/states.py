"""The image pane without a picture to show: nothing yet, being read, or failed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.markdown.clean import name as shown_name
from app.viewmodels.image import ImageViewModel
from app.widgets.controls import Button, Label, Spinner
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme

TITLE = "Drop images or a document"
LINE = "Ask about them, or about a part you draw. Nothing leaves this computer."
TEXT_WIDTH = 460


class ImageStates(QWidget):
    """Icon, title, one line, and something to press."""

    open_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._icon = IconLabel("image", theme, 32, "text2")
        self._failed = IconLabel("circle-x", theme, 32, "bad")
        self._spinner = Spinner(theme, 24)
        self.title = Label(TITLE, theme, "heading")
        self.line = Label(LINE, theme, "body", "text2")
        self.open = Button("Open…", theme, "filled", "image")
        self.paste = Button("Paste", theme)
        self.example = Button("Use the example", theme)
        self.remove = Button("Remove it", theme)
        self.open.clicked.connect(self.open_wanted)
        self.paste.clicked.connect(self.paste_wanted)
        self.example.clicked.connect(vm.add_example)
        self.remove.clicked.connect(lambda: vm.remove(vm.current_id))
        self._lay_out()
        vm.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(8)
        box.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        for part in (self._icon, self._failed, self._spinner):
            box.addWidget(part, 0, centre)
        for words in (self.title, self.line):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setWordWrap(True)
            box.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.open, self.paste, self.example, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        box.addSpacing(6)
        box.addLayout(row)
        box.addStretch(1)

    def refresh(self) -> None:
        """Show how far the picture is."""
        state = self._vm.state
        name = shown_name(self._vm.name)
        titles = {"reading": f"Reading {name}", "failed": f"{name} cannot be shown"}
        lines = {"reading": "It appears here as soon as it is read.", "failed": self._vm.trouble}
        self.title.setText(titles.get(state, TITLE))
        self.line.setText(lines.get(state, LINE))
        is_empty, is_failed = state == "empty", state == "failed"
        self._icon.setVisible(is_empty)
        self._failed.setVisible(is_failed)
        self._spinner.setVisible(state == "reading")
        self.open.setText("Open…" if is_empty else "Choose another…")
        self.open.updateGeometry()
        self.open.setVisible(is_empty or is_failed)
        self.paste.setVisible(is_empty)
        self.example.setVisible(is_empty and self._vm.has_example)
        self.remove.setVisible(is_failed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The canvas's ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.sunk)
