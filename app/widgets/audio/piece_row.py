"""A piece of a recording: its time, its state or its words; it can be played and heard again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.speech.values import Piece
from app.viewmodels.audio import AudioViewModel
from app.viewmodels.words import clock
from app.widgets.control import Control
from app.widgets.controls import IconButton, Label, Spinner
from app.widgets.icon_label import IconLabel
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

STATES = {
    "waiting": ("circle-dashed", "text3", "Not heard yet"),
    "failed": ("circle-x", "bad", ""),
    "stopped": ("circle-dashed", "text3", "Stopped"),
    "silent": ("circle-dashed", "text3", "Silence; the model is not asked"),
}


class PieceRow(QWidget):
    """One row of the list."""

    def __init__(self, view_model: AudioViewModel, theme: Theme, index: int) -> None:
        super().__init__()
        self._model, self._theme, self.index = view_model, theme, index
        self._shown: tuple[Piece, str] | None = None
        self.play = IconButton("play", "Play", theme, size=26, icon_px=14)
        self.time = TimeButton(theme)
        self._spinner = Spinner(theme, 13)
        self._signs = {
            state: IconLabel(icon, theme, 13, colour) for state, (icon, colour, _) in STATES.items()
        }
        self.words = Label("", theme, "body", "text2")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = IconButton("rotate-cw", "Hear again", theme, size=26, icon_px=14)
        top = Qt.AlignmentFlag.AlignTop
        signs = QVBoxLayout()
        signs.setContentsMargins(0, 6, 0, 0)
        for sign in (self._spinner, *self._signs.values()):
            signs.addWidget(sign, 0, top)
        text = QVBoxLayout()
        text.setContentsMargins(0, 4, 0, 6)
        text.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 4, 4)
        row.setSpacing(8)
        row.addWidget(self.play, 0, top)
        row.addWidget(self.time, 0, top)
        row.addLayout(signs)
        row.addLayout(text, 1)
        row.addWidget(self.again, 0, top)
        self.play.clicked.connect(lambda: view_model.play_piece(self.index))
        self.time.clicked.connect(lambda: view_model.hearing.choose_piece(self.index))
        self.again.clicked.connect(lambda: view_model.hearing.run_piece(self.index))

    def show_piece(self, piece: Piece, text: str, chosen: int | None) -> None:
        """What became of it."""
        is_long = self._model.recordings.is_long
        self.time.setChecked(chosen == self.index and is_long)
        self.time.setEnabled(is_long)
        can_run = is_long and not self._model.hearing.is_hearing and not self._model.why_not
        has_run = piece.state in ("done", "failed", "stopped", "silent")
        self.again.setVisible(can_run and has_run)
        self.play.setVisible(self._model.listening.can_play and is_long)
        if self._shown == (piece, text):
            return
        self._shown = (piece, text)
        span = f"{clock(piece.start_s)}–{clock(piece.end_s)}"
        self.time.show_span(span)
        self.again.setAccessibleName(f"Hear {span} again")
        self.play.setAccessibleName(f"Play {span}")
        self._spinner.setVisible(piece.state == "running")
        for state, sign in self._signs.items():
            sign.setVisible(state == piece.state)
        if piece.state == "done":
            shown, colour = text or "No words were heard here.", "text" if text else "text3"
        elif piece.state == "running":
            shown, colour = "Listening…", "text2"
        else:
            _, colour, shown = STATES[piece.state]
            shown = text or piece.problem or shown
        self.words.setText(shown)
        self.words.set_colour(colour)

    def show_playing(self, key: str) -> None:
        """Whether it is the one that is heard."""
        is_played = key == f"piece {self.index}"
        self.play.set_icon("square" if is_played else "play")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below; the chosen one on a soft ground."""
        painter, tokens = QPainter(self), self._theme.tokens
        if self.time.isChecked():
            round_rect(painter, QRectF(self.rect()).adjusted(0, 0, 0, -2), 6, tokens.accsoft)
        hairline(painter, 4, self.height() - 1, self.width() - 8, tokens.line)


class TimeButton(Control):
    """The seconds of a piece; pressing it makes typed questions be about this piece."""

    ring_radius = 5.0

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_span(self, span: str) -> None:
        """Which seconds."""
        self.setText(span)
        self.setAccessibleName(f"Ask about {span}")
        self.setToolTip(f"What you type below is asked about {span}")
        self.updateGeometry()

    def nextCheckState(self) -> None:
        """The view-model says which is chosen."""

    def sizeHint(self) -> QSize:
        """As wide as the longest time, so that words begin in one column."""
        self.setFont(self.theme.font("small_medium"))
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(max(self.text(), "00:00–00:00", key=len)) + 14
        return QSize(wide, max(26, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, a ground under the pointer."""
        painter, tokens = QPainter(self), self.theme.tokens
        rect = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect, 5, tokens.pressed if self.isDown() else tokens.hover)
        painter.setFont(self.theme.font("small_medium"))
        painter.setPen(tokens.acc if self.isEnabled() else tokens.text2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
