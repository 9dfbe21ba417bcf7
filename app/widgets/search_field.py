"""A text field with a loupe, a hint of its shortcut, and a cross once something is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.widgets import icons
from app.widgets.buttons import IconButton
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

HEIGHT = 28


class SearchField(QWidget):
    """Escape empties it, and leaves it when it is empty. Up and Down go to `left_downwards`."""

    text_changed = Signal(str)
    returned = Signal(bool)  # True with Shift
    left = Signal()  # Escape in an empty field
    moved = Signal(int)  # -1 up, +1 down

    def __init__(
        self, name: str, placeholder: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hint = ""
        self.edit = QLineEdit(self)
        self.edit.setFrame(False)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(name)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._on_text)
        self.setFocusProxy(self.edit)
        self._clear = IconButton("x", "Clear", theme, size=20, icon_px=12)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        row = QHBoxLayout(self)
        self._row = row
        row.setContentsMargins(28, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(self.edit)
        row.addWidget(self._clear)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Types for the person."""
        self.edit.setText(text)

    def set_hint(self, hint: str) -> None:
        """The shortcut shown while the field is empty."""
        self._hint = hint
        self.update()

    def clear(self) -> None:
        """Empties the field."""
        self.edit.clear()

    def sizeHint(self) -> QSize:
        """Grows with the text."""
        height = max(self._theme.px(HEIGHT), self.edit.fontMetrics().height() + 8)
        return QSize(160, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that mean something here, and the frame that shows focus."""
        if watched is not self.edit:
            return False
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, loupe, hint, and the accent edge while typing goes here."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        rect = QRectF(self.rect())
        has_focus = self.edit.hasFocus()
        edge = tokens.acc if has_focus else (tokens.line2 if self._theme.is_contrast_high else None)
        round_rect(painter, rect, 6, tokens.field, edge, 1.5 if has_focus else 1.0)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        px = self._theme.px(15)
        left = rect.width() - 8 - px if is_mirrored else 8.0
        icons.draw(painter, "search", QRectF(left, 0, px, rect.height()), tokens.text2)
        if self._hint and not self.edit.text() and not has_focus and self._has_room(px):
            painter.setFont(self._theme.font("caption"))
            painter.setPen(tokens.text3)
            side = Qt.AlignmentFlag.AlignLeft if is_mirrored else Qt.AlignmentFlag.AlignRight
            where = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(8, 0, -8, 0), where, self._hint)

    def _has_room(self, icon_px: int) -> bool:
        hint = QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._hint)
        words = self.edit.fontMetrics().horizontalAdvance(self.edit.placeholderText())
        return icon_px + words + hint + 40 <= self.width()

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.clear() if self.text else self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returned.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.text_changed.emit(text)
        self.update()

    def _restyle(self) -> None:
        self.edit.setFont(self._theme.font("body"))
        tokens = self._theme.tokens
        palette = QPalette(self.edit.palette())
        role = QPalette.ColorRole
        palette.setColor(role.Base, Qt.GlobalColor.transparent)
        palette.setColor(role.Text, tokens.text)
        palette.setColor(role.PlaceholderText, tokens.text3)
        self.edit.setPalette(palette)
        indent = self._theme.px(15) + 12
        self._row.setContentsMargins(indent, 0, 4, 0)
        self.updateGeometry()
        self.update()
