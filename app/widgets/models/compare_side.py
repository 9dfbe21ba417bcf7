"""The head of one side of a comparison: which copy, how it goes, what was measured."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.comparison_values import SideView
from app.widgets.indicators import Spinner
from app.widgets.labels import Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme


class CompareSide(QWidget):
    """A quiet card; facts stand in the same order on both sides."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.name = Label("", theme, "body_bold", elide=Qt.TextElideMode.ElideRight, parent=self)
        self.state = Label("", theme, "small", "text2", parent=self)
        self._spinner = Spinner(theme, 14, self)
        self.note = Label("", theme, "small", "warn", parent=self)
        self.note.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(0)
        self._shown: tuple[tuple[str, str], ...] = ()
        self._values: list[Label] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.name, 1)
        head.addWidget(self._spinner)
        head.addWidget(self.state)
        column.addLayout(head)
        column.addLayout(self._facts)
        column.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_side(self, side: SideView) -> None:
        """Shows a copy and how far it is."""
        self.name.setText(side.name)
        self.state.setText(side.words)
        self.state.setVisible(bool(side.words))
        is_settled_badly = side.is_settled and side.state != "complete"
        self.state.set_colour("warn" if is_settled_badly else "text2")
        self._spinner.setVisible(side.state in ("loading", "answering"))
        self.note.setText(" ".join((side.problem, *side.notes)).strip())
        self.note.setVisible(bool(self.note.text()))
        self._show_facts(side.facts)
        said = ", ".join(f"{name} {value}" for name, value in side.facts if value != "–")
        self.setAccessibleName(f"{side.name} {side.words}. {said}".strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), 9, tokens.sunk, tokens.line)

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        if facts == self._shown:
            return
        self._shown = facts
        while len(self._values) < len(facts):
            at = len(self._values)
            label = Label(facts[at][0], self._theme, "caption", "text3", parent=self)
            value = Label("", self._theme, "small_medium", parent=self)
            self._facts.addWidget(label, 0, at)
            self._facts.addWidget(value, 1, at)
            self._facts.setColumnStretch(at, 1)
            self._values.append(value)
        for shown, (_, words) in zip(self._values, facts, strict=False):
            shown.setText(words)
