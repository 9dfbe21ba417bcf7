"""The toolbar while the Models pane is shown: its title and what concerns all copies."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.catalogue import CatalogueViewModel
from app.widgets.buttons import Button, IconButton
from app.widgets.labels import Label
from app.widgets.paint import hairline
from app.widgets.theme import Theme

HEIGHT = 52
# command: icon, words, what it does in full
DEEDS = {
    "find": ("folder-search", "Find on this Mac", "Find copies on this computer"),
    "quantize": ("shrink", "Quantize…", "Make a smaller copy"),
    "benchmark": ("gauge", "Benchmark", "Measure the copy in use"),
    "test": ("shield-check", "Test senses", "Test the senses of the copy in use"),
}


class ModelsBar(QWidget):
    """Buttons with words; in a narrow window their icons alone."""

    sidebar_wanted = Signal()
    wanted = Signal(str)  # find, quantize, benchmark, test

    def __init__(
        self, catalogue: CatalogueViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme = catalogue, theme
        self._sidebar = IconButton("panel-left", "Show the sidebar", theme)
        self._title = Label("Models", theme, "heading")
        self.buttons: dict[str, Button] = {}
        self.icons: dict[str, IconButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 1)
        row.setSpacing(8)
        row.addWidget(self._sidebar)
        row.addWidget(self._title)
        row.addStretch(1)
        is_mac = catalogue.machine.is_mac
        for command, (icon, words, full) in DEEDS.items():
            text = words if is_mac else words.replace("this Mac", "this computer")
            button = Button(text, theme, "quiet" if command == "find" else "plain", icon)
            button.setAccessibleName(full)
            small = IconButton(icon, full, theme)
            for part in (button, small):
                part.clicked.connect(lambda _=False, one=command: self.wanted.emit(one))
                row.addWidget(part)
            self.buttons[command], self.icons[command] = button, small
        self._sidebar.hide()
        self._sidebar.clicked.connect(self.sidebar_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        catalogue.changed.connect(self.refresh)
        theme.changed.connect(self._measure)
        self._measure()
        self.refresh()

    def set_sidebar_shown(self, is_shown: bool) -> None:
        """The toggle stands here only while the sidebar, which has its own, is hidden."""
        self._sidebar.setVisible(not is_shown)

    def refresh(self) -> None:
        """What can be done now; each says why where it cannot."""
        current, work = self._catalogue.current, self._catalogue.work
        has_copy = current is not None and current.state == "in_use"
        for command in DEEDS:
            is_there = command in ("find", *work.commands)
            why = "" if command == "find" or has_copy else "Choose a copy with Use first"
            if command == "quantize":
                why = "" if self._catalogue.here else "Get a copy first"
            if work.is_busy and command in ("benchmark", "test"):
                why = "Another copy is being worked on"
            if command == "find" and self._catalogue.is_searching:
                why = "Searching"
            for part in (self.buttons[command], self.icons[command]):
                part.setEnabled(not why)
                part.setToolTip(why or DEEDS[command][2])
                part.setProperty("is_there", is_there)
        self._choose_form()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline towards the content."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words where there is room for them."""
        super().resizeEvent(event)
        self._choose_form()

    def _choose_form(self) -> None:
        there = [name for name in DEEDS if self.buttons[name].property("is_there")]
        wanted = sum(self.buttons[name].sizeHint().width() + 8 for name in there)
        wanted += self._title.sizeHint().width() + 28 + 44
        has_room = self.width() >= wanted
        for name in DEEDS:
            self.buttons[name].setVisible(name in there and has_room)
            self.icons[name].setVisible(name in there and not has_room)

    def _measure(self) -> None:
        self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))
        self.update()
