"""Which microphone is used: a pill with its name and a menu of the others."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.viewmodels.recorder import Recorder
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.pills import paint_pill
from app.widgets.theme import Theme

RADIUS, HEIGHT, WIDEST = 7, 28, 240
NONE = "No microphone"


class DeviceButton(Control):
    """Names of devices come from the system and are shown as they are, cut in the middle."""

    ring_radius = float(RADIUS)

    def __init__(self, recorder: Recorder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Microphone", theme, parent)
        self._recorder = recorder
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        recorder.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Another device, or none."""
        device = self._recorder.device
        self.setText(NONE if device is None else device.name)
        self.setAccessibleName(f"Microphone: {self.text()}")
        self.setToolTip(self.text())
        self.updateGeometry()
        self.update()

    def menu(self) -> QMenu:
        """Every microphone."""
        menu = QMenu(self)
        used = self._recorder.device
        for device in self._recorder.devices:
            name = device.name.replace("&", "&&")
            action = menu.addAction(name, partial(self._recorder.choose, device.id))
            action.setCheckable(True)
            action.setChecked(used is not None and device.id == used.id)
        if menu.isEmpty():
            action = menu.addAction("Connect a microphone to record")
            action.setEnabled(False)
        return menu

    def sizeHint(self) -> QSize:
        """Icon, name, chevron."""
        px = self.theme.px
        metrics = QFontMetrics(self.theme.font("body_medium"))
        words = min(metrics.horizontalAdvance(self.text()), px(WIDEST))
        return QSize(40 + px(16) + px(13) + words, max(px(HEIGHT), metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Short names stay whole."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pill."""
        painter, tokens, px = QPainter(self), self.theme.tokens, self.theme.px
        rect = QRectF(self.rect())
        paint_pill(painter, rect, self.theme)
        if self.isDown() or self.is_hovered():
            round_rect(painter, rect, RADIUS, tokens.pressed if self.isDown() else tokens.hover)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft

        def part(left: float, wide: float) -> QRectF:
            start = rect.width() - left - wide if is_mirrored else left
            return QRectF(start, 0, wide, rect.height())

        icons.draw(painter, "mic", part(10, px(16)), tokens.text2)
        painter.setFont(self.theme.font("body_medium"))
        painter.setPen(tokens.text)
        lead = 18 + px(16)
        room = rect.width() - lead - px(13) - 18
        middle = Qt.TextElideMode.ElideMiddle
        words = painter.fontMetrics().elidedText(self.text(), middle, int(room))
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(part(lead, room), leading, words)
        icons.draw(painter, "chevron-down", part(rect.width() - 10 - px(13), px(13)), tokens.text2)

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
