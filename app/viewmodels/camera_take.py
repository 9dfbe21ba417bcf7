"""Recording a clip from the camera: look first, 3-2-1, at most 60.0 s, then the take stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.capture.ports import Camera, Device, Pixels
from app.core.clips import WINDOW_S
from app.viewmodels.materials import MaterialsViewModel

TakeState = Literal["off", "why", "asking", "ready", "counting", "recording", "saving", "take"]
COUNT_FROM = 3
COUNT_MS = 1000
TICK_MS = 50
WHY = (
    "Facet needs the camera to record a clip for Gemma to watch. "
    "The recording stays on this computer; nothing is recorded before you press Record."
)


class CameraTake(QObject):
    """One take at a time. `problem` is a sentence; the state goes back to what still works."""

    changed = Signal()
    ticked = Signal()  # the time or the count is another
    picture_arrived = Signal()
    _picture = Signal(object)
    _allowed = Signal(bool)
    _failed = Signal(str)
    _saved = Signal(object, str)

    def __init__(
        self,
        make_camera: Callable[[], Camera | None],
        materials: MaterialsViewModel,
        folder: Path,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_camera: Callable[[], Camera | None] | None = make_camera
        self._made: Camera | None = None
        self._materials = materials
        self._folder, self._clock = folder, clock
        self.state: TakeState = "off"
        self.problem = ""
        self.count = 0
        self.picture: Pixels | None = None
        self.path: Path | None = None
        self.seconds = 0.0
        self._device = ""
        self._began = 0.0
        self._takes = 0
        self._counter = QTimer(self)
        self._counter.setInterval(COUNT_MS)
        self._counter.timeout.connect(self.count_down)
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self._picture.connect(self._on_picture)
        self._allowed.connect(self._on_allowed)
        self._failed.connect(self._on_failed)
        self._saved.connect(self._on_saved)

    @property
    def _camera(self) -> Camera | None:
        """Made on first use: Qt Multimedia takes a while to load."""
        if self._make_camera is not None:
            self._made, self._make_camera = self._make_camera(), None
        return self._made

    @property
    def can_record(self) -> bool:
        """Whether there is a camera."""
        return self._camera is not None and bool(self._camera.devices())

    @property
    def devices(self) -> tuple[Device, ...]:
        """Id and name of each camera."""
        return () if self._camera is None else self._camera.devices()

    @property
    def device(self) -> str:
        """The id of the camera in use."""
        known = [device for device, _name in self.devices]
        return self._device if self._device in known else (known[0] if known else "")

    @property
    def is_open(self) -> bool:
        """Whether the camera's view is shown in place of the player."""
        return self.state != "off"

    # --- steps of a take ---------------------------------------------------------------------

    def open(self) -> None:
        """Show the camera; the first time, why it is needed comes before the system asks."""
        camera = self._camera
        if camera is None or self.is_open:
            return
        self.problem, self.path, self.seconds = "", None, 0.0
        if camera.is_allowed is None:
            self._set("why")
        elif camera.is_allowed:
            self._look()
        else:
            self._refuse()

    def allow(self) -> None:
        """The person read why and goes on: the system may ask."""
        if self._camera is not None and self.state == "why":
            self._set("asking")
            self._camera.ask(self._allowed.emit)

    def choose(self, device: str) -> None:
        """Use another camera."""
        self._device = device
        if self.state == "ready":
            self._look()

    def start(self) -> None:
        """3, 2, 1."""
        if self.state in ("ready", "take"):
            if self.state == "take":
                self._look()
            self.count, self.problem = COUNT_FROM, ""
            self._set("counting")
            self._counter.start()

    def count_down(self) -> None:
        """A second of the count has gone by."""
        self.count -= 1
        if self.count > 0:
            self.ticked.emit()
            return
        self._counter.stop()
        self._begin()

    def tick(self) -> None:
        """Look at the clock; at 60.0 s the recording ends by itself."""
        if self.state != "recording":
            return
        self.seconds = min(self._clock() - self._began, float(WINDOW_S))
        self.ticked.emit()
        if self.seconds >= WINDOW_S:
            self.stop()

    def stop(self) -> None:
        """End the recording, or the count."""
        if self.state == "counting":
            self._counter.stop()
            self._set("ready")
        elif self.state == "recording" and self._camera is not None:
            self.seconds = min(self._clock() - self._began, float(WINDOW_S))
            self._ticker.stop()
            self._set("saving")
            self._camera.stop(self._saved.emit)

    def use(self) -> None:
        """The take becomes a clip of the conversation."""
        if self.state == "take" and self.path is not None:
            self._materials.add_files([self.path])
            self.path = None
            self.close()

    def close(self) -> None:
        """Back to the player. A take that was not used is deleted."""
        self._counter.stop()
        self._ticker.stop()
        if self._made is not None and self.is_open:
            self._made.close()
        self._forget_take()
        self.picture = None
        self._set("off")

    # --- inside ------------------------------------------------------------------------------

    def _look(self) -> None:
        assert self._camera is not None
        self._forget_take()
        self._set("ready")
        self._camera.look(self.device, self._picture.emit, self._failed.emit)

    def _begin(self) -> None:
        if self._camera is None:
            return
        self._takes += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        self.path = self._folder / f"Recording {self._takes}.mp4"
        self._began, self.seconds = self._clock(), 0.0
        self._set("recording")
        self._ticker.start()
        self._camera.record(self.path)

    def _forget_take(self) -> None:
        path, self.path, self.seconds = self.path, None, 0.0
        if path is not None and self.state == "take":
            path.unlink(missing_ok=True)

    def _refuse(self) -> None:
        self.problem = "The camera is off for Facet. Allow it in the system's privacy settings."
        self._set("off")

    def _set(self, state: TakeState) -> None:
        self.state = state
        self.changed.emit()

    def _on_allowed(self, is_allowed: bool) -> None:
        if self.state != "asking":
            return
        if is_allowed:
            self._look()
        else:
            self._refuse()

    def _on_picture(self, pixels: Pixels) -> None:
        if self.state in ("ready", "counting", "recording"):
            self.picture = pixels
            self.picture_arrived.emit()

    def _on_failed(self, problem: str) -> None:
        if not self.is_open:
            return
        if self.state == "recording":  # what is there is kept
            self.problem = problem
            self.stop()
            return
        self.close()
        self.problem = problem
        self.changed.emit()

    def _on_saved(self, path: Path | None, problem: str) -> None:
        if self.state != "saving":
            return
        self.path, self.problem = path, problem or self.problem
        self._set("take" if path is not None else "ready")
