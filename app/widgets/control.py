"""What every control of our own has: the theme, a size from its text, a ring for keyboard focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.widgets.paint import focus_ring
from app.widgets.theme import Theme

RING_PX = 4  # the ring is 2 px wide at 2 px distance

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing(QWidget):
    """The ring around one widget; its sibling, so that it may lie outside the widget's own area."""

    def __init__(self, around: QWidget, radius: float, theme: Theme) -> None:
        super().__init__(around.parentWidget())
        self._around = around
        self._radius = radius
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.installEventFilter(self)
        self._follow()
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays around its widget wherever that goes."""
        if watched is self._around and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._follow()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the ring."""
        painter = QPainter(self)
        focus_ring(painter, QRectF(self.rect()), self._radius + RING_PX, self._theme)

    def _follow(self) -> None:
        area = self._around.geometry()
        self.setGeometry(area.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX))


class Control(QAbstractButton):
    """A painted button. Subclasses draw in `paintEvent` and give their size in `sizeHint`.

    `name` is what assistive technology reads and, for controls without text, the tooltip.
    `has_keyboard_focus` is true only after Tab or a shortcut, as on the Mac.
    """

    ring_radius: float | None = 6.0  # None: the subclass draws its own ring

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.has_keyboard_focus = False
        self._ring: FocusRing | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.on_theme_changed)

    def on_theme_changed(self) -> None:
        """Other colours or sizes: measure and draw again."""
        self.updateGeometry()
        self.update()

    def is_hovered(self) -> bool:
        """Whether the pointer is over the control and would act on it."""
        return self.isEnabled() and self.underMouse()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        self.has_keyboard_focus = event.reason() in KEYBOARD_REASONS
        if self.has_keyboard_focus and self.ring_radius is not None and self._ring is None:
            self._ring = FocusRing(self, self.ring_radius, self.theme)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes the ring away."""
        super().focusOutEvent(event)
        self.has_keyboard_focus = False
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        self.update()
