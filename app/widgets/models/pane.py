"""The Models pane: this computer, then every copy of Gemma 4 in one card for each size."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.model_values import CopyView
from app.widgets.models.card import SizeCard
from app.widgets.models.columns import WIDEST
from app.widgets.models.details import DetailsCard
from app.widgets.models.heading import Heading
from app.widgets.models.machine_card import MachineCard
from app.widgets.models.opening import open_page, reveal
from app.widgets.models.removing import ask_to_remove
from app.widgets.theme import Theme

MARGIN = 16
TOP = 18


class ModelsPane(QWidget):
    """Shows a catalogue and calls its verbs; what needs a sheet is asked of the window."""

    sheet_wanted = Signal(str, str)  # quantize, benchmark, compare, token; the copy's key

    def __init__(
        self, catalogue: CatalogueViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._theme = theme
        self.machine = MachineCard(catalogue.machine.view, theme)
        self.heading = Heading(theme)
        self.cards: dict[str, SizeCard] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self.heading.context.chosen.connect(catalogue.set_context)
        catalogue.changed.connect(self._later)
        catalogue.machine.changed.connect(self._on_machine)
        self.setAccessibleName("Models")
        self.refresh()

    def refresh(self) -> None:
        """Shows the rows of this moment."""
        self._soon.stop()
        catalogue = self._catalogue
        self.heading.context.set_context(catalogue.context, catalogue.contexts)
        self.heading.arrange()
        self.machine.set_machine(catalogue.machine.view)
        sizes = catalogue.cards
        for gone in [name for name in self.cards if name not in {s.size for s in sizes}]:
            card = self.cards.pop(gone)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for number, size in enumerate(sizes):
            known = self.cards.get(size.size)
            if known is None:
                card = SizeCard(size, self._theme)
                card.acted.connect(self.act)
                self.cards[size.size] = card
                self._column.insertWidget(2 + number, card)
            elif known.size_view != size:
                known.set_size(size)

    def act(self, key: str, command: str) -> None:
        """A command of a row."""
        catalogue = self._catalogue
        if catalogue.do(key, command):
            return
        folder, copy = catalogue.folder(key), catalogue.copy(key)
        if command == "reveal" and folder is not None:
            reveal(folder)
        elif command == "open_page":
            open_page(catalogue.page(key))
        elif command == "remove" and copy is not None:
            ask_to_remove(copy, lambda: catalogue.remove(key), self)
        elif command == "forget" and copy is not None:
            catalogue.forget(key)
        elif command == "details" and copy is not None:
            self._show_details(copy, folder)
        else:
            self.sheet_wanted.emit(command, key)

    def show_copy(self, key: str) -> None:
        """Brings a row into sight."""
        for card in self.cards.values():
            row = card.row(key)
            if row is not None:
                self._area.ensureWidgetVisible(row, 0, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column is never wider than it can be read."""
        super().resizeEvent(event)
        self._fit_width()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The column follows the viewport."""
        if event.type() == QEvent.Type.Resize:
            self._fit_width()
        return False

    def _later(self, *_values: object) -> None:
        self._soon.start(0)

    def _on_machine(self) -> None:
        self.machine.set_machine(self._catalogue.machine.view)

    def _lay_out(self) -> None:
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, TOP, 0, 24)
        self._column.setSpacing(13)
        self._column.addWidget(self.machine)
        self._column.addWidget(self.heading)
        self._column.addStretch(1)
        holder = QWidget()
        centred = QHBoxLayout(holder)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(self._body)
        centred.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        self._area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        self._area.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    def _fit_width(self) -> None:
        room = self._area.viewport().width() - 2 * MARGIN
        self._body.setFixedWidth(max(280, min(self._theme.px(WIDEST), room)))

    def _show_details(self, copy: CopyView, folder: Path | None) -> None:
        card = DetailsCard(self.window(), copy, folder, self._catalogue, self._theme)
        row = next(
            (row for card in self.cards.values() if (row := card.row(copy.key)) is not None), None
        )
        card.open_under(row.menu_button if row is not None else None)
