"""Parts around the grid: what sums say, how a check goes, what to do without figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.figures.sums import Finding
from app.viewmodels.figures import FiguresViewModel
from app.widgets.controls import Bar, Button, Label, Spinner
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme


class Findings(QWidget):
    """What code says of sums, and notes about the table."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[tuple[str, str], ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(2, 0, 2, 0)
        self._box.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_findings(self, findings: tuple[Finding, ...], notes: tuple[str, ...]) -> None:
        """Findings first, then notes; one line each."""
        self.setVisible(bool(findings or notes))
        lines: list[tuple[str, str]] = []
        for number, finding in enumerate(findings):
            is_last = number == len(findings) - 1
            tail = " Sums are made by code, not by the model." if is_last else ""
            icon = "triangle-alert" if finding.is_wrong else "shield-check"
            lines.append((icon, finding.text + tail))
        lines += [("info", note) for note in notes]
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        while (item := self._box.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for icon, text in lines:
            self._box.addWidget(self._line(icon, text))

    def _line(self, icon: str, text: str) -> QWidget:
        colour = {"triangle-alert": "warn", "shield-check": "ok"}.get(icon, "text3")
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(icon, self._theme, 14, colour, line), 0, Qt.AlignmentFlag.AlignTop)
        words = Label(
            text, self._theme, "small", "warn" if colour == "warn" else "text2", parent=line
        )
        words.setWordWrap(True)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row.addWidget(words, 1)
        return line


class CheckProgress(QWidget):
    """What the check is doing, or how it ended."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.spinner = Spinner(theme, 13, self)
        self.words = Label(
            "", theme, "caption", "text3", elide=Qt.TextElideMode.ElideRight, parent=self
        )
        self.bar = Bar(theme, 4, parent=self)
        row = QHBoxLayout()
        row.setSpacing(7)
        row.addWidget(self.spinner)
        row.addWidget(self.words, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(row)
        box.addWidget(self.bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_status(self, status: str, share: float | None, is_busy: bool) -> None:
        """A sentence, and a bar while the share is known."""
        self.setVisible(bool(status))
        self.words.setText(status)
        self.spinner.setVisible(is_busy)
        self.bar.setVisible(is_busy and share is not None)
        self.bar.set_share(share or 0.0)


class NoFigures(QWidget):
    """No figures yet: what would make some."""

    def __init__(self, figures: FiguresViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._figures = figures
        icon = IconLabel("table-2", theme, 32, "text3", self)
        title = Label("No figures yet", theme, "heading", parent=self)
        words = Label(
            "Ask for a table, or have a whole dashboard read and checked.", theme, "body", "text2",
            parent=self,
        )  # fmt: skip
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.analyse = Button("Analyse dashboard", theme, icon="scan-text", parent=self)
        self.analyse.clicked.connect(figures.run)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch()
        for widget in (icon, title):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(words)
        box.addSpacing(6)
        box.addWidget(self.analyse, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch()

    def refresh(self) -> None:
        """The button is there when there is something to analyse."""
        self.analyse.setVisible(self._figures.can_run)
