"""A frame enlarged above the strip, with its true time and its number."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.viewmodels.clip_cost import FrameView
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets.paint import draw_shadow, round_rect, shadow_margin
from app.widgets.theme import Theme
from app.widgets.video.pictures import fitted, image_of

WIDTH, HEIGHT, INSET, LINE = 152, 107, 4, 20
RADIUS = 8.0


class FrameCard(QWidget):
    """Floats above the frame under the pointer; takes no clicks."""

    def __init__(self, view_model: VideoViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self._frame: FrameView | None = None
        self._image = QImage()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_above(self, frame: FrameView, anchor: QRect) -> None:
        """Show a frame above its place in the strip, inside the parent."""
        self._frame = frame
        pixels = self._model.thumbnail(frame.second)
        self._image = QImage() if pixels is None else image_of(pixels)
        margin, size = shadow_margin(3), self.card_size()
        self.resize(size.width() + 2 * margin, size.height() + 2 * margin)
        parent = self.parentWidget()
        room = parent.width() - size.width() if parent is not None else 0
        left = min(max(0, anchor.center().x() - size.width() // 2), max(0, room))
        top = max(0, anchor.top() - size.height() - 6)
        self.move(QPoint(left - margin, top - margin))
        self.raise_()
        self.show()
        self.update()

    def card_size(self) -> QSize:
        """The card without its shadow."""
        px = self._theme.px
        return QSize(max(WIDTH, px(WIDTH)), HEIGHT - LINE + max(LINE, px(LINE)))

    @property
    def words(self) -> tuple[str, str]:
        """True time and number, as they are written on it."""
        if self._frame is None:
            return "", ""
        whole = len(self._model.frames())
        said = f"frame {self._frame.number} of {whole}"
        return clock(self._frame.second), "left out" if self._frame.is_left_out else said

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Shadow, ground, picture, words."""
        painter = QPainter(self)
        tokens, margin = self._theme.tokens, shadow_margin(3)
        card = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        draw_shadow(painter, card, RADIUS, 3, self._theme)
        round_rect(painter, card, RADIUS, tokens.raised, tokens.line2)
        line = max(LINE, self._theme.px(LINE))
        room = card.adjusted(INSET, INSET, -INSET, -line)
        painter.fillRect(room, tokens.track)
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(fitted(self._image.size(), room), self._image)
        time, number = self.words
        words = QRectF(card.left() + 8, card.bottom() - line, card.width() - 16, line - 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(tokens.text)
        painter.setFont(self._theme.font("caption_bold"))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, time)
        painter.setPen(tokens.text2)
        painter.setFont(self._theme.font("caption"))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, number)
