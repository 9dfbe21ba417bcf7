"""A switch, and a row of segments of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.widgets.buttons import DISABLED_OPACITY
from app.widgets.control import Control
from app.widgets.motion import QUICK_MS, animate
from app.widgets.paint import focus_ring, round_rect
from app.widgets.theme import Theme

SWITCH_WIDTH, SWITCH_HEIGHT = 30, 18
SEGMENT_HEIGHT, SEGMENT_INSET = 28, 2


class Switch(Control):
    """On or off. Space or a click changes it; read as a check box."""

    ring_radius = 9.0

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._knob = 0.0
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._on_toggled)

    def sizeHint(self) -> QSize:
        """Grows with the text."""
        return QSize(self.theme.px(SWITCH_WIDTH), self.theme.px(SWITCH_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground in the colour of its state, and the knob where it is."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        edge = tokens.line2 if self.theme.is_contrast_high or not self.isChecked() else None
        ground = tokens.accfill if self.isChecked() else tokens.track
        round_rect(painter, rect, radius, ground, edge)
        inset = 2.0
        side = rect.height() - 2 * inset
        share = self._knob
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        left = inset + share * (rect.width() - 2 * inset - side)
        knob = QRectF(left, inset, side, side)
        if not self.isChecked():
            round_rect(painter, knob.translated(0, 0.7), side / 2, tokens.softline)
        round_rect(painter, knob, side / 2, tokens.onfill)

    def _on_toggled(self, is_on: bool) -> None:
        end = 1.0 if is_on else 0.0
        if self.isVisible():
            animate(self, "knob", end, QUICK_MS, self.theme)
        else:
            self._set_knob(end)

    def _get_knob(self) -> float:
        return self._knob

    def _set_knob(self, share: float) -> None:
        self._knob = share
        self.update()

    knob = Property(float, _get_knob, _set_knob)


class _Segment(Control):
    """One of the segments; the group holds the focus order."""

    ring_radius = None

    def __init__(self, text: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(text, theme, parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # read as a radio button

    def sizeHint(self) -> QSize:
        self.setFont(self.theme.font("body_bold"))
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 2 * self.theme.px(10)
        return QSize(width, max(SEGMENT_HEIGHT - 2 * SEGMENT_INSET, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        if self.isChecked():
            round_rect(painter, rect.translated(0, 0.6), 5, tokens.softline)
            round_rect(painter, rect, 5, tokens.segment)
        elif self.is_hovered():
            round_rect(painter, rect, 5, tokens.hover)
        if self.has_keyboard_focus:
            focus_ring(painter, rect, 5, self.theme)
        painter.setFont(self.theme.font("body_bold" if self.isChecked() else "body"))
        painter.setPen(tokens.text if self.isChecked() else tokens.text2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        group = self.group()
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = keys.get(Qt.Key(event.key()), 0)
        if not step or group is None:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        buttons = group.buttons()
        target = buttons[(buttons.index(self) + step) % len(buttons)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        target.click()


class Segmented(QWidget):
    """A few options side by side, one chosen. Arrow keys move the choice."""

    chosen = Signal(int)  # by the person

    def __init__(
        self, name: str, options: Sequence[str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(SEGMENT_INSET,) * 4)
        row.setSpacing(0)
        for number, text in enumerate(options):
            segment = _Segment(text, theme, self)
            segment.setAccessibleName(f"{name}: {text}")
            self._group.addButton(segment, number)
            row.addWidget(segment)
        self._group.idClicked.connect(self.chosen)
        theme.changed.connect(self.update)

    @property
    def index(self) -> int:
        """Which option is chosen; -1 for none."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Chooses an option without a signal."""
        self._group.button(index).setChecked(True)

    def set_tips(self, tips: Sequence[str]) -> None:
        """A word or two on each option, for the pointer and for assistive technology."""
        for segment, tip in zip(self._group.buttons(), tips, strict=True):
            segment.setToolTip(tip)
            segment.setAccessibleName(f"{self.accessibleName()}: {segment.text()}, {tip}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground that the segments lie on."""
        painter = QPainter(self)
        edge = self._theme.tokens.line2 if self._theme.is_contrast_high else None
        round_rect(painter, QRectF(self.rect()), 7, self._theme.tokens.track, edge)
