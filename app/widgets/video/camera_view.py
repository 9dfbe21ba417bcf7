"""Recording from the camera, in the player's place: picture, count, time, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.core.clips import WINDOW_S
from app.viewmodels.camera_take import WHY, CameraTake
from app.widgets.announcing import announce
from app.widgets.controls import Bar, Button, Label
from app.widgets.theme import Theme, palette
from app.widgets.video.pictures import image_of
from app.widgets.video.player import dark_theme
from app.widgets.video.stage import Stage, ground

LAST_SECONDS = 5
COUNT_PX = 96


class CameraView(QWidget):
    """Space or the red button records and stops, Escape goes back to the clip."""

    def __init__(self, take: CameraTake, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self._said = ""
        self.theme = dark_theme(theme, self)
        self.stage = _CameraStage(take, self.theme)
        self.device = QComboBox()
        self.device.setAccessibleName("Camera")
        self.device.setPalette(palette(self.theme))
        self.time = Label("", self.theme, "body_medium")
        self.bar = Bar(self.theme, 4, 160)
        self.problem = Label("", self.theme, "small", "warn")
        self.problem.setWordWrap(True)
        dark = self.theme
        self.allow = Button("Allow the camera", dark, "filled")
        self.record = Button("Record", dark, "danger")
        self.stop = Button("Stop", dark, "danger", "square")
        self.use = Button("Use this clip", dark, "filled")
        self.again = Button("Record again", dark)
        self.back = Button("Back", dark, "quiet")
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 14)
        row.setSpacing(10)
        for part in (self.back, self.device, self.bar, self.time):
            row.addWidget(part)
        row.addStretch(1)
        for button in (self.allow, self.again, self.record, self.stop, self.use):
            row.addWidget(button)
        self.problem.setContentsMargins(16, 6, 16, 0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.stage, 1)
        box.addWidget(self.problem)
        box.addLayout(row)

    def _connect(self) -> None:
        take = self._take
        take.changed.connect(self.refresh)
        take.ticked.connect(self._on_tick)
        take.picture_arrived.connect(self._on_picture)
        self.allow.clicked.connect(take.allow)
        self.record.clicked.connect(take.start)
        self.again.clicked.connect(take.start)
        self.stop.clicked.connect(take.stop)
        self.use.clicked.connect(take.use)
        self.back.clicked.connect(take.close)
        self.device.activated.connect(lambda at: take.choose(str(self.device.itemData(at))))

    def refresh(self) -> None:
        """Show what can be done in this state."""
        take, state = self._take, self._take.state
        self._fill_devices()
        self.device.setVisible(state == "ready" and self.device.count() > 1)
        self.allow.setVisible(state in ("why", "asking"))
        self.allow.setEnabled(state == "why")
        self.record.setVisible(state == "ready")
        self.stop.setVisible(state in ("counting", "recording"))
        self.use.setVisible(state == "take")
        self.again.setVisible(state == "take")
        self.bar.setVisible(state in ("recording", "saving", "take"))
        self.back.setText("Discard" if state == "take" else "Back")
        self.back.setAccessibleName("Discard the take" if state == "take" else "Back to the clip")
        self.back.updateGeometry()
        self.problem.setText(take.problem)
        self.problem.setVisible(bool(take.problem))
        words = {
            "why": WHY,
            "asking": "Waiting for the system's permission…",
            "ready": "Waiting for the camera…" if take.picture is None else "",
        }
        self.stage.set_words(words.get(state, ""))
        self._on_tick()
        if state != self._said:
            self._said = state
            self._announce(state)

    def _announce(self, state: str) -> None:
        said = {
            "counting": "Recording in 3 seconds",
            "recording": "Recording",
            "take": f"Recorded {self._take.seconds:.1f} seconds",
        }.get(state)
        if said:
            announce(self, said, True)

    def _fill_devices(self) -> None:
        devices = self._take.devices
        if [self.device.itemData(at) for at in range(self.device.count())] != [
            d for d, _ in devices
        ]:
            self.device.clear()
            for device, name in devices:
                self.device.addItem(name, device)
        self.device.setCurrentIndex(max(0, self.device.findData(self._take.device)))

    def _on_tick(self) -> None:
        take = self._take
        left = WINDOW_S - take.seconds
        is_late = take.state == "recording" and left <= LAST_SECONDS
        self.bar.set_share(take.seconds / WINDOW_S, "mwarn" if is_late else "rec")
        words = {
            "recording": f"{take.seconds:.1f} of {WINDOW_S}.0 s",
            "saving": "Saving…",
            "take": f"{take.seconds:.1f} s recorded",
            "ready": f"Up to {WINDOW_S} s",
        }
        self.time.setText(words.get(take.state, ""))
        self.stage.update()

    def _on_picture(self) -> None:
        if self._take.picture is not None:
            self.stage.set_image(image_of(self._take.picture))
            self.stage.set_words("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space records and stops; Escape goes back, unless that would lose a recording."""
        take = self._take
        if event.key() == Qt.Key.Key_Space:
            take.stop() if take.state in ("counting", "recording") else take.start()
        elif event.key() == Qt.Key.Key_Escape and take.state in ("why", "asking", "ready"):
            take.close()
        elif event.key() == Qt.Key.Key_Escape and take.state in ("counting", "recording"):
            take.stop()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground goes on under the buttons."""
        QPainter(self).fillRect(self.rect(), ground())


class _CameraStage(Stage):
    """The camera's picture with the count or the red dot over it."""

    def __init__(self, take: CameraTake, theme: Theme) -> None:
        super().__init__(theme)
        self._take = take
        self.setAccessibleName("Picture of the camera")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        if self._take.state == "counting":
            font = QFont(self._theme.font("timer"))
            font.setPixelSize(COUNT_PX)
            painter.setFont(font)
            centre = QRectF(self.rect())
            circle = QRectF(0, 0, COUNT_PX * 1.7, COUNT_PX * 1.7)
            circle.moveCenter(centre.center())
            veil = ground()
            veil.setAlphaF(0.6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawEllipse(circle)
            painter.setPen(tokens.text)
            painter.drawText(centre, Qt.AlignmentFlag.AlignCenter, str(self._take.count))
        elif self._take.state == "recording":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.rec)
            painter.drawEllipse(QRectF(20, 20, 14, 14))
