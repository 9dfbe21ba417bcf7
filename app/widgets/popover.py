"""A card that floats over the window until it is answered, left or dismissed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.paint import draw_shadow, round_rect
from app.widgets.theme import Theme

RADIUS = 10
EDGE_GAP = 8  # kept free between the card and the window's edge
ANCHOR_GAP = 6


class Popover(QWidget):
    """Covers the window invisibly and holds a card with a shadow; a press beside it closes it.

    A child of the window rather than a window: its shadow needs no translucent window, and it
    moves with the window. Escape closes it and gives the focus back. Content goes into `body`.
    """

    closed = Signal()

    def __init__(self, window: QWidget, name: str, theme: Theme, width: int = 360) -> None:
        super().__init__(window)
        self._window = window
        self.theme = theme
        self._width = width
        self._anchor: QWidget | None = None
        self._focus_before: QWidget | None = None
        self.setAccessibleName(name)
        self.card = _Card(self, theme)
        self.card.setAccessibleName(name)
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(6, 6, 6, 6)
        self.body.setSpacing(0)
        self.hide()
        theme.changed.connect(self.place)

    def open_under(self, anchor: QWidget | None) -> None:
        """Shows the card under `anchor` (above it near the bottom), or centred near the top."""
        window = self._window
        self._anchor = anchor
        self._focus_before = window.window().focusWidget()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.place()
        self.raise_()
        self.show()
        self._focus_first()

    def close_card(self) -> None:
        """Hides the card and puts the focus back where it was."""
        if self.isHidden():
            return
        self._window.removeEventFilter(self)
        self.hide()
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None
        self.closed.emit()

    def place(self) -> None:
        """Puts the card beside its anchor, inside the window."""
        area = self.rect()
        width = min(max(self._width, self.theme.px(self._width)), area.width() - 2 * EDGE_GAP)
        self.card.setFixedWidth(width)
        self.body.activate()
        wanted = self.card.sizeHint().height()
        if self.body.hasHeightForWidth():  # wrapped words
            wanted = self.body.totalHeightForWidth(width)
        height = min(wanted, area.height() - 2 * EDGE_GAP)
        left, top = (area.width() - width) // 2, max(EDGE_GAP, area.height() // 8)
        if self._anchor is not None:
            corner = self._anchor.mapTo(self._window, QPoint(0, 0))
            anchor = QRect(corner, self._anchor.size())
            left = anchor.left()
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                left = anchor.right() + 1 - width
            top = anchor.bottom() + 1 + ANCHOR_GAP
            if top + height > area.height() - EDGE_GAP:
                top = anchor.top() - ANCHOR_GAP - height
        left = min(max(left, EDGE_GAP), max(EDGE_GAP, area.width() - width - EDGE_GAP))
        top = min(max(top, EDGE_GAP), max(EDGE_GAP, area.height() - height - EDGE_GAP))
        self.card.setGeometry(left, top, width, height)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grows with the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self.place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_card()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; nothing typed here reaches the window below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keeps Tab inside the card."""
        inside = [
            child
            for child in self.card.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and child.isEnabled()
        ]
        if not inside:
            return True
        focus = self.window().focusWidget()
        at = inside.index(focus) if focus in inside else -1
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        inside[(at + step) % len(inside)].setFocus(reason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The shadow under the card."""
        painter = QPainter(self)
        draw_shadow(painter, QRectF(self.card.geometry()), RADIUS, 3, self.theme)

    def _focus_first(self) -> None:
        for child in self.card.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled():
                child.setFocus(Qt.FocusReason.PopupFocusReason)
                return


class _Card(QWidget):
    """The ground of a pop-over."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), RADIUS, tokens.raised, tokens.line2)
