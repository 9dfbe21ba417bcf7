"""Pictures and wave of the clip that is open: asked from the reader, kept while they are useful."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.core.clips import Coarse, Pixels, coarse
from app.core.conversation import Attachment

THUMBNAIL_PX = 288  # the enlarged frame is 144 points wide, on screens with two pixels for each
STILL_PX = 1280
KEPT = 320  # thumbnails, about 40 MB
KEPT_STILLS = 6

OnFrame = Callable[[int, float, Pixels], None]
OnDone = Callable[[str], None]
OnWave = Callable[[NDArray[np.float32] | None, float, str], None]


class Look(Protocol):
    """Something that was asked for."""

    def cancel(self) -> None:
        """Nobody wants it any more; its `done` is not called."""


class FrameReader(Protocol):
    """The part of the media reader that shows clips; it calls back on its own thread."""

    def frames(
        self,
        attachment: Attachment,
        start_s: float,
        end_s: float,
        max_px: int,
        on_frame: OnFrame,
        done: OnDone,
    ) -> Look: ...

    def wave(self, attachment: Attachment, done: OnWave) -> Look: ...


class ClipFrames(QObject):
    """Thumbnails by second, large stills of the seconds looked at last, and the wave."""

    arrived = Signal(int)
    still_arrived = Signal(int)
    wave_arrived = Signal()
    failed = Signal(str)
    settled = Signal()  # what was asked for has come, or will not come
    _frame = Signal(int, int, object)  # generation, second, pixels
    _still = Signal(int, int, object)
    _done = Signal(int, str)  # number of the request, problem
    _still_done = Signal(int, str)
    _wave = Signal(int, object, str)

    def __init__(self, reader: FrameReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._clip: Attachment | None = None
        self._generation = 0
        self._kept: OrderedDict[tuple[str, int], Pixels] = OrderedDict()
        self._coarse: dict[tuple[str, int], Coarse] = {}
        self._stills: OrderedDict[tuple[str, int], Pixels] = OrderedDict()
        self._wanted = (0, 0)
        self._is_reading = False
        self._asked = range(0)
        self._requests = 0
        self._look: Look | None = None  # of the thumbnails that are being read
        self._still_wanted: int | None = None
        self._is_reading_still = False
        self._wave_asked = False
        self.wave: NDArray[np.float32] | None = None
        self.absent: set[int] = set()  # seconds that have no picture of their own
        self._frame.connect(self._on_frame)
        self._still.connect(self._on_still)
        self._done.connect(self._on_done)
        self._still_done.connect(self._on_still_done)
        self._wave.connect(self._on_wave)

    def open(self, clip: Attachment | None) -> None:
        """Another clip, or none. What still comes of the old one is not taken."""
        self._generation += 1
        self._clip = clip
        self._stop_reading()
        self._is_reading_still = self._wave_asked = False
        self._still_wanted, self.wave = None, None
        self.absent.clear()

    def thumbnail(self, second: int) -> Pixels | None:
        """The small picture of a second."""
        return None if self._clip is None else self._kept.get((self._clip.sha256, second))

    def coarse(self, second: int) -> Coarse | None:
        """What scenes are told apart by."""
        return None if self._clip is None else self._coarse.get((self._clip.sha256, second))

    def still(self, second: int) -> Pixels | None:
        """The large picture of a second, else the small one."""
        if self._clip is None:
            return None
        found = self._stills.get((self._clip.sha256, second))
        return found if found is not None else self.thumbnail(second)

    def want(self, start: int, end: int) -> None:
        """Read the thumbnails of `[start, end)` that are missing."""
        self._wanted = (start, end)
        missing = self._missing()
        if self._is_reading and missing and not set(missing) & set(self._asked):
            self._stop_reading()  # the window was moved away from what is being read
        self._read_on()

    def want_still(self, second: int) -> None:
        """Read the large picture of a second; only the last one asked for is read."""
        if self._clip is None or (self._clip.sha256, second) in self._stills:
            return
        self._still_wanted = second
        if not self._is_reading_still:
            self._read_still()

    def want_wave(self) -> None:
        """Read the wave of the whole track, once."""
        clip, generation = self._clip, self._generation
        if clip is None or self._wave_asked:
            return
        self._wave_asked = True
        self._reader.wave(
            clip, lambda peaks, _seconds, problem: self._wave.emit(generation, peaks, problem)
        )

    # --- asking ------------------------------------------------------------------------------

    def _missing(self) -> list[int]:
        return [
            second
            for second in range(*self._wanted)
            if self.thumbnail(second) is None and second not in self.absent
        ]

    def _read_on(self) -> None:
        clip, generation = self._clip, self._generation
        missing = self._missing()
        if clip is None or self._is_reading or not missing:
            return
        start, end = missing[0], missing[-1] + 1
        self._asked = range(start, end)
        self._requests += 1
        self._is_reading, request = True, self._requests
        look = self._reader.frames(
            clip,
            float(start),
            float(end),
            THUMBNAIL_PX,
            lambda index, _time, rgb: self._frame.emit(generation, start + index, rgb),
            lambda problem: self._done.emit(request, problem),
        )
        if request == self._requests and self._is_reading:
            self._look = look

    def _stop_reading(self) -> None:
        look, self._look = self._look, None
        self._requests += 1
        self._is_reading = False
        if look is not None:
            look.cancel()

    def _read_still(self) -> None:
        clip, generation, second = self._clip, self._generation, self._still_wanted
        if clip is None or second is None:
            return
        self._still_wanted, self._is_reading_still = None, True
        self._reader.frames(
            clip,
            float(second),
            float(second + 1),
            STILL_PX,
            lambda _index, _time, rgb: self._still.emit(generation, second, rgb),
            lambda problem: self._still_done.emit(generation, problem),
        )

    # --- what comes --------------------------------------------------------------------------

    def _on_frame(self, generation: int, second: int, pixels: Pixels) -> None:
        if generation != self._generation or self._clip is None:
            return
        key = (self._clip.sha256, second)
        self._kept[key] = pixels
        self._kept.move_to_end(key)
        self._coarse[key] = coarse(pixels)
        while len(self._kept) > KEPT:
            old, _ = self._kept.popitem(last=False)
            del self._coarse[old]
        self.arrived.emit(second)

    def _on_done(self, request: int, problem: str) -> None:
        if request != self._requests:
            return
        self._is_reading, self._look = False, None
        if problem:
            self.failed.emit(problem)
            self.settled.emit()
            return
        absent = {s for s in self._asked if self.thumbnail(s) is None}
        self.absent |= absent
        self._read_on()
        if absent or not self._is_reading:
            self.settled.emit()

    def _on_still(self, generation: int, second: int, pixels: Pixels) -> None:
        if generation != self._generation or self._clip is None:
            return
        key = (self._clip.sha256, second)
        self._stills[key] = pixels
        while len(self._stills) > KEPT_STILLS:
            self._stills.popitem(last=False)
        self.still_arrived.emit(second)

    def _on_still_done(self, generation: int, _problem: str) -> None:
        if generation == self._generation:
            self._is_reading_still = False
            self._read_still()

    def _on_wave(self, generation: int, peaks: object, _problem: str) -> None:
        if generation == self._generation and isinstance(peaks, np.ndarray):
            self.wave = peaks
            self.wave_arrived.emit()
