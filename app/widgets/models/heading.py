"""The heading over the cards: what the columns are, and for which context copies are judged."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.viewmodels.fits import context_words
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.models.columns import columns
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

HEIGHT = 31


class ContextButton(Control):
    """ "Fit at 16K": the context that copies are judged for, with a menu."""

    ring_radius = 5.0
    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Fit", theme, parent)
        self._tokens = 0
        self._choices: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._show_menu)

    def set_context(self, tokens: int, choices: tuple[int, ...]) -> None:
        """What is judged for, and what can be chosen."""
        self._tokens, self._choices = tokens, choices
        self.setText(f"Fit at {context_words(tokens)}")
        words = f"Copies are judged for a context of {tokens:,} tokens"
        self.setAccessibleName(f"{self.text()}: {words}")
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Words and chevron."""
        self.setFont(self.theme.font("caption_bold"))
        width = self.fontMetrics().horizontalAdvance(self.text()) + self.theme.px(12) + 14
        return QSize(width, max(24, self.theme.px(22)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words and chevron."""
        painter = QPainter(self)
        tokens, rect = self.theme.tokens, self.rect()
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect.toRectF(), 5, tokens.hover)
        px = self.theme.px(11)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 4 if is_mirrored else rect.width() - px - 4
        chevron = QRect(left, (rect.height() - px) // 2, px, px)
        icons.draw(painter, "chevron-down", chevron.toRectF(), tokens.text2)
        painter.setFont(self.theme.font("caption_bold"))
        painter.setPen(tokens.text2)
        words = rect.adjusted(0, 0, -4, 0)
        painter.drawText(
            words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), self.text()
        )

    def menu(self) -> QMenu:
        """The contexts."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for tokens in self._choices:
            entry = menu.addAction(f"{tokens:,} tokens")
            entry.setCheckable(True)
            entry.setChecked(tokens == self._tokens)
            entry.triggered.connect(lambda _=False, wanted=tokens: self.chosen.emit(wanted))
        return menu

    def _show_menu(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))


class Heading(QWidget):
    """Copy, size, fit, senses, speed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.context = ContextButton(theme, self)
        theme.changed.connect(self._measure)
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words over the columns and a hairline under them."""
        painter = QPainter(self)
        tokens, places = self._theme.tokens, columns(self.width(), self._theme)
        hairline(painter, 0, self.height() - 1, self.width(), tokens.line)
        if places.is_stacked:
            return
        self._word(painter, QRect(places.name, 0, 120, self.height()), "Copy")
        end = QRect(0, 0, places.size_end, self.height())
        self._word(painter, end, "Size", at_end=True)
        senses = QRect(places.senses, 0, 120, self.height())
        self._word(painter, senses, "Senses")
        if places.speed >= 0:
            self._word(painter, QRect(places.speed, 0, 160, self.height()), "Speed here")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stands over its column."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Puts the button over its column."""
        places = columns(self.width(), self._theme)
        size = self.context.sizeHint()
        left = places.name if places.is_stacked else places.fit
        area = QRect(left, (self.height() - size.height()) // 2, size.width(), size.height())
        self.context.setGeometry(self._mirrored(area))

    def _word(self, painter: QPainter, area: QRect, text: str, *, at_end: bool = False) -> None:
        painter.setFont(self._theme.font("caption_bold"))
        painter.setPen(self._theme.tokens.text2)
        side = Qt.AlignmentFlag.AlignTrailing if at_end else Qt.AlignmentFlag.AlignLeading
        painter.drawText(self._mirrored(area), int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return area
        return QRect(self.width() - area.x() - area.width(), area.y(), area.width(), area.height())

    def _measure(self) -> None:
        self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))
        self.update()
