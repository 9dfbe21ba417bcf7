"""The audio pane: recorder or recording, and beside it what to do with it and the answers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.viewmodels.audio import AudioViewModel
from app.widgets.audio.device_button import DeviceButton
from app.widgets.audio.recorder_view import RecorderView
from app.widgets.audio.states import ProblemLine, ReadingView
from app.widgets.audio.take_view import TakeView
from app.widgets.audio.task_panel import TaskPanel
from app.widgets.controls import Button, Hairline, Label, Segmented
from app.widgets.theme import Theme

SIDE, NARROW_SIDE = 340, 320
NARROW = 860
HEAD = 44
FILES = "Recordings (*.wav *.mp3 *.m4a *.aac *.flac *.ogg *.opus *.aiff *.wma);;All files (*)"
TASKS, ANSWER = 0, 1


class AudioPane(QWidget):
    """Shows the recordings of the open conversation. `ask` is the transcript with its composer."""

    times_wanted = Signal(float)

    def __init__(
        self,
        view_model: AudioViewModel,
        ask: QWidget,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._theme, self._ask = view_model, theme, ask
        self._times = 0.0
        self.device = DeviceButton(view_model.recorder, theme)
        self.hint = Label("16 kHz mono, as the model hears it", theme, "caption", "text2")
        self.new = Button("New take", theme, "quiet", "mic")
        self.open = Button("Open recording…", theme, "quiet", "folder")
        self.recorder = RecorderView(view_model, theme)
        self.reading = ReadingView(view_model, theme)
        self.take = TakeView(view_model, theme)
        self.problem = ProblemLine(theme)
        self.tabs = Segmented("Side panel", ("What to do", "Answer"), theme)
        self.tasks = TaskPanel(view_model, theme)
        self.setAccessibleName("Audio")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()
        self._connect()
        self.tabs.set_index(TASKS)
        self.refresh()

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(14, 0, 10, 0)
        head.setSpacing(8)
        head.addWidget(self.device)
        head.addWidget(self.hint)
        head.addStretch(1)
        head.addWidget(self.new)
        head.addWidget(self.open)
        self.stack = QStackedWidget()
        for view in (self.recorder, self.reading, self.take):
            self.stack.addWidget(view)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._head)
        left.addWidget(Hairline(self._theme))
        left.addWidget(self.problem)
        left.addWidget(self.stack, 1)
        self._side = QWidget()
        self._side_head = QWidget()
        side_head = QHBoxLayout(self._side_head)
        side_head.setContentsMargins(12, 0, 12, 0)
        side_head.addWidget(self.tabs)
        side_head.addStretch(1)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.tasks)
        self._pages.addWidget(self._ask)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self._side_head)
        side.addWidget(Hairline(self._theme))
        side.addWidget(pages, 1)
        box = QHBoxLayout(self)
        box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(left, 1)
        box.addWidget(Hairline(self._theme, is_vertical=True))
        box.addWidget(self._side)

    def _connect(self) -> None:
        model = self._model
        model.changed.connect(self.refresh)
        model.problem.connect(self.problem.say)
        model.saving.saved.connect(self.problem.tell)
        model.saving.failed.connect(self.problem.say)
        model.hearing.asked.connect(self.show_answer)
        self.new.clicked.connect(self._on_new)
        self.open.clicked.connect(self.choose_files)
        self.recorder.open_wanted.connect(self.choose_files)
        self.reading.open_wanted.connect(self.choose_files)
        self.tabs.chosen.connect(self._pages.setCurrentIndex)

    # --- for the window ----------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for recordings."""
        dialog = QFileDialog(self, "Open a recording", "", FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(
            lambda names: self._model.recordings.add_files(list(map(Path, names)))
        )
        dialog.open()

    def show_answer(self) -> None:
        """Bring the answers to the front."""
        self.tabs.set_index(ANSWER)
        self._pages.setCurrentIndex(ANSWER)

    def show_tasks(self) -> None:
        """Bring the tasks to the front."""
        self.tabs.set_index(TASKS)
        self._pages.setCurrentIndex(TASKS)

    def show_time(self, second: float) -> None:
        """Play from a moment that an answer names."""
        self._model.play_from(second)

    @property
    def times_until(self) -> float:
        """Up to which second answers name moments of the recording."""
        recording = self._model.recordings.recording
        return 0.0 if recording is None else recording.seconds

    # --- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at everything again."""
        state = self._model.state
        shown: QWidget = self.recorder
        if state in ("reading", "failed"):
            shown = self.reading
        elif state in ("take", "long"):
            shown = self.take
        self.stack.setCurrentWidget(shown)
        recorder = self._model.recorder
        self.new.setVisible(recorder.can_record and state != "recorder")
        self.open.setVisible(state != "recorder" or recorder.is_recording)
        self.open.setEnabled(not recorder.is_recording)
        self._show_hint()
        self._head.setFixedHeight(max(self._theme.px(HEAD), self.device.sizeHint().height() + 12))
        self._side_head.setFixedHeight(self._head.height())
        if self.times_until != self._times:
            self._times = self.times_until
            self.times_wanted.emit(self._times)

    def showEvent(self, event: QShowEvent) -> None:
        """R works at once; what a killed program left is taken in."""
        super().showEvent(event)
        if not self._holds_focus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._model.find_takes()

    def hideEvent(self, event: QHideEvent) -> None:
        """The microphone is let go, unless the window is only being minimised."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._model.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The side becomes narrower before the recorder does."""
        super().resizeEvent(event)
        px = self._theme.px
        is_narrow = self.width() < px(NARROW)
        wanted = NARROW_SIDE if is_narrow else SIDE
        self._side.setFixedWidth(min(px(wanted), max(NARROW_SIDE, self.width() // 2)))
        self._show_hint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    # --- keys --------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Undo is the pane's while it can take back a trim; text fields keep their own."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and self._model.recordings.can_undo
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R records and stops, Space plays, Escape ends the recorder, undo takes back a trim."""
        if event.matches(QKeySequence.StandardKey.Undo) and self._model.recordings.can_undo:
            self._model.recordings.undo()
            return
        is_plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        has_recording = self._model.state in ("take", "long")
        match Qt.Key(event.key()) if is_plain else None:
            case Qt.Key.Key_R if not event.isAutoRepeat():
                self._model.toggle_recording()
            case Qt.Key.Key_Space if has_recording:
                self._model.play()
            case _:
                super().keyPressEvent(event)

    def _show_hint(self) -> None:
        """Where there is little room, the microphone is named only where it is used."""
        is_wide = self.width() >= self._theme.px(NARROW)
        can_record = self._model.recorder.can_record
        is_recorder = self._model.state == "recorder"
        self.device.setVisible(can_record and (is_wide or is_recorder))
        self.hint.setVisible(is_wide and is_recorder and can_record)

    def _holds_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _on_new(self) -> None:
        self._model.new_take()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
