"""The rows at the top of the sidebar that choose a pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.core.conversation import Pane
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

Place = Pane | Literal["models"]  # what the rows lead to: panes of conversations, and others

NAMES: dict[Place, tuple[str, str]] = {
    "chat": ("Chat", "message-square"),
    "image": ("Image", "image"),
    "video": ("Video", "clapperboard"),
    "audio": ("Audio", "audio-lines"),
    "models": ("Models", "boxes"),
}
ROW, MARGIN, RADIUS, ICON = 28, 10, 6, 16


class ModeRow(Control):
    """A pane: icon, name, and its shortcut at the end."""

    ring_radius = float(RADIUS)

    def __init__(self, pane: Place, shortcut: QKeySequence, theme: Theme) -> None:
        name, self._icon = NAMES[pane]
        super().__init__(name, theme)
        self.pane = pane
        self.setText(name)
        self._keys = shortcut.toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name} ({self._keys})" if self._keys else name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A row that grows with the text."""
        self.setFont(self.theme.font("body"))
        height = max(self.theme.px(ROW), self.fontMetrics().height() + 8)
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 90, height)

    def minimumSizeHint(self) -> QSize:
        """May be cut."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, name, shortcut."""
        painter = QPainter(self)
        tokens, is_on = self.theme.tokens, self.isChecked()
        rect = QRectF(self.rect())
        if is_on:
            round_rect(painter, rect, RADIUS, tokens.sel)
        elif self.isDown() or self.is_hovered():
            round_rect(painter, rect, RADIUS, tokens.pressed if self.isDown() else tokens.hover)
        px = self.theme.px(ICON)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.width() - 8 - px if is_mirrored else 8.0
        colour = tokens.acc if is_on else tokens.text2
        icons.draw(painter, self._icon, QRectF(left, 0, px, rect.height()), colour)
        lead = 16 + px
        room = rect.adjusted(8, 0, -lead, 0) if is_mirrored else rect.adjusted(lead, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.theme.font("body_medium" if is_on else "body"))
        painter.setPen(tokens.text)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeading, self.text())
        painter.setFont(self.theme.font("caption"))
        painter.setPen(tokens.text2 if is_on else tokens.text3)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignTrailing, self._keys)


class ModeRows(QWidget):
    """One of the panes is on. The arrow keys go from row to row."""

    chosen = Signal(str)

    def __init__(
        self,
        panes: Sequence[tuple[Place, QKeySequence]],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = [ModeRow(pane, keys, theme) for pane, keys in panes]
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, 8)
        column.setSpacing(1)
        for row in self.rows:
            self._group.addButton(row)
            column.addWidget(row)
            row.clicked.connect(lambda _=False, pane=row.pane: self.chosen.emit(pane))
        self.setAccessibleName("Panes")

    def set_current(self, pane: Place) -> None:
        """Which row is on."""
        for row in self.rows:
            row.setChecked(row.pane == pane)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move the keyboard; Return and Space choose."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        at = next((i for i, row in enumerate(self.rows) if row.hasFocus()), None)
        if step is None or at is None or not 0 <= at + step < len(self.rows):
            super().keyPressEvent(event)
            return
        self.rows[at + step].setFocus(Qt.FocusReason.TabFocusReason)
