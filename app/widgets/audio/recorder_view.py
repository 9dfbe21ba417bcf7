"""Recording: the round button, then ring, wave and meter; why the microphone is needed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.audio import AudioViewModel
from app.viewmodels.recorder import WHY
from app.widgets.audio.live_wave import LiveWave
from app.widgets.audio.meter import LevelMeter
from app.widgets.audio.ring import CountdownRing, RecordButton
from app.widgets.controls import Button, Label
from app.widgets.icon_label import IconLabel
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

TITLE = "Record a take"
LINE = "Press R and speak, up to 30 seconds, or drop a recording of any length."
NO_MICROPHONE = "Drop a recording of any length, or open one."
WHY_TITLE = "Facet would like to use the microphone"
RECORDING_NOTE = "Stops by itself at 30 s. The take stays here; nothing is sent."
LISTENING_NOTE = "Ready: the second before you press R is kept with the take."
LINE_WIDTH = 460
LOW = 560  # below this height, or NARROW in width, the ring is smaller
NARROW = 560


class RecorderView(QWidget):
    """Everything about making a take. `open_wanted` asks for a file in place of one."""

    open_wanted = Signal()

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._recorder = view_model.recorder
        recorder = self._recorder
        self.chip = StateChip(theme)
        self.ring = CountdownRing(recorder, theme)
        self.button = RecordButton(theme)
        self._ear = IconLabel("ear", theme, 32, "text2")
        self._mic = IconLabel("mic", theme, 32, "text2")
        self.title = Label(TITLE, theme, "heading")
        self.line = Label(LINE, theme, "body", "text2")
        self.wave = LiveWave(recorder, theme)
        self.meter = LevelMeter(recorder, theme)
        self.warning = Label("", theme, "small_medium", "warn")
        self.over = Button("Start over", theme, icon="rotate-ccw")
        self.stop = Button("Stop  R", theme, "danger", "square")
        self.hold = Button("Pause", theme, icon="pause")
        self.back = Button("Back to the recording", theme)
        self.allow = Button("Ask for the microphone", theme, "filled", "mic")
        self.decline = Button("Not now", theme)
        self.open = Button("Open recording…", theme, icon="folder")
        self.example = Button("Use the example", theme)
        self.note = Label("", theme, "small", "text2")
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        for button in (self.over, self.stop, self.hold):
            button.set_large()
        self.stop.setAccessibleName("Stop recording")
        for words in (self.title, self.line, self.warning, self.note):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setWordWrap(True)
        centre = Qt.AlignmentFlag.AlignHCenter
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 16, 12)
        box.setSpacing(10)
        box.addStretch(1)
        for part in (self.chip, self._ear, self._mic, self.ring, self.button):
            box.addWidget(part, 0, centre)
        box.addSpacing(4)
        box.addWidget(self.title)
        box.addWidget(self.line, 0, centre)
        box.addLayout(_centred(self.wave))
        box.addWidget(self.meter)
        box.addWidget(self.warning)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        for button in (
            self.over, self.stop, self.hold, self.allow, self.decline, self.open,
            self.example, self.back,
        ):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        box.addSpacing(4)
        box.addLayout(row)
        box.addWidget(self.note)
        box.addStretch(1)

    def _connect(self) -> None:
        recorder = self._recorder
        self.button.clicked.connect(self._model.toggle_recording)
        self.stop.clicked.connect(recorder.stop)
        self.over.clicked.connect(recorder.start_over)
        self.hold.clicked.connect(recorder.pause)
        self.allow.clicked.connect(recorder.allow)
        self.decline.clicked.connect(recorder.decline)
        self.open.clicked.connect(self.open_wanted)
        self.example.clicked.connect(self._model.use_example)
        self.back.clicked.connect(self._model.close_recorder)
        self._model.changed.connect(self.refresh)
        recorder.heard.connect(self._on_heard)

    def refresh(self) -> None:
        """Look at the recorder again."""
        recorder = self._recorder
        state = recorder.state
        running, asks = recorder.is_recording, state in ("why", "asking")
        rests = not running and not asks
        self.chip.setVisible(running)
        self.chip.show_state(state == "paused")
        self.ring.setVisible(running)
        self.wave.setVisible(running)
        self.meter.setVisible(running or state == "listening")
        self.button.setVisible(rests and recorder.can_record)
        self._ear.setVisible(rests and not recorder.can_record)
        self._mic.setVisible(asks)
        for button in (self.over, self.stop, self.hold):
            button.setVisible(running)
        self.allow.setVisible(state == "why")
        self.decline.setVisible(asks)
        self.open.setVisible(rests)
        is_empty = self._model.recordings.view is None
        self.example.setVisible(rests and is_empty and self._model.has_example)
        self.back.setVisible(rests and not is_empty)
        is_paused = state == "paused"
        self.hold.setText("Go on" if is_paused else "Pause")
        self.hold.setAccessibleName("Go on recording" if is_paused else "Pause recording")
        self.hold.set_icon("mic" if is_paused else "pause")
        self._say(running, asks)
        self._on_heard()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The ring is smaller where there is little room."""
        super().resizeEvent(event)
        px = self._theme.px
        self.ring.set_narrow(self.width() < px(NARROW) or self.height() < px(LOW))
        self.line.setFixedWidth(max(120, min(px(LINE_WIDTH), self.width() - 32)))

    def _say(self, running: bool, asks: bool) -> None:
        recorder = self._recorder
        self.title.setVisible(not running)
        self.line.setVisible(not running)
        self.title.setText(WHY_TITLE if asks else TITLE if recorder.can_record else "Listen")
        line = LINE if recorder.can_record else NO_MICROPHONE
        self.line.setText(WHY if asks else recorder.problem or line)
        self.line.set_colour("bad" if recorder.problem and not asks else "text2")
        note = RECORDING_NOTE if running else ""
        if recorder.state == "listening":
            note = LISTENING_NOTE
        if recorder.state == "asking":
            note = "The system is asking whether Facet may use the microphone."
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _on_heard(self) -> None:
        warning = self._recorder.warning
        if warning != self.warning.text():
            self.warning.setText(warning)
        is_live = self._recorder.state in ("recording", "paused", "listening")
        self.warning.setVisible(is_live)  # keeps its place, so that nothing jumps


class StateChip(QWidget):
    """Recording, with a steady dot; or Paused."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.show_state(False)

    def show_state(self, is_paused: bool) -> None:
        """Which of the two."""
        words = "Paused" if is_paused else "Recording"
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        self.setFont(self._theme.font("small_bold"))
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words) + 38, metrics.height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The word on its soft ground."""
        painter, tokens = QPainter(self), self._theme.tokens
        is_paused = self._words == "Paused"
        rect = QRectF(self.rect())
        ground = tokens.sunk if is_paused else tokens.badsoft
        round_rect(painter, rect, rect.height() / 2, ground)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        dot = QRectF(rect.width() - 18 if is_mirrored else 10, rect.height() / 2 - 4, 8, 8)
        round_rect(painter, dot, 4, tokens.text3 if is_paused else tokens.rec)
        painter.setFont(self._theme.font("small_bold"))
        painter.setPen(tokens.text2 if is_paused else tokens.bad)
        words = rect.adjusted(10, 0, -26, 0) if is_mirrored else rect.adjusted(26, 0, -10, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._words)


def _centred(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 1000)  # takes what there is, up to its own width
    row.addStretch(1)
    return row
