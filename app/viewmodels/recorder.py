"""Recording from the microphone: at most 30.0 s, on disk as it comes, never sent by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.capture.ports import Device, Microphone
from app.core.levels import Meter
from app.core.takes import RATE, SHORTEST, TakeFile, free_path

_log = logging.getLogger(__name__)

LONGEST_S = 30.0
LONGEST = round(LONGEST_S * RATE)
PRE_ROLL = RATE  # the second before the button was pressed
WARN_S = 5.0
BAR = RATE // 10  # samples of one bar of the wave that grows
SILENCE_MS = 500  # nothing came for so long
WHY = (
    "Facet needs the microphone to record a take for Gemma to hear. The take stays on this "
    "computer, and nothing is sent to the model before you ask."
)
DENIED = "The microphone is off for Facet. Allow it in the system's privacy settings."
NO_DEVICE = "There is no microphone here. Connect one, or open a recording."
DISK = "The take cannot be written: {}. What was recorded until then is kept."

RecorderState = Literal["off", "why", "asking", "listening", "recording", "paused"]
Samples = NDArray[np.float32]


class Recorder(QObject):
    """The microphone of the audio pane. `finished` carries the take and its conversation."""

    changed = Signal()
    heard = Signal()  # level, wave and time are others now
    finished = Signal(Path, str)
    _came = Signal(int, object)
    _failed = Signal(int, str)

    def __init__(
        self,
        make_microphone: Callable[[], Microphone | None],
        folder: Path,
        place: Callable[[], tuple[str, set[str]]],
        parent: QObject | None = None,
    ) -> None:
        """`place` gives the open conversation and the names of its recordings.

        The microphone is made when it is first wanted.
        """
        super().__init__(parent)
        self._make, self._folder, self._place = make_microphone, folder, place
        self._state: RecorderState = "off"
        self._problem = ""
        self._device = self._open = ""  # chosen, and in use
        self._was_used = False
        self._listening = 0  # which time the microphone was opened; what comes late is dropped
        self._ring: list[Samples] = []
        self._take: TakeFile | None = None
        self._conversation = ""
        self._bars: list[float] = []
        self._bar = 0.0
        self._bar_count = 0
        self.meter = Meter()
        self._timer = QTimer(self)
        self._timer.setInterval(SILENCE_MS)
        self._timer.timeout.connect(self._on_silence)
        self._came.connect(self._on_samples)
        self._failed.connect(self._on_failed)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def can_record(self) -> bool:
        """Whether this program can use a microphone at all."""
        return self._microphone is not None

    @property
    def state(self) -> RecorderState:
        """What the microphone is doing."""
        return self._state

    @property
    def is_recording(self) -> bool:
        """Whether a take is being made."""
        return self._state in ("recording", "paused")

    @property
    def problem(self) -> str:
        """Why nothing can be recorded, in a sentence."""
        return self._problem

    @property
    def seconds(self) -> float:
        """How long the take is."""
        return 0.0 if self._take is None else self._take.count / RATE

    @property
    def left_s(self) -> float:
        """How much more fits into the take."""
        return max(0.0, LONGEST_S - self.seconds)

    @property
    def is_ending(self) -> bool:
        """Whether the last five seconds run."""
        return self.is_recording and self.left_s <= WARN_S

    @property
    def bars(self) -> list[float]:
        """Loudest sample of each tenth of a second of the take, 0..1."""
        return self._bars

    @property
    def devices(self) -> tuple[Device, ...]:
        """The microphones, the usual one first."""
        return () if self._microphone is None else self._microphone.devices()

    @property
    def device(self) -> Device | None:
        """The microphone in use, or that would be."""
        devices = self.devices
        chosen = next((each for each in devices if each.id == self._device), None)
        return chosen or (devices[0] if devices else None)

    @property
    def warning(self) -> str:
        """That nothing is heard, while that is so."""
        device = self.device
        if self._state in ("listening", "recording") and self.meter.is_flat and device:
            return f"No sound from {device.name}."
        return ""

    # --- what is done ------------------------------------------------------------------------

    def toggle(self) -> None:
        """The big button: record, or stop."""
        if self.is_recording:
            self.stop()
        else:
            self.record()

    def record(self) -> None:
        """Begin a take; the first time, say why the microphone is needed."""
        if self._microphone is None or self.is_recording or self._state == "asking":
            return
        if self._microphone.is_allowed is None:
            self._set("why")
        elif not self._microphone.is_allowed:
            self._fail(DENIED)
        elif self._listen():
            self._begin()

    def allow(self) -> None:
        """The person has read why; let the system ask."""
        if self._microphone is not None and self._state == "why":
            self._set("asking")
            self._microphone.ask(self._on_answer)

    def decline(self) -> None:
        """Not now."""
        if self._state in ("why", "asking"):
            self._set("off")

    def listen(self) -> None:
        """Show the level before a take; only once the person has recorded something."""
        if self._state == "off" and self._was_used and not self._problem:
            self._listen()

    def pause(self) -> None:
        """Leave out what comes, or go on."""
        if self.is_recording:
            self._set("paused" if self._state == "recording" else "recording")

    def start_over(self) -> None:
        """Begin a new take; the one so far is kept."""
        if self.is_recording:
            self._end_take()
            self._begin()

    def stop(self) -> None:
        """End the take and let the microphone go."""
        self._end_take()
        self.leave()

    def leave(self) -> None:
        """The recorder is not shown any more."""
        self._end_take()
        self._listening += 1
        self._timer.stop()
        if self._open and self._microphone is not None:
            self._microphone.close()
        self._open = ""
        self._ring = []
        self.meter = Meter()
        self._set("off")

    def choose(self, device_id: str) -> None:
        """Use another microphone, from now on."""
        self._device = device_id
        if self._state == "listening" or self.is_recording:
            self._listen()
        self.changed.emit()

    # --- inside ------------------------------------------------------------------------------

    @cached_property
    def _microphone(self) -> Microphone | None:
        return self._make()

    def _set(self, state: RecorderState, problem: str = "") -> None:
        if (state, problem) != (self._state, self._problem):
            self._state, self._problem = state, problem
            self.changed.emit()

    def _fail(self, problem: str) -> None:
        self.leave()
        self._set("off", problem)

    def _on_answer(self, is_allowed: bool) -> None:
        if self._state != "asking":
            return
        self._state = "off"
        if not is_allowed:
            self._fail(DENIED)
        elif self._listen():
            self._begin()

    def _listen(self) -> bool:
        """Open the microphone; False when there is none."""
        device, microphone = self.device, self._microphone
        if device is None or microphone is None:
            self._fail(NO_DEVICE)
            return False
        if self._state == "listening" and self._open == device.id:
            return True
        self._device = self._open = device.id
        self._was_used = True
        self._listening += 1
        number = self._listening
        self._ring = []
        if not self.is_recording:
            self._set("listening")
        microphone.listen(
            device.id,
            lambda samples: self._came.emit(number, samples),
            lambda problem: self._failed.emit(number, problem),
        )
        self._timer.start()
        return self._state != "off"

    def _begin(self) -> None:
        conversation_id, names = self._place()
        try:
            self._take = TakeFile(free_path(self._folder, conversation_id, names))
        except OSError as error:
            self._fail(DISK.format(error.strerror or error))
            return
        self._conversation = conversation_id
        self._bars, self._bar, self._bar_count = [], 0.0, 0
        self.meter.begin()
        self._state, self._problem = "recording", ""
        before, self._ring = self._ring, []
        if before:
            self._write(np.concatenate(before)[-PRE_ROLL:])
        self.changed.emit()

    def _end_take(self) -> None:
        take, self._take = self._take, None
        if take is None:
            return
        self._state = "listening"
        if take.count < SHORTEST:
            take.discard()
            return
        take.close()
        self.finished.emit(take.path, self._conversation)

    def _on_samples(self, number: int, samples: Samples) -> None:
        if number != self._listening or not len(samples):
            return
        self._timer.start()
        self.meter.take(samples)
        if self._state == "recording":
            self._write(samples)
        elif self._state == "listening":
            self._keep(samples)
        self.heard.emit()

    def _keep(self, samples: Samples) -> None:
        """The last second, in case a take begins."""
        self._ring.append(samples)
        while sum(map(len, self._ring[1:])) >= PRE_ROLL:
            del self._ring[0]

    def _write(self, samples: Samples) -> None:
        take = self._take
        if take is None:
            return
        samples = samples[: LONGEST - take.count]
        try:
            take.append(samples)
        except OSError as error:
            _log.warning("a take could not be written: %s", error)
            self._fail(DISK.format(error.strerror or error))
            return
        self._draw(samples)
        if take.count >= LONGEST:
            self.stop()

    def _draw(self, samples: Samples) -> None:
        while len(samples):
            part = samples[: BAR - self._bar_count]
            self._bar = max(self._bar, float(np.abs(part).max()))
            self._bar_count += len(part)
            samples = samples[len(part) :]
            if self._bar_count == BAR:
                self._bars.append(self._bar)
                self._bar, self._bar_count = 0.0, 0

    def _on_silence(self) -> None:
        """Not even zeros come."""
        self.meter.wait(SILENCE_MS / 1000)
        self.heard.emit()

    def _on_failed(self, number: int, problem: str) -> None:
        if number == self._listening:
            self._fail(problem)
