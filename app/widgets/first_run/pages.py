"""What the first run shows at each step."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.core.bundled import example
from app.viewmodels.first_run import FirstRunViewModel
from app.viewmodels.model_values import CopyView
from app.widgets.buttons import Button
from app.widgets.empty_chat import STARTERS, StarterCard
from app.widgets.first_run.pick_card import SizeCardChoice
from app.widgets.icon_label import IconLabel
from app.widgets.indicators import Spinner
from app.widgets.labels import Label
from app.widgets.models.fit_chip import FitChip
from app.widgets.models.row_action import ProgressLine
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

_EXAMPLES = {"chart.png": "chart", "clip.mp4": "clip", "memo.wav": "memo"}
_MARKS = {
    "passed": ("circle-check", "ok"),
    "failed": ("circle-x", "bad"),
    "error": ("triangle-alert", "warn"),
    "absent": ("circle-dashed", "text3"),
    "untested": ("circle-dashed", "text3"),
}


class Box(QWidget):
    """A card with an edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and edge."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), 10, tokens.raised, tokens.line)


class FoundRow(Box):
    """A copy that is here already."""

    use_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._title = Label("", theme, "body_bold", "text", Qt.TextElideMode.ElideRight)
        self._line = Label("", theme, "small", "text2", Qt.TextElideMode.ElideRight)
        self.use = Button("Use it instead", theme)
        self.use.clicked.connect(self.use_wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(17, 10, 16, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel("hard-drive", theme, 18))
        row.addLayout(words, 1)
        row.addWidget(self.use)

    def show_found(self, title: str, line: str) -> None:
        """What was found."""
        self._title.setText(title)
        self._line.setText(line)
        self.use.setAccessibleName(f"{self.use.text()}: {title}")


class MachinePage(QWidget):
    """What this computer can run."""

    def __init__(self, model: FirstRunViewModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._rows: list[QWidget] = []

    def refresh(self) -> None:
        """One line for each size."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for card in self._model.cards:
            box = Box(self._theme)
            line = QHBoxLayout(box)
            line.setContentsMargins(17, 12, 17, 12)
            line.setSpacing(12)
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addWidget(Label(f"Gemma 4 {card.size}", self._theme, "body_bold"))
            words.addWidget(Label(card.line, self._theme, "small", "text2",
                                  Qt.TextElideMode.ElideRight))  # fmt: skip
            line.addLayout(words, 1)
            chip = FitChip(self._theme)
            chip.set_fit(card.fit, card.fit_text)
            line.addWidget(chip)
            self._rows.append(box)
            self._column.addWidget(box)


class PickPage(QWidget):
    """Three cards, and what is here already."""

    def __init__(self, model: FirstRunViewModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self.cards: list[SizeCardChoice] = []
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(15)
        self.found = FoundRow(theme)
        self.found.use_wanted.connect(model.use_found)
        self._none = Label(
            "None of the sizes fits this computer’s memory. The demonstration model works "
            "everywhere.", theme, "body", "warn",
        )  # fmt: skip
        self._none.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(17)
        column.addLayout(self._row)
        column.addWidget(self._none)
        column.addWidget(self.found)

    def refresh(self) -> None:
        """The cards of this moment."""
        cards = self._model.cards
        if [one.card.key for one in self.cards] != [card.key for card in cards]:
            self._rebuild()
        chosen = self._model.chosen
        for choice, card in zip(self.cards, cards, strict=True):
            if choice.card != card:
                choice.set_card(card)
            choice.setChecked(chosen is not None and chosen.key == card.key)
        self._level()
        found = self._model.found
        self.found.setVisible(found is not None)
        if found is not None:
            self.found.show_found(found.title, found.line)
        self._none.setVisible(not self._model.can_fit_any)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All cards are as high as the highest has to be."""
        super().resizeEvent(event)
        self._level()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys choose."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ahead = Qt.Key.Key_Left if is_mirrored else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if is_mirrored else Qt.Key.Key_Left
        step = {ahead: 1, back: -1}.get(Qt.Key(event.key()))
        at = next((i for i, card in enumerate(self.cards) if card.hasFocus()), None)
        if step is None or at is None or not 0 <= at + step < len(self.cards):
            super().keyPressEvent(event)
            return
        self.cards[at + step].setFocus(Qt.FocusReason.TabFocusReason)
        self.cards[at + step].click()

    def _level(self) -> None:
        if not self.cards:
            return
        gaps = self._row.spacing() * (len(self.cards) - 1)
        width = max(120, (self.width() - gaps) // len(self.cards))
        height = max(card.heightForWidth(width) for card in self.cards)
        for card in self.cards:
            card.setFixedHeight(height)

    def _rebuild(self) -> None:
        for old in self.cards:
            self._group.removeButton(old)
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = [SizeCardChoice(card, self._theme) for card in self._model.cards]
        for choice in self.cards:
            self._group.addButton(choice)
            self._row.addWidget(choice)
            choice.clicked.connect(lambda _=False, one=choice: self._model.choose(one.card.key))


class DownloadPage(QWidget):
    """How the download goes; Facet can be used meanwhile."""

    def __init__(self, model: FirstRunViewModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._command = ""
        self.progress = ProgressLine(theme)
        self.problem = Label("", theme, "body", "bad")
        self.problem.setWordWrap(True)
        self.mend = Button("", theme)
        self._name = Label("", theme, "body_bold")
        self._caption = Label("", theme, "small", "text2")
        box = Box(theme)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(18, 14, 18, 16)
        inner.setSpacing(8)
        inner.addWidget(self._name)
        inner.addWidget(self._caption)
        inner.addWidget(self.progress)
        inner.addWidget(self.problem)
        inner.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeading)
        words = Label(
            "This goes on in the background, whatever you do meanwhile, and after a break it goes "
            "on where it stopped. The demonstration model can be tried until Gemma is here.",
            theme, "body", "text2",
        )  # fmt: skip
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(box)
        column.addWidget(words)
        self.progress.acted.connect(self._act)
        self.mend.clicked.connect(lambda: self._act(self._command))

    def refresh(self) -> None:
        """How far it is."""
        copy = self._model.chosen
        if copy is None:
            return
        self._name.setText(f"Gemma 4 {copy.name}")
        self._caption.setText(_state_words(copy))
        self.progress.setVisible(copy.progress is not None)
        if copy.progress is not None:
            self.progress.set_progress(copy.progress, f"Gemma 4 {copy.name}")
        problem = copy.problem
        words = " ".join(filter(None, (problem.what, problem.why, problem.safe))) if problem else ""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self._command = problem.command if problem else ""
        self.mend.setText(problem.action if problem else "")
        self.mend.setAccessibleName(self.mend.text())
        self.mend.updateGeometry()
        self.mend.setVisible(bool(problem and problem.action))

    def _act(self, command: str) -> None:
        copy = self._model.chosen
        if copy is not None:
            self._model.catalogue.do(copy.key, command)
            if command == "cancel":
                self._model.go_back()


class ProofPage(QWidget):
    """The tests of the senses as they are made."""

    def __init__(self, model: FirstRunViewModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._shown: object = None
        self._rows: list[QWidget] = []

    def refresh(self) -> None:
        """One line for each test."""
        summary = self._model.proof
        if summary is None or summary.badges == self._shown:
            return
        self._shown = summary.badges
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for badge in summary.badges:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 7, 0, 7)
            line.setSpacing(12)
            if badge.state == "running":
                line.addWidget(Spinner(self._theme, 17))
            else:
                icon, colour = _MARKS.get(badge.state, _MARKS["untested"])
                line.addWidget(IconLabel(icon, self._theme, 17, colour))
            title = Label(badge.title, self._theme, "body_medium")
            line.addWidget(title)
            said = badge.text if badge.state not in ("untested", "running") else ""
            line.addWidget(Label(said, self._theme, "small", "text2",
                                 Qt.TextElideMode.ElideRight), 1)  # fmt: skip
            row.setAccessibleName(f"{badge.title}: {badge.state}. {badge.text}")
            self._rows.append(row)
            self._column.addWidget(row)


class ChartPage(QWidget):
    """Examples to begin with."""

    def __init__(self, model: FirstRunViewModel, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.cards: list[StarterCard] = []
        for starter in STARTERS:
            path = example(starter.file)
            if path is None:
                continue
            card = StarterCard(starter, path, theme, self)
            card.setFixedSize(card.sizeHint())
            card.clicked.connect(
                lambda _=False, one=starter.file: model.want_example(_EXAMPLES[one])
            )
            self.cards.append(card)
            column.addWidget(card)

    def refresh(self) -> None:
        """Nothing changes."""


def _state_words(copy: CopyView) -> str:
    return {
        "loading": "It is here, and is being loaded.",
        "in_use": "It is here.",
        "installed": "It is here.",
        "failed": "The download stopped.",
        "absent": "Not downloaded yet.",
    }.get(copy.state, copy.caption)
