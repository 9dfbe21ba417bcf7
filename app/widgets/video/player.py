"""The player: stage above, transport below. Plays the file where it can, else its frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.viewmodels.video import VideoViewModel
from app.viewmodels.words import clock
from app.widgets.theme import Theme
from app.widgets.video.frame_player import FramePlayer
from app.widgets.video.pictures import image_of
from app.widgets.video.stage import Stage, ground
from app.widgets.video.transport import TransportBar

if TYPE_CHECKING:
    from app.capture.qt_player import QtPlayer


MakePlayer = Callable[[], "QtPlayer | None"]
FASTEST = 8.0


def dark_theme(theme: Theme, parent: QWidget) -> Theme:
    """The dark look with everything else as in `theme`: the player is dark in both looks."""
    made = Theme("dark", theme.text_px, theme.is_contrast_high, theme.is_motion_reduced, parent)

    def follow() -> None:
        made.is_motion_reduced = theme.is_motion_reduced
        made.set_contrast(theme.is_contrast_high)
        made.set_text_px(theme.text_px)

    theme.changed.connect(follow)
    return made


class Player(QWidget):
    """Shows the moment that is lit, plays, scrubs and shuttles.

    `make_player` gives a player for the file itself, or None. It runs once it has proven that it
    can play this file; until then, and where it cannot, the frames do. While nothing runs, the
    frame of the lit second is shown, as the model sees it.
    """

    enlarge_toggled = Signal(bool)

    def __init__(
        self,
        view_model: VideoViewModel,
        theme: Theme,
        make_player: MakePlayer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = view_model
        self._make_player = make_player
        self.theme = dark_theme(theme, self)
        self.frames = FramePlayer(self)
        self.native: QtPlayer | None = None
        self.engine: FramePlayer | QtPlayer = self.frames
        self._rate = 1.0
        self._clip_id = ""
        self.stage = Stage(self.theme, self)
        self.bar = TransportBar(self.theme, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.stage, 1)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 12)
        row.addWidget(self.bar)
        box.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        model, bar = self._model, self.bar
        model.changed.connect(self.refresh)
        model.frame_arrived.connect(self._on_picture)
        model.still_arrived.connect(self._on_picture)
        model.current_changed.connect(lambda _second: self.show_moment())
        model.seek_wanted.connect(lambda second: self.engine.seek(second))
        self._listen_to(self.frames)
        bar.play.clicked.connect(self.toggle)
        bar.scrub.scrubbed.connect(model.seek)
        bar.mute.toggled.connect(self._on_muted)
        bar.enlarge.toggled.connect(self.enlarge_toggled)
        self.stage.pressed.connect(self.toggle)

    def _listen_to(self, engine: FramePlayer | QtPlayer) -> None:
        engine.position_changed.connect(lambda second: self._on_position(engine, second))
        engine.playing_changed.connect(lambda playing: self._on_playing(engine, playing))

    # --- what the person does ----------------------------------------------------------------

    @property
    def is_playing(self) -> bool:
        """Whether the clip is running."""
        return self.engine.is_playing

    @property
    def rate(self) -> float:
        """How fast, below 0 backwards."""
        return self._rate

    def toggle(self) -> None:
        """Play or stop, at the usual speed."""
        if self.is_playing:
            self.stop()
        else:
            self._run(1.0)

    def shuttle(self, direction: int) -> None:
        """Play on or back; again in the same direction is twice as fast. 0 stops."""
        if not direction:
            self.stop()
            return
        is_same = self.is_playing and (self._rate > 0) == (direction > 0)
        speed = min(FASTEST, abs(self._rate) * 2) if is_same else 1.0
        self._run(speed * direction)

    def stop(self) -> None:
        """Stand still."""
        self.engine.pause()

    def close_player(self) -> None:
        """Let the file go, for another clip or at the end of the program."""
        self.stop()
        if self.native is not None:
            self.native.close()
        self.engine = self.frames

    def _run(self, rate: float) -> None:
        self._rate = rate
        self.engine.set_rate(rate)
        if self._model.clip is None:
            return
        lit, position = self._model.current, self.engine.position
        has_ended = lit == self._model.window.end - 1 and lit < position <= lit + 1.2
        if not self.is_playing and int(position) != lit and not has_ended:
            self.engine.seek(float(lit))  # from the frame that is lit
        self.engine.play()

    # --- the file itself ---------------------------------------------------------------------

    def _open_file(self) -> None:
        clip, path = self._model.clip, self._model.path
        if clip is None or path is None or self._make_player is None:
            return
        if self.native is None:
            self.native = self._make_player()
            if self.native is None:
                self._make_player = None
                return
            self.native.setParent(self)
            self._listen_to(self.native)
            self.native.proven.connect(self._on_proven)
            self.native.failed.connect(self._on_failed)
            self.native.picture_changed.connect(self._on_native_picture)
        self.native.open(path, clip.name, has_picture=True)

    def _on_proven(self) -> None:
        if self.native is None:
            return
        was_playing = self.is_playing
        self.frames.pause()
        self.engine = self.native
        self._set_range()
        self.native.set_rate(self._rate)
        self.native.seek(self.frames.position)
        self.bar.mute.setVisible(self.native.has_sound)
        self.native.set_muted(self.bar.mute.isChecked())
        self.stage.set_words("")
        if was_playing:
            self.native.play()

    def _on_failed(self, problem: str) -> None:
        was_native = self.engine is self.native
        self.engine = self.frames
        self.bar.mute.hide()
        self.stage.set_words(f"{problem} You see one frame a second, as the model does.")
        if was_native:
            self.frames.seek(float(self._model.current))
        self.show_moment()

    def _on_native_picture(self, image: QImage) -> None:
        if self.engine is self.native and self.is_playing:
            self.stage.set_image(image)

    def _on_muted(self, is_muted: bool) -> None:
        self.bar.show_muted(is_muted)
        if self.native is not None:
            self.native.set_muted(is_muted)

    # --- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the clip again."""
        clip = self._model.clip
        clip_id = clip.id if clip is not None else ""
        if clip_id != self._clip_id:
            self._clip_id = clip_id
            self.close_player()
            self.bar.mute.hide()
            self.stage.set_words("")
            self.stage.set_image(QImage())
            self._set_range()
            self._open_file()
        self._set_range()
        self.bar.setEnabled(clip is not None)
        self.show_moment()

    def _set_range(self) -> None:
        clip, window = self._model.clip, self._model.window
        end = float(window.end) if clip is None else min(float(window.end), clip.seconds)
        self.frames.set_range(float(window.start), end)
        if self.engine is not self.frames:
            self.engine.set_range(float(window.start), end)
        self.bar.scrub.set_span(window.start, end)
        self.bar.end.setText(clock(end))

    def show_moment(self) -> None:
        """The picture of the second that is lit."""
        second = self._model.current
        if not self.is_playing:
            self._model.want_still(second)
            self._on_picture(second)
        elif self.engine is self.frames:
            self._on_picture(second)
        self._show_time(self.engine.position if self.is_playing else float(second))

    def _on_picture(self, second: int) -> None:
        if second != self._model.current or (self.is_playing and self.engine is self.native):
            return
        pixels = self._model.still(second)
        if pixels is not None:
            self.stage.set_image(image_of(pixels))

    def _show_time(self, second: float) -> None:
        self.bar.time.setText(clock(second))
        self.bar.scrub.set_position(second)

    def _on_position(self, engine: FramePlayer | QtPlayer, second: float) -> None:
        if engine is self.engine and engine.is_playing:
            self._model.set_position(second)
            self._show_time(second)

    def _on_playing(self, engine: FramePlayer | QtPlayer, is_playing: bool) -> None:
        if engine is not self.engine:
            return
        self.bar.set_playing(is_playing)
        self._model.set_position(engine.position)
        if not is_playing:
            self._rate = 1.0
            self.show_moment()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground goes on under the transport."""
        QPainter(self).fillRect(self.rect(), ground())
