"""What an empty conversation shows: what Facet is for, and examples that can be tried at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.bundled import example
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.controls import Label
from app.widgets.paint import round_rect, vertical_hairline
from app.widgets.theme import Theme

CARD_WIDTH, CARD_HEIGHT, GAP = 354, 90, 12
PICTURE_WIDTH, GEM = 118, 44
HEADING = "Ask, or drop a chart, document, clip or recording"
PROMISE = "Nothing leaves this computer."
NARROW = 2 * CARD_WIDTH + GAP


@dataclass(frozen=True, slots=True)
class Starter:
    """An example: a bundled file, and a question about it."""

    file: str
    title: str
    caption: str
    question: str
    icon: str = ""


STARTERS = (
    Starter("chart.png", "Read a chart", "As a table you can copy", "Write the chart as a table."),
    Starter("clip.mp4", "Watch a clip", "One frame a second", "List the shapes in order.", "film"),
    Starter("memo.wav", "Hear a memo", "Speech to text", "Transcribe this memo.", "audio-lines"),
)


class StarterCard(Control):
    """A thumbnail, a title, a line; a click puts file and question into the composer."""

    ring_radius = 10.0

    def __init__(self, starter: Starter, path: Path, theme: Theme, parent: QWidget) -> None:
        super().__init__(f"{starter.title}: {starter.caption}", theme, parent)
        self.setToolTip("")
        self.starter, self.path = starter, path
        self._picture = QPixmap(str(path)) if not starter.icon else QPixmap()
        # A picture that does not fill its place goes on in the colour of its corner.
        self._ground = self._picture.toImage().pixelColor(0, 0) if not starter.icon else QColor()

    def sizeHint(self) -> QSize:
        """Two fit beside each other in the column."""
        return QSize(self.theme.px(CARD_WIDTH), self.theme.px(CARD_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture at the left, words at the right."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        area = QRectF(self.rect())
        round_rect(painter, area, 10, tokens.raised, tokens.line)
        if self.is_hovered():
            round_rect(painter, area, 10, tokens.hover)
        picture = QRectF(0, 0, min(px(PICTURE_WIDTH), area.width() / 3), area.height())
        self._paint_picture(painter, area, picture)
        left = picture.right() + px(14)
        room = area.width() - left - px(12)
        lines = (("body_bold", "text", self.starter.title), ("body", "text2", self.starter.caption))
        heights = [round(self.theme.line_height(style)) + 2 for style, _, _ in lines]
        top = (area.height() - sum(heights)) / 2
        for (style, colour, words), height in zip(lines, heights, strict=True):
            painter.setFont(self.theme.font(style))
            painter.setPen(self.theme.colour(colour))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(left, top, room, height), Qt.AlignmentFlag.AlignVCenter, shown)
            top += height

    def _paint_picture(self, painter: QPainter, card: QRectF, place: QRectF) -> None:
        """The whole picture, from edge to edge of its side of the card."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setClipPath(shape)
        tokens = self.theme.tokens
        if self._picture.isNull():
            painter.fillRect(place, tokens.accsoft)
            sign = QRectF(0, 0, self.theme.px(28), self.theme.px(28))
            sign.moveCenter(place.center())
            icons.draw(painter, self.starter.icon or "file-text", sign, tokens.acc)
        else:
            painter.fillRect(place, self._ground)
            ratio = self.devicePixelRatioF()
            small = self._picture.scaled(
                ((place.size() - QSizeF(8, 8)) * ratio).toSize(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            small.setDevicePixelRatio(ratio)
            shown = QRectF(QPointF(), small.deviceIndependentSize())
            shown.moveCenter(place.center())
            painter.drawPixmap(shown.topLeft().toPoint(), small)
        painter.restore()
        vertical_hairline(painter, place.right(), 1, card.height() - 2, tokens.line)
        round_rect(painter, card, 10, None, tokens.line)


class EmptyChat(QWidget):
    """The gem, a heading, a promise, and the examples this copy has."""

    chosen = Signal(str, str)  # file, question

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heading = Label(HEADING, theme, "title")
        self._promise = Label(PROMISE, theme, "read", "text2")
        for label in (self._heading, self._promise):
            label.setParent(self)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self.cards: list[StarterCard] = []
        for starter in STARTERS:
            path = example(starter.file)
            if path is not None:
                card = StarterCard(starter, path, theme, self)
                card.clicked.connect(lambda _=False, c=card: self._choose(c))
                self.cards.append(card)
        theme.changed.connect(self._arrange)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Everything around the middle."""
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The gem."""
        px = self._theme.px
        area = QRectF(0, 0, px(GEM), px(GEM))
        area.moveCenter(QRectF(self.rect()).center())
        area.moveTop(self._top())
        icons.draw_gem(QPainter(self), area)

    def _columns(self) -> int:
        return 2 if self.width() >= self._theme.px(NARROW) + 48 else 1

    def _rows(self) -> int:
        columns = self._columns()
        return -(-len(self.cards) // columns)

    def _content_height(self) -> int:
        px = self._theme.px
        cards = self._rows() * (px(CARD_HEIGHT) + GAP)
        return px(GEM) + px(20) + px(32) + px(26) + px(24) + cards

    def _top(self) -> float:
        return max(16.0, (self.height() - self._content_height()) / 2)

    def _arrange(self) -> None:
        px = self._theme.px
        y = int(self._top()) + px(GEM) + px(20)
        self._heading.setGeometry(16, y, max(0, self.width() - 32), px(32))
        y += px(32)
        self._promise.setGeometry(16, y, max(0, self.width() - 32), px(26))
        y += px(26) + px(24)
        columns = self._columns()
        size = QSize(min(px(CARD_WIDTH), self.width() - 32), px(CARD_HEIGHT))
        left = (self.width() - columns * size.width() - (columns - 1) * GAP) // 2
        bottom = self.height()
        for number, card in enumerate(self.cards):
            row, column = divmod(number, columns)
            top = y + row * (size.height() + GAP)
            card.setGeometry(left + column * (size.width() + GAP), top, size.width(), size.height())
            card.setVisible(top + size.height() <= bottom or row == 0)
        self.update()

    def _choose(self, card: StarterCard) -> None:
        self.chosen.emit(str(card.path), card.starter.question)
