"""A native text field on our own rounded ground, so that its edge shows in both themes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from app.widgets.paint import round_rect
from app.widgets.theme import Theme

RADIUS = 6


class Framed(QWidget):
    """Takes the frame off its field and draws one: grey, or the accent while it has the focus."""

    def __init__(self, field: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._theme = theme
        if isinstance(field, QLineEdit | QAbstractSpinBox):
            field.setFrame(False)
        elif isinstance(field, QFrame):
            field.setFrameShape(QFrame.Shape.NoFrame)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 2, 2)
        row.addWidget(field)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(field)
        field.installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Draws the frame again when the focus comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and edge."""
        tokens = self._theme.tokens
        has_focus = self._field.hasFocus()
        edge, width = (tokens.acc, 1.5) if has_focus else (tokens.line2, 1.0)
        round_rect(QPainter(self), QRectF(self.rect()), RADIUS, tokens.control, edge, width)

    def _restyle(self) -> None:
        tokens = self._theme.tokens
        palette = QPalette(self._field.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, tokens.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, tokens.text3)
        palette.setColor(QPalette.ColorRole.Button, tokens.control)
        self._field.setPalette(palette)
        self.update()
