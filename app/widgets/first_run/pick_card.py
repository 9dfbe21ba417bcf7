"""A card of the first run: one size of Gemma 4, with what it can do and whether it fits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.viewmodels.model_values import PickCard, SenseView
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.labels import Label
from app.widgets.models.fit_chip import FitChip
from app.widgets.models.senses import ABSENT_SIGNS, SIGNS
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

RADIUS, PAD = 14, 19
MARK = 18
SENSE_ORDER = ("sees", "watches", "hears")


class SizeCardChoice(Control):
    """One of three; the chosen one has the accent's edge and a check mark."""

    ring_radius = float(RADIUS)

    def __init__(self, card: PickCard, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme, parent)
        self._card = card
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line = Label("", theme, "body", "text2", parent=self)
        self._line.setWordWrap(True)
        self._line.setForegroundRole(QPalette.ColorRole.WindowText)  # a button hands on its own
        self._line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fit = FitChip(theme, self)
        self.set_card(card)

    @property
    def card(self) -> PickCard:
        """What is shown."""
        return self._card

    def set_card(self, card: PickCard) -> None:
        """Other figures."""
        self._card = card
        self._line.setText(card.line)
        self.fit.set_fit(card.fit, card.fit_text)
        senses = ", ".join(sense.words for sense in self._senses())
        recommended = "Recommended. " if card.is_recommended else ""
        speed = f", about {card.speed}" if card.speed else ""
        self.setAccessibleName(f"Gemma 4 {card.size}")
        self.setAccessibleDescription(
            f"{recommended}{card.line} {senses}. Download {card.download}{speed}. {card.fit_text}."
        )
        self._arrange()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its content."""
        return QSize(self.theme.px(200), self.heightForWidth(max(self.width(), 180)))

    def minimumSizeHint(self) -> QSize:
        """Three fit beside each other in the smallest window."""
        return QSize(170, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """The line wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Head, name, line, senses, figures, chip."""
        px = self.theme.px
        line = self._line.heightForWidth(width - 2 * PAD)
        return PAD + px(24) + px(14) + px(30) + 2 + line + px(12) + 3 * px(26) + px(10) + (
            2 * px(21) + px(12) + max(24, px(24)) + px(14)
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places the words that wrap."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, head, name, senses, figures."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        rect = QRectF(self.rect())
        is_on = self.isChecked()
        round_rect(painter, rect, RADIUS, tokens.raised, tokens.acc if is_on else tokens.line2,
                   2.0 if is_on else 1.0)  # fmt: skip
        if self.is_hovered() and not is_on:
            round_rect(painter, rect, RADIUS, tokens.hover)
        self._paint_head(painter)
        y = PAD + px(24) + px(14)
        self._text(painter, QRect(PAD, y, self.width() - 2 * PAD, px(30)), self._card.size,
                   "title", "text")  # fmt: skip
        y = self._line.geometry().bottom() + 1 + px(12)
        for sense in self._senses():
            self._paint_sense(painter, y, sense)
            y += px(26)
        y += px(4)
        hairline(painter, PAD, y, self.width() - 2 * PAD, tokens.line)
        y += px(10)
        self._pair(painter, y, "Download", self._card.download, "")
        y += px(21)
        self._pair(painter, y, "Speed here", self._card.speed or "–", "≈ " if self._card.speed
                   else "")  # fmt: skip

    def _paint_head(self, painter: QPainter) -> None:
        tokens, px = self.theme.tokens, self.theme.px
        row = QRect(PAD, PAD, self.width() - 2 * PAD, px(22))
        if self._card.is_recommended:
            painter.setFont(self.theme.font("small_medium"))
            width = painter.fontMetrics().horizontalAdvance("Recommended") + px(12)
            chip = self._placed(QRect(PAD, PAD + px(1), width, px(20)))
            round_rect(painter, QRectF(chip), 5, tokens.accsoft)
            painter.setPen(tokens.acc)
            painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), "Recommended")
        else:
            self._text(painter, row, "On this computer" if self._card.is_here else "Gemma 4",
                       "small", "text2")  # fmt: skip
        side = px(MARK)
        mark = self._placed(QRect(self.width() - PAD - side, PAD + px(2), side, side))
        if self.isChecked():
            round_rect(painter, QRectF(mark), side / 2, tokens.accfill)
            inner = QRectF(0, 0, px(11), px(11))
            inner.moveCenter(QRectF(mark).center())
            icons.draw(painter, "check", inner, tokens.onfill)
        else:
            round_rect(painter, QRectF(mark), side / 2, None, tokens.line2, 1.5)

    def _paint_sense(self, painter: QPainter, y: int, sense: SenseView) -> None:
        px = self.theme.px
        is_absent = sense.state == "absent"
        name = (ABSENT_SIGNS if is_absent else SIGNS)[sense.name]
        sign = self._placed(QRect(PAD, y, px(15), px(20)))
        icons.draw(painter, name, QRectF(sign), self.theme.tokens.text2)
        room = QRect(PAD + px(23), y, self.width() - 2 * PAD - px(23), px(20))
        words = sense.words.partition(",")[0].replace("Cannot hear", "Does not hear")
        self._text(painter, room, words, "small", "text2")

    def _pair(self, painter: QPainter, y: int, name: str, value: str, lead: str) -> None:
        row = QRect(PAD, y, self.width() - 2 * PAD, self.theme.px(20))
        self._text(painter, row, name, "small", "text2")
        painter.setFont(self.theme.font("small_medium"))
        painter.setPen(self.theme.tokens.text)
        end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, int(end), f"{lead}{value}")

    def _senses(self) -> list[SenseView]:
        by_name = {sense.name: sense for sense in self._card.senses}
        return [by_name[name] for name in SENSE_ORDER if name in by_name]

    def _arrange(self) -> None:
        px = self.theme.px
        y = PAD + px(24) + px(14) + px(30) + 2
        width = max(40, self.width() - 2 * PAD)
        self._line.setGeometry(PAD, y, width, self._line.heightForWidth(width))
        self.fit.set_fit(self._card.fit, self._card.fit_text)
        if self.fit.sizeHint().width() > width:
            self.fit.set_fit(self._card.fit)
        size = self.fit.sizeHint()
        wide = min(size.width(), width)
        chip = QRect(PAD, self.height() - px(12) - size.height(), wide, size.height())
        self.fit.setGeometry(self._placed(chip))

    def _text(self, painter: QPainter, area: QRect, text: str, style: str, colour: str) -> None:
        painter.setFont(self.theme.font(style))
        painter.setPen(self.theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._placed(area), int(side), shown)

    def _placed(self, area: QRect) -> QRect:
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return area
        return QRect(self.width() - area.x() - area.width(), area.y(), area.width(), area.height())
