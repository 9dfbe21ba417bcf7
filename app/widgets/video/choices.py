"""Below the strip: detail for each frame, sound track, cost; or what to do with a chosen range."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.core.clips import FRAME_BUDGETS
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock, count
from app.widgets.controls import Button, IconButton, Label, Segmented, Switch
from app.widgets.icon_label import IconLabel
from app.widgets.theme import Theme

NARROW = 860
DEAF = "This model cannot hear"
HEARING_SIZES = "E2B and E4B can"


class Choices(QWidget):
    """What goes along and what it costs. Refusals stand in the place of the cost."""

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = view_model
        self._is_narrow = False
        self._cost_row: QHBoxLayout | None = None
        self.detail = Segmented(
            "Detail per frame, soft tokens", [str(budget) for budget in FRAME_BUDGETS], theme
        )
        self.sound = Switch("Sound track", theme)
        self._deaf_icon = IconLabel("ear-off", theme, 15, "text3")
        self._sound_words = Label("Sound track", theme, "body", "text2")
        self.switch_model = Button("", theme, small=True)
        self.split = Button("Split scene", theme, "quiet", "scissors", small=True)
        self.split.setToolTip("Begin a new scene at the moment that is lit")
        self.cost = Label("", theme, "caption", "text3")
        self.cost.setWordWrap(True)
        self.cost.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._warning = IconLabel("triangle-alert", theme, 13, "warn")
        self.remedy = Button("", theme, small=True)
        self._lay_out(theme)
        self.detail.chosen.connect(lambda index: view_model.cost.choose(FRAME_BUDGETS[index]))
        self.sound.clicked.connect(lambda: view_model.set_sound(self.sound.isChecked()))
        self.switch_model.clicked.connect(view_model.use_hearing_model)
        self.split.clicked.connect(self._split)
        self.remedy.clicked.connect(view_model.cost.take_remedy)
        view_model.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self, theme: Theme) -> None:
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
        self._first.addWidget(Label("Detail per frame", theme, "body", "text2"))
        self._first.addWidget(self.detail)
        self._first.addSpacing(12)
        for part in (self.sound, self._deaf_icon, self._sound_words, self.switch_model):
            self._first.addWidget(part)
        self._first.addWidget(self.split)
        self._first.addStretch(1)
        self._costs = QWidget()
        costs = QHBoxLayout(self._costs)
        costs.setContentsMargins(0, 0, 0, 0)
        costs.setSpacing(6)
        costs.addWidget(self._warning)
        costs.addWidget(self.cost, 1)
        costs.addWidget(self.remedy)
        box = QVBoxLayout(self)
        box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(self._first)
        box.addLayout(self._second)

    def set_narrow(self, is_narrow: bool) -> None:
        """Narrow: the cost gets a row of its own where it is long."""
        self._is_narrow = is_narrow
        self._place_cost()

    def _place_cost(self) -> None:
        words = self.cost.fontMetrics().horizontalAdvance(self.cost.text())
        is_long = bool(self._model.cost.refusal) or words > self.width() - self._first_width()
        row = self._second if self._is_narrow and is_long else self._first
        if row is not self._cost_row:
            self._cost_row = row
            row.addWidget(self._costs, 2)

    def _first_width(self) -> int:
        """What the controls of the first row take without the cost."""
        items = [self._first.itemAt(at) for at in range(self._first.count())]
        parts = [item.widget() for item in items if item is not None]
        shown = [p for p in parts if p is not None and p is not self._costs and not p.isHidden()]
        return sum(part.sizeHint().width() + self._first.spacing() for part in shown) + 40

    def minimumSizeHint(self) -> QSize:
        """The pane decides by its own width how this is laid out."""
        return QSize(200, super().minimumSizeHint().height())

    def refresh(self) -> None:
        """Look at the clip again."""
        model = self._model
        self.setEnabled(model.clip is not None)
        if model.cost.budget in FRAME_BUDGETS:
            self.detail.set_index(FRAME_BUDGETS.index(model.cost.budget))
        self._show_sound()
        refusal = model.cost.refusal
        self.cost.setText(refusal or model.cost.line)
        self.cost.set_colour("warn" if refusal else "text3")
        self._warning.setVisible(bool(refusal))
        self.remedy.setVisible(bool(refusal and model.cost.remedy))
        self.remedy.setText(model.cost.remedy)
        self.remedy.setAccessibleName(model.cost.remedy)
        self.remedy.updateGeometry()
        self._place_cost()

    def _split(self) -> None:
        self._model.scenes.split(self._model.current)

    def _show_sound(self) -> None:
        sound = self._model.sound
        self.sound.setVisible(sound in ("on", "off"))
        self.sound.setChecked(sound == "on")
        self._deaf_icon.setVisible(sound in ("deaf", "none"))
        other = self._model.hearing_model if sound == "deaf" else None
        self.switch_model.setVisible(other is not None)
        if other is not None:
            self.switch_model.setText(f"Use {other.name}")
            self.switch_model.setAccessibleName(f"Use {other.name}, which hears")
            self.switch_model.updateGeometry()
        words = {"deaf": DEAF if other else f"{DEAF}; {HEARING_SIZES}", "none": "No sound track"}
        self._sound_words.setText(words.get(sound, "Sound track"))


class RangeBar(QWidget):
    """What can be done with a range of frames."""

    cleared = Signal()
    asked = Signal(int, int)

    def __init__(
        self, view_model: VideoViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = view_model
        self._range = (0, 0)
        self.words = Label("", theme, "body_medium")
        self.ask = Button("", theme, "filled")
        self.leave_out = Button("Leave out", theme, icon="eye-off")
        self.close_range = IconButton("x", "Choose no range", theme)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addStretch(1)
        for part in (self.leave_out, self.ask, self.close_range):
            row.addWidget(part)
        self.ask.clicked.connect(lambda: self.asked.emit(*self._range))
        self.leave_out.clicked.connect(self._leave_out)
        self.close_range.clicked.connect(self.cleared)
        view_model.changed.connect(self._show)

    def minimumSizeHint(self) -> QSize:
        """As for the choices."""
        return QSize(200, super().minimumSizeHint().height())

    def show_range(self, first: int, last: int) -> None:
        """Offer what can be done with these seconds."""
        self._range = (first, last)
        self._show()

    @property
    def _are_out(self) -> bool:
        first, last = self._range
        inside = [f for f in self._model.frames() if first <= f.second <= last]
        return bool(inside) and all(frame.is_left_out for frame in inside)

    def _show(self) -> None:
        first, last = self._range
        self.words.setText(f"{clock(first)}–{clock(last)} · {count(last - first + 1, 'frame')}")
        question = f"What changed between {clock(first)} and {clock(last)}?"
        self.ask.setText(question)
        self.ask.setAccessibleName(f"Write the question: {question}")
        word = "Take in" if self._are_out else "Leave out"
        self.leave_out.setText(word)
        self.leave_out.setAccessibleName(f"{word} {clock(first)} to {clock(last)}")
        self.leave_out.set_icon("eye" if self._are_out else "eye-off")
        self.ask.updateGeometry()

    def _leave_out(self) -> None:
        self._model.leave_out(*self._range, not self._are_out)
