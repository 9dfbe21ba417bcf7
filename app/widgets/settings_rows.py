"""Pages of settings: a name, the control, and one line that says what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from app.widgets.labels import Hairline, Label
from app.widgets.switches import Switch
from app.widgets.theme import Theme

CONTROL_WIDTH = 180


class Page(QWidget):
    """Rows from top to bottom. `shows` reads the preferences into every control again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._readers: list[Callable[[], None]] = []
        self.words: list[str] = []  # what the search field looks through
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 24, 20)
        self._column.setSpacing(12)
        self._column.addStretch(1)

    def add_choice(
        self,
        name: str,
        consequence: str,
        options: Sequence[tuple[str, object]],
        read: Callable[[], object],
        write: Callable[[object], object],
    ) -> QComboBox:
        """One of several."""
        box = QComboBox()
        for text, value in options:
            box.addItem(text, value)

        def show() -> None:
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(read())))

        box.currentIndexChanged.connect(lambda index: write(box.itemData(index)))
        box.setMinimumWidth(self._theme.px(CONTROL_WIDTH))
        self._readers.append(show)
        self.add_row(name, consequence, box)
        show()
        return box

    def add_switch(
        self,
        name: str,
        consequence: str,
        read: Callable[[], bool],
        write: Callable[[bool], object],
    ) -> Switch:
        """Yes or no."""
        switch = Switch(name, self._theme)

        def show() -> None:
            switch.setChecked(read())

        switch.clicked.connect(write)
        self._readers.append(show)
        self.add_row(name, consequence, switch)
        show()
        return switch

    def add_row(self, name: str, consequence: str, control: QWidget) -> None:
        """Any control with its name and what it does."""
        if not control.accessibleName():
            control.setAccessibleName(name)
        control.setAccessibleDescription(consequence)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(name, self._theme, "body_medium"), 0, 0)
        grid.addWidget(control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._note(consequence), 1, 0)
        self._insert_layout(grid)
        self.words += [name, consequence]

    def add_wide(self, name: str, consequence: str, content: QWidget) -> None:
        """A part that needs the whole width."""
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Label(name, self._theme, "body_medium"))
        column.addWidget(self._note(consequence))
        column.addSpacing(6)
        column.addWidget(content)
        self._insert_layout(column)
        self.words += [name, consequence]

    def add_text(self, name: str, text: str) -> None:
        """Something to read."""
        self.add_wide(name, text, QWidget())

    def add_reader(self, read: Callable[[], None]) -> None:
        """Called by `shows` as well."""
        self._readers.append(read)

    def add_line(self) -> None:
        """A hairline between parts."""
        self._column.insertWidget(self._column.count() - 1, Hairline(self._theme))

    def shows(self) -> None:
        """Reads all values again."""
        for read in self._readers:
            read()

    def _note(self, text: str) -> Label:
        note = Label(text, self._theme, "small", "text2")
        note.setWordWrap(True)
        return note

    def _insert_layout(self, layout: QGridLayout | QVBoxLayout) -> None:
        self._column.insertLayout(self._column.count() - 1, layout)
