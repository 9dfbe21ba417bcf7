"""Asks before a question is sent that hardly fits into the context window, or does not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.viewmodels.context_limit import Room
from app.widgets.buttons import Button
from app.widgets.labels import Label
from app.widgets.paint import round_rect
from app.widgets.popover import Popover
from app.widgets.theme import Theme

WIDTH, BAR_HEIGHT = 400, 10


class RoomBar(QWidget):
    """How much of the window the question takes, with a mark where the window ends."""

    def __init__(self, room: Room, theme: Theme) -> None:
        super().__init__()
        self._room = room
        self._theme = theme
        self.setFixedHeight(theme.px(BAR_HEIGHT))
        self.setAccessibleName(f"{room.total:,} of {room.size:,} tokens")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, share, and what is beyond the mark."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        rect = QRectF(self.rect())
        whole = max(self._room.total, self._room.size)
        limit = rect.width() * self._room.size / whole
        used = rect.width() * self._room.total / whole
        radius = rect.height() / 2
        round_rect(painter, rect, radius, tokens.track)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if is_mirrored:
            painter.translate(rect.width(), 0)
            painter.scale(-1, 1)
        round_rect(painter, QRectF(0, 0, used, rect.height()), radius, tokens.mwarn)
        if self._room.is_over:
            painter.save()
            painter.setClipRect(QRectF(limit, 0, used - limit, rect.height()))
            round_rect(painter, QRectF(0, 0, used, rect.height()), radius, tokens.rec)
            painter.restore()
            painter.fillRect(QRectF(round(limit) - 1, 0, 2, rect.height()), tokens.text)


class ContextQuestion(Popover):
    """What would happen, and three ways on. Escape and a click beside it keep writing."""

    send_wanted = Signal()
    new_wanted = Signal()

    def __init__(self, window: QWidget, room: Room, theme: Theme) -> None:
        super().__init__(window, room.title, theme, width=WIDTH)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(8)
        self.body.addWidget(Label(room.title, theme, "body_bold"))
        self.body.addWidget(RoomBar(room, theme))
        words = Label(room.words, theme, "small", "text2")
        words.setWordWrap(True)
        self.body.addWidget(words)
        more = Label(
            "A new conversation begins with this question and its files, and without what was "
            "said here.",
            theme, "small", "text2",
        )  # fmt: skip
        more.setWordWrap(True)
        self.body.addWidget(more)
        self.new = Button("New conversation", theme, "filled" if room.is_over else "plain")
        self.send = Button("Send anyway", theme, "plain" if room.is_over else "filled")
        self.keep = Button("Keep writing", theme, "quiet")
        row = QHBoxLayout()
        row.setSpacing(8)
        first, second = (self.new, self.send) if room.is_over else (self.send, self.new)
        row.addWidget(first)
        row.addWidget(second)
        row.addStretch(1)
        row.addWidget(self.keep)
        self.body.addLayout(row)
        for button, wanted in ((self.new, self.new_wanted), (self.send, self.send_wanted)):
            button.clicked.connect(self.close_card)
            button.clicked.connect(wanted)
        self.keep.clicked.connect(self.close_card)
        self.closed.connect(self.deleteLater)
