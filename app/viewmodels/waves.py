"""The waves of recordings, read once each and kept for drawing and cutting."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment

KEPT = 40
Wave = NDArray[np.float32]


class WaveReader(Protocol):
    """The part of the reader that gives sound."""

    def wave(
        self, attachment: Attachment, done: Callable[[Wave | None, float, str], None]
    ) -> object: ...

    def samples(
        self,
        attachment: Attachment,
        start_s: float,
        end_s: float,
        done: Callable[[Wave | None, str], None],
    ) -> object: ...


class Waves(QObject):
    """Lowest and highest sample of each 20 ms by file. `arrived` and `failed` name the file."""

    arrived = Signal(str)
    failed = Signal(str, str)  # sha256, sentence
    _read = Signal(str, object, str)

    def __init__(self, reader: WaveReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._kept: OrderedDict[str, Wave] = OrderedDict()
        self._asked: set[str] = set()
        self._read.connect(self._on_read)

    def get(self, attachment: Attachment) -> Wave | None:
        """The wave, float32 [n, 2]; None while it is being read."""
        sha256 = attachment.sha256
        if sha256 in self._kept:
            self._kept.move_to_end(sha256)
            return self._kept[sha256]
        if sha256 not in self._asked:
            self._asked.add(sha256)
            self._reader.wave(
                attachment, lambda wave, _seconds, why: self._read.emit(sha256, wave, why)
            )
            return self._kept.get(sha256)
        return None

    def _on_read(self, sha256: str, wave: Wave | None, problem: str) -> None:
        if wave is None:  # stays asked: what failed once is not tried for every repaint
            self.failed.emit(sha256, problem)
            return
        self._asked.discard(sha256)
        self._kept[sha256] = wave
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(sha256)
