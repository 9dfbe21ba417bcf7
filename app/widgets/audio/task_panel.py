"""What to do with a recording: the tasks, the languages, the earlier takes, and the button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.speech.presets import LANGUAGES
from app.viewmodels.audio import AudioViewModel
from app.viewmodels.hearing import DEAF, PresetView
from app.widgets import icons
from app.widgets.audio.take_list import TakeList
from app.widgets.control import Control
from app.widgets.controls import Button, Hairline, Label
from app.widgets.icon_label import IconLabel
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme

ROW, FOOTER = 44, 56
ICONS = {
    "transcribe": "captions",
    "translate": "languages",
    "summarise": "list",
    "actions": "list-checks",
    "sounds": "ear",
}
DETECT = "Detect"


class TaskPanel(QWidget):
    """The left tab of the side panel."""

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self.deaf = DeafNote(view_model, theme)
        self.tasks = [TaskRow(view, theme) for view in view_model.hearing.presets()]
        self.spoken = _languages("Spoken language", (DETECT, *LANGUAGES))
        self.target = _languages("Translate into", LANGUAGES)
        self._target_words = Label("Translate into", theme, "small", "text2")
        self.takes = TakeList(view_model, theme)
        self.cost = Label("", theme, "caption", "text2")
        self.cost.setWordWrap(True)
        self.ask = Button("Ask Gemma", theme, "filled", "arrow-up")
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(0)
        box.addWidget(self.deaf)
        rows = QVBoxLayout()
        rows.setContentsMargins(8, 0, 8, 0)
        rows.setSpacing(0)
        for task in self.tasks:
            rows.addWidget(task)
        box.addLayout(rows)
        spoken_words = Label("Spoken language", self._theme, "small", "text2")
        for words, menu in ((spoken_words, self.spoken), (self._target_words, self.target)):
            line = QHBoxLayout()
            line.setContentsMargins(16, 8, 16, 0)
            line.addWidget(words, 1)
            line.addWidget(menu)
            box.addLayout(line)
        box.addSpacing(12)
        box.addWidget(Hairline(self._theme))
        box.addWidget(self.takes)
        box.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)  # the pane paints the ground
        self.area.setWidget(inside)
        inside.setAutoFillBackground(False)
        self._footer = QWidget()
        foot = QHBoxLayout(self._footer)
        foot.setContentsMargins(14, 0, 14, 0)
        foot.addWidget(self.cost, 1)
        foot.addWidget(self.ask)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.area, 1)
        outer.addWidget(Hairline(self._theme))
        outer.addWidget(self._footer)

    def _connect(self) -> None:
        hearing = self._model.hearing
        for task in self.tasks:
            task.clicked.connect(lambda _=False, t=task: hearing.choose_preset(t.view.preset.key))
            task.moved.connect(self._on_moved)
        self.spoken.textActivated.connect(
            lambda words: hearing.set_language("" if words == DETECT else words)
        )
        self.target.textActivated.connect(hearing.set_target)
        self.ask.clicked.connect(self._on_ask)
        self._model.changed.connect(self.refresh)
        self._model.recorder.heard.connect(self._show_cost)
        self._theme.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Look at the tasks again."""
        hearing = self._model.hearing
        self.deaf.refresh()
        for row, view in zip(self.tasks, hearing.presets(), strict=True):
            row.show_view(view)
        self.spoken.setCurrentText(hearing.language or DETECT)
        self.target.setCurrentText(hearing.target)
        is_translating = hearing.chosen_preset == "translate"
        self.target.setVisible(is_translating)
        self._target_words.setVisible(is_translating)
        why, is_hearing = self._model.why_not, hearing.is_hearing
        self.ask.setText("Stop" if is_hearing else "Ask Gemma")
        self.ask.setAccessibleName("Stop hearing the pieces" if is_hearing else "Ask Gemma")
        self.ask.set_icon("square" if is_hearing else "arrow-up")
        self.ask.set_kind("plain" if is_hearing else "filled")
        self.ask.setEnabled(is_hearing or not why)
        self.ask.setToolTip("" if is_hearing else why)
        self._footer.setFixedHeight(max(self._theme.px(FOOTER), self.ask.sizeHint().height() + 16))
        self._show_cost()

    def _show_cost(self) -> None:
        cost, why = self._model.cost, self._model.why_not
        has_recording = self._model.state in ("take", "long")
        words = why if why and has_recording else cost or why
        if words != self.cost.text():
            self.cost.setText(words)

    def _on_ask(self) -> None:
        if self._model.hearing.is_hearing:
            self._model.hearing.pieces.stop()
        else:
            self._model.ask()

    def _on_moved(self, step: int) -> None:
        """Arrow keys go from task to task, past those that cannot be asked."""
        enabled = [row for row in self.tasks if row.isEnabled()]
        now = next((i for i, row in enumerate(enabled) if row.isChecked()), 0)
        row = enabled[(now + step) % len(enabled)]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        row.click()


class TaskRow(Control):
    """A task: one of the group is chosen."""

    ring_radius = None
    moved = Signal(int)

    def __init__(self, view: PresetView, theme: Theme) -> None:
        super().__init__(view.preset.title, theme)
        self.view = view
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_view(view)

    def show_view(self, view: PresetView) -> None:
        """Chosen or not, possible or not."""
        self.view = view
        if view.is_chosen:
            self.setChecked(True)
        self.setEnabled(not view.why_not)
        self.setToolTip(view.why_not)
        line = view.why_not or view.preset.line
        self.setAccessibleName(f"{view.preset.title}: {line}")
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        lines = self.theme.line_height("body_medium") + self.theme.line_height("caption")
        return QSize(200, max(self.theme.px(ROW), round(lines) + 8))

    def minimumSizeHint(self) -> QSize:
        """Words are cut at their end."""
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the choice."""
        keys = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = keys.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, words, check."""
        painter, tokens, px = QPainter(self), self.theme.tokens, self.theme.px
        rect = QRectF(self.rect())
        if not self.isEnabled():
            painter.setOpacity(0.5)
        if self.isChecked():
            round_rect(painter, rect, 6, tokens.accsoft)
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect, 6, tokens.pressed if self.isDown() else tokens.hover)
        if self.has_keyboard_focus:
            focus_ring(painter, rect, 6, self.theme)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft

        def part(left: float, wide: float) -> QRectF:
            start = rect.width() - left - wide if is_mirrored else left
            return QRectF(start, 0, wide, rect.height())

        colour = tokens.acc if self.isChecked() else tokens.text2
        icons.draw(painter, ICONS[self.view.preset.key], part(10, px(16)), colour)
        if self.isChecked():
            icons.draw(painter, "check", part(rect.width() - 8 - px(15), px(15)), tokens.acc)
        lead = 18 + px(16)
        words = part(lead, rect.width() - lead - px(15) - 14)
        first, second = self.theme.line_height("body_medium"), self.theme.line_height("caption")
        top = (rect.height() - first - second) / 2
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        right = Qt.TextElideMode.ElideRight
        for style, pen, text, y, high in (
            ("body_medium", tokens.text, self.view.preset.title, top, first),
            ("caption", tokens.text2, self.view.preset.line, top + first, second),
        ):
            painter.setFont(self.theme.font(style))
            painter.setPen(pen)
            shown = painter.fontMetrics().elidedText(text, right, int(words.width()))
            painter.drawText(QRectF(words.left(), y, words.width(), high), start, shown)


class DeafNote(QWidget):
    """Says that the model cannot hear, and offers one that can."""

    def __init__(self, view_model: AudioViewModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = view_model, theme
        self.words = Label(DEAF, theme, "small")
        self.words.setWordWrap(True)
        self.switch = Button("", theme, small=True)
        self.switch.clicked.connect(view_model.hearing.use_hearing_model)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.switch)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 14)
        row.setSpacing(10)
        row.addWidget(IconLabel("ear-off", theme, 16, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        theme.changed.connect(self.update)

    def refresh(self) -> None:
        """The model may be another one."""
        hearing = self._model.hearing
        self.setVisible(hearing.is_deaf)
        choice = hearing.hearing_model
        self.switch.setVisible(choice is not None)
        if choice is not None:
            words = f"Switch to {choice.name}"
            self.switch.setText(words)
            self.switch.setAccessibleName(words)
            self.switch.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A quiet warning."""
        rect = QRectF(self.rect()).adjusted(8, 0, -8, -8)
        edge = self._theme.tokens.warn if self._theme.is_contrast_high else None
        round_rect(QPainter(self), rect, 6, self._theme.tokens.warnsoft, edge)


def _languages(name: str, words: tuple[str, ...]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItems(words)
    box.setMaxVisibleItems(16)
    return box
