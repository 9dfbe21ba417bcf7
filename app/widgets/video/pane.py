"""The video pane: player and questions side by side, the strip below them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QMenu,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.viewmodels.camera_take import CameraTake
from app.viewmodels.clip_cost import FrameView
from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets.announcing import announce
from app.widgets.controls import Hairline, Label
from app.widgets.theme import Theme
from app.widgets.video.camera_view import CameraView
from app.widgets.video.choices import NARROW, Choices, RangeBar
from app.widgets.video.empty import EmptyVideo
from app.widgets.video.events_lane import EventsLane
from app.widgets.video.frame_card import FrameCard
from app.widgets.video.mini_map import MiniMap
from app.widgets.video.player import MakePlayer, Player
from app.widgets.video.strip import FrameStrip
from app.widgets.video.wave_lane import WaveLane

SIDE = 16
LOW = 640  # points of height; below it the strip leaves more room above
NOTICE_MS = 6_000
HINT = "Ask about the clip"
ASK_WIDTH, ASK_NARROW = 400, 320
FILES = "Clips (*.mp4 *.mov *.m4v *.mkv *.webm *.avi);;All files (*)"


class VideoPane(QWidget):
    """Shows the clip of the open conversation. `ask` is the transcript with its composer.

    `times_wanted` carries the seconds up to which answers name moments of the clip, 0 for none.
    """

    times_wanted = Signal(float)
    hint_wanted = Signal(str)  # what the empty message field says

    def __init__(
        self,
        view_model: VideoViewModel,
        ask: QWidget,
        theme: Theme,
        take: CameraTake | None = None,
        make_player: MakePlayer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._theme, self._ask = view_model, theme, ask
        self.player = Player(view_model, theme, make_player)
        self.empty = EmptyVideo(theme)
        self.strip = FrameStrip(view_model, theme)
        self.mini_map = MiniMap(view_model, theme)
        self.wave = WaveLane(view_model, theme)
        self.events = EventsLane(view_model, theme)
        self.choices = Choices(view_model, theme)
        self.range_bar = RangeBar(view_model, theme)
        self.take = take
        self.camera = None if take is None else CameraView(take, theme)
        self.source = Label("", theme, "caption", "text2")
        self.window_words = Label("", theme, "caption", "text2")
        self._times = 0.0
        self.notice = Label("", theme, "caption", "warn")
        self.notice.hide()
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.setInterval(NOTICE_MS)
        self._notice_timer.timeout.connect(self.notice.hide)
        self._lay_out()
        self.card = FrameCard(view_model, theme, self)
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.player)
        if self.camera is not None:
            self.stack.addWidget(self.camera)
        self._upper = QHBoxLayout()
        self._upper.setContentsMargins(0, 0, 0, 0)
        self._upper.setSpacing(0)
        self._divider = Hairline(self._theme, is_vertical=True)
        self._upper.addWidget(self.stack, 1)
        self._upper.addWidget(self._divider)
        self._upper.addWidget(self._ask)
        self.below = _Below(self._theme)
        self._map_row = QWidget()
        map_row = QHBoxLayout(self._map_row)
        map_row.setContentsMargins(0, 0, 0, 0)
        map_row.setSpacing(12)
        map_row.addWidget(self.source)
        map_row.addWidget(self.mini_map, 1)
        map_row.addWidget(self.window_words)
        self._bottom = QStackedLayout()
        self._bottom.addWidget(self.choices)
        self._bottom.addWidget(self.range_bar)
        self._below_box = below = QVBoxLayout(self.below)
        below.setContentsMargins(SIDE, 10, SIDE, 10)
        below.setSpacing(8)
        for part in (self._map_row, self.strip, self.wave, self.events, self.notice):
            below.addWidget(part)
        below.addLayout(self._bottom)
        box = QVBoxLayout(self)
        box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._upper, 1)
        box.addWidget(self.below)

    def _connect(self) -> None:
        model = self._model
        model.changed.connect(self.refresh)
        model.problem.connect(self._show_notice)
        self.strip.hovered.connect(self._on_hover)
        self.strip.range_changed.connect(self._on_range)
        self.range_bar.cleared.connect(lambda: self.strip.set_range(None))
        self.range_bar.asked.connect(self._on_asked)
        self.player.enlarge_toggled.connect(self._on_enlarged)
        self.player.bar.more.clicked.connect(self._show_menu)
        self.empty.open_wanted.connect(self.choose_files)
        self.empty.remove_wanted.connect(model.remove)
        if self.take is not None:
            self.empty.record_wanted.connect(self.record)
            self.take.changed.connect(self.refresh)

    # --- for the window ----------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for clips."""
        dialog = QFileDialog(self, "Open a clip", "", FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self._model.add_files(list(map(Path, names))))
        dialog.open()

    def record(self) -> None:
        """Show the camera in the player's place."""
        if self.take is not None and self.camera is not None:
            self.player.stop()
            self.take.open()
            self.camera.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_time(self, second: float) -> None:
        """Go to a moment that an answer names, and light its frame."""
        self.player.stop()
        self._model.seek(second)
        self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def clips_menu(self) -> QMenu:
        """The clips of the conversation, and what can be done with them."""
        menu = QMenu(self)
        shown, items = self._model.clip, self._model.clips
        for item in items if len(items) > 1 else ():
            action = menu.addAction(item.name, partial(self._model.select, item.id))
            action.setCheckable(True)
            action.setChecked(shown is not None and item.id == shown.id)
        menu.addSeparator()
        menu.addAction("Open a clip…", self.choose_files)
        if self.take is not None and self.take.can_record:
            menu.addAction("Record a clip", self.record)
        menu.addAction("Remove this clip", self._model.remove)
        return menu

    def _show_menu(self) -> None:
        menu = self.clips_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        more = self.player.bar.more
        menu.popup(more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def light_time(self, second: int | None) -> None:
        """The pointer is over a moment of an answer, or over none."""
        self.strip.light(second)

    @property
    def times_until(self) -> float:
        """Up to which second answers name moments of the clip."""
        clip = self._model.clip
        return 0.0 if clip is None else clip.seconds

    # --- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the clip again."""
        model = self._model
        has_clip = model.state == "ready"
        shown: QWidget = self.player if has_clip else self.empty
        if self.camera is not None and self.take is not None and self.take.is_open:
            shown = self.camera
        self.stack.setCurrentWidget(shown)
        if self.isVisible():
            self.empty.set_can_record(self.take is not None and self.take.can_record)
        if model.state == "reading":
            self.empty.show_reading(model.name)
        elif model.state == "failed":
            self.empty.show_failed(model.name, model.trouble)
        elif model.state == "empty":
            self.empty.show_empty(self.take.problem if self.take is not None else "")
        self.below.setVisible(has_clip and not self.player.bar.enlarge.isChecked())
        clip = model.clip
        self._map_row.setVisible(model.is_long)
        self.wave.setVisible(clip is not None and clip.has_sound)
        if self.times_until != self._times:
            self._times = self.times_until
            self.times_wanted.emit(self._times)
        if clip is not None:
            self.source.setText(f"Source {clock(clip.seconds)}")
            window = model.window
            span = f"{clock(window.start)}–{clock(window.end)}"
            self.window_words.setText(span)
            self.hint_wanted.emit(f"Ask about {span}" if model.is_long else HINT)

    def showEvent(self, event: QShowEvent) -> None:
        """Cameras are looked for when the pane is seen."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The questions become narrower before the player does."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._theme.px(NARROW)
        wanted = ASK_NARROW if is_narrow else ASK_WIDTH
        self._ask.setFixedWidth(min(self._theme.px(wanted), max(ASK_NARROW, self.width() // 2)))
        self.choices.set_narrow(is_narrow)
        is_low = self.height() < LOW
        self.strip.set_low(is_low)
        self.wave.set_low(is_low)
        self._below_box.setSpacing(4 if is_low else 8)
        self._below_box.setContentsMargins(SIDE, 6 if is_low else 10, SIDE, 6 if is_low else 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    def _show_notice(self, words: str) -> None:
        self.notice.setText(words)
        self.notice.show()
        self._notice_timer.start()
        announce(self, words, False)

    def _on_hover(self, frame: FrameView | None, place: QRectF) -> None:
        if frame is None:
            self.card.hide()
            return
        corner = self.strip.mapTo(self, QPoint(0, 0))
        self.card.show_above(frame, QRect(place.toRect()).translated(corner))

    def _on_range(self, chosen: tuple[int, int] | None) -> None:
        if chosen is None:
            self._bottom.setCurrentWidget(self.choices)
            return
        self.range_bar.show_range(*chosen)
        self._bottom.setCurrentWidget(self.range_bar)

    def _on_asked(self, first: int, last: int) -> None:
        self._model.ask_about(first, last)
        self.strip.set_range(None)

    def _on_enlarged(self, is_large: bool) -> None:
        self._ask.setVisible(not is_large)
        self._divider.setVisible(not is_large)
        self.refresh()

    # --- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays, J K L shuttle, I and O set the window's ends, arrows go by seconds."""
        if self._model.clip is None or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
            | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier
        ):
            super().keyPressEvent(event)
            return
        step = 1 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else -1
        match Qt.Key(event.key()):
            case Qt.Key.Key_Space:
                self.player.toggle()
            case Qt.Key.Key_J:
                self.player.shuttle(-1)
            case Qt.Key.Key_K:
                self.player.shuttle(0)
            case Qt.Key.Key_L:
                self.player.shuttle(1)
            case Qt.Key.Key_I:
                self._model.set_start(self._model.current)
            case Qt.Key.Key_O:
                self._model.set_end(self._model.current + 1)
            case Qt.Key.Key_Left:
                self._model.step(-step)
            case Qt.Key.Key_Right:
                self._model.step(step)
            case _:
                super().keyPressEvent(event)


class _Below(QWidget):
    """The ground of strip and choices, with a line above."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        painter.fillRect(QRect(0, 0, self.width(), 1), self._theme.tokens.line)
