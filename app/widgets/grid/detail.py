"""The card under the grid: the chosen figure's crop, both readings in words, what to decide."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.core.pyramid import Pixels
from app.viewmodels.figure_rows import DetailView, Sentence, spoken
from app.viewmodels.figures import FiguresViewModel
from app.widgets.controls import Button, IconButton, Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

RADIUS, PAD = 10, 12
CROP_WIDE, CROP_TALL = (132, 52), (104, 76)  # for wide crops and for others
CROP_LARGEST = (132, 76)


class DetailCard(QWidget):
    """Shows `figures.detail`; hidden while no figure is chosen."""

    menu_asked = Signal(object)  # the button that the menu belongs to

    def __init__(
        self, figures: FiguresViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figures, self._theme = figures, theme
        self._id = ""
        self.crop = CropPicture(theme, self)
        self.title = Label("", theme, "body_bold", elide=Qt.TextElideMode.ElideRight, parent=self)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.RichText)  # our own marks; what is said is escaped
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.keep = Button("Keep", theme, "filled", small=True, parent=self)
        self.use = Button("Use", theme, small=True, parent=self)
        self.again = Button("Read again", theme, icon="rotate-ccw", small=True, parent=self)
        self.more = IconButton("ellipsis", "More for this figure", theme, 24, parent=self)
        self.keep.clicked.connect(lambda: figures.keep(self._id))
        self.use.clicked.connect(lambda: figures.use_second(self._id))
        self.again.clicked.connect(lambda: figures.read_again(self._id))
        self.more.clicked.connect(lambda: self.menu_asked.emit(self.more))
        self._lay_out()
        figures.chosen_changed.connect(self.refresh)
        figures.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen figure as it is now."""
        detail = self._figures.detail
        self.setVisible(detail is not None)
        if detail is None:
            self._id = ""
            return
        self._id = detail.id
        where = f"{detail.group} · {detail.title}" if detail.group else detail.title
        self.title.setText(where)
        text = spoken(detail.sentences)
        self.words.setText(_marked(detail.sentences, self._theme))
        self.words.setFont(self._theme.font("small"))
        self.words.setAccessibleName(text)
        self.setAccessibleName(f"{where}. {text}")
        self._show_buttons(detail)
        has_crop = detail.crop is not None
        self.crop.show_pixels(
            self._figures.detail_pixels() if has_crop else None, is_expected=has_crop
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card's ground."""
        tokens = self._theme.tokens
        round_rect(QPainter(self), QRectF(self.rect()), RADIUS, tokens.raised, tokens.line)

    def _show_buttons(self, detail: DetailView) -> None:
        for button, text in ((self.keep, detail.keep), (self.use, detail.use)):
            button.setVisible(bool(text))
            if text:
                button.setText(_short(text))
                button.setAccessibleName(f"{text} for {detail.title}")
                button.updateGeometry()
        self.again.setVisible(detail.can_read_again)
        self.again.setEnabled(not self._figures.is_checking)
        self.again.setAccessibleName(f"Read {detail.title} again")
        self.more.setVisible(any(row.id == detail.id and row.kind == "figure"
                                 for row in self._figures.rows()))  # fmt: skip

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.title)
        right.addWidget(self.words)
        right.addStretch()
        top = QHBoxLayout()
        top.setSpacing(PAD)
        top.addWidget(self.crop, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(right, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.keep, self.use, self.again):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.more)
        box = QVBoxLayout(self)
        box.setContentsMargins(PAD, PAD, PAD, PAD - 2)
        box.setSpacing(10)
        box.addLayout(top)
        box.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class CropPicture(QWidget):
    """A small picture of the part that was read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self._pixels: Pixels | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The part that was read")
        theme.changed.connect(self.updateGeometry)

    def show_pixels(self, pixels: Pixels | None, *, is_expected: bool) -> None:
        """Show a crop, uint8 RGB [H, W, 3]; an empty frame while one is expected."""
        if pixels is None:
            self._image = None
            self.setVisible(is_expected)
        else:
            data = np.ascontiguousarray(pixels)
            height, width = data.shape[:2]
            image = QImage(data.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            room = QSize(*CROP_LARGEST) * self.devicePixelRatio() * self._theme.scale
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode
            is_large = width > room.width() or height > room.height()
            # Scaled once and smoothly; otherwise a copy, which owns its bytes.
            self._image = (
                image.scaled(room, keep, smooth.SmoothTransformation) if is_large else image.copy()
            )
            self.setVisible(True)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide for wide crops."""
        image = self._image
        is_wide = image is not None and image.width() > 2 * image.height()
        wide, tall = CROP_WIDE if is_wide or image is None else CROP_TALL
        return QSize(self._theme.px(wide), self._theme.px(tall))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The crop, whole, in the middle of its frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect, tokens = QRectF(self.rect()), self._theme.tokens
        round_rect(painter, rect, 7, tokens.sunk, tokens.line)
        image = self._image
        if image is None:
            return
        room = rect.adjusted(1, 1, -1, -1)
        share = min(room.width() / image.width(), room.height() / image.height())
        width, height = image.width() * share, image.height() * share
        place = QRectF(rect.center().x() - width / 2, rect.center().y() - height / 2, width, height)
        clip = QPainterPath()
        clip.addRoundedRect(room, 6, 6)
        painter.setClipPath(clip)
        painter.drawImage(place, image)


def _marked(sentences: tuple[Sentence, ...], theme: Theme) -> str:
    """The pieces as marked text, values strong and in the colour of their state."""
    text = ""
    for piece in sentences:
        space = "" if not text or piece.text.startswith((",", ".")) else " "
        colour = theme.colour(piece.tone or "text2").name()
        weight = "600" if piece.is_strong else "400"
        said = html.escape(piece.text)
        text += f'{space}<span style="color:{colour};font-weight:{weight}">{said}</span>'
    return text


def _short(text: str) -> str:
    return text if len(text) <= 22 else f"{text[:21]}…"
