"""The open recording: its wave, what can be done with it, and what was heard in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.viewmodels.audio import CURRENT, AudioViewModel
from app.viewmodels.words import clock, count
from app.widgets.audio.export import ExportButton
from app.widgets.audio.piece_row import PieceRow
from app.widgets.audio.wave_view import WaveView
from app.widgets.controls import Bar, Button, Label, Spinner
from app.widgets.theme import Theme

SIDE = 24
WIDEST = 760


class TakeView(QWidget):
    """A take with trim and gain, or a long recording with its pieces."""

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self.title = Label("", theme, "heading", elide=Qt.TextElideMode.ElideMiddle)
        self.caption = Label("", theme, "caption", "text2")
        self.wave = WaveView(view_model, theme)
        self._reading = Spinner(theme, 14)
        self.play = Button("Play", theme, icon="play")
        self.time = Label("", theme, "caption", "text2")
        self.gain = Button("Normalise", theme, "quiet", "volume-2")
        self.gain.setCheckable(True)
        self.undo = Button("Undo", theme, "quiet", "undo-2")
        self.notes = Label("", theme, "caption", "text3")
        self.head = Label("", theme, "caption_bold", "text2")
        self.progress = Bar(theme, 4)
        self.stop = Button("Stop", theme, icon="square", small=True)
        self.go_on = Button("Go on", theme, icon="step-forward", small=True)
        self.export = ExportButton(view_model, theme)
        self.rows: list[PieceRow] = []
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        self.notes.setWordWrap(True)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for part in (self.play, self.time, self._reading):
            tools.addWidget(part)
        tools.addStretch(1)
        tools.addWidget(self.gain)
        tools.addWidget(self.undo)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.head)
        line.addWidget(self.progress, 1)
        line.addStretch(0)
        for button in (self.stop, self.go_on, self.export):
            line.addWidget(button)
        self._list = QWidget()
        self._list_box = QVBoxLayout(self._list)
        self._list_box.setContentsMargins(0, 0, 0, 0)
        self._list_box.setSpacing(2)
        self._list_box.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)  # the pane paints the ground
        self.area.setWidget(self._list)
        self._list.setAutoFillBackground(False)
        inner = QVBoxLayout()
        inner.setSpacing(8)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.caption)
        inner.addLayout(heading)
        inner.addWidget(self.wave)
        inner.addLayout(tools)
        inner.addWidget(self.notes)
        inner.addSpacing(8)
        inner.addLayout(line)
        inner.addWidget(self.area, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(SIDE, 20, SIDE, 12)
        outer.addStretch(1)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        inner.setContentsMargins(0, 0, 0, 0)
        column.setLayout(inner)
        outer.addWidget(column, 1000)
        outer.addStretch(1)

    def _connect(self) -> None:
        model = self._model
        self.play.clicked.connect(model.play)
        self.gain.clicked.connect(model.recordings.normalise)
        self.undo.clicked.connect(model.recordings.undo)
        self.stop.clicked.connect(model.hearing.pieces.stop)
        self.go_on.clicked.connect(model.hearing.go_on)
        model.changed.connect(self.refresh)
        model.listening.changed.connect(self._show_playing)
        model.listening.position_changed.connect(lambda _second: self._show_playing())

    def refresh(self) -> None:
        """Look at the recording again."""
        model = self._model
        recording = model.recordings.recording
        if recording is None:
            return
        self.title.setText(model.recordings.name)
        self.caption.setText(model.caption(recording))
        self._reading.setVisible(model.recordings.wave is None)
        gain = model.recordings.gain_db
        words = f"{gain:+.1f} dB".replace("-", "−")
        self.gain.setText(f"Normalise {words}" if gain else "Normalise")
        self.gain.setAccessibleName(
            f"Normalise, {words}" if gain else "Normalise: raise the loudest moment to −3 dB"
        )
        self.gain.setChecked(bool(gain))
        self.gain.setEnabled(model.recordings.wave is not None)
        self.gain.updateGeometry()
        self.undo.setVisible(model.recordings.can_undo)
        self.undo.setToolTip("Take the last change of trim or gain back")
        self.play.setVisible(model.listening.can_play)
        # Of a long one the reader says that it read the beginning; here all of it is heard.
        notes = () if model.recordings.is_long else recording.notes
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        self._show_playing()
        self._show_pieces()

    def _show_playing(self) -> None:
        recording, listening = self._model.recordings.recording, self._model.listening
        if recording is None:
            return
        is_played = listening.key == CURRENT
        words = "Stop" if is_played else "Play"
        if self.play.text() != words:
            self.play.setText(words)
            self.play.set_icon("square" if is_played else "play")
        self.play.setAccessibleName("Stop playing" if is_played else "Play the recording")
        if is_played:
            self.time.setText(f"{_tenths(listening.position)} of {_tenths(recording.seconds)}")
        elif self._model.recordings.is_long:
            self.time.setText("")
        else:
            start, end = self._model.recordings.trim
            self.time.setText(f"{_tenths(start)} to {_tenths(end)}")
        for row in self.rows:
            row.show_playing(listening.key)

    def _show_pieces(self) -> None:
        hearing = self._model.hearing
        pieces = hearing.shown_pieces
        while len(self.rows) < len(pieces):
            row = PieceRow(self._model, self._theme, len(self.rows))
            self.rows.append(row)
            self._list_box.insertWidget(len(self.rows) - 1, row)
        while len(self.rows) > len(pieces):
            row = self.rows.pop()
            row.hide()
            row.deleteLater()
        texts = hearing.pieces.texts(pieces)
        for row, piece, text in zip(self.rows, pieces, texts, strict=True):
            row.show_piece(piece, text, hearing.chosen_piece)
        done = sum(piece.state in ("done", "silent") for piece in pieces)
        is_long = self._model.recordings.is_long
        self.head.setText(_heading(done, len(pieces), hearing.is_hearing) if is_long else "Heard")
        is_running = hearing.is_hearing
        has_begun = hearing.transcript is not None
        self.head.setVisible(bool(pieces))
        self.progress.setVisible(is_long and is_running)
        self.progress.set_share(done / max(1, len(pieces)))
        self.stop.setVisible(is_long and is_running)
        self.go_on.setVisible(is_long and has_begun and not is_running and done < len(pieces))
        self.go_on.setEnabled(not self._model.why_not)
        self.export.setVisible(any(piece.text for piece in pieces))


def _heading(done: int, total: int, is_running: bool) -> str:
    if is_running:
        return f"Piece {min(done + 1, total)} of {total}"
    return f"{done} of {count(total, 'piece')} heard" if done else count(total, "piece")


def _tenths(seconds: float) -> str:
    return f"{clock(seconds)}.{int(seconds * 10 + 1e-6) % 10}"
