"""The video pane: the clip that is open, its window, its frames and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.core import clips
from app.core.clips import Pixels, Window
from app.core.conversation import Attachment
from app.intake.selection import WHOLE, Selection
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.clip_cost import ClipCost, FrameView, SoundState
from app.viewmodels.clip_frames import ClipFrames, FrameReader
from app.viewmodels.clip_scenes import ClipScenes
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.materials import MaterialsViewModel, MaterialView
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.values import ModelChoice
from app.viewmodels.words import clock

State = Literal["empty", "reading", "failed", "ready"]
SETTLE_MS = 150  # a window that is being dragged is read when it rests


class VideoViewModel(QObject):
    """What the video pane shows and does. Seconds count from the beginning of the file."""

    changed = Signal()
    frame_arrived = Signal(int)  # second
    still_arrived = Signal(int)  # second
    wave_arrived = Signal()
    current_changed = Signal(int)  # the second that is lit
    seek_wanted = Signal(float)  # the player has to go there
    problem = Signal(str)

    def __init__(
        self,
        materials: MaterialsViewModel,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        models: ModelsViewModel,
        reader: FrameReader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._materials, self._chat = materials, chat
        self._composer, self._models = composer, models
        self._frames = ClipFrames(reader, self)
        self.cost = ClipCost(lambda: self.clip, self.frames, materials, chat, models, self)
        self.scenes = ClipScenes(lambda: self.clip, lambda: self.window, materials, self)
        self._shown = ""  # the id of the clip that is shown
        self._current = 0
        self._scenes: frozenset[int] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._load)
        self._frames.arrived.connect(self._on_frame)
        self._frames.still_arrived.connect(self.still_arrived)
        self._frames.wave_arrived.connect(self.wave_arrived)
        self._frames.failed.connect(self._on_failed)
        self._frames.settled.connect(self.changed)
        materials.changed.connect(self._on_materials)
        materials.current_changed.connect(self._on_materials)
        materials.work_changed.connect(self.changed)
        self.cost.changed.connect(self.changed)
        models.changed.connect(self.changed)
        chat.context_changed.connect(self.changed)
        self._on_materials()

    # --- the clip ----------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Whether there is a clip, and how far it is."""
        view = self._view()
        return "empty" if view is None else view.state

    @property
    def clip(self) -> Attachment | None:
        """The clip, when it has been read."""
        view = self._view()
        return None if view is None else view.attachment

    @property
    def clips(self) -> tuple[MaterialView, ...]:
        """All clips of the conversation, the open one among them."""
        return tuple(item for item in self._materials.items() if item.kind == "video")

    @property
    def name(self) -> str:
        """The file's name."""
        view = self._view()
        return "" if view is None else view.name

    @property
    def trouble(self) -> str:
        """Why the clip cannot be read, in a sentence."""
        view = self._view()
        return "" if view is None else view.problem

    @property
    def window(self) -> Window:
        """The seconds that are watched."""
        clip = self.clip
        if clip is None:
            return Window(0, 1)
        chosen = self._selection()
        return clips.window_of(chosen.start_s, chosen.end_s, clip.seconds)

    @property
    def path(self) -> Path | None:
        """The clip's file, to be played."""
        clip = self.clip
        if clip is None:
            return None
        try:
            return self._chat.image_seen(clip.sha256)
        except (KeyError, OSError):
            return None

    @property
    def is_long(self) -> bool:
        """Whether the file is longer than what the model watches."""
        clip = self.clip
        return clip is not None and clips.whole_seconds(clip.seconds) > clips.WINDOW_S

    @property
    def current(self) -> int:
        """The second that is lit."""
        return self._current

    # --- the frames --------------------------------------------------------------------------

    def frames(self) -> tuple[FrameView, ...]:
        """The frames of the window, in order."""
        if self.clip is None:
            return ()
        start = self.window.start
        left_out, scenes = set(self._selection().left_out), self._scene_marks()
        return tuple(
            FrameView(second, number, second - start in left_out, second in scenes)
            for number, second in enumerate(self._seconds(), start=1)
        )

    def thumbnail(self, second: int) -> Pixels | None:
        """A small picture of a second, uint8 RGB [H, W, 3]; None while it is being read."""
        return self._frames.thumbnail(second)

    def still(self, second: int) -> Pixels | None:
        """A large picture of a second, or the small one until that has come."""
        return self._frames.still(second)

    def want_still(self, second: int) -> None:
        """Read the large picture of a second; `still_arrived` says when it is there."""
        self._frames.want_still(second)

    @property
    def frames_read(self) -> int:
        """How many of the window's frames have a picture."""
        return sum(self._frames.thumbnail(frame.second) is not None for frame in self.frames())

    @property
    def wave(self) -> NDArray[np.float32] | None:
        """Lowest and highest sample of each 20 ms of the whole track, float32 [n, 2]."""
        return self._frames.wave

    # --- sound -------------------------------------------------------------------------------

    @property
    def sound(self) -> SoundState:
        """Whether the sound track goes along, and why not."""
        return self.cost.sound

    @property
    def hearing_model(self) -> ModelChoice | None:
        """A model at hand that hears, where the one in use does not."""
        if self._models.senses.hears:
            return None
        used = self._models.current
        others = (c for c in self._models.choices() if used is None or c.key != used.key)
        return next((choice for choice in others if choice.hears), None)

    def use_hearing_model(self) -> None:
        """Load the model that hears."""
        choice = self.hearing_model
        if choice is not None:
            self._models.choose(choice.key)

    def set_sound(self, is_on: bool) -> None:
        """Send the sound track or not."""
        self._select(replace(self._selection(), with_sound=is_on))

    # --- choosing frames ---------------------------------------------------------------------

    def toggle(self, second: int) -> None:
        """Leave a frame out, or take it in again."""
        is_left_out = any(f.second == second and f.is_left_out for f in self.frames())
        self.leave_out(second, second, not is_left_out)

    def leave_out(self, first: int, last: int, is_left_out: bool) -> None:
        """Leave all frames from one second to another out, or take them in. One always stays."""
        window, chosen = self.window, self._selection()
        low, high = sorted((first, last))
        numbers = {s - window.start for s in range(low, high + 1) if window.start <= s < window.end}
        before = set(chosen.left_out)
        after = before | numbers if is_left_out else before - numbers
        if not {s - window.start for s in self._seconds()} - after:
            self.problem.emit("At least one frame has to stay.")
            return
        self._select(replace(chosen, left_out=tuple(sorted(after))))

    def move_window(self, start: float) -> None:
        """Watch another part of the file, of the same length."""
        clip = self.clip
        if clip is not None:
            self._set_window(clips.moved_to(self.window, start, clip.seconds))

    def set_start(self, second: float) -> None:
        """Watch from another second on."""
        self._set_window(clips.with_start(self.window, second))

    def set_end(self, second: float) -> None:
        """Watch up to another second."""
        clip = self.clip
        if clip is not None:
            self._set_window(clips.with_end(self.window, second, clip.seconds))

    # --- going to a moment -------------------------------------------------------------------

    def seek(self, second: float) -> None:
        """Light a second, moving the window there if it lies outside; the player follows."""
        clip = self.clip
        if clip is None:
            return
        second = min(max(0.0, second), max(0.0, clip.seconds - 0.01))
        window = self.window
        if not window.start <= second < window.end:
            self.move_window(second - len(window) // 2)
        self.set_position(second)
        self.seek_wanted.emit(second)

    def step(self, seconds: int) -> None:
        """Go some seconds on or back inside the window."""
        window = self.window
        self.seek(min(max(self._current + seconds, window.start), window.end - 1))

    def set_position(self, second: float) -> None:
        """The player has come to a moment."""
        window = self.window
        now = min(max(int(second), window.start), window.end - 1)
        if now != self._current:
            self._current = now
            self.current_changed.emit(now)

    def ask_about(self, first: int, last: int) -> None:
        """Put the question about a range into the composer."""
        low, high = sorted((first, last))
        self._composer.prefill(f"What changed between {clock(low)} and {clock(high)}?")

    # --- clips of the conversation -----------------------------------------------------------

    def add_files(self, paths: Sequence[Path]) -> None:
        """Open clips."""
        self._materials.add_files(paths)

    def select(self, clip_id: str) -> None:
        """Show another clip of the conversation."""
        self._materials.select(clip_id)

    def remove(self) -> None:
        """Take the clip out of the conversation."""
        view = self._view()
        if view is not None:
            self._materials.remove(view.id)

    # --- inside ------------------------------------------------------------------------------

    def _view(self) -> MaterialView | None:
        """The chosen clip, else the newest one."""
        items = self.clips
        current = self._materials.current
        chosen = [item for item in items if current is not None and item.id == current.id]
        return chosen[0] if chosen else (items[-1] if items else None)

    def _selection(self) -> Selection:
        clip = self.clip
        return clip.selection if clip is not None else WHOLE

    def _select(self, selection: Selection) -> None:
        clip = self.clip
        if clip is not None:
            self.cost.forget_refusal()
            self._materials.set_selection(clip.id, selection)

    def _set_window(self, window: Window) -> None:
        before = self.window
        if window == before:
            return
        left_out = clips.kept_left_out(before, self._selection().left_out, window)
        if len(left_out) >= len(window):
            left_out = left_out[1:]
        chosen = replace(
            self._selection(),
            start_s=float(window.start),
            end_s=float(window.end),
            left_out=left_out,
        )
        self._select(chosen)

    def _scene_marks(self) -> frozenset[int]:
        if self._scenes is None:
            seconds = self._seconds()
            found = clips.scene_changes([self._frames.coarse(second) for second in seconds])
            self._scenes = frozenset(seconds[number] for number in found)
        return self._scenes

    def _seconds(self) -> list[int]:
        """The seconds of the window, without those that have no picture of their own."""
        window, absent = self.window, self._frames.absent
        return [second for second in range(window.start, window.end) if second not in absent]

    def _choose_first_minute(self) -> None:
        """Of a longer file a part is watched: it is a choice that the person sees and changes."""
        clip = self.clip
        if clip is not None and self.is_long and clip.selection.end_s is None:
            window = self.window
            chosen = replace(clip.selection, start_s=float(window.start), end_s=float(window.end))
            self._materials.set_selection(clip.id, chosen)

    def _load(self) -> None:
        clip, window = self.clip, self.window
        if clip is not None:
            self._frames.want(window.start, window.end)
            if clip.has_sound:
                self._frames.want_wave()

    def _on_materials(self) -> None:
        clip = self.clip
        shown = clip.id if clip is not None else ""
        self._scenes = None
        if shown != self._shown:
            self._shown = shown
            self.cost.forget_refusal()
            self._frames.open(clip)
            self._current = self.window.start
            self._load()
            self._choose_first_minute()
            self.changed.emit()
            self.current_changed.emit(self._current)
            return
        if clip is not None:
            self._timer.start()
            window = self.window
            self._current = min(max(self._current, window.start), window.end - 1)
        self.changed.emit()

    def _on_frame(self, second: int) -> None:
        self._scenes = None
        self.frame_arrived.emit(second)

    def _on_failed(self, problem: str) -> None:
        self.problem.emit(problem)
        self.changed.emit()
