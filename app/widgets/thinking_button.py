"""The thinking switch in words, for the composer: off, on, or on with a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.core.conversation import Settings
from app.viewmodels.chat import ChatViewModel
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

BUDGETS: tuple[int | None, ...] = (256, 512, 1024, 2048, None)
HEIGHT, RADIUS, BRAIN, CHEVRON = 28, 6.0, 15, 12
PAD, GAP = 7, 6


def thinking_words(settings: Settings) -> str:
    """The state of the switch: "off", "on" or the budget."""
    if not settings.thinking:
        return "off"
    return f"{settings.thinking_budget:,}" if settings.thinking_budget else "on"


def thinking_menu(chat: ChatViewModel, parent: QWidget) -> QMenu:
    """Off, the budgets, no limit; the one in force is checked."""
    menu = QMenu(parent)
    settings = chat.settings

    def add(text: str, is_on: bool, action: Callable[[], None]) -> None:
        entry = menu.addAction(text)
        entry.setCheckable(True)
        entry.setChecked(is_on)
        entry.triggered.connect(lambda _on=False: action())

    add("Off", not settings.thinking, lambda: chat.set_thinking(False))
    menu.addSeparator()
    for tokens in BUDGETS:
        is_on = settings.thinking and settings.thinking_budget == tokens
        text = f"On, up to {tokens:,} tokens" if tokens else "On, no limit"
        add(text, is_on, lambda t=tokens: _choose(chat, t))  # type: ignore[misc]
    return menu


def _choose(chat: ChatViewModel, tokens: int | None) -> None:
    chat.set_thinking_budget(tokens)
    if not chat.settings.thinking:
        chat.set_thinking(True)


class ThinkingButton(Control):
    """Says the state and opens the menu of states."""

    ring_radius = RADIUS
    width_changed = Signal()

    def __init__(self, chat: ChatViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__("Thinking", theme, parent)
        self._chat = chat
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open_menu)
        chat.settings_changed.connect(self._show_state)
        chat.reset.connect(self._show_state)
        self._show_state()

    def menu(self) -> QMenu:
        """What a click opens."""
        return thinking_menu(self._chat, self)

    def sizeHint(self) -> QSize:
        """Brain, words, chevron."""
        self.setFont(self.theme.font("body"))
        px = self.theme.px
        width = self.fontMetrics().horizontalAdvance(self.text())
        width += 2 * PAD + px(BRAIN) + px(CHEVRON) + 2 * GAP
        return QSize(width, max(px(HEIGHT), self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """No ground until the pointer comes; the brain says by its colour whether it is on."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        rect = QRectF(self.rect())
        if self.isDown() or self.is_hovered():
            round_rect(painter, rect, RADIUS, tokens.hover)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        brain = QRectF(PAD, 0, px(BRAIN), rect.height())
        chevron = QRectF(rect.width() - PAD - px(CHEVRON), 0, px(CHEVRON), rect.height())
        words = rect.adjusted(brain.right() + GAP, 0, chevron.left() - rect.width() - GAP, 0)
        if is_mirrored:
            brain, chevron, words = (_mirrored(part, rect) for part in (brain, chevron, words))
        colour = tokens.acc if self._chat.settings.thinking else tokens.text2
        icons.draw(painter, "brain", brain, colour)
        icons.draw(painter, "chevron-down", chevron, tokens.text2)
        painter.setFont(self.theme.font("body"))
        painter.setPen(tokens.text if self.is_hovered() else tokens.text2)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())

    def set_compact(self, is_compact: bool) -> None:
        """The state alone, where there is no room for the word before it."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._show_state()

    def _show_state(self) -> None:
        words = thinking_words(self._chat.settings)
        self.setText(words if self._is_compact else f"Thinking {words}")
        self.setAccessibleName(f"Thinking: {words}")
        self.setToolTip("Whether the model thinks before it answers, and for how long at most")
        self.updateGeometry()
        self.update()
        self.width_changed.emit()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 2)))


def _mirrored(part: QRectF, around: QRectF) -> QRectF:
    return QRectF(around.width() - part.right(), part.top(), part.width(), part.height())
