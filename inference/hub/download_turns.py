"""Who may fetch now: one download at a time, in the order in which they were started."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from inference.hub.transfer_stop import Stop

POLL_S = 0.05


class Turns:
    """A queue of downloads; the first has its turn until it is done or stopped."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Stop] = []

    @contextlib.contextmanager
    def turn(self, stop: Stop) -> Iterator[None]:
        """Blocks until it is the turn of `stop`'s download. Raises Stopped when that is set."""
        with self._changed:
            self._waiting.append(stop)
        try:
            with self._changed:
                while self._waiting[0] is not stop:
                    self._changed.wait(POLL_S)
                    stop.check()
            yield
        finally:
            with self._changed:
                self._waiting.remove(stop)
                self._changed.notify_all()
