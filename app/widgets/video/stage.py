"""Where the clip is seen: a dark ground in both looks, the picture, words where there is none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme as look
from app.widgets.theme import Theme
from app.widgets.video.pictures import fitted

DARKER = 165  # percent: the ground is darker than the dark window
MARGIN = 10


def ground() -> QColor:
    """The colour behind the picture, the same in both looks."""
    return look.DARK.win.darker(DARKER)


class Stage(QWidget):
    """Shows one picture. `words` stand where there is no picture, or below a picture as a note."""

    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Picture of the clip")
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    @property
    def words(self) -> str:
        """What is said in the stage."""
        return self._words

    def set_image(self, image: QImage) -> None:
        """Show this picture."""
        self._image = image
        self.update()

    def set_words(self, words: str) -> None:
        """Say this."""
        if words != self._words:
            self._words = words
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(480, 300)

    def minimumSizeHint(self) -> QSize:
        """Small windows keep a small stage."""
        return QSize(160, 90)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """A press plays or stops."""
        self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, picture, words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground())
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.setFont(self._theme.font("body"))
        painter.setPen(look.DARK.text2)
        if self._image.isNull():
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(room.adjusted(20, 0, -20, 0), flags, self._words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(fitted(self._image.size(), room), self._image)
        if self._words:
            self._paint_note(painter, room)

    def _paint_note(self, painter: QPainter, room: QRectF) -> None:
        painter.setFont(self._theme.font("caption"))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(
            self._words, Qt.TextElideMode.ElideRight, int(room.width()) - 16
        )  # a tooltip and the description hold the whole sentence
        self.setToolTip(self._words if words != self._words else "")
        width = metrics.horizontalAdvance(words) + 16
        place = QRectF(room.left(), room.top(), width, metrics.height() + 8)
        veil = ground()
        veil.setAlphaF(0.82)
        painter.fillRect(place, veil)
        painter.setPen(look.DARK.text)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
