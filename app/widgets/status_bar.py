"""The line at the bottom: what is going on, speed, context, memory, and that nothing goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.chat import ChatViewModel
from app.viewmodels.downloads import DownloadsViewModel
from app.viewmodels.values import Phase, Status
from app.widgets import icons
from app.widgets.context_parts import ContextParts
from app.widgets.control import Control
from app.widgets.indicators import draw_ring
from app.widgets.labels import Label
from app.widgets.paint import hairline, round_rect
from app.widgets.popover import Popover
from app.widgets.theme import Theme

HEIGHT = 22
GOOD_SHARE, HIGH_SHARE = 0.7, 0.9  # of the memory the GPU may use
CONTEXT_WARNING = 0.8
SPEED = "Tokens written each second over the answer so far. A token is about four letters."
OFFLINE = (
    "Facet opens no network connection. What you ask, the files you add and the answers stay "
    "on this computer."
)

BETWEEN = (
    "No connection is open. Facet opens one only to download a model that you chose. What you "
    "ask, the files you add and the answers stay on this computer."
)
ONLINE = (
    "A model that you chose is being downloaded. Nothing that you ask or add is sent; that stays "
    "on this computer."
)


def short_count(tokens: int) -> str:
    """128K for 131,072; smaller numbers in full."""
    return f"{tokens // 1024}K" if tokens >= 10_240 and tokens % 1024 == 0 else f"{tokens:,}"


def gigabytes(size_bytes: int) -> str:
    """Decimal gigabytes as Finder counts, one place."""
    return f"{size_bytes / 1e9:.1f}"


def memory_colour(share: float) -> str:
    """The token for a share of the memory limit."""
    if share < GOOD_SHARE:
        return "mok"
    return "mwarn" if share < HIGH_SHARE else "rec"


class StatusItem(Control):
    """One thing in the bar: a mark drawn by the caller and words. A press explains it."""

    ring_radius = None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme, parent)
        self._mark: Callable[[QPainter, QRectF], None] | None = None
        self._mark_width = 0
        self.colour = "text3"
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def set_words(self, text: str, spoken: str = "") -> None:
        """What is shown and what is read aloud."""
        if text == self.text() and (spoken or text) == self.accessibleName():
            return
        if len(text) != len(self.text()):
            self.updateGeometry()
        self.setText(text)
        self.setAccessibleName(spoken or text)
        self.update()

    def set_mark(self, width: int, paint: Callable[[QPainter, QRectF], None]) -> None:
        """A picture before the words."""
        self._mark, self._mark_width = paint, width
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Mark and words."""
        metrics = QFontMetrics(self.theme.font("caption"))
        lead = self.theme.px(self._mark_width) + 5 if self._mark else 0
        return QSize(metrics.horizontalAdvance(self.text()) + lead + 13, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Words may be cut."""
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Hover ground, mark, words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect.adjusted(0, 2, 0, -2), 4, self.theme.tokens.hover)
        if self.has_keyboard_focus:
            round_rect(painter, rect.adjusted(0, 1, 0, -1), 4, None, self.theme.tokens.acc, 2)
        lead = 6.0
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self._mark is not None:
            width = self.theme.px(self._mark_width)
            left = rect.width() - lead - width if is_mirrored else lead
            self._mark(painter, QRectF(left, 0, width, rect.height()))
            lead += width + 5
        words = rect.adjusted(6, 0, -lead, 0) if is_mirrored else rect.adjusted(lead, 0, -6, 0)
        font = self.theme.font("caption")
        painter.setFont(font)
        painter.setPen(self.theme.colour(self.colour))
        shown = QFontMetrics(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(words.width()) + 1
        )
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, shown
        )


class StatusBar(QWidget):
    """Shows phase, status and context of a chat."""

    def __init__(self, chat: ChatViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._theme = theme
        self._popover: Popover | None = None
        self._downloads: DownloadsViewModel | None = None
        self.phase = StatusItem(theme)
        self.speed = StatusItem(theme)
        self.context = StatusItem(theme)
        self.memory = StatusItem(theme)
        self.offline = StatusItem(theme)
        self._lay_out()
        self._connect()
        self._measure()
        for update in (self._on_phase, self._on_status, self._on_context):
            update()

    def follow_downloads(self, downloads: DownloadsViewModel) -> None:
        """Tell of downloads while nothing else is going on, and whether a connection is open."""
        self._downloads = downloads
        downloads.line_changed.connect(self._on_phase)
        downloads.line_changed.connect(self._on_connection)
        self._on_phase()
        self._on_connection()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline towards the content."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, 0, self.width(), self._theme.tokens.line)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 1, 6, 0)
        row.setSpacing(2)
        row.addWidget(self.phase)
        row.addStretch(1)
        for item in (self.speed, self.context, self.memory, self.offline):
            row.addWidget(item)
        self.phase.colour = "text2"
        self.offline.set_words("Offline", "Offline: nothing leaves this computer")
        self.offline.set_mark(
            11, lambda painter, rect: icons.draw(painter, "lock", rect, self._theme.tokens.text3)
        )
        self.context.set_mark(13, self._paint_ring)
        self.memory.set_mark(34, self._paint_memory)

    def _connect(self) -> None:
        chat = self._chat
        chat.phase_changed.connect(self._on_phase)
        chat.status_changed.connect(self._on_status)
        chat.context_changed.connect(self._on_context)
        chat.reset.connect(self._on_context)
        self._theme.changed.connect(self._measure)
        for item, title, lines in (
            (self.phase, "Now", lambda: _phase_lines(chat.phase)),
            (self.speed, "Speed", lambda: (SPEED,)),
            (self.memory, "Memory", lambda: _memory_lines(chat.status)),
        ):
            item.clicked.connect(partial(self._explain, item, title, lines))
        self.context.clicked.connect(self._explain_context)
        self.offline.clicked.connect(self._explain_connection)

    def _measure(self) -> None:
        metrics = QFontMetrics(self._theme.font("caption"))
        self.setFixedHeight(max(self._theme.px(HEIGHT), metrics.height() + 6))
        self.update()

    def _on_phase(self) -> None:
        phase = self._chat.phase
        text = " · ".join(part for part in (phase.text, phase.amount, phase.time) if part)
        if self._downloads is not None and self._downloads.line and not phase.is_busy:
            text = self._downloads.line
        self.phase.set_words(text, f"Status: {text}")

    def _on_status(self) -> None:
        status = self._chat.status
        self.speed.setVisible(status.tokens_per_s > 0)
        if status.tokens_per_s > 0:
            rate = f"{status.tokens_per_s:,.0f}"
            self.speed.set_words(f"{rate} tok/s", f"Speed: {rate} tokens per second")
        self.memory.setVisible(status.memory_used > 0)
        if status.memory_used > 0:
            used = gigabytes(status.memory_used)
            limit = gigabytes(status.memory_limit) if status.memory_limit else ""
            text = f"{used} of {limit} GB" if limit else f"{used} GB"
            self.memory.set_words(text, f"Memory: {text}")
            self.memory.update()

    def _on_context(self) -> None:
        use = self._chat.context
        self.context.setVisible(use.size > 0)
        text = f"{use.total:,} of {short_count(use.size)}"
        is_full = use.size > 0 and use.total >= CONTEXT_WARNING * use.size
        self.context.colour = "warn" if is_full else "text3"
        self.context.set_words(text, f"Context: {text} tokens")
        self.context.update()

    def _on_connection(self) -> None:
        is_open = self._downloads is not None and self._downloads.is_active
        words = "Online" if is_open else "Offline"
        spoken = "a model is being downloaded" if is_open else "nothing leaves this computer"
        icon = "wifi" if is_open else "lock"
        self.offline.set_words(words, f"{words}: {spoken}")
        self.offline.set_mark(
            11, lambda painter, rect: icons.draw(painter, icon, rect, self._theme.tokens.text3)
        )

    def _explain_connection(self) -> None:
        lines: tuple[str, ...] = (OFFLINE,)
        title = "Offline"
        if self._downloads is not None:
            is_open = self._downloads.is_active
            title = "Online" if is_open else "Offline"
            lines = (ONLINE, self._downloads.line) if is_open else (BETWEEN,)
        self._explain(self.offline, title, lambda: lines)

    def _paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        use = self._chat.context
        side = rect.width()
        ring = QRectF(rect.left(), (rect.height() - side) / 2, side, side)
        share = use.total / use.size if use.size else 0.0
        colour = self._theme.tokens.mwarn if share >= CONTEXT_WARNING else self._theme.tokens.text2
        draw_ring(painter, ring, share, self._theme, width=2.0, colour=colour)

    def _paint_memory(self, painter: QPainter, rect: QRectF) -> None:
        status = self._chat.status
        bar = QRectF(rect.left(), (rect.height() - 5) / 2, rect.width(), 5)
        round_rect(painter, bar, 2.5, self._theme.tokens.track)
        if status.memory_limit:
            share = min(1.0, status.memory_used / status.memory_limit)
            bar.setWidth(max(5.0, bar.width() * share))
            round_rect(painter, bar, 2.5, self._theme.colour(memory_colour(share)))

    def _explain(
        self, item: StatusItem, title: str, lines: Callable[[], Sequence[str]], *_checked: bool
    ) -> None:
        popover = self._new_popover(title)
        for line in lines():
            label = Label(line, self._theme, "small", "text2")
            label.setWordWrap(True)
            popover.body.addWidget(label)
        popover.open_under(item)

    def _explain_context(self) -> None:
        use = self._chat.context
        popover = self._new_popover(f"Context: {use.total:,} of {use.size:,} tokens")
        parts = ContextParts(self._theme)
        parts.set_use(use)
        popover.body.addWidget(parts)
        popover.open_under(self.context)

    def _new_popover(self, title: str) -> Popover:
        if self._popover is not None:
            self._popover.close_card()
        popover = Popover(self.window(), title, self._theme, width=280)
        popover.body.setContentsMargins(14, 12, 14, 14)
        popover.body.setSpacing(6)
        popover.body.addWidget(Label(title, self._theme, "body_bold"))
        popover.closed.connect(popover.deleteLater)
        popover.closed.connect(self._forget_popover)
        self._popover = popover
        return popover

    def _forget_popover(self) -> None:
        self._popover = None


def _phase_lines(phase: Phase) -> tuple[str, ...]:
    words = " · ".join(part for part in (phase.text, phase.amount, phase.time) if part)
    return tuple(line for line in (words, phase.hint) if line)


def _memory_lines(status: Status) -> tuple[str, ...]:
    lines = [f"The model and its context use {gigabytes(status.memory_used)} GB."]
    if status.memory_limit:
        limit = gigabytes(status.memory_limit)
        lines.append(f"This computer can give them about {limit} GB before it slows down.")
    return tuple(lines)
