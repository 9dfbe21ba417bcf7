"""The two pills of the toolbar: which model answers, and whether it thinks first."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.viewmodels.chat import ChatViewModel
from app.viewmodels.models import ModelsViewModel
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect, vertical_hairline
from app.widgets.switches import Switch
from app.widgets.theme import Theme
from app.widgets.thinking_button import thinking_menu

HEIGHT, RADIUS = 28, 7
WIDEST_NAME = 260


def paint_pill(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The ground of a pill: an edge and a soft line under it."""
    tokens = theme.tokens
    painter.save()
    painter.setClipRect(rect)
    round_rect(painter, rect.translated(0, 0.6), RADIUS, tokens.softline)
    painter.restore()
    round_rect(painter, rect, RADIUS, tokens.control, tokens.line2)


class ModelPill(Control):
    """The model in use: a dot for its state, name and bits; loading draws a line along the edge."""

    ring_radius = float(RADIUS)

    def __init__(
        self, models: ModelsViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Model", theme, parent)
        self._models = models
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        models.changed.connect(self._on_changed)
        self._on_changed()

    def sizeHint(self) -> QSize:
        """As wide as name and bits, up to a limit."""
        name, bits = self._words()
        metrics = self._metrics("body_medium")
        width = min(metrics.horizontalAdvance(name), self.theme.px(WIDEST_NAME))
        width += self._metrics("body").horizontalAdvance(bits) + (7 if bits else 0)
        width += 11 + 7 + 7 + 9 + self.theme.px(13) + 9 + 2
        return QSize(width, max(self.theme.px(HEIGHT), metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The name may be cut."""
        return QSize(self.theme.px(90), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, dot, words, chevron, and how much is loaded."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        paint_pill(painter, rect, self.theme)
        if self.isDown() or self.is_hovered():
            ground = tokens.pressed if self.isDown() else tokens.hover
            round_rect(painter, rect, RADIUS, ground)
        self._paint_loading(painter, rect)
        self._paint_words(painter, rect, self.layoutDirection() == Qt.LayoutDirection.RightToLeft)

    def _paint_words(self, painter: QPainter, rect: QRectF, is_mirrored: bool) -> None:
        tokens = self.theme.tokens
        name, bits = self._words()
        chevron = self.theme.px(13)
        bits_width = self._metrics("body").horizontalAdvance(bits)
        room = int(rect.width() - 25 - (bits_width + 7 if bits else 0) - 9 - chevron - 9)
        shown = self._metrics("body_medium").elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        width = self._metrics("body_medium").horizontalAdvance(shown)

        def part(left: float, wide: float) -> QRectF:
            start = rect.width() - left - wide if is_mirrored else left
            return QRectF(start, 0, wide, rect.height())

        dot = part(11, 7)
        dot = QRectF(dot.x(), (rect.height() - 7) / 2, 7, 7)
        round_rect(painter, dot, 3.5, self.theme.colour(self._dot()))
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(tokens.text)
        painter.setFont(self.theme.font("body_medium"))
        painter.drawText(part(25, width + 1), centre, shown)
        painter.setPen(tokens.text2)
        painter.setFont(self.theme.font("body"))
        painter.drawText(part(25 + width + 7, bits_width + 1), centre, bits)
        at = rect.width() - 9 - chevron
        icons.draw(painter, "chevron-down", part(at, chevron), tokens.text2)

    def _paint_loading(self, painter: QPainter, rect: QRectF) -> None:
        if self._models.state != "loading":
            return
        painter.save()
        painter.setClipRect(QRectF(3, rect.height() - 2, rect.width() - 6, 2))
        width = (rect.width() - 6) * min(max(self._models.fraction, 0.02), 1.0)
        left = 3.0
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = rect.width() - 3 - width
        painter.fillRect(QRectF(left, rect.height() - 2, width, 2), self.theme.tokens.accfill)
        painter.restore()

    def _words(self) -> tuple[str, str]:
        choice = self._models.current
        if choice is None:
            return "No model", ""
        if self._models.state == "loading":
            return choice.name, "loading"
        if self._models.state == "failed":
            return choice.name, "failed"
        return choice.name, choice.bits

    def _dot(self) -> str:
        states = {"ready": "ok", "loading": "mwarn", "failed": "rec"}
        return states.get(self._models.state, "text3")

    def _metrics(self, style: str) -> QFontMetrics:
        return QFontMetrics(self.theme.font(style))

    def _on_changed(self) -> None:
        name, bits = self._words()
        state = {"ready": "ready", "loading": "loading", "failed": "could not be loaded"}.get(
            self._models.state, "not loaded"
        )
        self.setAccessibleName(f"Model: {name} {bits}, {state}".replace("  ", " "))
        self.setToolTip("Choose the model that answers")
        self.updateGeometry()
        self.update()


class _Budget(Control):
    """The number behind the divider; opens the menu."""

    ring_radius = 5.0

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Thinking budget", theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        self.setFont(self.theme.font("body"))
        width = self.fontMetrics().horizontalAdvance(self.text()) + self.theme.px(13) + 16
        return QSize(width, max(self.theme.px(20), self.fontMetrics().height() + 2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        if self.isDown() or self.is_hovered():
            round_rect(painter, rect, 5, tokens.hover)
        painter.setFont(self.theme.font("body"))
        painter.setPen(tokens.text2)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        px = self.theme.px(13)
        words = rect.adjusted(px + 10, 0, -6, 0) if is_mirrored else rect.adjusted(6, 0, -px - 8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(words, middle, self.text())
        left = 5.0 if is_mirrored else rect.width() - px - 5
        icons.draw(painter, "chevron-down", QRectF(left, 0, px, rect.height()), tokens.text2)


class ThinkingPill(QWidget):
    """Off, on, or on with a budget of tokens, for this conversation."""

    changed = Signal()

    def __init__(self, chat: ChatViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._theme = theme
        self.switch = Switch("Thinking", theme)
        self.budget = _Budget(theme, self)
        row = QHBoxLayout(self)
        self._row = row
        row.setSpacing(8)
        row.addWidget(self.switch)
        row.addSpacing(9)
        row.addWidget(self.budget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.switch.clicked.connect(chat.set_thinking)
        self.budget.clicked.connect(self._open_menu)
        chat.settings_changed.connect(self._on_changed)
        chat.reset.connect(self._on_changed)
        theme.changed.connect(self._measure)
        self._measure()
        self._on_changed()

    def menu(self) -> QMenu:
        """Off, the budgets, no limit; the one in force is checked."""
        return thinking_menu(self._chat, self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, brain, word, divider."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        rect = QRectF(self.rect())
        paint_pill(painter, rect, self._theme)
        px = self._theme.px(15)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.width() - 10 - px if is_mirrored else 10.0
        colour = tokens.acc if self.switch.isChecked() else tokens.text2
        icons.draw(painter, "brain", QRectF(left, 0, px, rect.height()), colour)
        painter.setFont(self._theme.font("body_medium"))
        painter.setPen(tokens.text)
        room = rect.adjusted(0, 0, -17 - px, 0) if is_mirrored else rect.adjusted(17 + px, 0, 0, 0)
        painter.drawText(
            room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, "Thinking"
        )
        x = self.switch.geometry().left() - 9 if is_mirrored else self.switch.geometry().right() + 9
        vertical_hairline(painter, x, 6, rect.height() - 12, tokens.line2)

    def _measure(self) -> None:
        self.setFont(self._theme.font("body_medium"))
        words = self.fontMetrics().horizontalAdvance("Thinking")
        lead = 17 + self._theme.px(15) + words + 8
        self._row.setContentsMargins(lead, 0, 4, 0)
        self.setFixedHeight(max(self._theme.px(HEIGHT), self.fontMetrics().height() + 8))
        self.update()

    def _on_changed(self) -> None:
        settings = self._chat.settings
        self.switch.setChecked(settings.thinking)
        text = "off"
        if settings.thinking:
            text = f"{settings.thinking_budget:,}" if settings.thinking_budget else "no limit"
        self.budget.setText(text)
        self.budget.setAccessibleName(f"Thinking budget: {text}")
        self.budget.setToolTip("How many tokens the model may think before it answers")
        self.budget.updateGeometry()
        self.update()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(self.budget.x(), self.height() + 2)))
