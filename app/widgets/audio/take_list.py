"""The earlier recordings of the conversation: played, shown, or taken out here."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.audio import AudioViewModel
from app.viewmodels.materials import MaterialView
from app.viewmodels.recordings import shown_name
from app.widgets.control import Control
from app.widgets.controls import IconButton, Label
from app.widgets.paint import hairline, round_rect
from app.widgets.theme import Theme

ROW = 44
WAVE_W, WAVE_H = 96, 20
BAR, PITCH = 1.5, 3.2


class TakeList(QWidget):
    """Nothing at all where there is no other recording."""

    def __init__(
        self, view_model: AudioViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = view_model, theme
        self.head = Label("Earlier takes", theme, "caption_bold", "text2")
        self.rows: list[TakeRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(12, 14, 12, 0)
        self._box.setSpacing(0)
        self.head.setContentsMargins(6, 0, 6, 4)
        self._box.addWidget(self.head)
        view_model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look at the recordings again."""
        others = self._model.others
        self.setVisible(bool(others))
        if [row.id for row in self.rows] != [item.id for item in others]:
            for row in self.rows:
                row.hide()
                row.deleteLater()
            self.rows = [TakeRow(self._model, self._theme, item) for item in others]
            for row in self.rows:
                self._box.addWidget(row)
        for row, item in zip(self.rows, others, strict=True):
            row.show_item(item)


class TakeRow(QWidget):
    """Play, name and wave, more."""

    def __init__(self, view_model: AudioViewModel, theme: Theme, item: MaterialView) -> None:
        super().__init__()
        self._model, self._theme, self.id = view_model, theme, item.id
        name = shown_name(item.name)
        self._name = name
        self.play = IconButton("play", f"Play {name}", theme, size=28, icon_px=14)
        self.face = TakeFace(view_model, theme, item)
        self.more = IconButton("ellipsis", f"More about {name}", theme, size=28, icon_px=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(4)
        row.addWidget(self.play)
        row.addWidget(self.face, 1)
        row.addWidget(self.more)
        self.play.setVisible(view_model.listening.can_play)
        self.play.clicked.connect(lambda: view_model.play_other(self.id))
        self.face.clicked.connect(lambda: view_model.select(self.id))
        self.more.clicked.connect(self._open)
        view_model.listening.changed.connect(self._show_playing)

    def show_item(self, item: MaterialView) -> None:
        """Its words may be others now."""
        self.face.show_item(item)

    def menu(self) -> QMenu:
        """What can be done with it."""
        menu = QMenu(self)
        menu.addAction("Show", partial(self._model.select, self.id))
        menu.addAction("Remove from this conversation", self._remove)
        return menu

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below."""
        hairline(QPainter(self), 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def _remove(self) -> None:
        self._model.listening.stop()
        self._model.recordings.remove(self.id)

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _show_playing(self) -> None:
        is_played = self._model.listening.key == self.id
        words = f"{'Stop' if is_played else 'Play'} {self._name}"
        self.play.set_icon("square" if is_played else "play", words)


class TakeFace(Control):
    """Name, length and cost, a small wave; pressing it shows the recording."""

    def __init__(self, view_model: AudioViewModel, theme: Theme, item: MaterialView) -> None:
        super().__init__("", theme)
        self._model, self._item = view_model, item
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_item(item)

    def show_item(self, item: MaterialView) -> None:
        """Its words may be others now."""
        caption = self._model.caption(item.attachment) if item.attachment is not None else ""
        self._item, self._caption = item, caption
        self.setAccessibleName(f"Show {shown_name(item.name)}, {caption}")
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        lines = self.theme.line_height("body_medium") + self.theme.line_height("caption")
        return QSize(160, max(self.theme.px(ROW), round(lines) + 8))

    def minimumSizeHint(self) -> QSize:
        """The wave goes first."""
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words at the start, the wave at the end."""
        painter, tokens = QPainter(self), self.theme.tokens
        rect = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            shade = tokens.pressed if self.isDown() else tokens.hover
            round_rect(painter, rect.adjusted(0, 2, 0, -3), 6, shade)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        has_wave = rect.width() > WAVE_W + 110
        room = rect.width() - 16 - (WAVE_W + 8 if has_wave else 0)
        left = rect.width() - 8 - room if is_mirrored else 8.0
        first = self.theme.line_height("body_medium")
        second = self.theme.line_height("caption")
        top = (rect.height() - first - second) / 2
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.theme.font("body_medium"))
        painter.setPen(tokens.text)
        middle = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(shown_name(self._item.name), middle, int(room))
        painter.drawText(QRectF(left, top, room, first), start, name)
        painter.setFont(self.theme.font("caption"))
        painter.setPen(tokens.text3)
        caption = painter.fontMetrics().elidedText(
            self._caption, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.drawText(QRectF(left, top + first, room, second), start, caption)
        if has_wave:
            self._paint_wave(painter, 8.0 if is_mirrored else rect.width() - 8 - WAVE_W)

    def _paint_wave(self, painter: QPainter, left: float) -> None:
        attachment = self._item.attachment
        wave = self._model.waves.get(attachment) if attachment is not None else None
        if wave is None or not len(wave):
            return
        size = np.abs(wave).max(axis=1)
        bars = int(WAVE_W / PITCH)
        edges = np.linspace(0, len(size), bars + 1).astype(int)[:-1]
        heights = np.maximum.reduceat(size, np.minimum(edges, len(size) - 1))
        loudest, middle = max(float(size.max()), 0.05), self.height() / 2
        for bar, height in enumerate(heights.tolist()):
            half = max(0.75, height / loudest * WAVE_H / 2)
            place = QRectF(left + bar * PITCH, middle - half, BAR, 2 * half)
            painter.fillRect(place, self.theme.tokens.text2)
