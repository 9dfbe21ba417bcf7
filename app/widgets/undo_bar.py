"""A card that offers to take a step back for some seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.widgets.announcing import announce
from app.widgets.buttons import Button, IconButton
from app.widgets.labels import Label
from app.widgets.paint import draw_shadow, round_rect, shadow_margin
from app.widgets.theme import Theme

TOP_GAP, WIDEST = 10, 560


class UndoBar(QWidget):
    """Floats at the top of `over` and goes by itself, but not while the pointer is on it.

    Nothing is lost when it goes: what it offers can be done in the trash as well.
    """

    undone = Signal()

    def __init__(self, over: QWidget, theme: Theme) -> None:
        super().__init__(over)
        self._over = over
        self._theme = theme
        self._margin = shadow_margin(3)
        self._text = Label("", theme, "body", elide=Qt.TextElideMode.ElideRight)
        self.button = Button("Undo", theme, icon="undo-2", small=True)
        close = IconButton("x", "Dismiss", theme, size=24, icon_px=13)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._left_ms = 0
        row = QHBoxLayout(self)
        margin = self._margin
        row.setContentsMargins(margin + 14, margin + 6, margin + 6, margin + 6)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self.button.clicked.connect(self._on_undo)
        close.clicked.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def offer(self, text: str, ms: int) -> None:
        """Shows the card with a text for that long."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._timer.start(ms)
        self._place()
        self.show()
        self.raise_()
        announce(self, f"{text}. Undo is offered.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in the middle."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Waits while the pointer is on it."""
        super().enterEvent(event)
        self._left_ms = max(self._timer.remainingTime(), 1500)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Counts on."""
        super().leaveEvent(event)
        if self.isVisible():
            self._timer.start(self._left_ms)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card and its shadow."""
        painter = QPainter(self)
        m = self._margin
        card = QRectF(self.rect()).adjusted(m, m, -m, -m)
        draw_shadow(painter, card, 10, 3, self._theme)
        tokens = self._theme.tokens
        round_rect(painter, card, 10, tokens.raised, tokens.line2)

    def _on_undo(self) -> None:
        self._timer.stop()
        self.hide()
        self.undone.emit()

    def _place(self) -> None:
        metrics = self._text.fontMetrics().horizontalAdvance(self._text.text())
        content = metrics + self.button.sizeHint().width() + self._theme.px(24) + 52
        width = min(content, self._theme.px(WIDEST), self._over.width() - 24) + 2 * self._margin
        height = max(self.sizeHint().height(), self._theme.px(38) + 2 * self._margin)
        left = (self._over.width() - width) // 2
        self.setGeometry(left, TOP_GAP - self._margin, width, height)
