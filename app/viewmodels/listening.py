"""Playing recordings: what is heard is what the model gets, trimmed and with its gain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QObject, Signal

from app.capture.ports import Samples, SoundOut
from app.core.conversation import Attachment
from app.viewmodels.pieces import louder
from app.viewmodels.waves import WaveReader


class Listening(QObject):
    """One thing is played at a time; `key` says which. Positions are seconds of the file."""

    changed = Signal()
    position_changed = Signal(float)
    problem = Signal(str)
    _read = Signal(int, object, str)

    def __init__(
        self,
        make_out: Callable[[], SoundOut | None],
        reader: WaveReader,
        parent: QObject | None = None,
    ) -> None:
        """The loudspeaker is made when it is first wanted."""
        super().__init__(parent)
        self._make, self._reader = make_out, reader
        self._key = ""
        self._number = 0
        self._start = self._position = self._gain_db = 0.0
        self._read.connect(self._on_read)

    @property
    def can_play(self) -> bool:
        """Whether recordings can be played here."""
        return self._out is not None

    @property
    def key(self) -> str:
        """What is being played, empty for nothing."""
        return self._key

    @property
    def position(self) -> float:
        """Where it is, in seconds of the file."""
        return self._position

    def toggle(self, key: str, attachment: Attachment, start_s: float, end_s: float) -> None:
        """Play this part of a recording, or stop if it is being played."""
        if self._key == key:
            self.stop()
            return
        self.stop()
        if self._out is None:
            return
        self._number += 1
        number = self._number
        self._key, self._start, self._position = key, start_s, start_s
        self._gain_db = attachment.selection.gain_db
        self._reader.samples(
            attachment, start_s, end_s, lambda samples, why: self._read.emit(number, samples, why)
        )
        self.changed.emit()

    def stop(self) -> None:
        """Be quiet."""
        self._number += 1
        if self._key:
            if self._out is not None:
                self._out.stop()
            self._key = ""
            self.changed.emit()

    @cached_property
    def _out(self) -> SoundOut | None:
        out = self._make()
        if out is not None:
            out.position_changed.connect(self._on_position)
            out.ended.connect(self.stop)
            out.failed.connect(self._on_failed)
        return out

    def _on_read(self, number: int, samples: Samples | None, why: str) -> None:
        if number != self._number or self._out is None:
            return
        if samples is None or not len(samples):
            self._on_failed(why or "There is no sound here.")
            return
        self._out.play(louder(samples, self._gain_db))

    def _on_position(self, seconds: float) -> None:
        if self._key:
            self._position = self._start + seconds
            self.position_changed.emit(self._position)

    def _on_failed(self, problem: str) -> None:
        self.stop()
        self.problem.emit(problem)
