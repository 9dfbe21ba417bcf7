"""How answers are made: system prompt and sampling, for one conversation or for new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, QTimer, Signal
from PySide6.QtGui import QIntValidator, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.conversation import Settings
from app.widgets.control import Control
from app.widgets.framed import Framed
from app.widgets.labels import Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

LARGEST_SEED = 2**31 - 1
IMAGE_BUDGETS = (70, 140, 280, 560, 1120)
FIELD_WIDTH = 116


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the settings: its range, its step, and what it does."""

    name: str
    label: str
    least: float
    most: float
    step: float
    decimals: int
    consequence: str


NUMBERS = (
    Number("temperature", "Temperature", 0, 2, 0.05, 2,
           "Higher is more varied. At 0 the likeliest word is always taken."),
    Number("top_p", "Top-p", 0.05, 1, 0.01, 2,
           "Only the likeliest words that together reach this share are considered."),
    Number("top_k", "Top-k", 1, 1000, 1, 0, "At most this many words are considered."),
    Number("max_tokens", "Longest answer", 16, 131_072, 256, 0,
           "Tokens after which an answer is cut off. It can be continued."),
)  # fmt: skip
SEED_CONSEQUENCE = "The same seed gives the same answer to the same question. Empty: a new one."
IMAGE_CONSEQUENCE = "More soft tokens show finer print and take longer."


class ResetDot(Control):
    """Shown beside a value that is not the usual one; a press brings that back."""

    ring_radius = 6.0

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self.setToolTip(name)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Large enough to hit, although the dot is small."""
        return QSize(24, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dot."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        if self.is_hovered():
            round_rect(painter, QRectF(self.rect()), 6, tokens.hover)
        centre = QRectF(self.rect()).center()
        dot = QRectF(centre.x() - 3, centre.y() - 3, 6, 6)
        round_rect(painter, dot, 3, tokens.acc)


class GenerationForm(QWidget):
    """Shows settings and says which the person changed.

    With `settle_ms` typing and stepping count as one change, told that long after the last one;
    without it each is told at once.
    """

    changed = Signal(dict)  # names and values of `Settings`

    def __init__(self, theme: Theme, settle_ms: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._usual = Settings()
        self._pending: dict[str, Any] = {}
        self._dots: dict[str, ResetDot] = {}
        self._spins: dict[str, QDoubleSpinBox] = {}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(settle_ms)
        self._settle.timeout.connect(self.flush)
        self._prompt = QPlainTextEdit()
        self._prompt.setAccessibleName("System prompt")
        self._prompt.setPlaceholderText("For example: answer in German, in short sentences")
        self._prompt.setTabChangesFocus(True)
        self._seed = QLineEdit()
        self._seed.setAccessibleName("Seed")
        self._seed.setPlaceholderText("new each time")
        self._seed.setValidator(QIntValidator(0, LARGEST_SEED, self))
        self._seed.setToolTip(SEED_CONSEQUENCE)
        self._image = QComboBox()
        self._image.setAccessibleName("Picture detail")
        self._image.setToolTip(IMAGE_CONSEQUENCE)
        self._lay_out()
        self._connect()
        theme.changed.connect(self._measure)
        self._measure()

    def show_settings(self, settings: Settings) -> None:
        """Other values, without a signal. What is being typed just now is not overwritten."""
        for number in NUMBERS:
            spin = self._spins[number.name]
            if number.name not in self._pending:
                with QSignalBlocker(spin):
                    spin.setValue(getattr(settings, number.name))
            self._mark(number.name, getattr(settings, number.name))
        if "system_prompt" not in self._pending:
            if self._prompt.toPlainText() != settings.system_prompt:
                with QSignalBlocker(self._prompt):
                    self._prompt.setPlainText(settings.system_prompt)
            self._mark("system_prompt", settings.system_prompt)
        if "seed" not in self._pending:
            with QSignalBlocker(self._seed):
                self._seed.setText("" if settings.seed is None else str(settings.seed))
            self._mark("seed", settings.seed)
        with QSignalBlocker(self._image):
            self._image.setCurrentIndex(max(0, self._image.findData(settings.image_tokens)))
        self._mark("image_tokens", settings.image_tokens)

    def flush(self) -> None:
        """Says now what was changed."""
        self._settle.stop()
        if self._pending:
            changes, self._pending = self._pending, {}
            self.changed.emit(changes)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QGridLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(Label("System prompt", self._theme, "body_medium"), 0, 0)
        head.addWidget(self._dot("system_prompt", "Clear the system prompt"), 0, 1)
        head.setColumnStretch(0, 1)
        column.addLayout(head)
        column.addWidget(Framed(self._prompt, self._theme))
        column.addSpacing(6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for number in NUMBERS:
            self._spins[number.name] = spin = QDoubleSpinBox()
            spin.setRange(number.least, number.most)
            spin.setSingleStep(number.step)
            spin.setDecimals(number.decimals)
            spin.setGroupSeparatorShown(True)
            spin.setKeyboardTracking(False)
            self._row(grid, number.name, number.label, spin, number.consequence)
        self._row(grid, "seed", "Seed", self._seed, SEED_CONSEQUENCE)
        self._image.addItem("as the model", None)
        for tokens in IMAGE_BUDGETS:
            self._image.addItem(f"{tokens:,} tokens", tokens)
        self._row(grid, "image_tokens", "Picture detail", self._image, IMAGE_CONSEQUENCE)
        column.addLayout(grid)

    def _row(
        self, grid: QGridLayout, name: str, text: str, field: QWidget, consequence: str
    ) -> None:
        row = grid.rowCount()
        label = Label(text, self._theme)
        label.setToolTip(consequence)
        label.setBuddy(field)
        field.setAccessibleName(text)
        field.setAccessibleDescription(consequence)
        field.setToolTip(consequence)
        grid.addWidget(label, row, 0)
        grid.addWidget(self._dot(name, f"{text} as usual"), row, 1)
        is_framed = not isinstance(field, QComboBox)
        grid.addWidget(Framed(field, self._theme) if is_framed else field, row, 2)

    def _dot(self, name: str, text: str) -> ResetDot:
        self._dots[name] = dot = ResetDot(text, self._theme)
        dot.hide()
        dot.clicked.connect(lambda: self._reset(name))
        return dot

    def _connect(self) -> None:
        for number in NUMBERS:
            spin = self._spins[number.name]
            whole = number.decimals == 0
            spin.valueChanged.connect(
                lambda value, name=number.name, whole=whole: self._note(
                    name, int(value) if whole else round(value, 4)
                )
            )
        self._prompt.textChanged.connect(
            lambda: self._note("system_prompt", self._prompt.toPlainText())
        )
        self._seed.textChanged.connect(
            lambda text: self._note("seed", int(text) if text.isdigit() else None)
        )
        self._image.currentIndexChanged.connect(
            lambda index: self._note("image_tokens", self._image.itemData(index))
        )

    def _note(self, name: str, value: Any) -> None:
        self._pending[name] = value
        self._mark(name, value)
        if self._settle.interval() > 0:
            self._settle.start()
        else:
            self.flush()

    def _mark(self, name: str, value: Any) -> None:
        self._dots[name].setVisible(value != getattr(self._usual, name))

    def _reset(self, name: str) -> None:
        self._pending[name] = getattr(self._usual, name)
        changes = dict(self._pending)
        self._pending.clear()
        self._settle.stop()
        self.changed.emit(changes)

    def _measure(self) -> None:
        self._prompt.setFont(self._theme.font("body"))
        lines = round(self._theme.line_height("body") * 5) + 14
        self._prompt.setFixedHeight(lines)
        for field in (*self._spins.values(), self._seed, self._image):
            field.setFont(self._theme.font("body"))
            is_framed = not isinstance(field, QComboBox)
            field.setFixedWidth(self._theme.px(FIELD_WIDTH) - (8 if is_framed else 0))
            field.setMinimumHeight(max(22, self._theme.px(22 if is_framed else 26)))
